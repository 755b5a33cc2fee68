"""The file of a backup: lines of JSON under gzip, written whole or not at all.

The first line is the header, as {"format": "rollcall-backup/1", "revision": "0001", "tables":
["workspace", …]}. A line for each row follows, as ["workspace", {"workspace_id": "T1", …}]. The
last one is {"counts": {"workspace": 1, …}}: a file without it is cut off.
"""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, JsonValue

from storage.whole_file import written_whole

Row = tuple[str, dict[str, JsonValue]]  # the table's name; values by column
_LONGEST_HEADER = 1_000_000  # bytes: what isn't ours may be one line without an end
_QUICK = 6  # level 9 takes twice the time for a file one percent smaller


class BackupRefusedError(Exception):
    """A backup can't be made or restored; the message is for the person who asked."""


class NotABackupError(BackupRefusedError):
    """The file is something else."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file}: this is no backup that this Rollcall can read.")


class BackupDamagedError(BackupRefusedError):
    """The file began as a backup, and does not end as one."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file}: this backup is cut off or damaged, so nothing of it was restored. "
            "Copy it again from where it was made, or take an older one."
        )


class Header(BaseModel):
    """The first line."""

    format: Literal["rollcall-backup/1"] = "rollcall-backup/1"
    revision: str
    tables: list[str]


def write_rows(file: Path, header: Header, rows: Iterable[Row]) -> dict[str, int]:
    """Write the file and return how many rows of each table are in it.

    Raises:
        OSError: the file can't be written; nothing is left of it.
    """
    counts = dict.fromkeys(header.tables, 0)
    # No name and no time in it: the same rows make the same file.
    with (
        written_whole(file, ".rollcall-backup-") as stream,
        gzip.GzipFile("", "wb", _QUICK, stream, mtime=0) as lines,
    ):
        lines.write(_line(header.model_dump()))
        for table, row in rows:
            lines.write(_line([table, row]))
            counts[table] += 1
        lines.write(_line({"counts": counts}))
    return counts


@contextmanager
def read_rows(file: Path) -> Iterator[tuple[Header, Iterator[Row]]]:
    """Open a backup; its rows come one by one, and the last step tells whether all were there.

    Raises:
        NotABackupError, BackupDamagedError: by the file's first line, or as its rows are read.
        OSError: the file can't be read.
    """
    with gzip.open(file, "rb") as lines:
        header = _read_header(file, lines)
        yield header, _checked(file, header, lines)


def _line(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _read_header(file: Path, lines: gzip.GzipFile) -> Header:
    try:
        return Header.model_validate_json(lines.readline(_LONGEST_HEADER))
    except EOFError:
        raise BackupDamagedError(file) from None
    except (gzip.BadGzipFile, zlib.error, ValueError):
        raise NotABackupError(file) from None


def _checked(file: Path, header: Header, lines: gzip.GzipFile) -> Iterator[Row]:
    counts = dict.fromkeys(header.tables, 0)
    promised: object = None
    for content in _contents(file, lines):
        match content:
            case [str(table), dict(row)] if table in counts and promised is None:
                counts[table] += 1
                yield table, row
            case {"counts": dict(said)}:
                promised = said
            case _:
                raise BackupDamagedError(file)
    if promised != counts:
        raise BackupDamagedError(file)


def _contents(file: Path, lines: gzip.GzipFile) -> Iterator[object]:
    try:
        for line in lines:  # to the very end, where gzip compares its checksum
            yield json.loads(line)
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, RecursionError):
        raise BackupDamagedError(file) from None
