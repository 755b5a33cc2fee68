"""“Why am I getting this?”: the clause, the facts and the arithmetic, for whoever got it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.blocks.gathered import EXPLAIN, duration_text
from handlers.rendering import render
from storage import entry_versions, escalations, initiatives, notifications
from storage.models import (
    Act,
    DependencyKind,
    EntryVersion,
    EscalationKind,
    Notification,
    NotificationState,
    SubjectKind,
)
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_notification,
    a_person,
    a_policy,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows import policies
from workflows.escalations import owed as escalations_owed
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.heartbeat import end_sweep, last_sweep, name_standstill
from workflows.inventory.sent_files import SentFile, receive
from workflows.kinds import outgoing
from workflows.registry.editing import save_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.services import Services
from workflows.subjects import of_escalation, of_step
from workflows.sweep import sweep
from workflows.updates.opening import DraftOf, keep_draft

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


def sent(services: Services, kind: str, to: str) -> Notification:
    with services.transaction() as session:
        found = session.exec(select(Notification).where(Notification.recipient_id == to))
        return next(one for one in found if one.kind == kind)


def test_a_prompt_tells_the_days_on_the_reader_s_own_calendar(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM + timedelta(days=1, hours=-10))  # nine and a half in Kolkata
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, "prompt", "U_DEPUTY")

    words = explained(workspace, slack, prompt.key, "U_DEPUTY")

    assert "You're a deputy of FIN-02, and the lead was away." in words
    assert "The call is on Thursday 26 November, 01:30 on your clock (Asia/Kolkata)." in words
    assert "Thursday 26 November − two working days = Tuesday 24 November, at 09:00" in words
    assert "Your programme's rule: ask two working days before the call." in words
    assert "round.prompt_working_days_before" not in words  # that is for who can change it


def test_the_programme_manager_reads_which_setting_it_is(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    settle_in(services, an_initiative("FIN-03", lead_id="U0MANAGER"))
    sweep(services)
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, "prompt", "U0MANAGER")

    words = explained(workspace, slack, prompt.key, "U0MANAGER")

    assert (
        "Your programme's rule: ask two working days before the call. "
        "Setting: `round.prompt_working_days_before`, policy version 2." in words
    )


def test_a_late_message_tells_by_how_much_and_why(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    sweep(services)
    clock.move_to(MONDAY_9AM + timedelta(hours=2))
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, "prompt", "U_LEAD")

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
    summary = sent(services, "summary", COORDINATION)
    digest = sent(services, "digest", HEAD)

    to_anybody = explained(workspace, slack, summary.key, "U_LEAD")
    to_the_head = explained(workspace, slack, digest.key, HEAD)

    assert "15:00 − an hour = Wednesday 25 November, 14:00." in to_anybody
    assert "You lead a department with updates to file." in to_the_head


def test_somebody_else_s_message_is_not_explained(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    sweep(services)
    deliver(services, slack)
    prompt = sent(services, "prompt", "U_LEAD")

    theirs = explained(workspace, slack, prompt.key, "U_STRANGER")
    unknown = explained(workspace, slack, "no-such-message", "U_LEAD")

    assert "I can't tell you more about this message" in theirs
    assert unknown == theirs


NO_POSTS = {"home", "refresh"}  # nothing of their own to explain
ESCALATED = {kind.name for kind in escalations_owed.OWED.outgoing} - {"policy_changed"}
# Some stand in another escalation than the first, which is open and not acknowledged.
ESCALATIONS = {"still_on_it": 2, "escalation_over": 3}
ABOUT = {
    "handed_back": {"subject_kind": SubjectKind.ENTRY_VERSION, "subject_key": "FIN-99@1"},
    "inventory": {"subject_kind": SubjectKind.INVENTORY_FILE, "subject_key": "F1"},
    "moved": {"subject_kind": SubjectKind.ENTRY_VERSION, "subject_key": "OPS-09@1"},
    "picture": {"subject_kind": SubjectKind.PICTURE, "subject_key": "dependencies FIN-01"},
    "undelivered": {"subject_kind": SubjectKind.NOTIFICATION, "subject_key": "refused"},
}


def move_what_is_waited_for(services: Services) -> None:
    settle_in(services, an_initiative("OPS-09", lead_id="U_OLA"))
    save_entry(services, actor(), "FIN-01", 0, {"target_on": "2027-03-31"})
    save_entry(services, actor("U_OLA"), "OPS-09", 0, {"target_on": "2027-03-31"})
    wanted = DependencyWanted(DependencyKind.INITIATIVE, "OPS-09")
    save_dependency(services, actor(), "FIN-01", wanted)
    save_entry(services, actor("U_OLA"), "OPS-09", 1, {"target_on": "2027-04-30"})


def escalate(services: Services, clock: FakeClock) -> None:
    """Have one escalation that nobody acknowledged, a silent owner's, and one that is resolved."""
    adopt_again(services, features=["escalations"])
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, "FIN-01", what="No access")
    for number in (1, 2, 3):
        open_escalation(services, actor("U_DEPUTY"), wanted)
        if number > 1:
            act = Act.RESOLVE if number == 3 else Act.ACKNOWLEDGE
            act_on(services, actor(), Deed(act, number, 1, words="Granted"))
    with services.transaction() as session:
        silent = escalations.hold(session, TEAM, 2)
        assert silent is not None
        silent.asked_at = clock() + timedelta(minutes=1)
    later = {"blocker": {"coe_after_hours": 48}}  # than those that are open go by
    adopt_again(services, features=["escalations"], escalations=later)


def adopt_again(services: Services, **sections: object) -> None:
    policy = a_policy(people={"programme_manager": "U0MANAGER"}, **sections)
    policies.adopt(services, TEAM, "Tests", policy)


@pytest.fixture
def eventful(services: Services, clock: FakeClock) -> Services:
    """A day on which there is something to tell in every kind of message."""
    escalate(services, clock)
    sweep(services)
    end_sweep(services)
    receive(services, actor("U0MANAGER"), SentFile("F1", "registry.csv"))
    keep_draft(services, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": "Two are live"})
    move_what_is_waited_for(services)
    with services.transaction() as session:
        initiatives.save_all(session, [an_initiative("FIN-99", lead_id=None)], {})
        given_back = EntryVersion(
            workspace_id=TEAM, initiative_key="FIN-99", version=1, author_id="U_OLA",
            changed_at=clock.instant, facts={},
        )  # fmt: skip
        entry_versions.add_all(session, [given_back])
        failed = NotificationState.FAILED
        session.add(a_notification(key="refused", state=failed, error="is_archived"))
    clock.advance(hours=2)  # the prompt is not sent: something for the audit to find
    return services


@pytest.mark.parametrize("kind", sorted(outgoing().keys() - NO_POSTS))
def test_every_message_has_the_menu(eventful: Services, clock: FakeClock, kind: str) -> None:
    key = f"{kind}:2026-11-25:{'X' * 20}:{'U' * 40}"
    about = ABOUT.get(kind, {"call_on": CALL_ON})
    if kind in ESCALATED:
        number = ESCALATIONS.get(kind, 1)
        key = f"{kind}:E-{number}:1:{'U' * 40}"
        subject = of_step(number, 1) if kind == "escalation_line" else of_escalation(number)
        about = {"subject_kind": subject.kind, "subject_key": subject.key}
    if kind == "standstill":
        beat = last_sweep(eventful)
        assert beat is not None
        key = name_standstill(beat)
    with eventful.reading() as reader:
        version = policies.in_force(reader, TEAM).version
    notification = a_notification(
        key=key,
        kind=kind,
        policy_version=version,
        recipient_id=HEAD if kind == "digest" else "U_LEAD",
        workspace_id=TEAM,
        due_at=clock.instant,
        **about,
    )
    with eventful.transaction() as session:
        notifications.enqueue(session, notification, ["FIN-01"])

    message = render(eventful, [notification]).get(key)

    assert message is not None
    beside = [block["accessory"] for block in message.blocks if "accessory" in block]
    below = [one for block in message.blocks for one in block.get("elements", [])]
    menus = [one for one in [*beside, *below] if one.get("action_id") == EXPLAIN]
    assert len(menus) == 1
    assert [menu["options"][0]["value"] for menu in menus] == [key]
    assert len(key) <= 150


def test_a_clause_is_shown_only_if_the_policy_has_it(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    with services.transaction() as session:
        for key, clause in (("with", "audit.time"), ("without", ""), ("old", "heartbeat")):
            session.add(a_notification(key=key, clause=clause, recipient_id="U_LEAD"))

    told = {key: explained(workspace, slack, key, "U_LEAD") for key in ("with", "without", "old")}

    assert "check every day at 08:00 that nothing is forgotten." in told["with"]
    assert "policy version" not in told["without"] + told["old"]


def test_what_came_to_the_fallback_channel_is_explained_as_somebody_else_s(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    with services.transaction() as session:
        prompt = a_notification(key="p", kind="prompt", call_on=CALL_ON)
        prompt.instead_of_id = "U_LEAD"
        notifications.enqueue(session, prompt, ["FIN-01"])

    words = explained(workspace, slack, "p", "U_ANYBODY")

    assert "It was for <@U_LEAD>, but Slack wouldn't deliver it there" in words
    assert "deputy" not in words


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
