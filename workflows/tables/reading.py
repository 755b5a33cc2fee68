"""Opening a spreadsheet of unknown origin: what it is, is found out from its content."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from workflows.errors import TableUnreadableError
from workflows.tables import csv_file, workbook
from workflows.tables.table import Numbered, Table, find_headings

MOST_BYTES = 200_000_000
_RATED_ROWS = 60
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
    b"<table": "a web page",
}
Rate = Callable[[Sequence[str], Sequence[tuple[str, ...]]], float]


def _width(headings: Sequence[str], _: Sequence[tuple[str, ...]]) -> float:
    return len(headings)


def open_table(path: Path, sheet: str = "", rate: Rate = _width) -> Table:
    """Return the table in a CSV or XLSX file; its rows are read when they are asked for.

    Of several sheets it is the one that is named, or else the one whose headings and first rows
    rate highest.

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
            raise TableUnreadableError(f"This is {kind}, not a table. Send a CSV or an XLSX.")
    if start.startswith(_ARCHIVE):
        return _with_rows(_workbook(path, sheet, rate))
    if sheet:
        raise TableUnreadableError("This is a CSV, and has no sheets.")
    return _with_rows(_csv(path))


def _with_rows(table: Table) -> Table:
    if next(table.rows(), None) is None:
        raise TableUnreadableError("This table has headings, and no rows below them.")
    return table


def _workbook(path: Path, wanted: str, rate: Rate) -> Table:
    workbook.require_bounded(path)
    firsts, seen = workbook.first_records(path, _RATED_ROWS)
    if wanted and wanted not in firsts:
        listed = ", ".join(f"“{name}”" for name in firsts)
        raise TableUnreadableError(f"There is no sheet “{wanted}”. There are {listed}.")
    tables = {name: found for name in firsts if (found := _sheet(path, name, firsts[name]))}
    if not tables:
        raise TableUnreadableError("This workbook holds no table: no sheet has a row of headings.")
    if wanted and wanted not in tables:
        raise TableUnreadableError(f"The sheet “{wanted}” holds no table.")
    rates = {name: _rated(table, firsts[name], rate) for name, table in tables.items()}
    # What somebody has hidden is named, and taken only if it is asked for.
    chosen = wanted or max(rates, key=lambda name: (name in seen, rates[name]))
    others = tuple(name for name in tables if name != chosen)
    return replace(tables[chosen], other_sheets=others)


def _rated(table: Table, first: Sequence[Numbered], rate: Rate) -> float:
    sample = [row.cells for row in replace(table, records=lambda: iter(first)).rows()]
    return rate(table.headings, sample) if sample else -1


def _sheet(path: Path, name: str, first: Sequence[Numbered]) -> Table | None:
    """Return the table of a sheet; None if it holds none."""
    if (found := find_headings(iter(first))) is None:
        return None
    number, headings = found
    records = partial(workbook.read_records, path, name)
    return Table("XLSX", headings, number - 1, records, sheet=name)


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
