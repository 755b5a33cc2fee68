"""A workspace written to a file, and read back: a rehearsal that begins where another one did."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from sandbox.workspace import Channel, User, Workspace


@dataclass
class _Snapshot:
    users: dict[str, User]
    channels: dict[str, Channel]
    last_ts_micros: int


_ADAPTER = TypeAdapter(_Snapshot)


def save(workspace: Workspace, file: Path) -> None:
    """Write people, places and what was said; windows are open in the present alone."""
    held = _Snapshot(workspace.users, workspace.channels, workspace.last_ts_micros)
    file.write_bytes(_ADAPTER.dump_json(held))


def load(workspace: Workspace, file: Path) -> None:
    """Move what was saved into a workspace.

    Raises:
        pydantic.ValidationError: the file is no snapshot.
    """
    held = _ADAPTER.validate_json(file.read_bytes())
    workspace.users, workspace.channels = held.users, held.channels
    workspace.last_ts_micros = held.last_ts_micros
