"""A table as it was found in a file: its headings, and its rows one by one."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from workflows.errors import TableUnreadableError
from workflows.storable import storable_cells

MOST_COLUMNS = 500
MOST_NUMBER = 1_048_576  # of a row, in every spreadsheet program
_MOST_TITLE_ROWS = 20
_LOOKED_AT = 60  # rows, to tell the headings from a title
_SAMPLE_ROWS = 2000  # that tell what a column means
_MOST_SHEETS_NAMED = 5
_FILLED, _DISTINCT = 0.6, 0.5  # shares of a heading row's cells

Cells = Sequence[str]
Numbered = tuple[int, Cells]  # the row's number as a spreadsheet counts it, from 1


@dataclass(frozen=True)
class Row:
    """One record; its cells stand in the order of the headings."""

    number: int
    cells: tuple[str, ...]
    surplus: int = 0  # filled cells beyond the last heading


@dataclass(frozen=True)
class Table:
    """A table in a file; its rows can be read as often as they are needed."""

    format: str  # CSV or XLSX
    headings: tuple[str, ...]
    title_rows: int  # that stand before the headings
    records: Callable[[], Iterator[Numbered]]  # all rows of the file, anew at each call
    encoding: str = ""  # of a CSV
    delimiter: str = ""  # of a CSV, in words: commas
    sheet: str = ""  # of a workbook
    other_sheets: tuple[str, ...] = ()  # that hold a table, too

    @property
    def described(self) -> str:
        """Return what the table is, in a line."""
        parts = [self.format]
        parts += [self.encoding] if self.encoding else []
        parts += [f"cells parted by {self.delimiter}"] if self.delimiter else []
        parts += [f"sheet “{self.sheet}”"] if self.sheet else []
        others = ", ".join(f"“{name}”" for name in self.other_sheets[:_MOST_SHEETS_NAMED])
        sheets = "sheet" if len(self.other_sheets) == 1 else "sheets"
        parts += [f"not the {sheets} {others}"] if others else []
        parts += [f"{_counted(self.title_rows, 'row')} above the headings"] * bool(self.title_rows)
        return ", ".join([*parts, _counted(len(self.headings), "column")])

    def sample(self) -> list[tuple[str, ...]]:
        """Return the cells of the first rows."""
        return [row.cells for row in islice(self.rows(), _SAMPLE_ROWS)]

    def rows(self) -> Iterator[Row]:
        """Yield the records below the headings; rows without any text are left out."""
        width = len(self.headings)
        for number, cells in self.records():
            if number > MOST_NUMBER:
                raise TableUnreadableError(
                    f"This table goes on below row {MOST_NUMBER:,}. Split it, or take out its "
                    "blank rows."
                )
            if number <= self.title_rows + 1 or not any(cell.strip() for cell in cells):
                continue
            known = storable_cells(cells[:width])
            kept = (*known, *[""] * (width - len(known)))
            yield Row(number, kept, sum(1 for cell in cells[width:] if cell.strip()))

    def held(self, most: int) -> "Table | None":
        """Return the table with its rows read and kept; None if it has more than so many."""
        rows = list(islice(self.rows(), most + 1))
        if len(rows) > most:
            return None
        kept = [(row.number, [*row.cells, *["?"] * row.surplus]) for row in rows]
        return replace(self, records=lambda: iter(kept))


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def find_headings(records: Iterator[Numbered]) -> tuple[int, tuple[str, ...]] | None:
    """Return the number of the heading row and its headings; None where there is no table.

    It is the first row that is filled across most of the table with different texts: a title
    above it fills a cell or two.
    """
    looked_at = [
        (number, [" ".join(cell.split()) for cell in storable_cells(cells)])
        for number, cells in islice(records, _LOOKED_AT)
    ]
    filled = [sum(1 for cell in cells if cell) for _, cells in looked_at]
    width = _usual([count for count in filled if count])
    for (number, cells), count in zip(looked_at, filled, strict=True):
        if number > _MOST_TITLE_ROWS + 1:
            return None
        names = [cell for cell in cells if cell]
        if count and count >= width * _FILLED and len(set(names)) >= count * _DISTINCT:
            return number, _named(cells)
    return None


def _usual(counts: list[int]) -> int:
    """Return how many cells a row has: the largest count that a quarter of the rows reach."""
    ranked = sorted(counts, reverse=True)
    return ranked[len(ranked) // 4] if ranked else 0


def _named(cells: list[str]) -> tuple[str, ...]:
    """Return a name for every column: those without one are called by their letter."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(cells):
        name = cell or f"Column {column_letter(position)}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def column_letter(position: int) -> str:
    """Return what a spreadsheet calls a column, from 0: A, B, … Z, AA."""
    letters, rest = "", position + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
