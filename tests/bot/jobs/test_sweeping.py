"""The sweep from outside: what it does on a bad day, and how it tells."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlmodel import select

from bot.jobs.heartbeat_url import Heart
from bot.jobs.sweeping import Watch, sweep_due
from storage.models import Notification, Promise, PromiseState, SubjectKind
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_person,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, Seconds, deliver
from workflows.heartbeat import STANDSTILL_AFTER, TOLD_AFTER, last_sweep
from workflows.lateness import LATE_AFTER
from workflows.services import Services

MANAGER = "U0MANAGER"
SECOND = timedelta(seconds=1)
PROMPT = f"prompt:{CALL_ON}:FIN-01"


@pytest.fixture
def managed(services: Services, adopt: Callable[..., None]) -> Services:
    """One initiative, a programme manager, and a sweep that went through a second ago."""
    adopt(people={"programme_manager": MANAGER})
    settle_in(services, an_initiative(), persons=[a_person(MANAGER)])
    return services


def promise(services: Services, key: str = PROMPT) -> Promise:
    with services.transaction() as session:
        return session.exec(select(Promise).where(Promise.key == key)).one()


def messages(services: Services, kind: str) -> list[Notification]:
    with services.transaction() as session:
        return [n for n in session.exec(select(Notification)) if n.kind == kind]


def break_a_promise(services: Services) -> str:
    """Store a prompt of a round that is not there: settling it raises."""
    broken = Promise(
        workspace_id=TEAM,
        key="prompt:1999-01-06:GONE",
        kind="prompt",
        subject_kind=SubjectKind.INITIATIVE,
        subject_key="GONE",
        period_on=CALL_ON.replace(year=1999),
        due_at=services.now() - timedelta(days=1),
        owed_at=services.now(),
        clause="c",
        policy_version=1,
    )
    with services.transaction() as session:
        session.add(broken)
    return broken.key


def test_complaint_16_one_promise_that_can_not_be_settled_stops_no_other(
    managed: Services, clock: FakeClock
) -> None:
    key = break_a_promise(managed)

    sweep_due(managed)
    sweep_due(managed)

    assert promise(managed).state == PromiseState.KEPT
    assert (promise(managed, key).state, promise(managed, key).attempts) == ("pending", 1)
    assert promise(managed, key).due_at == clock() + timedelta(minutes=2)


def test_what_can_not_be_settled_five_times_has_failed_and_is_told_once(
    managed: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    key = break_a_promise(managed)
    for _ in range(8):
        sweep_due(managed)
        clock.advance(minutes=20)

    deliver(managed, slack)

    failed = promise(managed, key)
    assert (failed.state, failed.attempts) == (PromiseState.FAILED, 5)
    assert failed.reason == "AssertionError; told: the programme manager"
    said = [p for p in slack.of("chat.postMessage") if p["channel"] == MANAGER]
    assert len(said) == 1 and key in str(said[0]["blocks"])


@pytest.mark.parametrize(
    ("late", "state", "seconds"),
    [(LATE_AFTER, PromiseState.KEPT, 0), (LATE_AFTER + SECOND, PromiseState.LATE, 301)],
)
def test_complaint_8_what_is_late_says_by_how_much_and_why(
    managed: Services,
    clock: FakeClock,
    late: timedelta,
    state: PromiseState,
    seconds: int,
) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    sweep_due(managed)
    clock.move_to(MONDAY_9AM + late)

    sweep_due(managed)

    kept = promise(managed)
    assert (kept.state, kept.late_by_seconds) == (state, seconds)
    why = "nothing ran from 2026-11-23 13:00 UTC to 2026-11-23 14:05 UTC"
    assert kept.reason == (why if seconds else "")


def test_a_late_message_says_so_on_the_clock_of_its_reader(
    managed: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    sweep_due(managed)
    clock.move_to(MONDAY_9AM + timedelta(hours=2))
    sweep_due(managed)

    deliver(managed, slack)

    (sent,) = slack.of("chat.postMessage")
    assert "This is 2 h late: I was down from Monday 23 November, 08:00 to " in str(sent)
    assert "Monday 23 November, 11:00." in str(sent)


def test_a_message_in_time_says_nothing_of_it(managed: Services, slack: FakeSlack) -> None:
    sweep_due(managed)

    deliver(managed, slack)

    assert "late" not in str(slack.of("chat.postMessage"))


def test_what_was_held_up_between_the_decision_and_slack_is_late_too(
    managed: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    sweep_due(managed)
    clock.advance(minutes=30)

    deliver(managed, slack)

    late = promise(managed)
    assert (late.state, late.late_by_seconds) == (PromiseState.LATE, 1800)
    assert "could not be sent earlier" in late.reason


@pytest.mark.parametrize(
    ("silence", "is_standstill"), [(STANDSTILL_AFTER, False), (STANDSTILL_AFTER + SECOND, True)]
)
def test_a_standstill_is_noted_when_it_ends(
    managed: Services, clock: FakeClock, silence: timedelta, is_standstill: bool
) -> None:
    sweep_due(managed)
    clock.advance(seconds=silence.total_seconds())

    sweep_due(managed)

    beat = last_sweep(managed)
    assert beat is not None and beat.beat_at == clock()
    noted = (MONDAY_9AM, clock()) if is_standstill else (None, None)
    assert (beat.down_from_at, beat.down_until_at) == noted


@pytest.mark.parametrize("turned", [-1, 0, 1])
def test_a_sweep_that_stands_still_is_told_once_with_since_when_whatever_the_clock_did(
    managed: Services, slack: FakeSlack, clock: FakeClock, turned: int
) -> None:
    sweep_due(managed)
    seconds = Seconds()
    watch = Watch(managed, seconds=seconds)
    clock.advance(hours=turned)
    seconds.now += TOLD_AFTER.total_seconds()
    watch.look()
    in_time = messages(managed, "standstill")
    seconds.now += 1

    watch.look()
    watch.look()
    deliver(managed, slack)

    assert in_time == []
    (told,) = [p for p in slack.of("chat.postMessage") if p["channel"] == MANAGER]
    assert "I've been stuck since Monday 23 November, 09:00" in told["text"]


def test_a_clock_that_jumped_is_no_standstill(managed: Services, clock: FakeClock) -> None:
    sweep_due(managed)
    watch = Watch(managed, seconds=Seconds())
    clock.advance(days=1)
    watch.look()
    sweep_due(managed)

    watch.look()

    assert messages(managed, "standstill") == []


@pytest.mark.parametrize("turned", [-1, 1])
def test_with_the_clock_set_the_next_sweep_beats_at_once(
    managed: Services, clock: FakeClock, turned: int
) -> None:
    sweep_due(managed)
    clock.advance(hours=turned)

    sweep_due(managed)

    last = last_sweep(managed)
    assert last is not None and last.beat_at == clock()


@pytest.fixture
def told_url() -> Iterator[tuple[str, list[str]]]:
    """The address of somebody who notes each call, and the notes."""
    notes: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            notes.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/alive", notes
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_dead_man_s_switch_is_held_while_sweeps_go_through_and_no_longer(
    managed: Services, clock: FakeClock, told_url: tuple[str, list[str]]
) -> None:
    url, notes = told_url
    heart = Heart(url)
    before_any = heart.beat(managed)
    sweep_due(managed)
    clock.advance(seconds=STANDSTILL_AFTER.total_seconds())
    fresh = heart.beat(managed)
    clock.advance(seconds=1)

    stale = heart.beat(managed)

    assert (before_any, fresh, stale) == (False, True, False)
    assert notes == ["/alive"]
    assert Heart(None).beat(managed) is False


def test_an_address_that_does_not_answer_stops_nothing(managed: Services) -> None:
    sweep_due(managed)

    assert Heart("http://127.0.0.1:9/alive").beat(managed) is False


def test_what_fell_due_while_nothing_ran_is_one_message_to_a_person(
    managed: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    settle_in(managed, an_initiative("OPS-01"), department_leads={"Finance": ["U_LEAD"]})
    sweep_due(managed)
    clock.move_to(CLOSES_AT + timedelta(hours=1))

    sweep_due(managed)
    deliver(managed, slack)

    # No prompt, no reminder, which are overtaken: the summary and the lead's one digest.
    assert sorted(p["channel"] for p in slack.of("chat.postMessage")) == [COORDINATION, "U_LEAD"]
