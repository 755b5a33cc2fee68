"""Opening a spreadsheet of unknown origin: what it is, is found out from its content."""

from functools import partial
from pathlib import Path

from workflows.errors import TableUnreadableError
from workflows.tables import csv_file, workbook
from workflows.tables.table import Table, find_headings

MOST_BYTES = 200_000_000
_ARCHIVE, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
    b"<!DOCTYPE": "a web page",
    b"<html": "a web page",
}


def open_table(path: Path) -> Table:
    """Return the table in a CSV or XLSX file; its rows are read when they are asked for.

    Raises:
        TableUnreadableError: says what the file is instead, and what to do.
        OSError: it can't be read.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TableUnreadableError(
            f"This file has {size / 1e6:,.0f} MB; up to {MOST_BYTES / 1e6:,.0f} MB can be taken. "
            "Split it, or take out columns that are not needed."
        )
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise TableUnreadableError("This file is empty.")
    if start.startswith(_OLD_EXCEL):
        raise TableUnreadableError(
            "This is an old Excel file (.xls), or one with a password. Save it as .xlsx without "
            "a password and try again."
        )
    for beginning, kind in _OTHERS.items():
        if start.startswith(beginning):
            raise TableUnreadableError(f"This is {kind}, and no table. Send a CSV or an XLSX.")
    return _workbook(path) if start.startswith(_ARCHIVE) else _csv(path)


def _workbook(path: Path) -> Table:
    workbook.require_bounded(path)
    sheet = workbook.find_sheet(path)
    records = partial(workbook.read_records, path, sheet)
    found = find_headings(records())
    if found is None:
        raise TableUnreadableError(_NO_HEADINGS)
    number, headings = found
    return Table("XLSX", headings, number - 1, records, sheet=sheet)


def _csv(path: Path) -> Table:
    encoding = csv_file.find_encoding(path)
    delimiter = csv_file.find_delimiter(path, encoding)
    records = partial(csv_file.read_records, path, encoding, delimiter)
    found = find_headings(records())
    if found is None:
        raise TableUnreadableError(_NO_HEADINGS)
    number, headings = found
    name = csv_file.encoding_name(encoding)
    return Table("CSV", headings, number - 1, records, name, csv_file.DELIMITERS[delimiter])


_NO_HEADINGS = (
    "I find no row of headings in the first 20 rows. Put the names of the columns above the table."
)
