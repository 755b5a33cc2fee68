"""Dates as people type them, from the window or the command to what is kept: through the socket."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.rig import LEAD, Rig, build_rig
from tests.factories import COORDINATION, a_policy
from tests.waiting import wait_until
from workflows.people import known_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WEDNESDAY_NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)  # in New York
Json = dict[str, Any]
CLEAR = {
    "12-Jan-2027": "Tuesday 12 January 2027",
    "2027/01/12": "Tuesday 12 January 2027",
    "12 Jan 27": "Tuesday 12 January 2027",
    "13/4": "Tuesday 13 April 2027",
    "end of 2027": "Friday 31 December 2027",
    "EOW": "Friday 27 November 2026",
    "Fri 5pm": "Friday 27 November 2026",
    "the 15th": "Tuesday 15 December 2026",
    "Monday week": "Monday 7 December 2026",
    "in a fortnight": "Wednesday 9 December 2026",
    "in 5 working days": "Wednesday 2 December 2026",
    "last working day of January": "Friday 29 January 2027",
    "first Monday in February": "Monday 1 February 2027",
    "H1 2027": "Wednesday 30 June 2027",
    "Q1 27": "Wednesday 31 March 2027",
    "FY27 Q2": "Wednesday 31 March 2027",  # the fiscal year of this policy begins in October
}
ASKED = {
    "3/4": ["2027-03-04", "2027-04-03"],
    "2027-W05": ["2027-02-01", "2027-02-05"],
    "1.5": ["2027-01-05", "2027-05-01"],
    "mid-November": ["2026-11-15", "2027-11-15"],
}


@pytest.fixture
def rig(tmp_path: Path, database_url: str) -> Iterator[Rig]:
    rig, server = build_rig(tmp_path, database_url, WEDNESDAY_NOON)
    policy = tmp_path / "policy.yml"
    policy.write_text(a_policy(fiscal_year_start_month=10), encoding="utf-8")
    with server:
        rig.start_on_socket()
        rig.import_company()
        yield rig
        rig.stop()


def submitted(rig: Rig, form: Json, **typed: str) -> Json:
    """Fill a form in, submit it, and return the window that comes of it."""
    rig.fill(LEAD, form, **typed)
    done: Json = rig.do("submit", user=LEAD, view_id=form["id"])
    window: Json = done["views"][-1]
    return window


def milestone_read(rig: Rig, text: str, part: str = "committed_on") -> Json:
    """Type a date into the form of a new milestone, and return the window that comes of it."""
    form = rig.open_form(LEAD, "/ai-project milestone FIN-01")
    other = {} if part == "committed_on" else {"committed_on": "2027-06-30"}
    window = submitted(rig, form, name_new="Live", **other, **{part: text})
    for view in reversed(rig.ask("views", user=LEAD)["views"]):
        rig.do("close", user=LEAD, view_id=view["id"])
    return window


def link_read(rig: Rig, need_by: str) -> Json:
    """Say until when FIN-01 needs FIN-02, and return the window that comes of it."""
    form = rig.open_form(LEAD, "/ai-project link FIN-01")
    kind = next(block for block in form["blocks"] if block.get("block_id") == "kind")["element"]
    state = {"type": "static_select", "selected_option": kind["options"][0]}
    where = {"view_id": form["id"], "block_id": "kind", "action_id": kind["action_id"]}
    rig.do("fill", user=LEAD, state=state, **where)
    window = submitted(rig, form, thing="FIN-02", need_by=need_by)
    rig.do("close", user=LEAD, view_id=window["id"])
    return window


def offered(window: Json) -> list[str]:
    """Return the days that a window's radio buttons offer."""
    elements = [block["element"] for block in window["blocks"] if block["type"] == "input"]
    asked = [element for element in elements if element["type"] == "radio_buttons"]
    return [option["value"] for element in asked for option in element["options"]]


def test_what_is_clear_is_shown_before_it_is_saved_and_what_is_not_is_asked(rig: Rig) -> None:
    read = {text: milestone_read(rig, text) for text in (*CLEAR, *ASKED)}

    for text, day in CLEAR.items():
        assert f"Live · {day}" in str(read[text]["blocks"]), text
    for text, days in ASKED.items():
        assert offered(read[text]) == days, text


def test_the_day_that_is_picked_is_kept(rig: Rig) -> None:
    form = rig.open_form(LEAD, "/ai-project milestone FIN-01")
    asked = submitted(rig, form, name_new="Live", committed_on="3/4")
    field = next(one for one in asked["blocks"] if one.get("block_id") == "committed_on")

    rig.do(
        "fill",
        user=LEAD,
        view_id=asked["id"],
        block_id="committed_on",
        action_id=field["element"]["action_id"],
        state={"type": "radio_buttons", "selected_option": field["element"]["options"][1]},
    )
    confirm = rig.do("submit", user=LEAD, view_id=asked["id"])["views"][-1]
    saved = rig.do("submit", user=LEAD, view_id=confirm["id"])["views"][-1]

    assert "Live · Saturday 3 April 2027" in str(saved["blocks"])


def test_a_day_that_is_asked_about_cannot_be_left_open(rig: Rig) -> None:
    asked = milestone_read(rig, "3/4", "forecast_on")
    field = next(one for one in asked["blocks"] if one.get("block_id") == "forecast_on")
    linked = link_read(rig, "3/4")
    needed = next(one for one in linked["blocks"] if one.get("block_id") == "need_by")

    assert (field["optional"], needed["optional"]) == (False, False)
    assert len(needed["element"]["options"]) == 2


def test_a_dependency_that_was_needed_in_the_past_is_pointed_out(rig: Rig) -> None:
    past, today = link_read(rig, "yesterday"), link_read(rig, "today")

    assert "Tuesday 24 November 2026 has passed already" in str(past["blocks"])
    assert "has passed already" not in str(today["blocks"])


def test_a_plan_in_the_past_is_pointed_out_and_what_was_reached_is_looked_for_there(
    rig: Rig,
) -> None:
    past = milestone_read(rig, "12 Jan 26")
    reached = milestone_read(rig, "last Friday", "reached_on")
    unreadable = milestone_read(rig, "tommorw", "forecast_on")

    assert "Monday 12 January 2026 has passed already" in str(past["blocks"])
    assert "Friday 20 November 2026" in str(reached["blocks"])
    assert "Did you mean “tomorrow”?" in str(unreadable)


def away(rig: Rig, text: str) -> Json:
    """Type the command and return the private answer."""
    known = len(rig.ask("messages", channel=COORDINATION)["messages"])
    rig.do("command", user=LEAD, channel=COORDINATION, text=f"/ai-status {text}")
    said = wait_until(lambda: rig.ask("messages", channel=COORDINATION)["messages"][known:])
    message: Json = said[-1]
    return message


def away_until(rig: Rig) -> date | None:
    person = known_person(rig.services, rig.team_id, LEAD)
    return person.away_until_on if person else None


def buttons(message: Json) -> list[Json]:
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element for block in blocks for element in block["elements"]]


def test_away_reads_the_same_dates_and_asks_which_by_buttons(rig: Rig) -> None:
    asked = away(rig, "away until 3/12")
    before = away_until(rig)
    rig.do(
        "press",
        user=LEAD,
        channel=COORDINATION,
        ts=asked["ts"],
        block_id=next(one["block_id"] for one in asked["blocks"] if one["type"] == "actions"),
        action_id=buttons(asked)[0]["action_id"],
        facts={"type": "button", "value": buttons(asked)[0]["value"]},
    )

    assert [one["value"] for one in buttons(asked)] == ["2026-12-03", "2027-03-12"]
    assert before is None
    assert away_until(rig) == date(2026, 12, 3)


def test_whoever_names_no_day_is_told_what_would_work_and_offered_the_usual_ones(rig: Rig) -> None:
    said = {
        "away": "When are you back?",
        "away until yesterday": "Tuesday 24 November 2026 has passed. Which day are you back?",
        "away until firday": "Did you mean “until Friday”?",
        "away whenever": "I can't read “whenever” as a date.",
    }
    asked = {text: away(rig, text) for text in said}

    today = WEDNESDAY_NOON.date()
    monday = today + timedelta(days=5)
    usual = [today + timedelta(days=1), monday, monday + timedelta(days=7)]
    for text, sentence in said.items():
        assert sentence in str(asked[text]["blocks"])
        assert [one["value"] for one in buttons(asked[text])] == [day.isoformat() for day in usual]
    assert away_until(rig) is None
