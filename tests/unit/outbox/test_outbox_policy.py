from datetime import datetime, timedelta

import pytest

from storage.models import Notification, Priority
from tests.factories import MONDAY_9AM as NOW
from tests.factories import a_notification
from workflows.kinds import outgoing, outgoing_of
from workflows.outbox.policy import (
    SLACK,
    blocked,
    can_be_gathered,
    full_lanes,
    has_waited_enough,
    is_free,
    is_person,
    use,
    waits_for_working_hours,
    within_pace,
)

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
# Said again here: a test that takes them from the module holds whatever they are changed to.
TEN_MINUTES = timedelta(minutes=10)
TWO_DAYS = timedelta(days=2)
CHANNEL = "C0CHANNEL01"
ASKS_AND_SUMMARIES = {
    "prompt",
    "reminder",
    "summary",
    "digest",
}


def posts(count: int, recipient_id: str = CHANNEL) -> list[Notification]:
    return [
        a_notification(key=f"{recipient_id}:{n}", recipient_id=recipient_id) for n in range(count)
    ]


def test_a_channel_takes_a_small_burst_and_then_one_a_second() -> None:
    marks: dict[str, datetime] = {}
    waiting, sent = posts(10), []

    for elapsed in range(4):
        going, changed = within_pace(waiting, marks, NOW + elapsed * SECOND, most=100)
        marks |= changed
        waiting = waiting[len(going) :]
        sent.append(len(going))

    assert sent == [3, 1, 1, 1]


def test_a_full_channel_holds_up_no_other() -> None:
    full = {CHANNEL: NOW + timedelta(minutes=10)}

    going, _ = within_pace([*posts(5), *posts(2, "C0OTHER0001")], full, NOW, most=100)

    assert [one.recipient_id for one in going] == ["C0OTHER0001", "C0OTHER0001"]
    assert full_lanes(full, NOW) == {CHANNEL}


def test_the_workspace_takes_twenty_at_once_and_then_five_a_second() -> None:
    waiting = [post for n in range(60) for post in posts(1, f"C{n:010}")]

    going, marks = within_pace(waiting, {}, NOW, most=100)
    later, _ = within_pace(waiting[len(going) :], marks, NOW + SECOND, most=100)

    assert (len(going), len(later)) == (20, 5)


def test_too_many_requests_close_one_method_until_the_second_slack_says() -> None:
    lane = SLACK.of_method("prompt")
    until = NOW + timedelta(seconds=30)

    mark = blocked(lane, until, NOW)

    assert not is_free(lane, mark, until - TICK)
    assert is_free(lane, mark, until)
    assert lane not in SLACK.of(a_notification(kind="home"))


@pytest.mark.parametrize(("ahead", "takes"), [(TEN_MINUTES, False), (TEN_MINUTES + TICK, True)])
def test_a_mark_of_before_the_clock_was_set_back_blocks_nothing(
    ahead: timedelta, takes: bool
) -> None:
    lane = SLACK.of_method("prompt")
    mark = NOW + lane.slack_time + ahead

    assert is_free(lane, mark, NOW) is takes
    if takes:
        assert use(lane, mark, NOW) == NOW + lane.interval  # it counts anew


def test_what_slack_asks_for_is_tried_again_after_ten_minutes_at_the_latest() -> None:
    lane = SLACK.of_method("prompt")

    mark = blocked(lane, NOW + timedelta(hours=1), NOW)

    assert not is_free(lane, mark, NOW)
    assert not is_free(lane, mark, NOW + TEN_MINUTES - TICK)
    assert is_free(lane, mark, NOW + TEN_MINUTES)


def uses_at_once(kind: str) -> int:
    """Count how many of a kind, each to somebody else, one method takes at the same moment."""
    waiting = [a_notification(key=f"{n}", recipient_id=f"U{n:010}", kind=kind) for n in range(30)]
    return len(within_pace(waiting, {}, NOW, most=100)[0])


@pytest.mark.parametrize(
    ("kind", "burst", "interval"),
    [
        ("prompt", 20, timedelta(milliseconds=200)),
        ("refresh", 10, timedelta(milliseconds=1200)),  # 50 a minute
        ("home", 10, timedelta(milliseconds=600)),  # 100 a minute
        ("picture", 10, timedelta(milliseconds=600)),
    ],
)
def test_each_method_takes_its_burst_at_once_and_then_keeps_its_pace(
    kind: str, burst: int, interval: timedelta
) -> None:
    lane, mark = SLACK.of_method(kind), NOW
    for _ in range(burst):
        mark = use(lane, mark, NOW)

    assert uses_at_once(kind) == burst
    assert not is_free(lane, mark, NOW + interval - TICK)
    assert is_free(lane, mark, NOW + interval)


@pytest.mark.parametrize(("most", "going"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_no_more_go_than_can_be_sent_at_once(most: int, going: int) -> None:
    assert len(within_pace(posts(2), {}, NOW, most=most)[0]) == going


@pytest.mark.parametrize(
    ("recipient_id", "is_one"),
    [
        ("U0LEAD", True),
        ("W0LEAD", True),  # of an organisation with Enterprise Grid
        ("C0CHANNEL01", False),
        ("G0PRIVATE01", False),
        ("D0LEAD", False),
    ],
)
def test_people_are_told_from_channels_by_their_ids(recipient_id: str, is_one: bool) -> None:
    message = a_notification(kind="prompt", recipient_id=recipient_id)

    assert is_person(recipient_id) is is_one
    assert can_be_gathered(message) is is_one
    assert waits_for_working_hours(message) is is_one


@pytest.mark.parametrize(
    ("kind", "recipient_id", "waits"),
    [
        ("prompt", "U_LEAD", True),
        ("audit", "U_LEAD", True),
        ("summary", CHANNEL, False),
        ("resumed", "U_LEAD", False),  # somebody waits for that answer
        ("home", "U_LEAD", False),
    ],
)
def test_quiet_hours_hold_back_what_can_wait(kind: str, recipient_id: str, waits: bool) -> None:
    assert waits_for_working_hours(a_notification(kind=kind, recipient_id=recipient_id)) is waits


@pytest.mark.parametrize(("waited", "is_enough"), [(TWO_DAYS, False), (TWO_DAYS + TICK, True)])
def test_what_fails_for_two_days_is_given_up(waited: timedelta, is_enough: bool) -> None:
    message = a_notification(owed_at=NOW - waited, attempts=2)

    assert has_waited_enough(message, NOW) is is_enough


@pytest.mark.parametrize(("attempts", "is_enough"), [(0, False), (1, False), (2, True)])
def test_what_was_late_already_is_tried_twice_before_it_is_given_up(
    attempts: int, is_enough: bool
) -> None:
    message = a_notification(owed_at=NOW - TWO_DAYS - SECOND, attempts=attempts)

    assert has_waited_enough(message, NOW) is is_enough


def test_each_kind_of_message_has_its_priority() -> None:
    by_kind = {name: kind.priority for name, kind in outgoing().items()}

    bulk = {kind for kind, priority in by_kind.items() if priority == Priority.BULK}
    urgent = {kind for kind, priority in by_kind.items() if priority == Priority.URGENT}
    assert bulk == {"refresh", "digest"}
    assert urgent >= {
        "resumed",
        "inventory",
        "picture",
        "greeting",
        "drafted",
        "standstill",
        "home",
    }
    assert urgent.isdisjoint(ASKS_AND_SUMMARIES)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("home", "views.publish"),
        ("refresh", "chat.update"),
        ("picture", "files.upload"),
        ("prompt", "chat.postMessage"),
    ],
)
def test_each_kind_of_message_uses_its_own_method_s_lane(kind: str, method: str) -> None:
    lanes = [lane.name for lane in SLACK.of(a_notification(kind=kind, recipient_id="U_LEAD"))]

    assert outgoing_of(kind).method == method
    assert lanes == [method, *(["U_LEAD"] if method == "chat.postMessage" else [])]


ALONE = sorted(name for name, kind in outgoing().items() if kind.is_alone)


@pytest.mark.parametrize("kind", ALONE)
def test_what_goes_alone_is_never_part_of_another_message(kind: str) -> None:
    assert not can_be_gathered(a_notification(kind=kind, recipient_id="U_LEAD"))
    assert can_be_gathered(a_notification(kind="prompt", recipient_id="U_LEAD"))
    assert not can_be_gathered(a_notification(kind="prompt", recipient_id=CHANNEL))


def test_these_go_alone() -> None:
    escalated = ["escalated_now", "escalation", "escalation_line"]
    assert [*escalated, "home", "inventory", "picture", "refresh", "standstill"] == ALONE
