"""How large a picture is, so that a page leaves room for it before it has come."""

import struct
from pathlib import Path

_PNG, _GIF = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")
Size = tuple[int, int]  # width and height in pixels; zeros where neither is known


def measure(file: Path) -> Size:
    """Return how large a PNG or a GIF says that it is."""
    with file.open("rb") as reading:
        head = reading.read(24)
    if head.startswith(_PNG) and len(head) == 24:
        width, height = struct.unpack(">II", head[16:24])
    elif head.startswith(_GIF) and len(head) >= 10:
        width, height = struct.unpack("<HH", head[6:10])
    else:
        return 0, 0
    return width, height
