"""Texts that were too long for an entry: marked, read whole, replaced, and undone."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.factories import TEAM, a_person, a_policy, actor, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_project import opened, said, typed
from workflows import policies
from workflows.inventory.dates import DateOrder
from workflows.inventory.mapping import map_of, match_columns
from workflows.inventory.naming import cut
from workflows.inventory.report import Report
from workflows.inventory.run import Source, take_inventory
from workflows.inventory.undoing import undo_import
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.registry.facts import LONGEST_TEXT, Facts
from workflows.services import Services
from workflows.tables.reading import open_table

Take = Callable[[str], Report]
WORDS = " ".join(f"word{number}" for number in range(1200)) + " <!channel> & <end>"
OTHER_END = WORDS.replace("<end>", "<another end>")


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    policies.adopt(services, TEAM, "Tests", a_policy())
    settle_in(services, persons=[a_person()])


@pytest.fixture
def take(services: Services, tmp_path: Path, clock: FakeClock) -> Take:
    def take(purpose: str) -> Report:
        file = tmp_path / "in.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            rows = [["Name", "Department", "Purpose", "Lead"]]
            csv.writer(out).writerows([*rows, ["Reader", "Finance", purpose, "U_LEAD"]])
        clock.advance(minutes=1)
        table = open_table(file)
        matches = match_columns(table.headings, [row.cells for row in table.rows()])
        source = Source(table, map_of(matches), DateOrder.UNKNOWN, file.name)
        return take_inventory(services, actor("U_LEAD"), source)

    return take


def facts(services: Services) -> Facts:
    return show_entry(services, actor(), "FIN-01").facts


def counts(report: Report) -> tuple[int, int, int]:
    return report.new, report.changed, report.same


def button(blocks: list[dict[str, Any]], label: str) -> dict[str, Any]:
    buttons = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    found: dict[str, Any]
    (found,) = [one for one in buttons if one["text"]["text"] == label]
    return found


def read(window: dict[str, Any]) -> str:
    """Return what stands in a window, but for its headings."""
    texts = [block for block in window["blocks"] if block["type"] == "rich_text"]
    parts = [part for block in texts for part in block["elements"][0]["elements"]]
    return "".join(part["text"] for part in parts if "style" not in part)


def test_a_text_that_was_cut_is_marked_and_read_whole_page_by_page(
    workspace: Workspace, slack: FakeSlack, take: Take
) -> None:
    take(WORDS)
    entry = workspace.command("show FIN-01", "U_LEAD", "/ai-project")
    pressed = button(entry["blocks"], "Read the whole text")

    workspace.press(pressed["action_id"], pressed["value"])
    first = slack.of("views.open")[-1]["view"]
    turned = button(first["blocks"], "Next")
    window = {**first, "id": "V1", "hash": "h1"}
    workspace.press(turned["action_id"], turned["value"], view=window)
    second = slack.of("views.update")[-1]["view"]

    assert f"Objective (the first 900 of {len(WORDS):,} characters)" in json.dumps(entry)
    assert read(first) + read(second) == WORDS
    assert "Page 1 of 2" in json.dumps(first)
    assert "Page 2 of 2" in json.dumps(second)
    assert button(second["blocks"], "Previous")


def test_from_a_window_the_whole_is_shown_on_top_of_it(
    workspace: Workspace, slack: FakeSlack, take: Take
) -> None:
    take(WORDS)
    workspace.press("show_entry", "FIN-01", view={"type": "modal", "id": "V1"})
    entry = slack.of("views.push")[-1]["view"]
    pressed = button(entry["blocks"], "Read the whole text")

    workspace.press(pressed["action_id"], pressed["value"], view={**entry, "id": "V2"})

    assert WORDS.startswith(read(slack.of("views.push")[-1]["view"]))
    assert not slack.of("views.open")


@pytest.mark.parametrize(("length", "is_offered"), [(900, False), (901, True)])
def test_a_text_that_an_entry_shows_is_not_offered_again(
    workspace: Workspace, services: Services, take: Take, length: int, is_offered: bool
) -> None:
    take("Reads invoices of all suppliers")
    save_entry(services, actor(), "FIN-01", 1, {"outcome": "x" * length})

    assert ("Read the whole text" in said(workspace, "show FIN-01")) is is_offered


@pytest.mark.parametrize(("length", "is_cut"), [(3000, False), (3001, True)])
def test_what_fits_is_not_cut(services: Services, take: Take, length: int, is_cut: bool) -> None:
    text = ("word " * 700)[: length - 1] + "x"

    report = take(text)

    assert facts(services).whole("objective") == text
    assert (facts(services).objective != text) is is_cut
    assert bool(report.doubtful) is is_cut


def test_taken_again_it_is_the_same_and_another_end_is_a_change(
    workspace: Workspace, services: Services, take: Take
) -> None:
    reports = [take(text) for text in (WORDS, WORDS, OTHER_END, OTHER_END)]

    assert [counts(one) for one in reports] == [(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 0, 1)]
    assert facts(services).whole("objective") == OTHER_END
    kept = len(facts(services).objective)
    assert f"changed after its first {kept:,} characters" in said(workspace, "history FIN-01")


def test_what_somebody_writes_instead_is_all_there_is_then(
    workspace: Workspace, slack: FakeSlack, services: Services, take: Take
) -> None:
    take(WORDS)
    form = opened(workspace, slack, "edit FIN-01")
    hint = f"The beginning of {len(WORDS):,} characters. A change here replaces all."
    workspace.submit(typed(form, name="Invoice reader"))
    untouched = facts(services)
    form = opened(workspace, slack, "edit FIN-01")
    workspace.submit(typed(form, objective="Reads invoices"))

    again = take(WORDS)
    other = take(OTHER_END)

    assert hint in json.dumps(form)
    assert untouched.whole("objective") == WORDS
    assert (counts(again), counts(other)) == ((0, 0, 1), (0, 0, 1))
    assert facts(services).whole("objective") == "Reads invoices"
    assert facts(services).wholes == {}


def test_undone_the_import_leaves_the_whole_as_it_was_before(
    services: Services, take: Take
) -> None:
    take(WORDS)
    take(OTHER_END)
    take("Reads invoices of all suppliers")
    short = facts(services)

    undo_import(services, actor("U_LEAD"))
    once = facts(services)
    undo_import(services, actor("U_LEAD"))

    assert short.wholes == {}
    assert once.whole("objective") == OTHER_END
    assert facts(services).whole("objective") == WORDS
    assert counts(take(WORDS)) == (0, 0, 1)


def test_what_was_cut_before_wholes_were_kept_gets_its_whole_unless_people_wrote_since(
    services: Services, take: Take
) -> None:
    take(cut(WORDS, LONGEST_TEXT))
    taken = counts(take(WORDS))
    whole = facts(services).whole("objective")
    take(cut(WORDS, LONGEST_TEXT))
    version = show_entry(services, actor(), "FIN-01").version
    save_entry(services, actor(), "FIN-01", version, {"objective": "Reads invoices"})

    again = take(WORDS)

    assert (taken, whole) == ((0, 1, 0), WORDS)
    assert counts(again) == (0, 0, 1)
    assert facts(services).whole("objective") == "Reads invoices"
