from datetime import timedelta

import pytest

from storage.models import Heartbeat, Promise, SubjectKind
from tests.factories import CALL_ON, MONDAY_9AM, TEAM, a_notification, a_round, an_update
from workflows.lateness import waited
from workflows.promises.policy import (
    UNSENT_AFTER,
    UNTOUCHED_AFTER,
    fault_of_notification,
    fault_of_waiting,
)
from workflows.rounds.policy import (
    fault_of_ask,
    fault_of_closing,
    fault_of_digest,
    fault_of_opening,
)

NOW = MONDAY_9AM
SECOND = timedelta(seconds=1)
NOT_YET = -SECOND


def a_promise(kind: str = "prompt") -> Promise:
    is_ask = kind in ("prompt", "reminder")
    return Promise(
        workspace_id=TEAM,
        key=f"{kind}:{CALL_ON}",
        kind=kind,
        subject_kind=SubjectKind.INITIATIVE if is_ask else SubjectKind.ROUND,
        subject_key="FIN-01" if is_ask else f"{CALL_ON}",
        period_on=CALL_ON,
        due_at=NOW + SECOND,
        owed_at=NOW + SECOND,
        clause="c",
        policy_version=1,
    )


@pytest.mark.parametrize(
    ("late", "is_fault"), [(UNTOUCHED_AFTER, False), (UNTOUCHED_AFTER + SECOND, True)]
)
def test_what_was_due_a_while_ago_and_is_untouched_is_a_fault(
    late: timedelta, is_fault: bool
) -> None:
    assert (fault_of_waiting(late) is not None) is is_fault


@pytest.mark.parametrize("kind", ["prompt", "reminder"])
def test_an_ask_needs_an_open_round_and_an_update_that_is_owed(kind: str) -> None:
    ask, closed = a_promise(kind), a_round(closed_at=NOW)
    filed = {"FIN-01": an_update()}

    assert fault_of_ask(ask, a_round(), {}, {"FIN-01"}) is None
    assert fault_of_ask(ask, None, {}, {"FIN-01"}) == "its round never opened"
    assert fault_of_ask(ask, closed, {}, {"FIN-01"}) == "its round has closed"
    assert fault_of_ask(ask, a_round(), filed, {"FIN-01"}) == "the update is filed already"
    assert fault_of_ask(ask, a_round(), {}, set()) == "the initiative owes no updates"


def test_a_round_is_opened_once_and_closed() -> None:
    assert fault_of_opening(None) is None
    assert fault_of_opening(a_round()) is None  # asks are still promised, some at a time
    assert fault_of_opening(a_round(closed_at=NOW)) == "its round has closed"
    assert fault_of_closing(a_round()) is None
    assert fault_of_closing(None) == "its round never opened"
    assert fault_of_closing(a_round(closed_at=NOW)) == "its round has closed"


def test_a_digest_needs_a_round_that_has_closed() -> None:
    assert fault_of_digest(a_round(closed_at=NOW)) is None
    assert fault_of_digest(a_round()) == "its round has not closed"
    assert fault_of_digest(None) == "its round has not closed"


def test_an_audit_is_in_order_until_it_is_left() -> None:
    assert fault_of_waiting(UNTOUCHED_AFTER) is None
    assert fault_of_waiting(UNTOUCHED_AFTER + SECOND) is not None


@pytest.mark.parametrize(
    ("late", "is_fault"), [(UNSENT_AFTER, False), (UNSENT_AFTER + SECOND, True)]
)
@pytest.mark.parametrize(
    ("error", "ending"), [("", "after 3 attempts"), ("is_archived", "Slack said is_archived")]
)
def test_a_message_that_waits_for_more_than_an_hour_is_a_fault(
    late: timedelta, is_fault: bool, error: str, ending: str
) -> None:
    fault = fault_of_notification(a_notification(attempts=3, error=error), late)

    assert (fault is not None) is is_fault
    assert fault is None or fault.endswith(ending)


def test_how_long_is_long() -> None:
    assert (timedelta(minutes=5), timedelta(hours=1)) == (UNTOUCHED_AFTER, UNSENT_AFTER)


@pytest.mark.parametrize(
    ("down_from", "down_until", "hours"),
    [
        (None, None, 10),
        (-20, -15, 10),  # before it was due
        (-20, -8, 8),
        (-9, -4, 5),
        (-12, 0, 0),
        (-3, 1, 7),  # a clock that was set back
    ],
)
def test_what_is_due_waits_only_while_the_bot_runs(
    down_from: int | None, down_until: int | None, hours: int
) -> None:
    at = [NOW + timedelta(hours=n) if n is not None else None for n in (down_from, down_until)]
    beat = Heartbeat(job="sweep", beat_at=NOW, down_from_at=at[0], down_until_at=at[1])

    assert waited(beat, NOW - timedelta(hours=10), NOW) == timedelta(hours=hours)
