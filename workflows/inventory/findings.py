"""What was found in an inventory: its columns, and what storing it would do. Pure, and kept."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from workflows.errors import MappingInvalidError
from workflows.inventory.alike import Alike
from workflows.inventory.dates import DateOrder
from workflows.inventory.mapping import (
    REQUIRED,
    ImportMap,
    Match,
    Unused,
    map_of,
    match_columns,
    order_of,
    require_columns,
    unused_columns,
)
from workflows.inventory.report import Remark, Report
from workflows.inventory.stages import unknown_words
from workflows.tables.table import Table

_MOST_KEPT = 300  # remarks of a kind
MOST_WORDS = 20  # of a stage column that are asked about, those that come most often


class Outcome(BaseModel):
    """What storing a file would do, or has done."""

    model_config = ConfigDict(frozen=True)

    new: int
    changed: int
    same: int
    doubtful: int
    refused: int
    missing: int  # initiatives that the file doesn't have; they stay
    changes: list[Remark] = []
    doubts: list[Remark] = []
    refusals: list[Remark] = []
    asides: list[Remark] = []  # rows of totals, and the like
    alike: list[Alike] = []


class Findings(BaseModel):
    """What a file is, what its columns mean, and what would come of it."""

    model_config = ConfigDict(frozen=True)

    described: str
    headings: list[str]
    matches: list[Match]  # that its columns suggest, sure or not
    map: ImportMap  # that is used
    said_by: str = ""  # whose word the map is: "you", or the name of an earlier file; "" nobody's
    lacking: list[str] = []  # fields that it can't be taken without, and no column surely is
    is_order_unknown: bool = False  # whether 3/4/2027 is in March or in April
    unused: list[Unused] = []  # columns that nothing is taken from
    stage_words: list[tuple[str, int]] = []  # that mean no stage that is known, with their counts
    other_sheets: list[str] = []  # of the workbook, that hold a table
    outcome: Outcome | None = None  # None where something has to be said first

    @property
    def unsure(self) -> list[Match]:
        """Return the suggestions that are used only if somebody says so."""
        return [one for one in self.matches if one.field not in self.map.columns]

    @property
    def is_stage_asked(self) -> bool:
        """Return whether somebody has to say what the words of its stage column mean."""
        return bool(self.stage_words) and self.said_by != "you"

    @property
    def is_asked(self) -> bool:
        """Return whether somebody has to say something before it can be checked."""
        return bool(self.lacking) or self.is_order_unknown or self.is_stage_asked

    @property
    def says_no_stage(self) -> bool:
        """Return whether all its initiatives are entered as proposed, for want of a column."""
        return not {"stage"} & {*self.map.columns, *self.map.constants}

    @property
    def can_be_stored(self) -> bool:
        """Return whether storing it would change something."""
        return self.outcome is not None and bool(self.outcome.new or self.outcome.changed)


def find_columns(
    table: Table, said: ImportMap | None, earlier: Sequence[tuple[str, Findings]]
) -> Findings:
    """Return what the columns of a table mean.

    That is what somebody said, what they meant in an earlier file that has the very same ones
    (`earlier` gives names and findings), or what they look like, where that is sure.
    """
    sample = table.sample()
    matches = match_columns(table.headings, sample)
    map_, said_by = _known(table, said, earlier)
    if map_ is None:
        map_ = map_of([match for match in matches if match.is_sure])
    order = order_of(map_, table.headings, sample)
    return Findings(
        described=table.described,
        headings=list(table.headings),
        matches=matches,
        map=map_.model_copy(update={"date_order": order, "sheet": table.sheet}),
        said_by=said_by,
        lacking=[name for name in REQUIRED if name not in {*map_.columns, *map_.constants}],
        is_order_unknown=order is DateOrder.UNKNOWN,
        unused=unused_columns(map_, table.headings, sample),
        stage_words=stage_words(table, map_),
        other_sheets=list(table.other_sheets),
    )


def stage_words(table: Table, map_: ImportMap) -> list[tuple[str, int]]:
    """Return the words of the stage column that mean nothing here, those first that come often."""
    if (column := map_.columns.get("stage")) is None:
        return []
    position = table.headings.index(column)
    cells = (row.cells[position] for row in table.rows())
    return unknown_words(cells, map_.stages).most_common(MOST_WORDS)


def outcome_of(report: Report) -> Outcome:
    """Return the outcome of a report, with so many remarks as can be read."""
    return Outcome(
        new=report.new,
        changed=report.changed,
        same=report.same,
        doubtful=report.doubtful_count,
        refused=report.refused_count,
        missing=len(report.missing),
        changes=report.changes[:_MOST_KEPT],
        doubts=report.doubtful[:_MOST_KEPT],
        refusals=report.refused[:_MOST_KEPT],
        asides=report.asides[:_MOST_KEPT],
        alike=report.alike,
    )


def _known(
    table: Table, said: ImportMap | None, earlier: Sequence[tuple[str, Findings]]
) -> tuple[ImportMap | None, str]:
    same = [
        (name, found.map) for name, found in earlier if set(found.headings) == set(table.headings)
    ]
    says_columns = said is not None and bool(said.columns or said.constants)
    for said_by, map_ in [*([("you", said)] if said and says_columns else []), *same]:
        try:
            require_columns(map_, table.headings)
        except MappingInvalidError:
            continue  # of a file with other columns
        return map_, said_by
    return None, ""
