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
    map_of,
    match_columns,
    order_of,
    require_columns,
)
from workflows.inventory.report import Remark, Report
from workflows.tables.table import Table

_MOST_KEPT = 300  # remarks of a kind


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
    outcome: Outcome | None = None  # None where something has to be said first

    @property
    def unsure(self) -> list[Match]:
        """Return the suggestions that are used only if somebody says so."""
        return [one for one in self.matches if one.field not in self.map.columns]

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
        map=map_.model_copy(update={"date_order": order}),
        said_by=said_by,
        lacking=[name for name in REQUIRED if name not in map_.columns],
        is_order_unknown=order is DateOrder.UNKNOWN,
    )


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
        alike=report.alike,
    )


def _known(
    table: Table, said: ImportMap | None, earlier: Sequence[tuple[str, Findings]]
) -> tuple[ImportMap | None, str]:
    same = [
        (name, found.map) for name, found in earlier if set(found.headings) == set(table.headings)
    ]
    for said_by, map_ in [*([("you", said)] if said else []), *same]:
        try:
            require_columns(map_, table.headings)
        except MappingInvalidError:
            continue  # of a file with other columns
        return map_, said_by
    return None, ""
