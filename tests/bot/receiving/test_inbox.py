"""What comes in: kept before it is acknowledged, worked on once, taken up after a crash."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.receiving.inbox import Inbox
from storage import inbox, people
from storage.models import (
    Draft,
    InboxItem,
    InboxKind,
    InboxState,
    Notification,
    Person,
    Update,
)
from tests.factories import (
    MONDAY_9AM,
    TEAM,
    a_filing,
    actor,
    an_initiative,
    person_now,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver, only
from tests.handlers.conftest import Workspace, build_workspace
from tests.handlers.registry.test_planning import typed
from workflows.inbox import ANSWERED_WITHIN, KEPT_FOR, MOST_ATTEMPTS, UNFINISHED_AFTER
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

SECOND = timedelta(seconds=1)
MOVED = {"id": "U_LEAD", "tz": "Asia/Tokyo", "profile": {"real_name": "Lena"}}


@pytest.fixture
def workspace(services: Services, slack: FakeSlack) -> Workspace:
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    return build_workspace(services, slack)


@pytest.fixture
def resumed(workspace: Workspace) -> Inbox:
    return Inbox(workspace.app, only(workspace.app.client))


def items(services: Services) -> list[InboxItem]:
    with services.transaction() as session:
        return list(session.exec(select(InboxItem).order_by(InboxItem.key)))


def updates(services: Services) -> list[Update]:
    with services.transaction() as session:
        return list(session.exec(select(Update)))


def told(services: Services) -> list[str]:
    with services.transaction() as session:
        found = session.exec(select(Notification))
        return [n.words for n in found if n.kind == "resumed"]


def left_behind(
    services: Services, kind: InboxKind, body: dict[str, Any], **facts: Any
) -> InboxItem:
    """Store what somebody died at: it came in and was never settled."""
    received_at = facts.pop("received_at", services.now())
    item = InboxItem(
        workspace_id=TEAM,
        key=f"{kind}:left",
        kind=kind,
        user_id="U_LEAD",
        body=body,
        received_at=received_at,
        claimed_at=facts.pop("claimed_at", received_at),
        **facts,
    )
    with services.transaction() as session:
        inbox.keep(session, item)
    return item


def an_event() -> dict[str, Any]:
    event = {"type": "user_change", "user": MOVED}
    return {"type": "event_callback", "team_id": TEAM, "event_id": "left", "event": event}


def a_command() -> dict[str, Any]:
    return {"command": "/ai-status", "text": "missing", "user_id": "U_LEAD", "team_id": TEAM}


def a_submission(slack: FakeSlack, workspace: Workspace, progress: str = "Live") -> dict[str, Any]:
    workspace.command("FIN-01")
    view = {**slack.of("views.open")[-1]["view"], "id": "V1", "hash": "1.a"}
    typed: dict[str, Any] = {
        field: {"text": {"type": "plain_text_input", "value": ""}}
        for field in ("milestones", "blockers", "needs")
    }
    typed["progress"] = {"text": {"type": "plain_text_input", "value": progress}}
    picked = {"type": "radio_buttons", "selected_option": {"value": "on_track"}}
    view["state"] = {"values": {**typed, "confidence": {"choice": picked}}}
    user = {"id": "U_LEAD"}
    return {"type": "view_submission", "team": {"id": TEAM}, "user": user, "view": view}


def test_what_came_in_is_kept_without_its_words_once_it_is_dealt_with(
    workspace: Workspace, services: Services
) -> None:
    workspace.event(type="user_change", user=MOVED)
    workspace.command("missing")

    kept = [(item.kind, item.state, item.body) for item in items(services)]
    assert kept == [("command", "done", None), ("event", "done", None)]


def test_complaint_9_an_event_that_comes_again_is_worked_on_once(
    workspace: Workspace, services: Services
) -> None:
    workspace.event(event_id="Ev1", type="user_change", user=MOVED)
    move_by_hand(services, "Europe/Berlin")

    workspace.event(event_id="Ev1", type="user_change", user=MOVED)

    assert person_now(services, "U_LEAD").timezone == "Europe/Berlin"
    assert len(items(services)) == 1


def move_by_hand(services: Services, timezone: str) -> None:
    with services.transaction() as session:
        person = people.to_change(session, TEAM, "U_LEAD")
        assert isinstance(person, Person)
        person.timezone = timezone


def test_complaint_9_a_redelivery_of_what_somebody_died_at_is_not_lost(
    workspace: Workspace, services: Services, resumed: Inbox, clock: FakeClock
) -> None:
    left_behind(services, InboxKind.EVENT, an_event())
    workspace.event(event_id="left", type="user_change", user=MOVED)
    clock.advance(seconds=UNFINISHED_AFTER.total_seconds() - 1)
    too_early = resumed.resume()
    clock.advance(seconds=1)

    count = resumed.resume()

    assert (too_early, count) == (0, 1)
    assert person_now(services, "U_LEAD").timezone == "Asia/Tokyo"
    assert [item.state for item in items(services)] == [InboxState.DONE]


def test_what_brings_somebody_down_again_and_again_is_given_up(
    workspace: Workspace, services: Services, resumed: Inbox, clock: FakeClock
) -> None:
    broken = an_event() | {"event": {"type": "user_change", "user": {}}}  # nobody's
    left_behind(services, InboxKind.EVENT, broken)

    counts = []
    for _ in range(MOST_ATTEMPTS + 1):
        clock.advance(seconds=UNFINISHED_AFTER.total_seconds())
        counts.append(resumed.resume())

    assert counts == [1] * (MOST_ATTEMPTS - 1) + [0, 0]
    assert [(item.state, item.body) for item in items(services)] == [(InboxState.FAILED, None)]


def test_a_submission_that_somebody_died_at_is_filed_and_its_writer_told(
    workspace: Workspace, services: Services, slack: FakeSlack, resumed: Inbox, clock: FakeClock
) -> None:
    left_behind(services, InboxKind.SUBMISSION, a_submission(slack, workspace))
    clock.advance(days=1)  # however late: it holds what somebody wrote

    resumed.resume()
    deliver(services, slack)

    assert [update.progress for update in updates(services)] == ["Live"]
    (words,) = told(services)
    assert "I restarted just as you pressed the button." in words and "Filed: *" in words
    assert "Filed: *" in str(slack.of("chat.postMessage")[-1]["blocks"])


def test_a_left_submission_that_is_refused_tells_why(
    workspace: Workspace, services: Services, slack: FakeSlack, resumed: Inbox, clock: FakeClock
) -> None:
    body = a_submission(slack, workspace, progress="word " * 500)
    left_behind(services, InboxKind.SUBMISSION, body)
    clock.advance(minutes=2)

    resumed.resume()

    assert updates(services) == []
    (words,) = told(services)
    assert "not filed yet" in words and "the limit is 3 minutes" in words


def test_complaint_1_enter_pressed_twice_is_one_update(
    workspace: Workspace, services: Services, slack: FakeSlack, resumed: Inbox, clock: FakeClock
) -> None:
    body = a_submission(slack, workspace)
    answers = [workspace.submit(body["view"]) for _ in range(2)]
    left_behind(services, InboxKind.SUBMISSION, body)
    clock.advance(minutes=2)

    resumed.resume()

    assert all("Filed: *" in str(answer["view"]) for answer in answers)
    assert [update.version for update in updates(services)] == [1]


def test_a_click_on_a_form_that_is_stale_acts_on_the_state_as_it_is_now(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    body = a_submission(slack, workspace)
    file_update(services, actor("U_DEPUTY"), a_filing(progress="The deputy was faster"))

    answer = workspace.submit(body["view"])

    assert "filed an update" in str(answer["view"]["blocks"][0])
    assert [update.author_id for update in updates(services)] == ["U_DEPUTY"]


A_CLICK = {
    "type": "block_actions",
    "team": {"id": TEAM},
    "user": {"id": "U_LEAD"},
    "trigger_id": "t",
    "actions": [{"type": "button", "action_id": "open_update", "value": "FIN-01"}],
}
TYPED, PRESSED = (
    "I restarted just as you typed `/ai-status`",
    "I restarted just as you pressed",
)


@pytest.mark.parametrize("is_too_old", [False, True])
@pytest.mark.parametrize("said", [TYPED, PRESSED])
def test_who_waits_for_an_answer_is_told_to_ask_again_for_half_an_hour(
    services: Services, resumed: Inbox, clock: FakeClock, said: str, is_too_old: bool
) -> None:
    if said == TYPED:
        left_behind(services, InboxKind.COMMAND, a_command())
    else:
        left_behind(services, InboxKind.CLICK, A_CLICK)
    clock.advance(seconds=ANSWERED_WITHIN.total_seconds() + is_too_old)

    resumed.resume()

    assert [words.startswith(said) for words in told(services)] == ([] if is_too_old else [True])
    assert [item.state for item in items(services)] == ["failed" if is_too_old else "done"]


def test_typing_that_somebody_died_at_is_kept_and_nobody_is_disturbed(
    workspace: Workspace, services: Services, slack: FakeSlack, resumed: Inbox, clock: FakeClock
) -> None:
    view = a_submission(slack, workspace, progress="Half a sen")["view"]
    action = {"type": "plain_text_input", "action_id": "text", "block_id": "progress"}
    typing = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": "U_LEAD"}}
    left_behind(services, InboxKind.CLICK, {**typing, "view": view, "actions": [action]})
    clock.advance(minutes=2)

    resumed.resume()

    with services.transaction() as session:
        assert session.exec(select(Draft)).one().answers["progress"] == "Half a sen"
    assert told(services) == []


def test_typing_in_the_registry_s_form_disturbs_nobody_either(
    workspace: Workspace, services: Services, slack: FakeSlack, resumed: Inbox, clock: FakeClock
) -> None:
    workspace.command("edit FIN-01", name="/ai-project")
    form = slack.of("views.open")[-1]["view"] | {"id": "V1", "state": {"values": {}}}
    action = {"type": "plain_text_input", "action_id": "field", "block_id": "objective"}
    typing = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": "U_LEAD"}}
    left_behind(services, InboxKind.CLICK, {**typing, "view": form, "actions": [action]})
    clock.advance(minutes=2)

    resumed.resume()

    assert told(services) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [("soon", "It is not saved yet: "), ("2027-03-31", "It isn't saved yet.")],
)
def test_a_left_form_of_the_registry_speaks_of_itself(
    workspace: Workspace,
    services: Services,
    slack: FakeSlack,
    clock: FakeClock,
    day: str,
    said: str,
) -> None:
    workspace.command("milestone FIN-01", name="/ai-project")
    form = slack.of("views.open")[-1]["view"]
    view = typed(form, name="Live", committed_on=day)
    body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": "U_LEAD"}, "view": view}
    left_behind(services, InboxKind.SUBMISSION, body)
    clock.advance(minutes=2)

    Inbox(workspace.app, only(workspace.app.client)).resume()

    (words,) = told(services)
    assert said in words
    assert "/ai-project milestone FIN-01" in words
    assert "update" not in words


def test_a_command_that_did_something_after_a_crash_says_what_it_did(
    workspace: Workspace, services: Services, resumed: Inbox, clock: FakeClock
) -> None:
    left_behind(services, InboxKind.COMMAND, a_command() | {"text": "away until Friday"})
    clock.advance(minutes=2)

    resumed.resume()

    (words,) = told(services)
    assert words.startswith(TYPED)
    assert "Friday 27 November" in words
    assert "type it again" not in words


def test_complaint_25_the_payload_s_token_is_not_kept(services: Services, slack: FakeSlack) -> None:
    settle_in(services, an_initiative())

    def killed_once_it_is_kept() -> datetime:
        if items(services):
            raise _Died
        return MONDAY_9AM

    dying = Services(services.transaction, services.reading, killed_once_it_is_kept)

    with pytest.raises(_Died):
        build_workspace(dying, slack).event(
            token="verification-token", type="user_change", user=MOVED
        )

    (kept,) = items(services)
    assert kept.body is not None
    assert kept.body["event"]["user"] == MOVED
    assert "verification-token" not in str(kept.body)


class _Died(BaseException):
    """Stands for kill -9."""


def test_what_is_dealt_with_is_forgotten_after_a_day_and_what_is_not_never(
    services: Services, resumed: Inbox, clock: FakeClock
) -> None:
    left_behind(services, InboxKind.SUBMISSION, {"type": "view_submission"})
    left_behind(services, InboxKind.EVENT, {}, state=InboxState.DONE)
    clock.move_to(MONDAY_9AM + KEPT_FOR)
    resumed.forget()
    kept = [item.kind for item in items(services)]
    clock.advance(seconds=1)

    resumed.forget()

    assert kept == ["event", "submission"]
    assert [item.kind for item in items(services)] == ["submission"]
