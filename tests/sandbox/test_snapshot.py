"""A workspace written to a file and read back."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from sandbox import snapshot
from sandbox.conversations import new_ts, say
from sandbox.user_groups import put_group
from tests.sandbox.conftest import ANA, OPEN, a_section, a_workspace


def test_a_workspace_that_is_read_back_is_as_it_was(tmp_path: Path) -> None:
    saved, file = a_workspace(), tmp_path / "workspace.json"
    say(saved, saved.channels[OPEN], ANA, "Hi", blocks=[a_section()], metadata={"event_type": "x"})
    saved.users[ANA].deleted = True
    put_group(saved, "S0COE", handle="ai-coe", users=[ANA])

    snapshot.save(saved, file)
    loaded = a_workspace()
    snapshot.load(loaded, file)

    assert (loaded.users, loaded.channels) == (saved.users, saved.channels)
    assert loaded.user_groups == saved.user_groups
    assert new_ts(loaded) > saved.channels[OPEN].messages[0].ts


def test_a_file_that_is_no_snapshot_changes_nothing(tmp_path: Path) -> None:
    workspace, file = a_workspace(), tmp_path / "other.json"
    file.write_text('{"users": []}')

    with pytest.raises(ValidationError):
        snapshot.load(workspace, file)

    assert workspace.users == a_workspace().users
