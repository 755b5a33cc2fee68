"""“Why am I getting this?”: the clause, the facts and the arithmetic, for whoever got it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.blocks.gathered import EXPLAIN, duration_text
from handlers.messages import render
from storage.models import Notification, NotificationKind
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_notification,
    a_person,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.test_update_form import all_text
from workflows.services import Services
from workflows.sweep import sweep

HEAD, KOLKATA = "U_HEAD", "Asia/Kolkata"


@pytest.fixture(autouse=True)
def _company(services: Services, adopt: Callable[..., None]) -> None:
    adopt(people={"programme_manager": "U0MANAGER"})
    settle_in(
        services,
        an_initiative("FIN-01"),
        an_initiative("FIN-02", lead_id="U_AWAY"),
        persons=[
            a_person("U_AWAY", away_until_on=CALL_ON + timedelta(days=9)),
            a_person("U_DEPUTY", timezone=KOLKATA),
            a_person("U0MANAGER"),
        ],
        deputies={"FIN-02": ["U_DEPUTY"]},
        department_leads={"Finance": [HEAD]},
    )


def explained(workspace: Workspace, slack: FakeSlack, key: str, user: str) -> str:
    """Choose the menu's entry and return what the window says."""
    before = len(slack.of("views.open"))
    workspace.choose(EXPLAIN, key, user)
    opened = slack.of("views.open")[before:]
    return all_text(opened[0]["view"]) if opened else ""


def sent(services: Services, kind: NotificationKind, to: str) -> Notification:
    with services.transaction() as session:
        found = session.exec(select(Notification).where(Notification.recipient_id == to))
        return next(one for one in found if one.kind == kind)


def test_a_prompt_tells_the_days_on_the_reader_s_own_calendar(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM + timedelta(days=1, hours=-10))  # nine and a half in Kolkata
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, NotificationKind.PROMPT, "U_DEPUTY")

    words = explained(workspace, slack, prompt.key, "U_DEPUTY")

    assert "You are the deputy for FIN-02, and its lead was not there." in words
    assert "The call is on Thursday 26 November, 01:30 on your clock (Asia/Kolkata)." in words
    assert "Thursday 26 November − 2 working days = Tuesday 24 November, at 09:00" in words
    assert "`round.prompt_working_days_before` of policy version 2" in words


def test_a_late_message_tells_by_how_much_and_why(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    sweep(services)
    clock.move_to(MONDAY_9AM + timedelta(hours=2))
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, NotificationKind.PROMPT, "U_LEAD")

    words = explained(workspace, slack, prompt.key, "U_LEAD")

    assert "You lead FIN-01." in words
    assert "Sent Monday 23 November, 11:00." in words
    assert "That is 2 h late: there was more to do than could be done at once." in words


def test_what_comes_at_the_closing_tells_when_that_is(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    sweep(services)
    clock.move_to(CLOSES_AT)
    sweep(services)
    sweep(services)  # the digest, which is due at once
    deliver(services, slack)
    summary = sent(services, NotificationKind.SUMMARY, COORDINATION)
    digest = sent(services, NotificationKind.DIGEST, HEAD)

    to_anybody = explained(workspace, slack, summary.key, "U_LEAD")
    to_the_head = explained(workspace, slack, digest.key, HEAD)

    assert "15:00 − 60 min = Wednesday 25 November, 14:00." in to_anybody
    assert "You lead a department that owes updates." in to_the_head


def test_somebody_else_s_message_is_not_explained(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, NotificationKind.PROMPT, "U_LEAD")

    theirs = explained(workspace, slack, prompt.key, "U_STRANGER")
    unknown = explained(workspace, slack, "no-such-message", "U_LEAD")

    assert "I can't tell you more about this message" in theirs
    assert unknown == theirs


@pytest.mark.parametrize(
    "kind",
    [
        NotificationKind.PROMPT,
        NotificationKind.REMINDER,
        NotificationKind.SUMMARY,
        NotificationKind.DIGEST,
        NotificationKind.RESUMED,
        NotificationKind.AUDIT,
    ],
)
def test_every_message_has_the_menu(
    services: Services, clock: FakeClock, kind: NotificationKind
) -> None:
    sweep(services)
    clock.advance(hours=2)  # the prompt is not sent: something for the audit to find
    key = f"{kind}:2026-11-25:{'X' * 20}:{'U' * 40}"
    message = render(
        services,
        a_notification(
            key=key,
            kind=kind,
            recipient_id=HEAD if kind == NotificationKind.DIGEST else "U_LEAD",
            call_on=CALL_ON,
            initiative_keys=["FIN-01"],
            workspace_id=TEAM,
        ),
    )

    assert message is not None
    menus = [b["accessory"] for b in message.blocks if b.get("accessory", {}).get("options")]
    assert [menu["action_id"] for menu in menus] == [EXPLAIN]
    assert [menu["options"][0]["value"] for menu in menus] == [key]
    assert len(key) <= 150


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(0), "0 min"),
        (timedelta(minutes=5, seconds=1), "5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(days=1, hours=3), "1 d 3 h"),
    ],
)
def test_lengths_of_time_are_said_shortly(length: timedelta, text: str) -> None:
    assert duration_text(length) == text
