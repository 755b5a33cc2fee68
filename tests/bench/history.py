"""A year of a thousand initiatives: a message costs what it shows, not what there once was."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Engine

from handlers.rendering import render
from storage import initiatives
from storage.engine import connect
from storage.models import Notification, SubjectKind
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, raw_postgres, raw_sqlite, tidy
from tests.bench.rows import Row, median_ms, median_ratio
from tests.bench.seeds import filed_weeks, lead_of, settled
from tests.factories import CALL_ON, COORDINATION, MONDAY_9AM, TEAM
from workflows.services import Services

_WEEKS = {"year": 52, "few": 8}  # a summary compares a round with the seven before it
_COUNTS = "confidence, count(*), sum(CASE WHEN blockers = '' THEN 0 ELSE 1 END)"
_AGGREGATE = {  # the same, in the words that each database does best with
    "postgresql": f"""
        SELECT {_COUNTS} FROM "update"
        WHERE workspace_id = %s AND call_on = %s AND (initiative_key, version) IN (
            SELECT initiative_key, max(version) FROM "update"
            WHERE workspace_id = %s AND call_on = %s GROUP BY initiative_key)
        GROUP BY confidence""",
    "sqlite": f"""
        SELECT {_COUNTS} FROM "update" u
        WHERE workspace_id = ? AND call_on = ? AND version = (
            SELECT max(version) FROM "update" newest
            WHERE newest.workspace_id = u.workspace_id
            AND newest.initiative_key = u.initiative_key AND newest.call_on = u.call_on)
        GROUP BY confidence""",
}


@dataclass(frozen=True)
class _Past:
    """A database with so many weeks in it."""

    engine: Engine
    services: Services
    aggregate: Callable[[], list[Any]]


def measure_history(bench: Bench) -> list[Row]:
    return [row for kind in KINDS for row in _measure(bench, kind)]


def _measure(bench: Bench, kind: str) -> list[Row]:
    number = bench.pick(1000, 200)
    pasts = {name: _past(bench, kind, number, weeks) for name, weeks in _WEEKS.items()}
    taken: dict[str, list[float]] = {
        f"{what} {name}": [] for what in ("summary", "digest", "aggregate") for name in pasts
    }
    for _ in range(bench.repetitions):
        for what in ("summary", "digest", "aggregate"):
            for name, past in pasts.items():  # side by side: the machine is not always as fast
                taken[f"{what} {name}"].append(median_ms(_works(past)[what], 5))
    for past in pasts.values():
        past.engine.dispose()
    return _rows(f"{number:,} initiatives", KINDS[kind], taken)


def _rows(whose: str, where: str, taken: dict[str, list[float]]) -> list[Row]:
    def ratio(first: str, second: str) -> float:
        return median_ratio(zip(taken[first], taken[second], strict=True))

    rows = []
    for what in ("summary", "digest"):
        year, few = f"{what} year", f"{what} few"
        label = f"{what} of {whose}"
        to_few, to_sql = ratio(year, few), ratio("aggregate year", year)
        rows += [
            Row(f"{label}, 52 weeks, {where}", median(taken[year]), "ms"),
            Row(f"… 52 weeks to 8, {where}", to_few, "×", 1.3, at_most=True),
            Row(f"… to one aggregate query, {where}", to_sql, "×"),
        ]
    return rows


def _works(past: _Past) -> dict[str, Callable[[], object]]:
    return {
        "summary": lambda: _render(past, "summary", COORDINATION),
        "digest": lambda: _render(past, "digest", lead_of(0)),
        "aggregate": past.aggregate,
    }


def _render(past: _Past, kind: str, recipient_id: str) -> None:
    notification = Notification(
        workspace_id=TEAM,
        key=f"{kind}:{CALL_ON}",
        kind=kind,
        recipient_id=recipient_id,
        subject_kind=SubjectKind.ROUND,
        subject_key=f"{CALL_ON}",
        period_on=CALL_ON,
        due_at=MONDAY_9AM,
        owed_at=MONDAY_9AM,
    )
    message = render(past.services, [notification]).get(notification.key)
    assert message is not None and " at risk" in message.wire_text, message


def _past(bench: Bench, kind: str, number: int, weeks: int) -> _Past:
    url = bench.databases.fresh(kind)
    engine = connect(url)
    services = settled(engine, number)
    filed_weeks(engine, number, weeks)
    with services.transaction() as session:
        initiatives.set_department_leads(session, TEAM, "Department 0", [lead_of(0)])
    tidy(engine)
    return _Past(engine, services, _aggregating(url, kind))


def _aggregating(url: str, kind: str) -> Callable[[], list[Any]]:
    if kind == "postgresql":
        postgres, query = raw_postgres(url), _AGGREGATE[kind].encode()
        given = (TEAM, CALL_ON) * 2
        return lambda: postgres.execute(query, given).fetchall()
    sqlite = raw_sqlite(url)
    told = (TEAM, str(CALL_ON))
    return lambda: sqlite.execute(_AGGREGATE[kind], told).fetchall()
