"""XLSX workbooks, read row by row; one that would unpack to more than it should is refused."""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from workflows.errors import TableUnreadableError
from workflows.tables.table import MOST_COLUMNS, Numbered

_MOST_UNPACKED_BYTES = 1_000_000_000
_MOST_STRINGS_BYTES = 200_000_000  # are held in memory
_MOST_RATIO, _RATIO_FROM_BYTES = 200, 10_000_000
_MOST_MEMBERS = 5_000
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    SyntaxError,  # of XML
    TypeError,
    AttributeError,
)


def require_bounded(path: Path) -> None:
    """Refuse what is no workbook, or unpacks to more than it should.

    A member never unpacks to more than its directory says: zipfile stops there.

    Raises:
        TableUnreadableError: says what to do.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise TableUnreadableError(_DAMAGED) from None
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise TableUnreadableError("This archive is no workbook. Send a CSV or an XLSX.")
    swollen = any(
        member.file_size > _RATIO_FROM_BYTES
        and member.file_size > _MOST_RATIO * max(1, member.compress_size)
        for member in members
    )
    strings = sum(member.file_size for member in members if "sharedStrings" in member.filename)
    unpacked = sum(member.file_size for member in members)
    if swollen or strings > _MOST_STRINGS_BYTES or unpacked > _MOST_UNPACKED_BYTES:
        raise TableUnreadableError(
            "This workbook unpacks to far more than its size. Save its table as CSV and try again."
        )
    if len(members) > _MOST_MEMBERS:
        raise TableUnreadableError("This workbook has too many parts. Save its table as CSV.")


def find_sheet(path: Path) -> str:
    """Return the first sheet with two rows of text, or else the first with one.

    Raises:
        TableUnreadableError: there is none, or the workbook is damaged.
    """
    with _opened(path) as workbook:
        rows = {sheet.title: _first_rows(sheet) for sheet in workbook.worksheets}
    for wanted in (2, 1):
        if titles := [title for title, count in rows.items() if count >= wanted]:
            return titles[0]
    raise TableUnreadableError("This workbook holds no table: no sheet has any text.")


def read_records(path: Path, sheet_name: str) -> Iterator[Numbered]:
    """Yield every row of a sheet with its number; of a formula its last value.

    Raises:
        TableUnreadableError: the workbook is damaged.
    """
    with _opened(path) as workbook:
        sheet = workbook[sheet_name]
        sheet.reset_dimensions()  # what the file says of its size need not be true
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        try:
            for number, values in enumerate(rows, start=1):
                yield number, [as_text(value) for value in values]
        except _BROKEN:
            raise TableUnreadableError(_DAMAGED) from None


def as_text(value: object) -> str:
    """Return the value of a cell as it would be typed."""
    text = "" if value is None else str(value)
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = str(int(value))
    elif isinstance(value, datetime):
        text = value.isoformat(" ").removesuffix(" 00:00:00")
    return text.replace("\r\n", "\n").replace("_x000D_", "")


_DAMAGED = "This workbook is damaged. Open it in a spreadsheet program, save it again and try anew."


def _opened(path: Path) -> "closing[openpyxl.Workbook]":
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it doesn't keep
            workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except _BROKEN:
        raise TableUnreadableError(_DAMAGED) from None
    return closing(workbook)


def _first_rows(sheet: Any) -> int:
    """Return how many of the first two rows of text a sheet has."""
    sheet.reset_dimensions()
    filled = (row for row in sheet.iter_rows(values_only=True) if any(map(_is_text, row)))
    return len(list(islice(filled, 2)))


def _is_text(value: object) -> bool:
    return value is not None and str(value).strip() != ""
