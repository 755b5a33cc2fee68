"""/ai-status, apart from the form: reading, who is missing, being away, help, and wrong turns."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from storage.models import Stage
from tests.factories import CALL_ON, TEAM, a_filing, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows.people import known_person
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

LIVE = "<!channel> & <@U_LEAD> are live"


@pytest.fixture(autouse=True)
def _opened(services: Services) -> Iterator[None]:
    settle_in(
        services,
        an_initiative(name="R&D <forecast>"),
        an_initiative("OPS-01", name="Route planning", lead_id="U_OTHER"),
        persons=[a_person(timezone="Asia/Tokyo"), a_person("U_DEPUTY", name="Dev")],
        deputies={"FIN-01": ["U_DEPUTY"]},
    )
    sweep(services)
    yield


def said(workspace: Workspace, text: str, user: str = "U_LEAD") -> str:
    answer = workspace.command(text, user=user)
    assert answer["response_type"] == "ephemeral"
    assert answer["text"]
    return all_text(answer["blocks"])


def test_before_the_first_update_it_says_so(workspace: Workspace) -> None:
    assert "has no update yet" in said(workspace, "show FIN-01")


def test_an_update_is_shown_as_it_was_typed_and_nothing_in_it_is_live(
    workspace: Workspace, services: Services
) -> None:
    file_update(services, actor(), a_filing(progress=LIVE))

    answer = workspace.command("show FIN-01")

    (written,) = [block for block in answer["blocks"] if block["type"] == "rich_text"]
    assert LIVE in all_text(written)
    mrkdwn = all_text([block for block in answer["blocks"] if block["type"] == "section"])
    assert "R&amp;D &lt;forecast&gt;" in mrkdwn
    assert "<!channel>" not in mrkdwn + answer["text"]


def test_text_that_is_filed_unchanged_is_marked_so(
    workspace: Workspace, services: Services, clock: FakeClock
) -> None:
    file_update(services, actor(), a_filing(progress="The model runs"))
    first = said(workspace, "show FIN-01")
    clock.advance(days=7)
    sweep(services)
    sweep(services)
    next_call = CALL_ON + timedelta(days=7)
    file_update(services, actor(), a_filing(call_on=next_call, progress="The model  runs"))
    again = said(workspace, "show FIN-01")
    file_update(services, actor(), a_filing(call_on=next_call, progress="It rests", base_version=1))
    edited = said(workspace, "show FIN-01")

    mark = "Same words as last time."
    assert [mark in words for words in (first, again, edited)] == [False, True, False]


def test_history_keeps_every_version_the_newest_first(
    workspace: Workspace, services: Services
) -> None:
    file_update(services, actor(), a_filing(progress="first words"))
    file_update(services, actor(), a_filing(base_version=1, progress="second words"))

    shown = said(workspace, "history fin-01")

    assert shown.index("second words") < shown.index("first words")
    assert shown.index("version 2") < shown.index("version 1")


def test_show_without_a_name_shows_one_s_own(workspace: Workspace, services: Services) -> None:
    file_update(services, actor("U_OTHER"), a_filing("OPS-01", progress="routes are planned"))

    assert "routes are planned" in said(workspace, "show", user="U_OTHER")


def test_who_is_missing_is_named_with_who_is_asked(
    workspace: Workspace, services: Services
) -> None:
    file_update(services, actor(), a_filing())

    shown = said(workspace, "missing")

    assert "1 of 2 not filed yet" in shown
    assert "*OPS-01*  Route planning · Other" in shown
    assert "FIN-01" not in shown


def test_when_nobody_is_missing_it_says_so(workspace: Workspace, services: Services) -> None:
    file_update(services, actor(), a_filing())
    file_update(services, actor("U_OTHER"), a_filing("OPS-01"))

    assert "All 2 updates for the call" in said(workspace, "missing")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        # Monday 09:00 in New York is Monday 23:00 in Tokyo, where this person is.
        ("away until tuesday", "Tuesday 24 November 2026"),
        ("away until 2 dec", "Wednesday 2 December 2026"),
        ("away friday", "Friday 27 November 2026"),
        ("away until tomorrow 9am", "Tuesday 24 November 2026"),
        ("away until the 5th", "Saturday 5 December 2026"),
        ("AWAY UNTIL 2026-12-24", "Thursday 24 December 2026"),
    ],
)
def test_a_day_is_read_in_one_s_own_timezone_and_said_back_with_its_weekday(
    workspace: Workspace, typed: str, day: str
) -> None:
    shown = said(workspace, typed)

    assert f"*{day}*" in shown
    assert "I'll ask Dev for FIN-01." in shown


def test_after_midnight_there_it_is_their_tuesday(workspace: Workspace, clock: FakeClock) -> None:
    clock.advance(hours=1)  # Tuesday 00:00 in Tokyo

    assert "Tuesday 1 December 2026" in said(workspace, "away until tuesday")


@pytest.mark.parametrize(
    "typed",
    ["away", "away until", "away until whenever", "away until 5pm", "away until 1 may 2020"],
)
def test_no_day_that_can_be_used_changes_nothing_and_is_explained(
    workspace: Workspace, services: Services, typed: str
) -> None:
    answer = workspace.command(typed)

    assert answer["response_type"] == "ephemeral"
    person = known_person(services, TEAM, "U_LEAD")
    assert person is not None
    assert person.away_until_on is None


def test_who_was_not_away_is_not_welcomed_back(workspace: Workspace) -> None:
    assert "You weren't away" in said(workspace, "away off")


def test_who_is_back_earlier_says_so(workspace: Workspace, services: Services) -> None:
    workspace.command("away until friday")

    shown = said(workspace, "away off")

    assert "Welcome back" in shown
    person = known_person(services, TEAM, "U_LEAD")
    assert person is not None
    assert person.away_until_on is None


@pytest.mark.parametrize(
    ("typed", "closest"),
    [
        ("shwo FIN-01", "`/ai-status show`"),
        ("histroy", "`/ai-status history`"),
        ("FIN-10", "FIN-01"),
        ("show FIN-011", "FIN-01"),
    ],
)
def test_an_unknown_word_gets_the_closest_and_the_help(
    workspace: Workspace, typed: str, closest: str
) -> None:
    answer = workspace.command(typed)

    assert answer["response_type"] == "ephemeral"
    assert f"Did you mean {closest}" in answer["text"]
    assert "`/ai-status missing`" in all_text(answer["blocks"])


def test_what_was_typed_wrong_is_not_live_in_the_answer(workspace: Workspace) -> None:
    shown = said(workspace, "<!channel>")

    assert "&lt;!channel&gt;" in shown
    assert "<!channel>" not in shown


def test_help_names_every_command(workspace: Workspace) -> None:
    shown = said(workspace, "help")

    for word in ("show", "history", "missing", "away until", "away off"):
        assert f"`/ai-status {word}" in shown


def test_who_leads_nothing_is_told_so(workspace: Workspace, slack: FakeSlack) -> None:
    assert "You have no updates to file" in said(workspace, "", user="U_NOBODY")
    assert slack.of("views.open") == []


def test_who_does_not_answer_for_it_is_told_who_does(
    workspace: Workspace, slack: FakeSlack
) -> None:
    shown = said(workspace, "FIN-01", user="U_OTHER")

    assert "Please ask <@U_LEAD> or <@U_DEPUTY>." in shown
    assert slack.of("views.open") == []


def test_a_guest_reads_and_files_nothing(workspace: Workspace, slack: FakeSlack) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}

    assert "has no update yet" in said(workspace, "show FIN-01", user="U_GUEST")
    assert "You're a guest here" in said(workspace, "", user="U_GUEST")


@pytest.mark.parametrize("stage", [Stage.PAUSED, Stage.RETIRED])
def test_a_resting_initiative_is_not_filed_for(
    workspace: Workspace, services: Services, stage: Stage
) -> None:
    settle_in(services, an_initiative("OLD-01", stage=stage))

    assert f"OLD-01 is {stage}" in said(workspace, "OLD-01")
