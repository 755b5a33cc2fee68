"""Kill -9 at random moments, on a bad day of Slack's, while people file their updates."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from sandbox.clock import SandboxClock
from sandbox.workspace import Channel, User, Workspace
from storage import escalations
from storage.models import (
    Act,
    InboxItem,
    InboxState,
    Level,
    Notification,
    NotificationState,
    Promise,
    PromiseState,
    Round,
    Update,
)
from tests.acceptance.rig import A_MINUTE, Rig
from tests.cli import Running
from tests.factories import COORDINATION
from tests.waiting import PATIENCE_SECONDS, wait_until
from workflows.audit_log.verifying import verify
from workflows.promises.run import audit_promises

LEADS = [f"U0LEAD{number:02}" for number in range(24)]
HEAD = "U0HEAD"
WEEK = timedelta(days=7)
# In New York, where everybody lives: the prompt and the reminder at nine, the closing at two.
INSTANTS = [
    datetime(2026, 11, 23, 14, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 24, 14, 0, 1, tzinfo=UTC),
    datetime(2026, 11, 25, 19, 0, 1, tzinfo=UTC),
]
_FAULTS = ("close_after_accept", "close_before_accept", "rate_limited", "server_error", "slow")
_METHODS = ("chat.postMessage", "chat.postMessage", "chat.update", "views.publish", "views.open")
_SLOW_SECONDS = 0.4
_STILL_SECONDS = 1.0  # without a change: longer than any request that is under way takes


def a_company(clock: SandboxClock) -> Workspace:
    """A department of two dozen initiatives, each with a lead of its own."""
    people = [
        User(lead, lead.lower(), f"Lead {lead[-2:]}", email=f"{lead.lower()}@firm.example",
             tz="America/New_York")
        for lead in LEADS
    ]  # fmt: skip
    head = User(HEAD, "head", "Heda Moor", email="head@firm.example", tz="America/New_York")
    workspace = Workspace(clock=clock, users={person.id: person for person in [*people, head]})
    members = {*workspace.users, workspace.bot_user_id}
    workspace.channels[COORDINATION] = Channel(COORDINATION, "ai-coordination", members)
    return workspace


def company_csv() -> str:
    """Return what is imported of it."""
    lines = ["key,name,department,department_leads,lead,deputies,stage"]
    for number, lead in enumerate(LEADS):
        lines.append(
            f"FIN-{number:02},Initiative {number},Finance,head@firm.example,"
            f"{lead.lower()}@firm.example,,pilot"
        )
    return "\n".join(lines) + "\n"


@dataclass
class Chaos:
    """What is done to the bots of a rig, by one seed; the same seed does much the same."""

    rig: Rig
    replicas: int
    random: random.Random
    kills: int = 0

    def live_through(self, instant: datetime, kills: int) -> None:
        """Let an instant come, with bad luck of every kind, until all of it is done."""
        for _ in range(4):
            self._add_fault()
        self.rig.sandbox.workspace.clock.move_to(instant)
        for _ in range(kills):
            self._kill_while_somebody_files(instant)
        self.come_to_rest()

    def start(self) -> None:
        """Bring the replicas up to their number, as whoever runs them does.

        One that meets a fault of Slack's at its start says so and ends; it is started again.
        """
        wait_until(self._are_up)

    def _are_up(self) -> bool:
        while len(self._alive()) < self.replicas:
            self.rig.start_bot()
        return self.rig.open_sockets() >= self.replicas

    def _alive(self) -> list[Running]:
        return [bot for bot in self.rig.bots if bot.poll() is None]

    def _add_fault(self) -> None:
        kind = self.random.choice(_FAULTS)
        seconds = _SLOW_SECONDS if kind == "slow" else 1
        method = self.random.choice(_METHODS)
        self.rig.do("faults", method=method, kind=kind, times=2, seconds=seconds)

    def _kill_while_somebody_files(self, instant: datetime) -> None:
        is_closing = instant.weekday() == INSTANTS[-1].weekday()
        is_idle = is_closing or self.random.random() < 0.3
        number = self.random.randrange(len(LEADS))
        self.kill_while(lambda: None if is_idle else self._try_to_file(number))

    def kill_while(self, work: Callable[[], object]) -> None:
        """Let somebody do something while a bot dies, at some moment, and is started again."""
        victim = self.random.choice(self._alive())
        timer = threading.Timer(self.random.uniform(0, 1.2), victim.kill)
        timer.start()
        work()
        timer.join()
        victim.wait()
        self.kills += 1
        if self.random.random() < 0.5:
            self._add_fault()
        self.start()

    def _try_to_file(self, number: int) -> None:
        """Press as a person does; what the bot doesn't live to answer is theirs to press again."""
        lead = LEADS[number]
        self.rig.do("command", user=lead, channel=COORDINATION, text=f"/ai-status FIN-{number:02}")
        form = self.rig.top_view(lead)
        if form is None or form.get("callback_id") != "update_form":
            return
        self.rig.fill(lead, form, progress=f"Done by {lead}")
        self.rig.choose_on_track(lead, form)
        self.rig.do("submit", user=lead, view_id=form["id"])
        while (view := self.rig.top_view(lead)) is not None:
            self.rig.do("close", user=lead, view_id=view["id"])

    def try_to_escalate(self, number: int) -> None:
        """Open a blocker as a person does; what the bot doesn't live to answer is not opened."""
        lead = LEADS[number]
        text = f"/ai-escalate FIN-{number:02}"
        self.rig.do("command", user=lead, channel=COORDINATION, text=text)
        form = self.rig.top_view(lead)
        if form is not None and form.get("callback_id") == "escalation_form":
            self.rig.fill(lead, form, what=f"Stuck {number}")
            self.rig.do("submit", user=lead, view_id=form["id"])
        while (view := self.rig.top_view(lead)) is not None:
            self.rig.do("close", user=lead, view_id=view["id"])

    def try_to_press(self, user_id: str, label: str, number: int) -> None:
        """Press a button of an escalation's card, where it is there."""
        for message in self.rig.ask("messages", channel=COORDINATION)["messages"]:
            for block in message.get("blocks") or []:
                for element in block.get("elements", []) if block["type"] == "actions" else []:
                    value = element.get("value", "")
                    if value.startswith(f"{label} {number} "):
                        self.rig.do(
                            "press",
                            user=user_id,
                            channel=COORDINATION,
                            ts=message["ts"],
                            block_id=block["block_id"],
                            action_id=element["action_id"],
                        )
                        return

    def let_pass(self, instant: datetime, kills: int) -> None:
        """Let an instant come while bots die, until all that is due is done."""
        self.rig.sandbox.workspace.clock.move_to(instant)
        for _ in range(kills):
            self.kill_while(lambda: None)
        self.come_to_rest()

    def come_to_rest(self) -> None:
        """Wait until nothing moves, then let a minute pass, until nothing is left to do."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._wait_until_still()
            if not self._unfinished():
                return
            assert time.monotonic() < deadline, f"never came to rest: {self._unfinished()}"
            clock = self.rig.sandbox.workspace.clock
            clock.move_to(clock.now() + A_MINUTE)

    def _wait_until_still(self) -> None:
        before, since = self._unfinished(), time.monotonic()
        while time.monotonic() - since < _STILL_SECONDS:
            time.sleep(0.05)
            if (now := self._unfinished()) != before:
                before, since = now, time.monotonic()

    def _unfinished(self) -> list[str]:
        now = self.rig.sandbox.workspace.clock.now()
        with self.rig.services.transaction() as session:
            promises = select(Promise.key).where(
                Promise.state == PromiseState.PENDING, Promise.due_at <= now
            )
            messages = select(Notification.key, Notification.state).where(
                Notification.state.in_((NotificationState.PENDING, NotificationState.SENDING)),  # type: ignore[attr-defined]
                Notification.due_at <= now,
            )
            items = select(InboxItem.key).where(InboxItem.state == InboxState.RECEIVED)
            return [
                *session.exec(promises),
                *(f"{key} {state}" for key, state in session.exec(messages)),
                *session.exec(items),
            ]


def check_all_is_accounted_for(rig: Rig) -> None:
    """Count from the workspace's side: every message once, every promise settled, nothing lost."""
    said = _said(rig)
    with rig.services.transaction() as session:
        messages = list(session.exec(select(Notification)))
        promises = list(session.exec(select(Promise)))
        rounds = list(session.exec(select(Round)))
        updates = list(session.exec(select(Update)))
    posted = Counter(key for _, key in said)
    assert [key for key, count in posted.items() if count > 1] == [], "posted twice"
    sent = {m.key for m in messages if m.state == NotificationState.SENT and _is_post(m)}
    carried = {m.key for m in messages if m.carrier_key}
    assert sent - carried == set(posted), "recorded, and not in Slack, or the other way round"
    lost = [m.key for m in messages if m.state not in ("sent", "cancelled")]
    assert lost == [], "lost"
    unsettled = [p.key for p in promises if p.state == PromiseState.FAILED]
    assert unsettled == [] == [(f.subject, f.fault) for f in audit_promises(rig.services)]
    assert [one.findings for one in verify(rig.services)] == [[]], "the audit log has broken"
    assert len({(u.initiative_key, u.call_on, u.progress) for u in updates}) == len(updates)
    _check_asks(promises, messages, len([r for r in rounds if r.closed_at]))


def check_escalations(rig: Rig) -> None:
    """Each step of each escalation happened once, and is one line in the workspace."""
    posted = Counter(key for _, key in _said(rig))
    assert [key for key, count in posted.items() if count > 1] == [], "posted twice"
    with rig.services.reading() as reader:
        opened = [
            one
            for number in range(1, escalations.next_number(reader, rig.team_id))
            if (one := escalations.get(reader, rig.team_id, number)) is not None
        ]
        for one in opened:
            known = escalations.steps(reader, rig.team_id, one.number)
            assert [step.step for step in known] == list(range(1, one.step + 1))
            acts = Counter(step.act for step in known)
            assert acts[Act.RAISE] + acts[Act.ESCALATE] == (one.level is Level.TACTICAL)
            card = f"escalation:E-{one.number}:1"
            lines = [f"{card}:line:{step.step:05}" for step in known[1:]]
            assert [key for key in posted if key.startswith(card)].count(card) == 1
            assert {key for key in posted if key.startswith(f"{card}:line:")} == set(lines)
    assert len({one.what for one in opened}) == len(opened), "opened twice"
    assert [(f.subject, f.fault) for f in audit_promises(rig.services)] == []


def _said(rig: Rig) -> list[tuple[str, str]]:
    """Return the channel and the key of everything that the bot said."""
    channels = rig.sandbox.workspace.channels.values()
    for channel in channels:
        rig.looked_at.update((channel.id, message.ts) for message in channel.messages)
    return [
        (channel.id, message.metadata["event_payload"]["key"])
        for channel in channels
        for message in channel.messages
        if message.metadata
    ]


def _is_post(message: Notification) -> bool:
    return message.kind not in ("home", "refresh")


def _check_asks(promises: list[Promise], messages: list[Notification], closed_rounds: int) -> None:
    """Every prompt and reminder that was promised was sent, unless its update was there first."""
    by_key = {message.key: message for message in messages}
    asks = [p for p in promises if p.kind in ("prompt", "reminder") and p.state != "pending"]
    for promise in asks:
        if promise.state == PromiseState.CANCELLED:
            assert promise.reason in ("filed", "the round has closed"), promise.reason
        else:
            assert promise.notification_key is not None
            assert by_key[promise.notification_key].state in ("sent", "cancelled")
    assert closed_rounds >= 1
    assert len(asks) >= 2 * len(LEADS) * closed_rounds
    for kind in ("summary", "digest"):
        assert sum(message.kind == kind for message in messages) == closed_rounds
