"""Inventories taken into the registry, taken again, undone and given out, on both databases."""

import csv
import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from bot.services import build_services
from storage import initiatives
from storage.engine import connect
from storage.models import Access, DependencyKind, Initiative, Stage
from storage.schema import migrate
from tests.conftest import Postgres
from tests.factories import TEAM, a_person, a_policy, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from workflows import policies
from workflows.errors import FormatUnknownError, NothingToUndoError
from workflows.inventory.dates import DateOrder
from workflows.inventory.exporting import export_registry
from workflows.inventory.mapping import ImportMap, map_of, match_columns, order_of
from workflows.inventory.report import Report
from workflows.inventory.run import Source, check_inventory, take_inventory
from workflows.inventory.undoing import undo_import
from workflows.registry.editing import save_entry
from workflows.registry.entries import read_history, show_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.registry.recording import read_all
from workflows.services import Services
from workflows.tables.reading import open_table

HEADINGS = ["Use Case Name", "Agency", "Purpose", "Stage", "Date Initiated"]
ROWS = [
    ["Chatbot", "Finance", "Answers questions about travel costs", "Pilot", "1/13/2027"],
    ["Chatbot", "Finance", "Answers questions of suppliers about payments", "Pilot", ""],
    ["Chatbot", "People", "Answers questions about leave and holidays", "Retired", ""],
    ["Fraud <alerts>", "Finance", "Finds invoices that were paid twice", "Live", "2/15/2027"],
]
Take = Callable[..., Report]


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    policies.adopt(services, TEAM, "Workspace", a_policy())
    settle_in(services, persons=[a_person(), a_person("U_OLA", name="Ola")])


@pytest.fixture
def take(services: Services, tmp_path: Path, clock: FakeClock) -> Take:
    def take(
        rows: list[list[str]], headings: list[str] = HEADINGS, dry_run: bool = False
    ) -> Report:
        file = tmp_path / "inventory.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([headings, *rows])
        clock.advance(minutes=1)
        return taken(services, file, dry_run)

    return take


def taken(services: Services, file: Path, dry_run: bool = False) -> Report:
    table = open_table(file)
    sample = [row.cells for row in table.rows()]
    map_ = map_of([m for m in match_columns(table.headings, sample) if m.is_sure])
    source = Source(table, map_, order_of(map_, table.headings, sample), file.name)
    work = check_inventory if dry_run else take_inventory
    return work(services, actor("U_PM"), source)


def counts(report: Report) -> tuple[int, int, int]:
    return report.new, report.changed, report.same


def registry(services: Services) -> dict[str, dict[str, Any]]:
    with services.reading() as session:
        known = read_all(session, TEAM, initiatives.every(session, TEAM))
        return {one.initiative.key: one.facts.model_dump() for one in known}


def edited(rows: list[list[str]], row: int, column: int, text: str) -> list[list[str]]:
    return [
        [text if (row, column) == (y, x) else cell for x, cell in enumerate(cells)]
        for y, cells in enumerate(rows)
    ]


def test_an_inventory_is_taken_and_again_nothing_changes(services: Services, take: Take) -> None:
    dry = take(ROWS, dry_run=True)
    before = registry(services)
    first = take(ROWS)
    second = take(ROWS)

    assert counts(dry) == counts(first) == (4, 0, 0)
    assert before == {}
    assert counts(second) == (0, 0, 4)
    assert list(registry(services)) == ["FIN-01", "FIN-02", "FIN-03", "PEO-01"]
    facts = show_entry(services, actor(), "FIN-03").facts
    assert (facts.name, facts.stage) == ("Fraud <alerts>", Stage.PRODUCTION)
    assert (facts.starts_on, facts.lead_id) == (date(2027, 2, 15), None)
    assert len(read_history(services, actor(), "FIN-03")[1]) == 0  # one version, nothing before


@pytest.mark.parametrize("column", [0, 2, 3, 4])
def test_only_what_was_edited_in_the_file_changes(
    services: Services, take: Take, column: int
) -> None:
    take(ROWS)
    before = registry(services)
    text = {0: "Travel bot", 2: "Answers everything", 3: "Live", 4: "3/15/2027"}[column]

    report = take(edited(ROWS, 0, column, text))

    after = registry(services)
    assert counts(report) == (0, 1, 3)
    assert [key for key in after if after[key] != before[key]] == ["FIN-01"]
    assert [remark.key for remark in report.changes] == ["FIN-01"]


def test_what_somebody_changes_while_a_file_is_compared_is_kept(
    services: Services, take: Take, tmp_path: Path
) -> None:
    take(ROWS)
    with services.transaction() as session:
        session.get_one(Initiative, (TEAM, "FIN-01")).lead_id = "U_LEAD"
    take(edited(ROWS, 0, 2, "Answers everything"), dry_run=True)  # writes the file

    @contextmanager
    def once_somebody_was_faster() -> Iterator[Session]:
        save_entry(services, actor(), "FIN-01", 1, {"topic": "travel"})
        with services.transaction() as session:
            yield session

    faster = replace(services, transaction=once_somebody_was_faster)
    report = taken(faster, tmp_path / "inventory.csv")

    facts = show_entry(services, actor(), "FIN-01").facts
    assert counts(report) == (0, 1, 3)
    assert (facts.objective, facts.topic) == ("Answers everything", "travel")
    assert len(read_history(services, actor(), "FIN-01")[1]) == 2  # the edit, then the file


def test_rows_in_another_order_are_the_same_initiatives(services: Services, take: Take) -> None:
    take(ROWS)
    shuffled = random.Random(7).sample(ROWS, len(ROWS))

    assert counts(take(shuffled)) == (0, 0, 4)


def test_what_looks_like_another_department_s_is_said_before_anything_is_stored(
    services: Services, take: Take
) -> None:
    twin = ["Double invoices", "People", "Finds invoices that were paid twice", "Pilot", ""]
    noise = [[f"Study {n}", "Research", f"Measures turbine blade {n}", "Pilot", ""] for n in "abcd"]

    dry = take([*ROWS, *noise, twin], dry_run=True)

    alike = {frozenset((one.key, one.other_key)): one.shared for one in dry.alike}
    assert "invoice" in alike[frozenset(("FIN-03", "PEO-02"))]
    assert frozenset(("FIN-01", "FIN-02")) not in alike  # one department's own
    assert registry(services) == {}


def test_a_row_that_is_gone_stays_in_the_registry_and_is_said(
    services: Services, take: Take
) -> None:
    take(ROWS)

    report = take(ROWS[1:])

    assert counts(report) == (0, 0, 3)
    assert report.missing == ["FIN-01"]
    assert "FIN-01" in registry(services)


def test_what_people_changed_here_stays_unless_the_file_changed_the_same(
    services: Services, take: Take
) -> None:
    take(ROWS)
    with services.transaction() as session:
        initiative = session.get_one(Initiative, (TEAM, "FIN-03"))
        initiative.lead_id = "U_LEAD"
    save_entry(services, actor(), "FIN-03", 1, {"objective": "Ours", "topic": "Fraud"})

    unchanged = take(ROWS)
    kept = show_entry(services, actor(), "FIN-03").facts
    crossed = take(edited(ROWS, 3, 2, "The file's own words now"))

    assert counts(unchanged) == (0, 0, 4)
    assert (kept.objective, kept.topic) == ("Ours", "Fraud")
    facts = show_entry(services, actor(), "FIN-03").facts
    assert (facts.objective, facts.topic) == ("The file's own words now", "Fraud")
    assert "changed here since the last import" in crossed.doubtful[0].words[0]


def test_rows_that_can_not_be_taken_are_left_out_with_their_numbers(
    services: Services, take: Take
) -> None:
    rows = [*ROWS, ["", "Finance", "No name", "Pilot", ""], ["A", " ", "", "", ""]]

    report = take([*rows, ["Late", "People", "Something else entirely", "Pilot", "soon"]])

    assert counts(report) == (5, 0, 0)
    assert [remark.number for remark in report.refused] == [6, 7]
    assert [(remark.number, remark.key) for remark in report.doubtful] == [(8, "PEO-02")]


def test_undone_it_is_as_before_and_can_be_taken_again(services: Services, take: Take) -> None:
    take(ROWS)
    before = registry(services)
    changed = edited(ROWS, 0, 2, "Answers everything")
    take([*changed, ["New", "People", "Something else entirely", "Pilot", ""]])

    undone = undo_import(services, actor("U_PM"))
    after = registry(services)
    again = take(changed)

    assert (undone.removed, undone.restored, undone.kept) == (["PEO-02"], ["FIN-01"], [])
    assert after == before
    assert counts(again) == (0, 1, 3)


def test_undone_twice_the_registry_is_empty_and_a_third_time_there_is_nothing(
    services: Services, take: Take
) -> None:
    take(ROWS)
    take(edited(ROWS, 0, 2, "Answers everything"))

    undo_import(services, actor())
    undo_import(services, actor())

    assert registry(services) == {}
    with pytest.raises(NothingToUndoError):
        undo_import(services, actor())


def test_what_people_worked_on_since_is_not_undone(services: Services, take: Take) -> None:
    take(ROWS)
    settle_in(services, an_initiative("OPS-01", department="Operations"))
    with services.transaction() as session:
        session.get_one(Initiative, (TEAM, "FIN-03")).lead_id = "U_LEAD"
    save_entry(services, actor(), "FIN-03", 1, {"topic": "Fraud"})
    wanted = DependencyWanted(DependencyKind.INITIATIVE, "PEO-01")
    save_dependency(services, actor(), "OPS-01", wanted)

    undone = undo_import(services, actor())

    assert (undone.removed, undone.kept) == (["FIN-01", "FIN-02"], ["FIN-03", "PEO-01"])
    assert list(registry(services)) == ["FIN-03", "OPS-01", "PEO-01"]


@pytest.fixture
def other_services(
    request: pytest.FixtureRequest, engine: Engine, tmp_path: Path, clock: FakeClock
) -> Any:
    """Return services of an empty database on the other engine."""
    url = f"sqlite:///{tmp_path / 'other.db'}"
    if engine.dialect.name == "sqlite":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_url()
    other = connect(url)
    migrate(other)
    services = build_services(other, clock)
    policies.adopt(services, TEAM, "Workspace", a_policy())
    settle_in(services, persons=[a_person(), a_person("U_OLA", name="Ola")])
    yield services
    other.dispose()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_and_imported_on_the_other_engine_it_is_the_same_registry(
    services: Services, other_services: Services, take: Take, tmp_path: Path, ending: str
) -> None:
    take(ROWS)
    settle_in(services, an_initiative("OPS-01", name="=1+1", department="Operations"))
    facts = {
        "objective": "Two\nlines | and a bar",
        "budget_approved": "1200.50",
        "change_percent": 29,
        "impact_score": 4,
        "deputy_ids": ["U_OLA"],
    }
    save_entry(services, actor(), "OPS-01", 0, facts)
    save_milestone(
        services, actor(), "OPS-01", MilestoneWanted(None, "Go | live", date(2027, 3, 31))
    )
    data = DependencyWanted(
        DependencyKind.DATA, "Master", access=Access.CHANGES, need_by=date(2027, 3, 1)
    )
    save_dependency(services, actor(), "OPS-01", data)
    file = tmp_path / f"registry.{ending}"

    count = export_registry(services, actor(), file)
    first = taken(other_services, file)
    again = taken(other_services, file)
    here = taken(services, file)

    assert count == 5
    assert (counts(first), counts(again), counts(here)) == ((5, 0, 0), (0, 0, 5), (0, 0, 5))
    assert registry(other_services) == registry(services)


def test_what_would_close_a_circle_is_left_out_and_said_before_it_is_stored(
    services: Services, take: Take
) -> None:
    headings = ["Key", "Name", "Department", "Dependencies"]
    rows = [
        ["A-01", "A", "Finance", "D1 | - | initiative | B-01 | -"],
        ["B-01", "B", "Finance", "D1 | - | initiative | A-01 | -"],
    ]

    dry = take(rows, headings, dry_run=True)
    done = take(rows, headings)
    again = take(rows, headings)

    says = "B-01 and A-01 would wait for each other in a circle, so this is left out"
    assert [(one.number, one.words) for one in dry.doubtful] == [(3, (says,))]
    assert (counts(done), counts(again)) == ((2, 0, 0), (0, 0, 2))
    known = registry(services)
    assert [len(known[key]["dependencies"]) for key in ("A-01", "B-01")] == [1, 0]


def test_what_does_not_go_with_what_was_written_here_is_left_and_the_rest_of_its_row_taken(
    services: Services, take: Take
) -> None:
    take(ROWS)
    with services.transaction() as session:
        session.get_one(Initiative, (TEAM, "FIN-01")).lead_id = "U_LEAD"
    save_entry(services, actor(), "FIN-01", 1, {"target_on": date(2027, 2, 1)})

    later = edited(edited(ROWS, 0, 4, "3/15/2027"), 0, 3, "Live")
    report = take(later)

    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.stage, facts.starts_on) == (Stage.PRODUCTION, date(2027, 1, 13))
    assert (report.changed, report.refused) == (1, [])
    assert [one.words for one in report.doubtful] == [
        ("starts_on: The end would be before it. It stays as it was",)
    ]


CELLS = [
    "", "A-1", "a-1", "A - 3", "7", "Ärger", "x" * 600, "word " * 900, " finance", "FINANCE",
    "pilot", "In Progress", "Ola", "m@firm.example, Ola", "2027-01-04", "13.1.2027", "1/2/2027",
    "(5)", "1,2", "1.234", "9e99", "9" * 20, "n/a", "$5", "€ 7", "A-1, A-2", "A-1;A-9",
    "M1 | Go | 2027-04-01", "M1 | Go | soon", "D1 | - | initiative | A-2 | -",
    "D1 | M9 | data | X", "=1+1", "150", "Total", "a\x01b", "\u202e", "😀",
]  # fmt: skip
ANY = {
    "Key": "key", "Name": "name", "Department": "department", "Stage": "stage", "Lead": "lead_id",
    "Start": "starts_on", "End": "target_on", "Budget": "budget_approved", "Spent": "budget_spent",
    "Change": "change_percent", "Impact": "impact_score", "Needs": "dependencies",
    "Milestones": "milestones", "Topic": "topic", "Currency": "currency", "Deputies": "deputy_ids",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_dry_run_accepts_is_stored_and_a_second_time_changes_nothing(
    services: Services, tmp_path: Path, seed: int
) -> None:
    rng = random.Random(seed)
    map_ = ImportMap(columns={name: heading for heading, name in ANY.items()})
    for number in range(8):
        rows = [[rng.choice(CELLS) for _ in ANY] for _ in range(rng.randint(1, 12))]
        for row in rows:
            row[1] = rng.choice(["One", "Two", "Three", row[1]])
            row[2] = rng.choice(["Finance", "People", row[2]])
        file = tmp_path / f"{number}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([list(ANY), *rows])
        source = Source(open_table(file), map_, DateOrder.DAY_FIRST, file.name)

        dry = check_inventory(services, actor("U_PM"), source)
        done = take_inventory(services, actor("U_PM"), source)
        again = check_inventory(services, actor("U_PM"), source)

        assert (counts(done), done.refused) == (counts(dry), dry.refused), rows
        assert counts(again)[:2] == (0, 0), rows
        reasons = [word for one in dry.refused for word in one.words]
        assert [one for one in reasons if "missing" not in one and "same as" not in one] == []


def test_the_graph_is_given_out_as_text_that_nothing_breaks(
    services: Services, tmp_path: Path
) -> None:
    settle_in(services, an_initiative(name='Cash "forecast" [x]'), an_initiative("OPS-01"))
    needs = DependencyWanted(DependencyKind.INITIATIVE, "OPS-01", need_by=date(2027, 3, 31))
    save_dependency(services, actor(), "FIN-01", needs)

    for ending in ("dot", "mmd", "json"):
        export_registry(services, actor(), tmp_path / f"graph.{ending}")

    dot = (tmp_path / "graph.dot").read_text(encoding="utf-8")
    assert '"FIN-01" [label="FIN-01 Cash \\"forecast\\" [x]"];' in dot
    assert '"FIN-01" -> "OPS-01" [label="by 2027-03-31"];' in dot
    mermaid = (tmp_path / "graph.mmd").read_text(encoding="utf-8")
    assert 'n0["FIN-01 Cash #34;forecast#34; #91;x#93;"]' in mermaid
    assert 'n0 -->|"by 2027-03-31"| n1' in mermaid
    found = json.loads((tmp_path / "graph.json").read_text(encoding="utf-8"))
    assert [one["key"] for one in found] == ["FIN-01", "OPS-01"]


def test_a_format_that_is_none_is_refused(services: Services, tmp_path: Path) -> None:
    with pytest.raises(FormatUnknownError, match="csv"):
        export_registry(services, actor(), tmp_path / "registry.pdf")


@pytest.mark.one_database("postgresql")
def test_after_an_import_the_database_plans_for_what_came_in(take: Take, engine: Engine) -> None:
    take([[f"Chatbot {number}", "Finance", "Answers", "Pilot", ""] for number in range(300)])

    query = "SELECT reltuples FROM pg_class WHERE relname IN ('entry', 'initiative')"
    with engine.connect() as connection:
        known = connection.execute(text(query)).scalars().all()
    assert min(known) >= 300
