"""Moving the clock: from one due thing to the next, waiting for the app on the way."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.clock import SandboxClock
from sandbox.rehearsal import CATCH_UP_SECONDS, Rehearsal
from tests.sandbox.conftest import START, a_workspace

HOUR = timedelta(hours=1)
A_MOMENT = timedelta(seconds=5)  # for the machine, which runs on while a test does


class Bot:
    """An app that does what is due whenever it is asked what comes next."""

    def __init__(self, clock: SandboxClock, *due_after: timedelta) -> None:
        self._clock = clock
        self.due = [START + after for after in due_after]
        self.done_at: list[datetime] = []
        self.is_stuck = False

    def next_due(self) -> datetime | None:
        while not self.is_stuck and self.due and self.due[0] <= self._clock.now():
            self.due.pop(0)
            self.done_at.append(self._clock.now())
        return self.due[0] if self.due else None


def a_rehearsal(
    *due_after: timedelta, catch_up_seconds: float = CATCH_UP_SECONDS
) -> tuple[Rehearsal, Bot, SandboxClock]:
    workspace = a_workspace()
    bot = Bot(workspace.clock, *due_after)
    return Rehearsal(workspace, bot.next_due, catch_up_seconds), bot, workspace.clock


def is_just_after(instant: datetime, expected: datetime) -> bool:
    return expected <= instant < expected + A_MOMENT


def test_each_due_thing_is_done_at_its_own_time() -> None:
    rehearsal, bot, clock = a_rehearsal(HOUR, 5 * HOUR, 5 * HOUR, 23 * HOUR, 30 * HOUR)

    kept_up = asyncio.run(rehearsal.advance(timedelta(days=1)))

    assert kept_up is True
    expected = [START + HOUR, START + 5 * HOUR, START + 5 * HOUR, START + 23 * HOUR]
    assert len(bot.done_at) == 4
    assert all(is_just_after(*pair) for pair in zip(bot.done_at, expected, strict=True))
    assert bot.due == [START + 30 * HOUR]
    assert is_just_after(clock.now(), START + timedelta(days=1))


def test_what_falls_due_on_the_way_is_done_on_the_way_too() -> None:
    rehearsal, bot, _ = a_rehearsal(HOUR)
    bot.due.append(START + HOUR + timedelta(seconds=1))

    asyncio.run(rehearsal.advance(2 * HOUR))

    assert len(bot.done_at) == 2


def test_the_clock_stops_at_the_next_thing_that_is_due() -> None:
    rehearsal, bot, clock = a_rehearsal(3 * HOUR, 4 * HOUR)

    kept_up = asyncio.run(rehearsal.to_next_due())

    assert kept_up is True
    assert is_just_after(clock.now(), START + 3 * HOUR)
    assert len(bot.done_at) == 1
    assert bot.due == [START + 4 * HOUR]


def test_with_nothing_due_the_clock_stays() -> None:
    rehearsal, _, clock = a_rehearsal()

    kept_up = asyncio.run(rehearsal.to_next_due())

    assert kept_up is True
    assert is_just_after(clock.now(), START)
    assert asyncio.run(rehearsal.due_at()) is None


def test_what_was_due_before_does_not_turn_the_clock_back() -> None:
    rehearsal, bot, clock = a_rehearsal(-HOUR)

    asyncio.run(rehearsal.advance(HOUR))

    assert is_just_after(bot.done_at[0], START)
    assert is_just_after(clock.now(), START + HOUR)


def test_an_app_that_does_not_keep_up_is_told_and_time_passes_all_the_same() -> None:
    rehearsal, bot, clock = a_rehearsal(HOUR, catch_up_seconds=0.1)
    bot.is_stuck = True

    kept_up = asyncio.run(rehearsal.advance(2 * HOUR))

    assert kept_up is False
    assert bot.done_at == []
    assert is_just_after(clock.now(), START + 2 * HOUR)


def test_an_app_has_ten_seconds_to_keep_up() -> None:
    assert CATCH_UP_SECONDS == 10


def test_two_who_move_the_clock_take_turns() -> None:
    rehearsal, bot, clock = a_rehearsal(HOUR, 3 * HOUR)

    async def both() -> list[bool]:
        return list(await asyncio.gather(rehearsal.advance(2 * HOUR), rehearsal.advance(2 * HOUR)))

    assert asyncio.run(both()) == [True, True]
    assert is_just_after(clock.now(), START + 4 * HOUR)
    assert len(bot.done_at) == 2


def test_pages_are_told_of_each_stop() -> None:
    workspace = a_workspace()
    bot = Bot(workspace.clock, HOUR, 2 * HOUR)

    asyncio.run(Rehearsal(workspace, bot.next_due).advance(3 * HOUR))

    assert workspace.revision == 3


def test_the_bot_reads_the_clock_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = SandboxClock(file)

    at_first = json.loads(file.read_text())
    clock.move_to(clock.now() + timedelta(days=2))

    assert at_first == {"offset_seconds": 0.0}
    moved_by = json.loads(file.read_text())["offset_seconds"]
    assert abs(moved_by - 2 * 86_400) < A_MOMENT.total_seconds()
    assert list(tmp_path.iterdir()) == [file]
