"""The outbox from both ends: what is in it, and what Slack gets."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from slack_sdk.errors import SlackRequestError
from sqlmodel import select

from storage import notifications
from storage.models import Notification, NotificationState, Promise, PromiseState, SubjectKind
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    a_filing,
    a_notification,
    a_person,
    a_policy,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows import policies
from workflows.outbox.claiming import ABANDONED_AFTER
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

FALLBACK, MANAGER = "C0FALLBACK1", "U0MANAGER"
DAY = timedelta(days=1)
LOST = SlackRequestError("the connection was closed before the answer")


def put(services: Services, *several: Notification) -> None:
    with services.transaction() as session:
        for notification in several:
            notifications.enqueue(session, notification)


def row(services: Services, key: str) -> Notification:
    with services.transaction() as session:
        return session.exec(select(Notification).where(Notification.key == key)).one()


def promise(services: Services, key: str) -> Promise:
    with services.transaction() as session:
        return session.exec(select(Promise).where(Promise.key == key)).one()


def posted_to(slack: FakeSlack) -> list[str]:
    return [params["channel"] for params in slack.of("chat.postMessage")]


@pytest.fixture
def prompted(services: Services, adopt: Callable[..., None]) -> Services:
    """A lead of two initiatives, prompted; a fallback channel and a programme manager."""
    adopt(
        channels={"coordination": COORDINATION, "fallback": FALLBACK},
        people={"programme_manager": MANAGER},
    )
    settle_in(
        services,
        an_initiative("FIN-01"),
        an_initiative("FIN-02"),
        persons=[a_person(MANAGER)],
        department_leads={"Finance": ["U_LEAD"]},
    )
    sweep(services)
    return services


PROMPT = f"prompt:{CALL_ON}:FIN-01:U_LEAD"


def test_urgent_goes_first_and_bulk_last(services: Services, slack: FakeSlack) -> None:
    put(
        services,
        a_notification(
            key="bulk", recipient_id="C0B", priority=2, due_at=MONDAY_9AM - timedelta(1)
        ),
        a_notification(key="usual", recipient_id="C0U", priority=1),
        a_notification(key="urgent", recipient_id="C0X", priority=0),
    )

    deliver(services, slack)

    keys = [p["metadata"]["event_payload"]["key"] for p in slack.of("chat.postMessage")]
    assert keys == ["urgent", "usual", "bulk"]


def test_complaint_11_a_channel_gets_no_more_than_slack_takes(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    put(services, *(a_notification(key=f"n{n}", recipient_id=COORDINATION) for n in range(6)))

    sent = []
    for _ in range(4):
        deliver(services, slack)
        sent.append(len(posted_to(slack)))
        clock.advance(seconds=1)

    assert sent == [3, 4, 5, 6]


def test_complaint_12_what_is_limited_does_not_hold_up_what_is_urgent_elsewhere(
    services: Services, slack: FakeSlack
) -> None:
    put(
        services,
        *(a_notification(key=f"n{n}", recipient_id=COORDINATION) for n in range(50)),
        a_notification(key="answer", recipient_id="C0OTHER0001", priority=0),
    )

    deliver(services, slack)

    assert posted_to(slack)[0] == "C0OTHER0001"


def test_a_limit_of_one_method_leaves_the_others_alone(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    slack.answers["chat.postMessage"].append("ratelimited")
    put(services, a_notification(key="n1", recipient_id=COORDINATION))
    deliver(services, slack)
    put(
        services,
        a_notification(key="n2", recipient_id="C0OTHER0001"),
        a_notification(key="home", kind="home", recipient_id="U_LEAD"),
    )

    deliver(services, slack)
    limited = (len(posted_to(slack)), len(slack.of("views.publish")))
    clock.advance(seconds=31)
    deliver(services, slack)

    assert limited == (1, 1)
    assert len(posted_to(slack)) == 3


def test_messages_of_one_thread_keep_their_order_even_when_the_first_is_unanswered(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    put(
        services,
        a_notification(key="second", thread_key="t", due_at=MONDAY_9AM + timedelta(seconds=1)),
        a_notification(key="first", thread_key="t"),
        a_notification(key="other", thread_key="u", recipient_id="C0OTHER0001"),
    )
    slack.answers["chat.postMessage"].append(LOST)
    clock.advance(seconds=1)
    deliver(services, slack)
    meanwhile = [row(services, key).state for key in ("first", "second", "other")]

    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(services, slack)
    deliver(services, slack)

    assert meanwhile == ["sending", "pending", "sent"]
    assert row(services, "first").ts < row(services, "second").ts


def test_what_is_due_to_one_person_within_the_window_goes_as_one_message(
    prompted: Services, slack: FakeSlack
) -> None:
    soon = MONDAY_9AM + timedelta(minutes=15)
    digest = {"kind": "audit", "recipient_id": "U_LEAD"}
    put(
        prompted,
        a_notification(key="inside", due_at=soon, **digest),
        a_notification(key="outside", due_at=soon + timedelta(seconds=1), **digest),
    )
    fail(prompted, "open_round:2026-12-02", "inside")

    deliver(prompted, slack)

    (sent,) = slack.of("chat.postMessage")
    assert {"type": "divider"} in sent["blocks"]
    assert row(prompted, "inside").ts == row(prompted, PROMPT).ts
    assert row(prompted, "outside").state == NotificationState.PENDING


def test_what_does_not_fit_into_one_message_goes_by_itself(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    long = [a_notification(key=f"n{n}", recipient_id="U_LEAD", words="x" * 2900) for n in range(7)]
    put(services, *long)

    for _ in range(3):
        deliver(services, slack)
        clock.advance(seconds=1)

    sizes = [str(params["blocks"]).count("x" * 2900) for params in slack.of("chat.postMessage")]
    assert sizes == [3, 3, 1]
    assert all(row(services, one.key).state == NotificationState.SENT for one in long)


def fail(services: Services, promise_key: str, notification_key: str) -> None:
    """Let a promise have failed, and a message tell of it."""
    with services.transaction() as session:
        found = session.exec(select(Promise).where(Promise.key == promise_key)).one()
        found.state, found.reason = PromiseState.FAILED, "RuntimeError"
        told = session.exec(select(Notification).where(Notification.key == notification_key)).one()
        told.subject_kind, told.subject_key = SubjectKind.PROMISE, promise_key


def test_complaint_10_a_lost_answer_to_gathered_messages_doubles_none_of_them(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    put(
        prompted,
        a_notification(key="inside", kind="audit", recipient_id="U_LEAD"),
    )
    fail(prompted, "open_round:2026-12-02", "inside")
    first = row(prompted, "inside")
    carrier = min(first.key, PROMPT)
    slack.answers["chat.postMessage"].append(LOST)
    slack.answers["conversations.history"].append(
        {"messages": [{"ts": "9.1", "metadata": {"event_payload": {"key": carrier}}}]}
    )
    deliver(prompted, slack)

    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(prompted, slack)

    assert len(slack.of("chat.postMessage")) == 1
    assert [row(prompted, key).ts for key in ("inside", PROMPT)] == ["9.1", "9.1"]


def test_complaint_10_a_limited_look_for_a_lost_message_takes_no_other_for_sent(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append(LOST)
    slack.answers["conversations.history"] += [
        "ratelimited",
        {"messages": [{"ts": "9.1", "metadata": {"event_payload": {"key": PROMPT}}}]},
    ]
    deliver(prompted, slack)
    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(prompted, slack)
    put(
        prompted,
        a_notification(key="later", recipient_id="U_LEAD", due_at=clock()),
        a_notification(key="elsewhere", due_at=clock()),
    )

    deliver(prompted, slack)  # what Slack limits is the looking, not the posting
    clock.advance(seconds=ABANDONED_AFTER.total_seconds())
    deliver(prompted, slack)

    assert sorted(posted_to(slack)) == sorted(["U_LEAD", "U_LEAD", COORDINATION])
    assert row(prompted, PROMPT).ts == "9.1"
    assert row(prompted, "later").ts != "9.1"


@pytest.mark.parametrize(
    "code", ["user_disabled", "is_archived", "not_in_channel", "missing_scope"]
)
def test_complaint_13_what_slack_refuses_goes_to_the_fallback_and_the_manager_is_told_once(
    prompted: Services, slack: FakeSlack, clock: FakeClock, code: str
) -> None:
    slack.answers["chat.postMessage"].append(code)

    deliver(prompted, slack)
    clock.advance(hours=1)
    deliver(prompted, slack)

    assert sorted(posted_to(slack)) == sorted(["U_LEAD", FALLBACK, MANAGER])
    asked = promise(prompted, f"prompt:{CALL_ON}:FIN-01")
    assert asked.state == PromiseState.FAILED
    assert asked.reason == f"Slack: {code}; told: the programme manager and the fallback channel"
    (told,) = [p for p in slack.of("chat.postMessage") if p["channel"] == MANAGER]
    assert code in str(told["blocks"])
    (instead,) = [p for p in slack.of("chat.postMessage") if p["channel"] == FALLBACK]
    assert "This was for <@U_LEAD>" in str(instead["blocks"])


def test_a_fallback_that_is_refused_too_ends_there(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"] += ["user_disabled", "is_archived"]

    for _ in range(5):
        deliver(prompted, slack)
        clock.advance(minutes=10)

    assert sorted(posted_to(slack)) == sorted(["U_LEAD", FALLBACK, MANAGER])
    (told,) = [p for p in slack.of("chat.postMessage") if p["channel"] == MANAGER]
    assert all(code in str(told["blocks"]) for code in ("user_disabled", "is_archived"))


def test_a_prompt_shows_that_the_update_is_there_once_it_is(
    prompted: Services, slack: FakeSlack
) -> None:
    deliver(prompted, slack)
    file_update(prompted, actor(), a_filing("FIN-01"))

    deliver(prompted, slack)

    (changed,) = slack.of("chat.update")
    assert changed["ts"] == row(prompted, PROMPT).ts
    assert "Still to file for Wednesday:" in str(changed["blocks"])
    file_update(prompted, actor(), a_filing("FIN-02"))
    deliver(prompted, slack)
    assert "You're done for Wednesday." in str(slack.of("chat.update")[-1]["blocks"])


def test_once_reminded_a_late_update_shows_on_the_reminder_alone(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    deliver(prompted, slack)
    clock.advance(days=1)
    sweep(prompted)
    deliver(prompted, slack)
    clock.move_to(CLOSES_AT)
    sweep(prompted)
    file_update(prompted, actor(), a_filing("FIN-01"))

    deliver(prompted, slack)

    prompt, reminder = sorted(slack.of("chat.update"), key=lambda one: float(one["ts"]))
    assert "My reminder below shows how this stands." in str(prompt["blocks"])
    assert "*FIN-01*" not in str(prompt["blocks"])
    assert "✅ *FIN-01*" in str(reminder["blocks"])


def test_a_message_that_somebody_deleted_is_not_changed_and_nobody_is_told(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    deliver(prompted, slack)
    slack.answers["chat.update"].append("message_not_found")
    file_update(prompted, actor(), a_filing("FIN-01"))

    for _ in range(3):
        deliver(prompted, slack)
        clock.advance(minutes=2)

    assert MANAGER not in posted_to(slack)
    assert len(slack.of("chat.update")) == 1


def test_what_the_fallback_channel_reads_names_its_reader_and_shows_that_the_update_is_there(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["chat.postMessage"].append("user_disabled")
    deliver(prompted, slack)
    deliver(prompted, slack)
    (instead,) = [p for p in slack.of("chat.postMessage") if p["channel"] == FALLBACK]

    file_update(prompted, actor(), a_filing("FIN-01"))
    deliver(prompted, slack)

    assert instead["text"].startswith("For <@U_LEAD>: ")
    assert "deputy" not in str(instead["blocks"])  # it is its lead's, who is not away
    assert "open_update" not in str(instead["blocks"])
    (changed,) = slack.of("chat.update")
    assert "This was for <@U_LEAD>" in str(changed["blocks"])
    assert "✅ *FIN-01*" in str(changed["blocks"])


def test_what_was_filed_before_the_prompt_was_sent_changes_no_message(
    prompted: Services, slack: FakeSlack
) -> None:
    file_update(prompted, actor(), a_filing("FIN-01"))

    deliver(prompted, slack)

    assert slack.of("chat.update") == []
    assert len(slack.of("chat.postMessage")) == 1


def test_the_home_of_whoever_filed_is_drawn_anew(prompted: Services, slack: FakeSlack) -> None:
    file_update(prompted, actor(), a_filing("FIN-01"))

    deliver(prompted, slack)

    assert [params["user_id"] for params in slack.of("views.publish")] == ["U_LEAD"]


def test_a_message_that_can_not_be_written_stops_no_other(
    prompted: Services, slack: FakeSlack
) -> None:
    put(
        prompted,  # a summary of a round that never was
        a_notification(key="broken", kind="summary", call_on=CALL_ON.replace(year=1999)),
    )

    deliver(prompted, slack)

    assert row(prompted, "broken").error == "NoRoundError"
    assert row(prompted, PROMPT).state == NotificationState.SENT


def test_complaint_21_a_digest_with_nothing_to_say_says_so(
    prompted: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    file_update(prompted, actor(), a_filing("FIN-01"))
    file_update(prompted, actor(), a_filing("FIN-02"))
    clock.move_to(CLOSES_AT)
    sweep(prompted)

    deliver(prompted, slack)

    said = [p["text"] for p in slack.of("chat.postMessage") if p["channel"] == "U_LEAD"]
    assert any("all on track. Nothing for you to do." in text for text in said)
    assert row(prompted, f"digest:{CALL_ON}:U_LEAD").sent_at == clock()  # a receipt


def test_who_has_stopped_records_what_was_under_way_and_takes_no_more(
    prompted: Services, slack: FakeSlack
) -> None:
    put(prompted, *(a_notification(key=f"n{n}", recipient_id=f"C0{n}") for n in range(5)))

    deliver(prompted, slack, is_stopping=lambda: bool(slack.of("chat.postMessage")))

    states = [row(prompted, f"n{n}").state for n in range(5)]
    assert len(posted_to(slack)) == 1
    assert states.count(NotificationState.SENDING) == 0


def test_another_workspace_s_messages_are_left_alone(services: Services, slack: FakeSlack) -> None:
    policies.adopt(services, "T_OTHER", "Other", a_policy())
    put(services, a_notification(key="theirs", workspace_id="T_OTHER"))

    deliver(services, slack)

    assert posted_to(slack) == []
