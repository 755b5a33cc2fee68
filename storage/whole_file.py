"""A file that is written whole or not at all, and that only its owner can read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(file: Path, prefix: str) -> Iterator[BinaryIO]:
    """Give a stream whose content takes the file's name once all of it is on the disk.

    Raises:
        OSError: the file can't be written; nothing is left of it.
    """
    handle, name = tempfile.mkstemp(prefix=prefix, dir=file.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
        _sync_folder(file.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)  # a new name survives a power cut only with its folder
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
