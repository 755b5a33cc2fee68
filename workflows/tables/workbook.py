"""XLSX workbooks, read row by row; one that would unpack to more than it should is refused."""

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from workflows.errors import TableUnreadableError
from workflows.tables.cells import as_text
from workflows.tables.table import MOST_COLUMNS, Numbered

_MOST_UNPACKED_BYTES = 500_000_000
_MOST_STRINGS_BYTES = 200_000_000  # are held in memory
_MOST_RATIO, _RATIO_FROM_BYTES = 200, 10_000_000
_MOST_MEMBERS = 5_000
_MOST_SHEETS = 100  # each is rated by its headings and first rows
_STRING = f"{{{SHEET_MAIN_NS}}}si"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]{0,200}?ref="([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)"')
_PIECE_BYTES, _LONGEST_TAG = 1024 * 1024, 1024
_MOST_MERGED = 100_000


def require_bounded(path: Path) -> None:
    """Refuse what is no workbook, or unpacks to more than it should.

    A member never unpacks to more than its directory says: zipfile stops there.

    Raises:
        TableUnreadableError: says what to do.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
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


def first_records(path: Path, most: int) -> tuple[dict[str, list[Numbered]], set[str]]:
    """Return the first rows of every sheet, and the names of those that a person sees.

    Where none is to be seen, all are.

    Raises:
        TableUnreadableError: the workbook is damaged, has too many sheets, or a row too many
            columns.
    """
    with _opened(path) as workbook:
        sheets = workbook.worksheets
        seen = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
        if len(sheets) > _MOST_SHEETS:
            raise TableUnreadableError(
                f"This workbook has {len(sheets):,} sheets; up to {_MOST_SHEETS} can be looked "
                "through. Save the one with the inventory as a workbook of its own."
            )
        firsts = {sheet.title: list(islice(_numbered(sheet), most)) for sheet in sheets}
        return firsts, {sheet.title for sheet in seen}


def read_records(path: Path, sheet_name: str) -> Iterator[Numbered]:
    """Yield the rows of a sheet that hold cells, with their numbers; of a formula its last value.

    Raises:
        TableUnreadableError: the workbook is damaged, or a row has too many columns.
    """
    with _opened(path) as workbook:
        yield from _numbered(workbook[sheet_name])


_DAMAGED = "This workbook is damaged. Open it in a spreadsheet program, save it again and try anew."


class _SheetParser(WorkSheetParser):
    """Reads rows; a formula that was never reckoned is its text, and not nothing."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return a cell: of a formula its last value, or else the formula."""
        cell: dict[str, Any] = super().parse_cell(element)
        is_reckoned = element.get("t") == "str"  # and says nothing
        formula = element.findtext(FORMULA_TAG)
        if cell["value"] is None and formula and not is_reckoned:
            cell["value"] = f"={formula}"
        return cell


class _Reader(ExcelReader):
    """Reads a workbook whose texts keep what they escape: openpyxl takes a part of it away."""

    package: Any  # the typing of its `find` is lacking

    def read_strings(self) -> None:
        """Read the texts that the sheets share."""
        if (part := self.package.find(SHARED_STRINGS)) is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            self.shared_strings = []
            for _, node in iterparse(source):
                if node.tag == _STRING:
                    text = Text.from_tree(node)
                    self.shared_strings.append(text.content if text else "")
                    node.clear()


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    with path.open("rb") as file, _damage_said():
        workbook = _read(file)
        try:
            yield workbook
        finally:
            workbook.close()


def _read(file: BinaryIO) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that it doesn't keep
        # Handed over open: of a path it would ask the ending, and a file may have any.
        reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
        reader.read()
    return reader.wb


@contextmanager
def _damage_said() -> Iterator[None]:
    """Say in a sentence that a workbook is damaged.

    Whatever a library of ten thousand lines raises over somebody's bytes, the bytes are at fault.
    """
    try:
        yield
    except TableUnreadableError:
        raise
    except Exception:  # noqa: BLE001  (see above: what it raises is not to be listed)
        raise TableUnreadableError(_DAMAGED) from None


def _numbered(sheet: Any) -> Iterator[Numbered]:
    number = 0
    merged = _Merged(_merged_ranges(sheet))
    for stands_at, cells in _rows(sheet):
        number = max(number + 1, stands_at)  # a damaged file may count backwards
        texts = _texts(number, cells)
        merged.fill(number, cells, texts)
        yield number, texts


class _Merged:
    """Cells of a column that were merged: the lower ones say what the uppermost says.

    An amount is not said again: merged, it is one amount for all of them.
    """

    def __init__(self, refs: Iterable[str]) -> None:
        """Take the ranges, as C2:C4, of which those count that reach over several rows."""
        ends = ([*map(coordinate_to_tuple, ref.split(":"))] for ref in refs)
        spans = ((top, left, bottom) for (top, left), (bottom, _) in ends if bottom > top)
        self._waiting = sorted(spans, reverse=True)
        self._said: dict[int, tuple[int, str]] = {}  # by column: down to which row, and what

    def fill(self, number: int, cells: Sequence[dict[str, Any]], texts: list[str]) -> None:
        """Say in a row that has cells what stands above it in merged ones."""
        while self._waiting and self._waiting[-1][0] <= number:
            top, left, bottom = self._waiting.pop()
            if top == number and left <= len(texts) and not _is_amount(cells, left):
                self._said[left] = (bottom, texts[left - 1])
        self._said = {left: one for left, one in self._said.items() if number <= one[0]}
        if not any(texts):
            return
        for left, (_, text) in self._said.items():
            texts += [""] * (left - len(texts))
            texts[left - 1] = texts[left - 1] or text


def _is_amount(cells: Sequence[dict[str, Any]], column: int) -> bool:
    values = [cell["value"] for cell in cells if cell["column"] == column]
    return any(isinstance(value, (int, float)) for value in values)


def _merged_ranges(sheet: Any) -> list[str]:
    """Return the ranges that were merged; they are told of below all rows."""
    found: list[str] = []
    with sheet._get_source() as source:
        rest = b""
        while piece := source.read(_PIECE_BYTES):
            text = rest + piece
            matches = list(_MERGED.finditer(text))
            found += [match[1].decode() for match in matches]
            rest = text[matches[-1].end() if matches else 0 :][-_LONGEST_TAG:]
    return found[:_MOST_MERGED]


def _rows(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yield what is there of a sheet: its own reader fills up a million blank rows."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _SheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            parser.row_dimensions.clear()  # heights and styles of all rows need no memory
            yield number, cells


def _texts(number: int, cells: Sequence[dict[str, Any]]) -> list[str]:
    filled = {cell["column"]: as_text(cell["value"]) for cell in cells if cell["value"] is not None}
    texts = [""] * min(max(filled, default=0), MOST_COLUMNS)
    for column, text in filled.items():
        if column <= MOST_COLUMNS:
            texts[column - 1] = text
        elif text.strip():
            raise TableUnreadableError(
                f"Row {number} has more than {MOST_COLUMNS} columns. Take out those that "
                "are not needed, and try again."
            )
    return texts
