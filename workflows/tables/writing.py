"""Tables written so that they read back the same, and no cell of them is taken for a formula."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from workflows.tables.cells import escaped

Value = str | int | Decimal | date | None
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")  # what spreadsheets reckon with, or had to be guarded
_LONGEST_CELL = 32_767  # characters, in a workbook


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a CSV in UTF-8, with the mark that spreadsheets know it by.

    A text that a spreadsheet would reckon with gets an apostrophe before it.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([_guarded(value) for value in row] for row in rows)


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a workbook of one sheet: dates as dates, numbers as numbers, texts as texts."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Registry")
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, name) for name in headings]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    workbook.save(path)


def _guarded(value: Value) -> str:
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return f"'{value}" if _DANGEROUS.match(value) else value


def _cell(sheet: object, value: Value) -> object:
    if not isinstance(value, str):
        return value
    clean = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, escaped(clean))  # type: ignore[arg-type]
    cell.data_type = "s"  # whatever it begins with
    if _DANGEROUS.match(clean):
        cell.quotePrefix = True
    return cell
