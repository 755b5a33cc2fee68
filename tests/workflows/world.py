"""The bot in a random history: killed, misled by its clock and let down by Slack."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from bot.services import build_services
from tests.factories import (
    TEAM,
    a_filing,
    a_policy,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, deliver
from tests.workflows.lasting_slack import Killed, LastingSlack, Post, read_post
from workflows import policies
from workflows.away import set_away
from workflows.due import next_due_at
from workflows.errors import NoRoundError
from workflows.people import remember
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update
from workflows.updates.opening import open_form

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Auckland"]
LEADS = {"FIN-01": "U_ANNA", "FIN-02": "U_ANNA", "OPS-01": "U_BO"}
DEPUTIES = {"FIN-01": "U_DEP", "OPS-01": "U_DEP"}
HEAD = "U_HEAD"
PEOPLE = ["U_ANNA", "U_BO", "U_DEP", HEAD]
STARTS = [
    datetime(2026, 11, 19, 12, 0, tzinfo=UTC),  # Thursday, before the round opens
    datetime(2026, 11, 23, 14, 0, tzinfo=UTC),  # Monday, 09:00 in New York
    datetime(2026, 11, 25, 18, 50, tzinfo=UTC),  # Wednesday, ten minutes before it closes
    datetime(2026, 11, 25, 19, 20, tzinfo=UTC),  # Wednesday, too late for it, before the call
]


_MOST_TRANSACTIONS = 100  # of one sweep or delivery; far more than so little takes


class World:
    """The bot with its database and Slack, and beside it what a bystander would know."""

    def __init__(self, services: Services, clock: FakeClock) -> None:
        self.services, self.clock = services, clock
        self.slack = LastingSlack(self.slack_now, self.seen)
        self.stepped_back = timedelta()
        self.zones = dict.fromkeys(PEOPLE, ZoneInfo(ZONES[0]))
        self.away_until: dict[str, date | None] = {}
        self.filed: dict[tuple[str, date], list[str]] = {}
        self.swept: list[tuple[datetime, bool]] = []  # when, and whether it went through
        self.started_at = clock.instant

    def slack_now(self) -> datetime:
        """Return Slack's time, which no clock of ours sets back."""
        return self.clock.instant + self.stepped_back

    def seen(self, params: dict[str, Any]) -> Post:
        return Post(
            recipient_id=params["channel"],
            key=params["metadata"]["event_payload"]["key"],
            at=self.clock.instant,
            zone=self.zones.get(params["channel"]),
            filed=frozenset(self.filed),
            said=read_post(params["blocks"]),
        )

    # The steps of a history.

    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def wait_for_next(self) -> None:
        due_at = next_due_at(self.services)
        if due_at is not None and due_at > self.clock.instant:
            self.clock.move_to(due_at)

    def step_back(self) -> None:
        self.clock.advance(hours=-1)
        self.stepped_back += HOUR

    def sweep(self, killed_at: int = 0, *, commits: bool = False) -> None:
        """Sweep; in the `killed_at`th transaction the process dies, before or after its commit."""
        is_done = self._live(lambda services: sweep(services), killed_at, commits)
        self.swept.append((self.clock.instant, is_done))

    def deliver(self, killed_at: int = 0, *, commits: bool = False) -> None:
        self._live(lambda services: deliver(services, self.slack), killed_at, commits)

    def tick(self) -> None:
        self.wait_for_next()
        self.sweep()
        self.deliver()

    def restart(self) -> None:
        ensure_next_round(self.services, TEAM)

    def fault(self, fault: str) -> None:
        self.slack.faults.append(fault)

    def lookup_fault(self, fault: str) -> None:
        self.slack.answers["conversations.history"].append(fault)

    def outage(self) -> None:
        """Let the next answer be lost, and the first look for what was posted fail as well."""
        self.fault("lost")
        self.lookup_fault("ratelimited")

    def move(self, user_id: str, zone: str) -> None:
        remember(self.services, TEAM, a_profile(user_id, timezone=zone))
        self.zones[user_id] = ZoneInfo(zone)

    def leave(self, user_id: str, days: int) -> None:
        back_on = self.clock.instant.astimezone(self.zones[user_id]).date() + days * DAY
        set_away(self.services, actor(user_id), back_on.isoformat())
        self.away_until[user_id] = back_on

    def all_leave(self, days: int) -> None:
        """Let each lead leave and the bot take note: the deputy is asked by both in turn."""
        for user_id in sorted(set(LEADS.values())):
            self.leave(user_id, days)
            self.sweep()

    def come_back(self, user_id: str) -> None:
        set_away(self.services, actor(user_id), None)
        self.away_until[user_id] = None

    def file(self, key: str, *, by_deputy: bool) -> None:
        author = DEPUTIES.get(key, LEADS[key]) if by_deputy else LEADS[key]
        try:
            form = open_form(self.services, actor(author), key)
        except NoRoundError:
            return
        versions = self.filed.setdefault((key, form.round.call_on), [])
        progress = f"{key} version {len(versions) + 1}"
        filing = a_filing(key, len(versions), call_on=form.round.call_on, progress=progress)
        file_update(self.services, actor(author), filing)
        versions.append(progress)

    def _live(self, work: Callable[[Services], object], killed_at: int, commits: bool) -> bool:
        begin = dying(self.services.transaction, killed_at, commits)
        try:
            work(replace(self.services, transaction=begin))
        except Killed:
            return False
        return True


Begin = Callable[[], AbstractContextManager[Session]]


def dying(begin: Begin, killed_at: int, commits: bool) -> Begin:
    """Return what begins transactions, until one is the death of its process."""
    count = 0

    @contextmanager
    def transaction() -> Iterator[Session]:
        nonlocal count
        count += 1
        assert count < _MOST_TRANSACTIONS, "it never ends"
        with begin() as session:
            yield session
            if count == killed_at and not commits:
                raise Killed
        if count == killed_at:
            raise Killed

    return transaction


def a_world(engine: Engine, template: Path, started_at: datetime) -> World:
    """Return a bot that was set up at an instant, with an empty database but for its policy."""
    start_over(engine, template)
    clock = FakeClock(started_at)
    services = build_services(engine, clock)
    policies.adopt(services, TEAM, "Tests", a_policy())
    settle_in(
        services,
        *(an_initiative(key, lead_id=lead_id) for key, lead_id in LEADS.items()),
        deputies={key: [user_id] for key, user_id in DEPUTIES.items()},
        department_leads={"Finance": [HEAD]},
    )
    ensure_next_round(services, TEAM)
    return World(services, clock)


def start_over(engine: Engine, template: Path) -> None:
    engine.dispose()
    file = Path(str(engine.url.database))
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    file.write_bytes(template.read_bytes())
