"""Random histories of people, time and crashes, against a small model of what should be sent.

ROLLCALL_HISTORIES raises the number of histories (30).
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackRequestError
from slack_sdk.web import SlackResponse
from sqlmodel import Session, select

from bot.services import build_services
from storage import people
from storage.engine import connect
from storage.models import (
    Notification,
    NotificationKind,
    NotificationState,
    Promise,
    PromiseState,
    Round,
    Update,
)
from tests.factories import (
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_policy,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows import policies
from workflows.away import set_away
from workflows.due import next_due_at
from workflows.errors import UserError
from workflows.people import remember
from workflows.promises.run import audit_promises
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update, open_form

LEADS = {"FIN-01": "U_LEAD", "FIN-02": "U_LEAD", "OPS-01": "U_OTHER"}
HEAD = "U_HEAD"
ZONES = ["America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Auckland"]
FRIDAY = MONDAY_9AM - timedelta(days=3)
ASKS = (NotificationKind.PROMPT, NotificationKind.REMINDER)
OPENS, CLOSES = time(9), time(18)  # the working hours of the usual policy


class Killed(BaseException):
    """Stands for kill -9 of the process."""


@dataclass(frozen=True)
class Post:
    """What Slack really has."""

    channel: str
    key: str
    at: datetime
    zone: str  # of its reader, as the bot knew it then


class RememberingSlack(FakeSlack):
    """Keeps what was posted, and has bad luck with the next post when told so."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services, self.posts, self.luck = services, list[Post](), ""

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        if api_method == "conversations.history":
            self.answers[api_method] = [{"messages": self._history(request["params"]["channel"])}]
        if api_method != "chat.postMessage":
            return super().api_call(api_method, **request)
        luck, self.luck = self.luck, ""
        if luck == "limited":
            self.answers[api_method].append("ratelimited")
            return super().api_call(api_method, **request)
        if luck == "killed before":
            raise Killed
        if luck == "lost before":
            raise SlackRequestError("never arrived")
        self._keep(request["json"])
        if luck == "killed after":
            raise Killed
        if luck == "lost after":
            raise SlackRequestError("the answer was lost")
        return super().api_call(api_method, **request)

    def _keep(self, sent: dict[str, Any]) -> None:
        with self.services.reading() as session:
            person = people.get(session, TEAM, sent["channel"])
        key = sent["metadata"]["event_payload"]["key"]
        zone = person.timezone if person else ""
        self.posts.append(Post(sent["channel"], key, self.services.now(), zone))

    def _history(self, channel: str) -> list[dict[str, Any]]:
        recipient = channel.removeprefix("D")
        return [
            {"ts": f"{number}.1", "metadata": {"event_payload": {"key": post.key}}}
            for number, post in enumerate(self.posts)
            if post.channel == recipient
        ]


class World:
    """The bot, its clock, and the fake Slack."""

    def __init__(self, file: Path) -> None:
        self.engine = connect(f"sqlite:///{file}")
        self.clock = FakeClock(FRIDAY)
        self.services = build_services(self.engine, self.clock)
        policies.adopt(self.services, TEAM, "Tests", a_policy())
        ensure_next_round(self.services, TEAM)
        several = [an_initiative(key, lead_id=lead) for key, lead in LEADS.items()]
        deputies = {"FIN-01": ["U_DEPUTY"], "OPS-01": ["U_DEPUTY"]}
        settle_in(self.services, *several, deputies=deputies, department_leads={"Finance": [HEAD]})
        self.slack = RememberingSlack(self.services)
        self.filed: list[tuple[str, date, int]] = []

    def act(self, step: tuple[str, Any]) -> None:
        """Do one thing; a process that is killed is simply another one afterwards."""
        act, given_ = step
        try:
            getattr(self, act)(given_)
        except Killed:
            self.slack.luck = ""

    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def next_due(self, _: object) -> None:
        due_at = next_due_at(self.services)
        self.clock.move_to(max(due_at or self.clock(), self.clock()))
        self.work(None)

    def work(self, _: object) -> None:
        sweep(self.services)
        deliver(self.services, self.slack)

    def have_bad_luck(self, luck: str) -> None:
        self.slack.luck = luck

    def die_in_a_sweep(self, _: object) -> None:
        sweep(replace(self.services, transaction=self._dying))

    def file(self, who_and_key: tuple[str, str]) -> None:
        who, key = who_and_key
        try:
            form = open_form(self.services, actor(who), key)
            words = f"{who} at {self.clock():%d %H:%M}"
            filing = a_filing(key, form.base_version, call_on=form.round.call_on, progress=words)
            done = file_update(self.services, actor(who), filing)
        except UserError:
            return  # not theirs, or no round yet: nothing is filed
        self.filed.append((key, done.round.call_on, done.update.version))

    def go_away(self, who_and_until: tuple[str, str | None]) -> None:
        who, until = who_and_until
        set_away(self.services, actor(who), until)

    def move(self, who_and_zone: tuple[str, str]) -> None:
        who, zone = who_and_zone
        remember(self.services, TEAM, a_profile(who, timezone=zone))

    def set_clock_back(self, _: object) -> None:
        self.clock.advance(hours=-1)

    def live_on(self, until: datetime) -> None:
        """Let everything happen at its time, and what Slack holds up soon after it."""
        while (due_at := next_due_at(self.services)) is not None and due_at <= until:
            if due_at > self.clock():
                self.clock.move_to(due_at)
            self.work(None)
            if (left := next_due_at(self.services)) is not None and left <= self.clock():
                self.clock.advance(seconds=20)
        self.clock.move_to(max(until, self.clock()))

    @contextmanager
    def _dying(self) -> Iterator[Session]:
        with self.services.transaction() as session:
            yield session
            raise Killed


def people_and(other: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.sampled_from(["U_LEAD", "U_OTHER", "U_DEPUTY"]), other)


LUCK = ["limited", "killed before", "killed after", "lost before", "lost after"]
STEPS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 90, 600, 1440])),
    st.tuples(st.just("next_due"), st.none()),
    st.tuples(st.just("next_due"), st.none()),
    st.tuples(st.just("work"), st.none()),
    st.tuples(st.just("have_bad_luck"), st.sampled_from(LUCK)),
    st.tuples(st.just("die_in_a_sweep"), st.none()),
    st.tuples(st.just("file"), people_and(st.sampled_from(sorted(LEADS)))),
    st.tuples(st.just("go_away"), people_and(st.sampled_from([None, "tomorrow", "friday"]))),
    st.tuples(st.just("move"), people_and(st.sampled_from(ZONES))),
    st.tuples(st.just("set_clock_back"), st.none()),
)


@settings(
    max_examples=int(os.environ.get("ROLLCALL_HISTORIES", "30")),
    deadline=None,
    derandomize=True,
    database=None,
)
@given(history=st.lists(STEPS, max_size=25))
def test_complaint_7_and_10_whatever_happens_nothing_is_doubled_or_lost(
    sqlite_template: Path, history: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rollcall.db"
        file.write_bytes(sqlite_template.read_bytes())
        world = World(file)
        try:
            for step in history:
                world.act(step)
            calm_from = calm_down(world)
            world.live_on(world.clock() + timedelta(days=15))
            check(world, calm_from)
        finally:
            world.engine.dispose()


def calm_down(world: World) -> datetime:
    """Let everybody be there, and return from when on nothing more happens to them."""
    world.slack.luck = ""
    for who in ("U_LEAD", "U_OTHER", "U_DEPUTY"):
        set_away(world.services, actor(who), None)
    return world.clock()


def check(world: World, calm_from: datetime) -> None:
    with world.services.reading() as session:
        messages = {m.key: m for m in session.exec(select(Notification))}
        promises = list(session.exec(select(Promise)))
        rounds = list(session.exec(select(Round)))
        updates = list(session.exec(select(Update)))
    posts = world.slack.posts
    now = world.clock()
    check_once(posts, messages)
    check_hours(posts, messages)
    for round_ in rounds:
        check_round(round_, posts, messages, updates, calm_from)
    assert [p.key for p in promises if p.state == PromiseState.PENDING and p.due_at <= now] == []
    assert [p.key for p in promises if p.state == PromiseState.FAILED] == []
    assert audit_promises(world.services) == []
    kept = {(u.initiative_key, u.call_on, u.version) for u in updates}
    assert set(world.filed) == kept


def check_once(posts: list[Post], messages: dict[str, Notification]) -> None:
    """Slack has each message once, and what is recorded as sent is what Slack has."""
    assert [key for key, count in Counter(post.key for post in posts).items() if count > 1] == []
    unsettled = [m.key for m in messages.values() if m.state not in ("sent", "cancelled")]
    assert unsettled == []
    silent = (NotificationKind.HOME, NotificationKind.REFRESH)
    sent = [m for m in messages.values() if m.state == "sent" and m.kind not in silent]
    assert {m.carrier_key or m.key for m in sent} <= {post.key for post in posts}


def check_hours(posts: list[Post], messages: dict[str, Notification]) -> None:
    """Nobody is written to outside their working hours, as the bot knew them."""
    for post in posts:
        if post.channel == COORDINATION:
            continue
        local = post.at.astimezone(ZoneInfo(post.zone))
        assert local.weekday() < 5 and OPENS <= local.time() < CLOSES, post


def check_round(
    round_: Round,
    posts: list[Post],
    messages: dict[str, Notification],
    updates: list[Update],
    calm_from: datetime,
) -> None:
    """What a round sends, told by its call and what was filed alone."""
    of_round = [m for m in messages.values() if m.call_on == round_.call_on]
    sent = [m for m in of_round if m.state == NotificationState.SENT]
    posted_at = {post.key: post.at for post in posts}
    asks = [message for message in sent if message.kind in ASKS]
    asked = Counter((m.kind, key, m.recipient_id) for m in asks for key in m.initiative_keys)
    assert [ask for ask, count in asked.items() if count > 1] == []
    first = {
        u.initiative_key: u.filed_at
        for u in updates
        if u.call_on == round_.call_on and u.version == 1
    }
    for message in asks:
        at = posted_at[message.carrier_key or message.key]
        assert at < round_.closes_at + timedelta(minutes=10)
        open_then = [k for k in message.initiative_keys if k not in first or first[k] >= at]
        assert open_then or min(first.values()) > at - timedelta(hours=1)  # the clock went back
    if round_.closed_at is not None:
        ends = Counter(m.kind for m in sent)
        assert (ends[NotificationKind.SUMMARY], ends[NotificationKind.DIGEST]) == (1, 1)
    if round_.closed_at is not None and calm_from < round_.call_at - timedelta(days=6):
        wanted = {(kind, key, lead) for key, lead in LEADS.items() for kind in ASKS}
        assert {ask for ask in asked if ask[1] not in first} == {
            ask for ask in wanted if ask[1] not in first
        }
