"""The audit log in a file."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.models import AuditEntry
from tests.workflows.audit_log.logged import (
    everything,
    seal,
    write,
)
from workflows.audit_log.exporting import export_log
from workflows.audit_log.policy import START, seal_after, text_of
from workflows.services import Services


def test_an_export_holds_every_entry_in_order_and_can_be_verified_by_itself(
    naming_lead: Services, tmp_path: Path
) -> None:
    seal(naming_lead)
    write(naming_lead, "unsealed", at_minute=5)
    file = tmp_path / "audit.jsonl"

    count = export_log(naming_lead, file)

    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    sealed = [line for line in lines if line["position"]]
    before = START
    for line in sealed:
        entry = AuditEntry.model_validate(line)
        before = seal_after(before, text_of(entry, line["sealed_as"]))
        assert before == line["seal"]
    assert [line["position"] for line in sealed] == list(range(1, count))
    assert [line["id"] for line in lines[len(sealed) :]] == ["unsealed"]
    assert {line["id"] for line in lines} == {one.id for one in everything(naming_lead)}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_more_unsealed_entries_than_a_page_are_all_exported(
    services: Services, tmp_path: Path
) -> None:
    write(services, *(f"{number:05}" for number in range(1200)))
    write(services, *(f"{number:05}" for number in range(1200, 2400)), at_minute=2)
    file = tmp_path / "audit.jsonl"

    count = export_log(services, file)

    ids = [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]
    assert (count, ids[1:]) == (2401, [f"{number:05}" for number in range(2400)])


def test_an_export_that_can_not_be_written_leaves_the_file_as_it_was(
    log: Services, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    file.write_text("before", encoding="utf-8")

    @contextmanager
    def broken() -> Iterator[Any]:
        with log.reading() as reader:
            yield reader
            raise OSError

    with pytest.raises(OSError):
        export_log(replace(log, reading=broken), tmp_path / "nowhere" / "audit.jsonl")

    assert [one.name for one in tmp_path.iterdir() if "audit" in one.name] == ["audit.jsonl"]
    assert file.read_text(encoding="utf-8") == "before"
