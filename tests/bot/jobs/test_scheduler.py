"""The ticks go on whatever the wall clock does."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from bot.jobs.scheduler import Every, replan
from bot.jobs.ticking import ticking
from tests.waiting import PATIENCE_SECONDS, wait_until

HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None})
    scheduler.start()
    yield scheduler
    scheduler.shutdown()


def test_a_job_planned_before_the_clock_was_set_back_runs_all_the_same(
    scheduler: BackgroundScheduler,
) -> None:
    ran = threading.Event()
    job = scheduler.add_job(ran.set, Every(0.1), id="job")
    planned = job.next_run_time + HOUR  # what is left of a plan when the clock is set back
    job.modify(next_run_time=planned)
    ran.clear()

    replan(scheduler, planned - HOUR)

    assert ran.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("ahead", "is_brought_forward"), [(timedelta(seconds=11), False), (timedelta(seconds=12), True)]
)
def test_only_what_is_later_than_its_interval_is_planned_anew(
    scheduler: BackgroundScheduler, ahead: timedelta, is_brought_forward: bool
) -> None:
    now = datetime.now(UTC) + 24 * HOUR  # noqa: TID251  (the scheduler goes by it)
    job = scheduler.add_job(print, Every(10), id="job", next_run_time=now + ahead)

    replan(scheduler, now)

    assert job.next_run_time == (now if is_brought_forward else now + ahead)


def test_a_clock_set_forward_by_fifty_years_is_not_counted_through() -> None:
    trigger = Every(0.1)

    assert trigger.get_next_fire_time(NOW, NOW + 50 * 365 * 24 * HOUR) == (
        NOW + 50 * 365 * 24 * HOUR + timedelta(seconds=0.1)
    )


def test_what_ticks_goes_on_after_an_error_and_ends_with_its_block() -> None:
    runs: list[int] = []

    def job() -> None:
        runs.append(1)
        raise OSError

    with ticking("job", 0.001, job):
        wait_until(lambda: len(runs) > 2)

    assert not [thread for thread in threading.enumerate() if thread.name == "job"]
