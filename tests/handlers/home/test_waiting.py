"""*Waits for you*: one list in the App Home and behind /ai, fed by every feature."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.blocks.text import button
from handlers.contributed import Waiting, what_waits
from handlers.waiting import MOST_SHOWN, waiting_blocks
from storage import escalations
from storage.models import Act, EscalationKind, EscalationState
from tests.factories import (
    CALL_ON,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.home.test_app_home import home_of
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, COE_TOO, MANAGER, SECTIONS
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update
from workflows.updates.opening import DraftOf, keep_draft

Json = dict[str, Any]
Press = tuple[str, str]
ZONE = ZoneInfo("America/New_York")
OWN_UPDATE = ("open_update", "FIN-01")


@pytest.fixture
def company(services: Services, adopt: Callable[..., None]) -> Services:
    """Two departments, the CoE and the programme manager; escalations are switched on."""
    adopt(**SECTIONS)
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        persons=[a_person(one) for one in (COE, COE_TOO, MANAGER, "U_ANY")],
        department_leads={"Finance": ["U_HEAD"], "Operations": ["U_OPS"]},
    )
    return services


def open_one(services: Services, user_id: str = "U_ANY", **facts: Any) -> int:
    usual: Json = {"kind": EscalationKind.TECHNICAL_BLOCKER, "key": "FIN-01", "what": "No access"}
    return open_escalation(services, actor(user_id), Wanted(**(usual | facts))).number


def open_conflict(services: Services) -> int:
    kind = EscalationKind.RESOURCE_CONFLICT
    return open_one(services, "U_HEAD", kind=kind, other="OPS-01", pool="GPU pool")


def do(services: Services, user_id: str, act: Act, number: int = 1, **facts: Any) -> None:
    with services.reading() as reader:
        one = escalations.get(reader, TEAM, number)
    assert one is not None
    act_on(services, actor(user_id), Deed(act, number, one.turned_on_step, **facts))


def presses(services: Services, user_id: str) -> list[Press]:
    found = what_waits(services, actor(user_id), ZONE)
    return [(one.pressed["action_id"], one.pressed["value"]) for one in found]


def lines(services: Services, user_id: str) -> str:
    return all_text(waiting_blocks(what_waits(services, actor(user_id), ZONE)))


def test_nothing_waits_is_said_in_one_friendly_line(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    view = home_of(workspace, slack, "U_ANY")

    assert view["blocks"][0]["text"]["text"] == "Waits for you"
    assert "Nothing waits for you" in view["blocks"][1]["text"]["text"]


def test_an_update_that_is_asked_for_waits_until_it_is_filed(company: Services) -> None:
    sweep(company)

    before = presses(company, "U_LEAD")
    said = lines(company, "U_LEAD")
    file_update(company, actor(), a_filing())

    assert before == [OWN_UPDATE]
    assert "Not filed yet · the update for Wednesday's call, due Wednesday at 14:00" in said
    assert presses(company, "U_LEAD") == []


def test_a_draft_waits_for_whoever_began_it(company: Services) -> None:
    settle_in(company, an_initiative("HR-01", lead_id="U_HR"), deputies={"HR-01": ["U_DEPUTY"]})
    sweep(company)

    before = presses(company, "U_DEPUTY")
    keep_draft(company, actor("U_DEPUTY"), DraftOf("HR-01", CALL_ON, 0), {"progress": "Half"})

    assert before == []
    assert presses(company, "U_DEPUTY") == [("open_update", "HR-01")]
    assert "Draft, not filed yet" in lines(company, "U_DEPUTY")


def test_words_that_can_be_about_several_updates_wait_at_each_of_them(company: Services) -> None:
    settle_in(company, an_initiative("FIN-02"))
    sweep(company)

    keep_draft(company, actor(), DraftOf("", CALL_ON, 0), {"progress": "Live"})

    assert presses(company, "U_LEAD") == [("file_words", "FIN-01"), ("file_words", "FIN-02")]


def test_an_escalation_waits_for_its_level_until_somebody_acknowledges(
    company: Services, clock: FakeClock
) -> None:
    open_one(company)
    clock.advance(days=1)
    sweep(company)

    before = [presses(company, one) for one in (COE, COE_TOO, "U_ANY")]
    do(company, COE, Act.ACKNOWLEDGE)

    pressed = ("escalation_act_acknowledge", "acknowledge 1 2")
    assert before == [[pressed], [pressed], []]
    assert presses(company, COE_TOO) == []
    assert presses(company, COE) == [("show_escalation", "E-1")]
    assert "Yours since today" in lines(company, COE)


def test_an_owner_who_was_asked_answers_with_one_press(company: Services, clock: FakeClock) -> None:
    open_one(company, "U_LEAD")
    do(company, "U_LEAD", Act.ESCALATE)
    do(company, COE, Act.ACKNOWLEDGE)
    clock.advance(days=21)
    sweep(company)

    asked = presses(company, COE)
    clock.advance(seconds=1)
    do(company, COE, Act.CONFIRM)

    assert [action_id for action_id, _ in asked] == ["escalation_act_confirm"]
    assert presses(company, COE) == [("show_escalation", "E-1")]


def test_terms_wait_for_the_party_that_has_not_agreed(company: Services) -> None:
    number = open_conflict(company)
    do(company, "U_HEAD", Act.AGREE, words="Finance first")

    assert presses(company, "U_OPS") == [("escalation_act_agree", f"agree {number} 2")]
    assert presses(company, "U_HEAD") == [("show_escalation", "E-1")]
    assert "“Finance first”" in lines(company, "U_OPS")


@pytest.mark.parametrize(
    ("length", "pressed"), [(300, "escalation_act_agree"), (301, "show_escalation")]
)
def test_terms_that_are_longer_than_a_glance_are_shown_before_they_are_agreed_to(
    company: Services, length: int, pressed: str
) -> None:
    open_conflict(company)

    do(company, "U_HEAD", Act.AGREE, words="x" * length)

    assert [action_id for action_id, _ in presses(company, "U_OPS")] == [pressed]


def test_what_waits_longest_comes_first(company: Services, clock: FakeClock) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    open_one(company)
    clock.move_to(MONDAY_9AM)
    sweep(company)
    clock.advance(hours=1)
    open_one(company)

    found = presses(company, "U_LEAD")

    assert [value for _, value in found] == ["acknowledge 1 1", "FIN-01", "acknowledge 2 1"]


def test_where_escalations_are_not_switched_on_none_waits_and_none_can_be_opened(
    company: Services, workspace: Workspace, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    open_one(company)
    on = home_of(workspace, slack, "U_HEAD")
    adopt()

    off = home_of(workspace, slack, "U_HEAD")

    assert "E-1" in all_text(on)
    assert "E-1" not in all_text(off)
    assert [str(view).count("'open_escalation'") for view in (on, off)] == [1, 0]


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, "And 1 more")])
def test_at_most_ten_are_shown_and_the_rest_is_counted(count: int, more: str) -> None:
    pressed = button("Show", "show_escalation", "E-1")
    several = [Waiting(datetime(2026, 11, 25, tzinfo=UTC), "Line", pressed)] * count

    blocks = waiting_blocks(several)

    assert len([one for one in blocks if one["type"] == "section"]) == MOST_SHOWN
    assert more in all_text(blocks)
    assert ("more" in all_text(blocks)) == bool(more)


def test_what_stands_in_the_list_is_not_repeated_below_it(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    sweep(company)

    view = home_of(workspace, slack)

    assert all_text(view).count("*FIN-01*") == 1
    assert "*1 to file for Wednesday's call.*" in all_text(view)


def test_a_press_in_the_home_acts_and_the_home_shows_it(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    open_one(company)
    view = home_of(workspace, slack, "U_LEAD")
    shown = len(slack.of("views.publish"))

    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", view={**view, "id": "V1"})
    deliver(company, slack)

    with company.reading() as reader:
        one = escalations.get(reader, TEAM, 1)
    assert one is not None
    assert one.state is EscalationState.ACKNOWLEDGED
    fresh = [sent["view"] for sent in slack.of("views.publish")[shown:]]
    assert "Not acknowledged yet" in all_text(view)
    assert "Not acknowledged yet" not in all_text(fresh[-1])
    assert "Yours since today" in all_text(fresh[-1])


def test_whoever_is_told_finds_it_in_their_home(company: Services, slack: FakeSlack) -> None:
    open_one(company)

    deliver(company, slack)

    (sent,) = [one for one in slack.of("views.publish") if one["user_id"] == "U_LEAD"]
    assert "*E-1*" in all_text(sent["view"])


def test_what_was_old_in_the_home_is_said_and_shown_anew(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    open_one(company)
    deliver(company, slack)
    view = home_of(workspace, slack, "U_HEAD")
    do(company, "U_LEAD", Act.ACKNOWLEDGE)
    deliver(company, slack)
    shown = len(slack.of("views.publish"))

    pressed = ("escalation_act_acknowledge", "acknowledge 1 1", "U_HEAD")
    workspace.press(*pressed, view={**view, "id": "V1"})
    deliver(company, slack)

    assert "was acknowledged by Lead" in all_text(slack.of("views.open")[-1]["view"])
    (sent,) = slack.of("views.publish")[shown:]
    assert sent["user_id"] == "U_HEAD"
    assert "Nothing waits for you" in all_text(sent["view"])


def test_the_list_opens_anywhere_and_stays_current(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    open_one(company)

    assert workspace.command("", "U_LEAD", "/ai") == {}
    view = slack.of("views.open")[-1]["view"]
    workspace.press("escalation_act_acknowledge", "acknowledge 1 1", view={**view, "id": "V1"})

    assert "Not acknowledged yet" in all_text(view)
    assert "Yours since today" in all_text(slack.of("views.update")[-1]["view"])


def test_words_are_filed_from_the_list_in_its_own_window(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    settle_in(company, an_initiative("FIN-02"))
    sweep(company)
    keep_draft(company, actor(), DraftOf("", CALL_ON, 0), {"progress": "Live"})
    workspace.command("", "U_LEAD", "/ai")
    view = slack.of("views.open")[-1]["view"]

    workspace.press("file_words", "FIN-02", view={**view, "id": "V1"})

    assert slack.of("views.update")[-1]["view"]["callback_id"] == "update_form"


def test_help_names_every_other_command(company: Services, workspace: Workspace) -> None:
    answer = workspace.command("help", "U_LEAD", "/ai")

    assert answer["response_type"] == "ephemeral"
    said = all_text(answer["blocks"])
    assert "`/ai`  shows what waits for you" in said
    assert "`/ai-status help`, `/ai-project help`, `/ai-escalate help`" in said


def test_a_guest_is_asked_for_nothing(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}
    sweep(company)

    words = all_text(home_of(workspace, slack, "U_GUEST"))

    assert "Nothing waits for you" in words
    assert "Something is stuck?" not in words


def test_the_programme_manager_sees_the_next_things_that_the_bot_will_do(
    company: Services, workspace: Workspace, slack: FakeSlack
) -> None:
    open_one(company)
    sweep(company)

    words = all_text(home_of(workspace, slack, MANAGER))

    said = words[words.index("What I'll do this week") :].splitlines()[1:6]
    assert said == [
        "Tomorrow at 08:00: the daily check",
        "Tomorrow at 09:00: whoever has to acknowledge an escalation is reminded",
        "Tomorrow at 09:00: an escalation goes one level on",
        "Tomorrow at 09:00: a reminder, 2 times",
        "Wednesday at 14:00: the round closes, and its summary goes to #ai-coordination",
    ]
    assert "What I'll do" not in all_text(home_of(workspace, slack, "U_LEAD"))


def test_what_the_bot_does_in_a_week_is_not_shown_and_a_second_earlier_is(
    company: Services, workspace: Workspace, slack: FakeSlack, clock: FakeClock
) -> None:
    number = open_conflict(company)
    clock.advance(days=1)
    with company.transaction() as session:
        held = escalations.hold(session, TEAM, number)
        assert held is not None
        raised_at = held.moves_at
    assert raised_at is not None

    clock.move_to(raised_at - timedelta(days=7))
    at_a_week = all_text(home_of(workspace, slack, MANAGER))
    clock.advance(seconds=1)
    within = all_text(home_of(workspace, slack, MANAGER))

    assert "goes one level on" not in at_a_week
    assert "goes one level on" in within
