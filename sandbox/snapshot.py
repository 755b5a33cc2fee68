"""A workspace written to a file, and read back: a rehearsal that begins where another one did."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter

from sandbox.files import path_of
from sandbox.workspace import Channel, File, User, UserGroup, Workspace


@dataclass
class _Snapshot:
    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    users: dict[str, User]
    channels: dict[str, Channel]
    last_ts_micros: int
    files: dict[str, File] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)  # file id -> bytes
    user_groups: dict[str, UserGroup] = field(default_factory=dict)


_ADAPTER = TypeAdapter(_Snapshot)


def save(workspace: Workspace, file: Path) -> None:
    """Write people, places, files and what was said; windows are open in the present alone."""
    files = {one.id: one for one in workspace.files.values() if one.is_complete}
    held = _Snapshot(
        workspace.users,
        workspace.channels,
        workspace.last_ts_micros,
        files,
        {
            id_: path_of(workspace, one).read_bytes()
            for id_, one in files.items()
            if not one.is_deleted
        },
        workspace.user_groups,
    )
    file.write_bytes(_ADAPTER.dump_json(held))


def load(workspace: Workspace, file: Path) -> None:
    """Move what was saved into a workspace.

    Raises:
        pydantic.ValidationError: the file is no snapshot.
    """
    held = _ADAPTER.validate_json(file.read_bytes())
    workspace.users, workspace.channels = held.users, held.channels
    workspace.files, workspace.user_groups = held.files, held.user_groups
    for file_id, content in held.contents.items():
        path_of(workspace, held.files[file_id]).write_bytes(content)
    workspace.last_ts_micros = held.last_ts_micros
