"""Random histories, against what plain date arithmetic says should have been sent.

ROLLCALL_HISTORIES=500 tries that many.

Tests named after a complaint are of that row of what users of comparable software hit.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import select

from storage.engine import connect
from storage.models import Notification, NotificationState, Promise, PromiseState, Update
from tests.factories import COORDINATION
from tests.workflows.lasting_slack import Post
from tests.workflows.world import (
    DAY,
    DEPUTIES,
    HEAD,
    HOUR,
    LEADS,
    NEW_YORK,
    PEOPLE,
    STARTS,
    ZONES,
    World,
    a_world,
)
from workflows.due import next_due_at
from workflows.promises.run import audit_promises


@pytest.fixture(scope="module")
def engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One for all examples, as it remembers what each query compiles to."""
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('histories') / 'rollcall.db'}")
    # The machine survives these deaths: what is committed need not reach the disk.
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    yield engine
    engine.dispose()


def live_on(world: World) -> None:
    """Let the bot run at each due instant, for a whole round and its digests, up to two weeks."""
    start = world.clock.instant
    end = DAY + next(
        closes_at(call_on)
        for call_on in calls_between(start, start + 14 * DAY)
        if opens_at(call_on) >= start
    )
    overdue = 0
    while True:
        world.sweep()
        world.deliver()
        due_at = next_due_at(world.services)
        assert due_at is not None  # the next audit is always promised
        overdue = overdue + 1 if due_at <= world.clock.instant else 0
        assert overdue < 100, "it does not come to rest"
        if overdue:
            world.clock.advance(seconds=61 if overdue < 10 else 600)
        elif due_at > end:
            return
        else:
            world.clock.move_to(due_at)


# What is expected: the call is on Wednesdays at 15:00 in New York.


def calls_between(start: datetime, end: datetime) -> list[date]:
    first = start.astimezone(NEW_YORK).date()
    days = [first + n * DAY for n in range((end - start).days + 3)]
    return [day for day in days if day.weekday() == 2 and start < call_at(day) <= end]


def call_at(call_on: date) -> datetime:
    return datetime.combine(call_on, time(15), NEW_YORK).astimezone(UTC)


def closes_at(call_on: date) -> datetime:
    return call_at(call_on) - HOUR


def opens_at(call_on: date) -> datetime:
    return datetime.combine(call_on - 5 * DAY, time(), NEW_YORK).astimezone(UTC)  # on Friday


def asks_at(call_on: date, working_days: int, zone: ZoneInfo) -> datetime:
    day = call_at(call_on).astimezone(zone).date()
    while working_days:
        day -= DAY
        working_days -= day.weekday() < 5
    return datetime.combine(day, time(9), zone).astimezone(UTC)


def rounds_held(world: World) -> tuple[set[date], set[date]]:
    """Return the calls whose round was surely opened, and those whose round may have been."""
    surely, maybe, missed = set(), set(), set()
    calls = calls_between(world.started_at, world.clock.instant + 7 * DAY)
    for at, is_done in world.swept:
        for call_on in calls:
            if opens_at(call_on) <= at < closes_at(call_on):
                maybe.add(call_on)
                if is_done and call_on not in missed:
                    surely.add(call_on)
            elif at >= closes_at(call_on):
                missed.add(call_on)
    return surely, maybe


def expected_reader(world: World, key: str, call_on: date) -> str | None:
    """Return who answered for an initiative through a whole round; None: it is not so clear."""
    for user_id in [LEADS[key], *([DEPUTIES[key]] if key in DEPUTIES else [])]:
        back_on = world.away_until.get(user_id)
        zone = world.zones[user_id]
        if back_on is None or back_on <= opens_at(call_on).astimezone(zone).date():
            return user_id
        if back_on <= call_at(call_on).astimezone(zone).date():
            return None  # they come back within it
    return None


def check_posts(world: World) -> None:
    posts = world.slack.posts
    doubled = [key for key, count in Counter(post.key for post in posts).items() if count > 1]
    assert doubled == [], "posted twice"
    said = Counter(said.key for post in posts for said in post.said)
    assert [key for key, count in said.items() if count > 1] == [], "said twice"
    asked = Counter(
        (said.kind, said.call_on, key, post.recipient_id)
        for post in posts
        for said in post.said
        for key in said.initiative_keys
    )
    assert [ask for ask, count in asked.items() if count > 1] == [], "asked twice"
    for post in posts:
        check_post(post)


def check_post(post: Post) -> None:
    asked = {(key, said.call_on) for said in post.said for key in said.initiative_keys}
    assert not asked & post.filed, "asked for what was filed"
    for key, _ in asked:
        assert post.recipient_id in (LEADS[key], DEPUTIES.get(key)), "asked of a stranger"
    if post.zone is not None:
        local = post.at.astimezone(post.zone)
        assert local.weekday() < 5 and 9 <= local.hour < 18, "outside working hours"


def check_rounds(world: World) -> None:
    surely, maybe = rounds_held(world)
    said = Counter(
        (said.kind, said.call_on, post.recipient_id)
        for post in world.slack.posts
        for said in post.said
    )
    calls = calls_between(world.started_at, world.clock.instant + 7 * DAY)
    for call_on in calls:
        for kind, reader, after in (("summary", COORDINATION, 0), ("digest", HEAD, 5)):
            count = said[kind, call_on, reader]
            is_over = closes_at(call_on) + after * DAY <= world.clock.instant
            assert count <= (call_on in maybe), f"{kind} of {call_on} too often"
            may_be_given_up = any(
                failures > 1 and str(call_on) in key
                for key, failures in world.slack.failures.items()
            )
            if is_over and call_on in surely and not may_be_given_up:
                assert count == 1, f"{kind} of {call_on} is missing"


def check_asks(world: World, quiet_from: datetime) -> None:
    """Check the rounds in which nothing happened but the passing of time."""
    asks = {
        (said.kind, said.call_on, key, post.recipient_id): post.at
        for post in world.slack.posts
        for said in post.said
        for key in said.initiative_keys
    }
    for call_on in calls_between(quiet_from, world.clock.instant):
        if opens_at(call_on) < quiet_from:
            continue
        for key in LEADS:
            if (reader := expected_reader(world, key, call_on)) is None:
                continue
            for kind, working_days in (("prompt", 2), ("reminder", 1)):
                due_at = asks_at(call_on, working_days, world.zones[reader])
                at = asks.get((kind, call_on, key, reader))
                assert at is not None, f"{kind} for {key} {call_on} is missing"
                assert due_at <= at < due_at + HOUR, f"{kind} for {key} {call_on} at {at}"


def check_rest(world: World) -> None:
    now = world.clock.instant
    with world.services.transaction() as session:
        promises = session.exec(select(Promise)).all()
        messages = session.exec(select(Notification)).all()
        updates = session.exec(select(Update)).all()
    unkept = [one.key for one in promises if one.state == PromiseState.PENDING]
    overdue = [one.key for one in promises if one.key in unkept and one.due_at <= now]
    unsettled = (NotificationState.PENDING, NotificationState.SENDING)
    unsent = [one.key for one in messages if one.state in unsettled and one.due_at <= now]
    stored = sorted((one.initiative_key, one.call_on, one.version, one.progress) for one in updates)
    filed = sorted(
        (key, call_on, number, progress)
        for (key, call_on), versions in world.filed.items()
        for number, progress in enumerate(versions, start=1)
    )

    assert (overdue, unsent) == ([], [])
    assert stored == filed
    assert audit_promises(world.services) == []


def step(name: str, *arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> Any:
    return st.tuples(st.just(name), st.tuples(*arguments), st.fixed_dictionaries(named))


FAULTS = ["refused", "lost", "ratelimited", "killed before", "killed after"]
STEPS = st.one_of(
    step("tick"),
    step("wait_for_next"),
    step("wait", st.sampled_from([1, 2, 10, 61, 8 * 60, 24 * 60])),
    step("sweep"),
    step("deliver"),
    step("sweep", st.integers(1, 2), commits=st.booleans()),
    step("deliver", st.integers(1, 4), commits=st.booleans()),
    step("fault", st.sampled_from(FAULTS)),
    step("outage"),
    step("lookup_fault", st.sampled_from(["ratelimited", "internal_error"])),
    step("file", st.sampled_from(list(LEADS)), by_deputy=st.booleans()),
    step("leave", st.sampled_from(["U_ANNA", "U_BO"]), st.sampled_from([1, 2, 5, 20])),
    step("all_leave", st.sampled_from([1, 5])),
    step("come_back", st.sampled_from(["U_ANNA", "U_BO"])),
    step("move", st.sampled_from(PEOPLE), st.sampled_from(ZONES)),
    step("step_back"),
    step("restart"),
)


@settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=int(os.environ.get("ROLLCALL_HISTORIES", "30")),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(started_at=st.sampled_from(STARTS), steps=st.lists(STEPS, max_size=30))
@example(  # the clock is set back to before an audit that was done
    started_at=datetime(2026, 11, 19, 12, tzinfo=UTC),
    steps=[("tick", (), {}), ("step_back", (), {}), ("restart", (), {})],
)
def test_complaint_7_and_10_random_histories_double_and_lose_nothing(
    engine: Engine, sqlite_template: Path, started_at: datetime, steps: list[tuple[str, Any, Any]]
) -> None:
    world = a_world(engine, sqlite_template, started_at)

    for name, arguments, named in steps:
        getattr(world, name)(*arguments, **named)
    quiet_from = world.clock.instant
    live_on(world)

    check_posts(world)
    check_rounds(world)
    check_asks(world, quiet_from)
    check_rest(world)
