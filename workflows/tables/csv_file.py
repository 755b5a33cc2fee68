"""CSV files of any common encoding and delimiter, found out from their content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from workflows.errors import TableUnreadableError
from workflows.tables.cells import clean
from workflows.tables.table import MOST_COLUMNS, Numbered

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE_BYTES = 256 * 1024
_SAMPLE_RECORDS = 60
_STRAY_ZEROS = 0.1  # of a sample: fewer are a slip of whoever exported it
_PIECE_BYTES = 1024 * 1024
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What spreadsheets save in when it is not UTF-8, but for the Macintosh's.
_OTHERS = ["cp1252", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_WESTERN = "cp1252"
_NEIGHBOURS = [_WESTERN, "cp1250", "mac_roman"]
_WITHIN_WORDS = "’‘·-–‐‑"
_MOST_ODD = 0.2  # share of what is not ASCII; more of it, and the text is in no Western encoding
_FOREIGN_WORD = re.compile(r"[^\W\d_a-zA-Z]{3,}")  # no Western language has such in a word
_MIXED = "utf-8 with some windows-1252"
_EITHER = "rollcall.utf-8-or-windows-1252"  # how errors of UTF-8 are made good
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NAMES = {"cp1252": "windows-1252", "cp1250": "windows-1250", "cp1251": "windows-1251"}
_GUARDED = re.compile(r"'+[=+\-@\t\r]")  # an apostrophe keeps a spreadsheet from reckoning


def find_encoding(path: Path) -> str:
    """Return the encoding of a text, by Python's name for it.

    Raises:
        TableUnreadableError: it is no text.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    for mark, encoding in _BOMS.items():
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return _without_mark(path, sample)
    if _decodes(path, "utf-8"):
        return "utf-8"
    for encoding in _likely(sample):
        if encoding == _WESTERN:
            return _western(sample)
        if _decodes(path, encoding):
            return encoding
    raise TableUnreadableError(
        "I can't tell in which encoding this text is. Save it as “CSV UTF-8” and try again."
    )


def encoding_name(encoding: str) -> str:
    """Return an encoding as people know it."""
    return _NAMES.get(encoding, encoding.removesuffix("-sig").replace("_", "-"))


def find_delimiter(path: Path, encoding: str) -> str:
    """Return what parts the cells: what gives the most rows the same number of columns."""
    with _opened(path, encoding) as file:
        sample = file.read(_SAMPLE_BYTES)
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def read_records(path: Path, encoding: str, delimiter: str) -> Iterator[Numbered]:
    """Yield every record with its number; an apostrophe that guards a formula is taken off.

    Raises:
        TableUnreadableError: a record is none; says which.
    """
    with _opened(path, encoding) as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if lines.are_open:
                    raise TableUnreadableError(
                        f"A quotation mark in row {number} is never closed, so I can't tell where "
                        "that row ends. Close it, and try again."
                    )
                lines.begin()
                if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                    raise TableUnreadableError(
                        f"Row {number} has more than {MOST_COLUMNS} columns. Take out those that "
                        "are not needed, and try again."
                    )
                yield number, [clean(_unguarded(cell)) for cell in cells]
        except csv.Error:
            raise TableUnreadableError(
                f"Row {number + 1} holds a cell of more than {csv.field_size_limit():,} "
                "characters. Is a quotation mark missing there?"
            ) from None


class _Lines:
    """The lines of a file, of which those of the present record are watched.

    Python's reader takes all that follows a quotation mark that nothing closes for one cell.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._number = self._marks = 0
        self._has_ended = False

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self._number += 1
            self._marks += line.count('"')
            yield line
        self._has_ended = True

    @property
    def are_open(self) -> bool:
        """Tell whether the record ends only because the file does."""
        return self._has_ended and self._number > 1 and self._marks % 2 == 1

    def begin(self) -> None:
        """Watch the next record."""
        self._number = self._marks = 0


def _opened(path: Path, encoding: str) -> TextIO:
    """Open a text; pieces of UTF-8 in windows-1252 are read as such, and the other way round."""
    if encoding not in (_WESTERN, _MIXED):
        return path.open(encoding=encoding, newline="")
    codecs.register_error(_EITHER, _as_western)
    return path.open(encoding="utf-8", errors=_EITHER, newline="")


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read what is no UTF-8 as windows-1252; what that has no sign for is left out."""
    assert isinstance(error, UnicodeDecodeError)
    piece = error.object[error.start : error.end]
    return piece.decode(_WESTERN, errors="ignore"), error.end


def _western(sample: bytes) -> str:
    """Return which of the two a text is for the most part."""
    codecs.register_error(_EITHER, _as_western)
    text = sample.decode("utf-8", errors=_EITHER)
    rest = sample.decode("utf-8", errors="ignore")
    as_utf8 = sum(not char.isascii() for char in rest)
    return _MIXED if as_utf8 > sum(not char.isascii() for char in text) - as_utf8 else _WESTERN


def _likely(sample: bytes) -> list[str]:
    """Return the encodings that a sample looks like, the likeliest first.

    The Western ones come first unless a text makes little sense in them: they are the most usual,
    and little text says which of them it is.
    """
    odd = {encoding: _oddness(sample, encoding) for encoding in _NEIGHBOURS}
    western = sorted(_NEIGHBOURS, key=lambda encoding: odd[encoding])
    others = [match.encoding for match in from_bytes(sample, cp_isolation=_OTHERS)]
    known = western + others if odd[western[0]] <= _MOST_ODD else [*others, *western]
    return list(dict.fromkeys(known))


def _oddness(sample: bytes, encoding: str) -> float:
    """Return the share of what no language writes: it was read in a wrong encoding."""
    codecs.register_error(_EITHER, _as_western)
    is_western = encoding == _WESTERN
    text = (
        sample.decode("utf-8", errors=_EITHER)
        if is_western
        else sample.decode(encoding, errors="replace")
    )
    text = f" {text} "
    found = list(_NOT_ASCII.finditer(text))
    odd = sum(_is_odd(text[one.start() - 1], one[0], text[one.end()]) for one in found)
    odd += sum(len(word[0]) for word in _FOREIGN_WORD.finditer(text))
    return odd / max(1, len(found))


def _is_odd(before: str, char: str, after: str) -> bool:
    """Tell a capital after a small letter, a letter that stands alone, a sign within a word."""
    if char.isspace():
        return False
    if char.isalpha():
        is_alone = not before.isalpha() and not after.isalpha()
        return is_alone or (char.isupper() and before.islower())
    return before.isalpha() and after.isalpha() and char not in _WITHIN_WORDS


def _without_mark(path: Path, sample: bytes) -> str:
    """Return which UTF-16 it is by where the zeros are, or UTF-8 where they are few."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) > len(sample) // 5 and min(even, odd) == 0 and _decodes(path, encoding):
        return encoding
    if sample.count(0) < len(sample) * _STRAY_ZEROS and _decodes(path, "utf-8"):
        return "utf-8"  # text with a zero here and there, which is left out of the cells
    raise TableUnreadableError("This is no table: it holds binary data. Send a CSV or an XLSX.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        records = list(islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        return 0.0, 0
    # The last one may be cut off in the middle.
    widths = Counter(
        len(record) for record in records[: -1 if len(records) > 2 else None] if record
    )
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0, 0
    width, count = max(several.items(), key=lambda pair: (pair[1], pair[0]))
    return count / sum(widths.values()), width


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
