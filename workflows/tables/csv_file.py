"""CSV files of any common encoding and delimiter, found out from their content."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from charset_normalizer import from_bytes

from workflows.errors import TableUnreadableError
from workflows.tables.table import MOST_COLUMNS, Numbered

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE_BYTES = 256 * 1024
_SAMPLE_RECORDS = 60
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
_WITHIN_WORDS = "’‘·-–"
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
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE_BYTES)
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def read_records(path: Path, encoding: str, delimiter: str) -> Iterator[Numbered]:
    """Yield every record with its number; an apostrophe that guards a formula is taken off.

    Raises:
        TableUnreadableError: a record is none; says which.
    """
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
                    raise TableUnreadableError(
                        f"Row {number} has more than {MOST_COLUMNS} columns. Take out those that "
                        "are not needed, and try again."
                    )
                yield number, [_unguarded(cell) for cell in cells]
        except csv.Error:
            raise TableUnreadableError(
                f"Row {number + 1} holds a cell of more than {csv.field_size_limit():,} "
                "characters. Is a quotation mark missing there?"
            ) from None


def _likely(sample: bytes) -> list[str]:
    """Return the encodings that a sample looks like, the likeliest first."""
    likely = [match.encoding for match in from_bytes(sample, cp_isolation=_OTHERS)] or [_WESTERN]
    # Its neighbours share most letters with windows-1252, and little text says which it is.
    if likely[0] in _NEIGHBOURS:
        likely = sorted(_NEIGHBOURS, key=lambda encoding: _oddness(sample, encoding)) + likely
    return list(dict.fromkeys(likely))


def _oddness(sample: bytes, encoding: str) -> int:
    """Count what no language writes: it was read in a wrong encoding."""
    text = f" {sample.decode(encoding, errors='replace')} "
    return sum(
        _is_odd(text[found.start() - 1], found[0], text[found.end()])
        for found in _NOT_ASCII.finditer(text)
    )


def _is_odd(before: str, char: str, after: str) -> bool:
    """Tell a capital after a small letter, a letter that stands alone, a sign within a word."""
    if char.isalpha():
        is_alone = not before.isalpha() and not after.isalpha()
        return is_alone or (char.isupper() and before.islower())
    return before.isalpha() and after.isalpha() and char not in _WITHIN_WORDS


def _without_mark(path: Path, sample: bytes) -> str:
    """Return which UTF-16 it is by where the zeros are."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) > len(sample) // 5 and min(even, odd) == 0 and _decodes(path, encoding):
        return encoding
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
    text = cell.replace("\r\n", "\n") if "\r" in cell else cell
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
