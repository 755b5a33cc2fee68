"""Random people do random things at random times: what holds of every escalation, whatever comes.

ROLLCALL_HISTORIES=500 tries that many.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from bot.services import build_services
from storage import promises
from storage.engine import connect
from storage.models import (
    Act,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
    Level,
)
from tests.factories import (
    MONDAY_9AM,
    TEAM,
    a_person,
    a_policy,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from tests.workflows.escalations.conftest import (
    CHAIR,
    COE,
    COE_TOO,
    EXECUTIVE,
    FALLBACK,
    MANAGER,
    SECTIONS,
)
from tests.workflows.escalations.doing import lines, one, pending, steps, told
from tests.workflows.world import start_over
from workflows import policies
from workflows.errors import LeftError
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import DEEDS, Deed
from workflows.escalations.errors import (
    EscalationInvalidError,
    MovedOnError,
    NotAllowedError,
)
from workflows.escalations.kinds import EscalationDuty
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.people import remember
from workflows.promises.run import audit_promises
from workflows.registry.editing import change_entry
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.registry.policy import with_changes
from workflows.services import Services
from workflows.sweep import sweep

BLOCKER, CONFLICT, RISK = list(EscalationKind)[:3]
KINDS = [BLOCKER, CONFLICT, RISK]
LEAVING = ["U_LEAD", "U_DEPUTY", "U_HEAD", "U_OPS", COE, COE_TOO, CHAIR, EXECUTIVE, FALLBACK]
PEOPLE = [*LEAVING, MANAGER, "U0ANY"]
PROFILES = {user_id: a_profile(user_id) for user_id in PEOPLE}
PARTIES: set[str | None] = {"U_HEAD", "U_OPS"}
ACTS = list(DEEDS)
UNSETTLED = (EscalationState.OPEN, EscalationState.ACKNOWLEDGED)
DUTIES = tuple(f"{duty}:" for duty in EscalationDuty)
_MOST_SWEEPS = 400  # of a month with a few open ones; far more than so little takes


@pytest.fixture(scope="module")
def engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One for all examples, as it remembers what each query compiles to."""
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('escalations') / 'rollcall.db'}")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
    yield engine
    engine.dispose()


class World:
    """The bot with its database, and beside it what a bystander would know."""

    def __init__(self, services: Services, clock: FakeClock) -> None:
        self.services, self.clock = services, clock
        self.lead_id = "U_LEAD"
        self.gone: set[str] = set()
        self.count = 0

    # The steps of a history.

    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    def tick(self) -> None:
        due_at = self.next_due_at()
        if due_at is not None and due_at > self.clock.instant:
            self.clock.move_to(due_at)
        sweep(self.services)

    def sweep(self) -> None:
        sweep(self.services)

    def leave(self, user_id: str) -> None:
        remember(self.services, TEAM, a_profile(user_id, deactivated=True))
        self.gone.add(user_id)

    def come_back(self, user_id: str) -> None:
        remember(self.services, TEAM, PROFILES[user_id])
        self.gone.discard(user_id)

    def lead(self, user_id: str) -> None:
        if user_id not in self.gone:
            change_entry(
                self.services,
                actor(MANAGER),
                "FIN-01",
                lambda _, known: with_changes(known.facts, {"lead_id": user_id}),
            )
            self.lead_id = user_id

    def open(self, kind: EscalationKind, user_id: str, days: int) -> None:
        wanted = Wanted(
            kind,
            "FIN-01",
            what="It is stuck",
            topic="data-access" if kind is BLOCKER else "",
            pool="GPU pool",
            other="OPS-01" if kind is CONFLICT else "",
            milestone=1 if kind is RISK else None,
            forecast_on=date(2027, 3, 31) + timedelta(days=days) if kind is RISK else None,
        )
        may_open = user_id not in self.gone and (kind is BLOCKER or user_id in self.openers(kind))
        try:
            open_escalation(self.services, actor(user_id), wanted)
        except (NotAllowedError, LeftError):
            assert not may_open
        except EscalationInvalidError:
            assert kind is RISK  # of which there is one already
        else:
            assert may_open
            self.count += 1

    def act(self, act: Act, user_id: str, which: int, behind: int) -> None:
        if not self.count:
            return
        number = which % self.count + 1
        before = one(self.services, number)
        seen = max(1, before.turned_on_step - behind)
        deed = Deed(
            act,
            number,
            seen,
            person_id=PEOPLE[which],
            until_on=self.clock.instant.date() + timedelta(days=2),
            words="So be it",
        )
        is_right = self.may(before, act, user_id)
        try:
            act_on(self.services, actor(user_id), deed)
        except (NotAllowedError, LeftError):
            assert not is_right
        except (MovedOnError, EscalationInvalidError):
            assert is_right
        else:
            assert is_right
            assert steps(self.services, number)[-1].act is act
            return
        assert one(self.services, number) == before  # nothing was done

    def next_due_at(self) -> datetime | None:
        with self.services.reading() as reader:
            return promises.next_due_at(reader)

    # What is expected.

    def openers(self, kind: EscalationKind) -> set[str | None]:
        return {MANAGER, *(PARTIES if kind is CONFLICT else {self.lead_id, "U_DEPUTY"})}

    def may(self, known: Escalation, act: Act, user_id: str) -> bool:
        """Return whether the protocols let somebody do it."""
        is_first, is_blocker = known.level is Level.OPERATIONAL, known.kind is BLOCKER
        parties = PARTIES if known.kind is CONFLICT else set()
        level, owner = self.level(known), {known.owner_id}
        opener: set[str | None] = {known.opener_id}
        who: dict[Act, set[str | None]] = {
            Act.ACKNOWLEDGE: level,
            Act.TAKE_OVER: level,
            Act.HAND_OVER: level | owner,
            Act.ESCALATE: opener | owner | parties | {self.lead_id, "U_DEPUTY", "U_HEAD"},
            Act.RESOLVE: self.deciders(known),
            Act.AGREE: parties,
            Act.WITHDRAW: opener if is_first or not known.acknowledged_at else set(),
            Act.SNOOZE: owner,
            Act.CONFIRM: owner,
            Act.REOPEN: {user_id} if is_blocker else self.openers(known.kind),
        }
        return user_id in who[act] - self.gone

    def level(self, known: Escalation) -> set[str | None]:
        match known.level:
            case Level.TACTICAL:
                return {COE, COE_TOO}
            case Level.STRATEGIC:
                return {CHAIR, EXECUTIVE}
            case Level.OPERATIONAL if known.kind is CONFLICT:
                return PARTIES
        return {self.lead_id, "U_DEPUTY", "U_HEAD"}

    def deciders(self, known: Escalation) -> set[str | None]:
        if known.level is Level.STRATEGIC:
            if CHAIR not in self.gone:
                return {CHAIR}
            return set() if known.kind is CONFLICT else {EXECUTIVE}  # of a party: never alone
        if known.kind is CONFLICT:
            return set()
        return self.level(known) | ({self.lead_id} if known.kind is BLOCKER else set())

    def check(self) -> None:
        """Whatever was done: each escalation is whole, goes somewhere, and is shown once."""
        for number in range(1, self.count + 1):
            found, known = one(self.services, number), steps(self.services, number)
            assert [step.step for step in known] == list(range(1, found.step + 1))
            assert lines(self.services, number) == [
                f"escalation:E-{number}:1:line:{step.step:05}" for step in known[1:]
            ]
            check_levels(found, known)
            owed = pending(self.services, number)
            assert bool(owed) is (found.state in UNSETTLED), f"E-{number}: {found.state}"
            if found.state in UNSETTLED and found.moves_at is not None:
                raises = [each.due_at for each in owed if each.kind == EscalationDuty.RAISE]
                assert raises == [found.moves_at]
            if found.owner_id is not None and found.state in UNSETTLED:
                assert found.owner_id not in self.gone
                assert found.owner_id in self.level(found)
        assert len(told(self.services, "escalation")) == self.count  # one card each
        kinds = ("escalated", "escalated_now", "unacknowledged", "still_on_it", "escalation_over")
        assert {user_id for _, user_id in told(self.services, *kinds)} <= set(PEOPLE)

    def check_audit(self) -> None:
        found = [each.subject for each in audit_promises(self.services)]
        assert [each for each in found if each.startswith(("E-", *DUTIES))] == []


def check_levels(found: Escalation, known: list[EscalationStep]) -> None:
    """It goes up one level at most, and down never: reopened it is where it was."""
    path = [step.level for step in known]
    rising = [level is not Level.OPERATIONAL for level in path]
    assert rising == sorted(rising)
    assert len(set(path)) <= 2
    assert path[-1] is found.level
    raised = [step for step in known if step.act in (Act.RAISE, Act.ESCALATE)]
    assert len(raised) <= 1


def a_world(engine: Engine, template: Path) -> World:
    start_over(engine, template)
    clock = FakeClock(MONDAY_9AM)
    services = build_services(engine, clock)
    policies.adopt(services, TEAM, "Tests", a_policy(**SECTIONS))
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        persons=[a_person(user_id, name=PROFILES[user_id].name) for user_id in PEOPLE],
        deputies={"FIN-01": ["U_DEPUTY"]},
        department_leads={"Finance": ["U_HEAD"], "Operations": ["U_OPS"]},
    )
    live = MilestoneWanted(None, "Live", date(2027, 3, 31))
    save_milestone(services, actor(), "FIN-01", live)
    return World(services, clock)


def step(name: str, *arguments: st.SearchStrategy[Any]) -> Any:
    return st.tuples(st.just(name), st.tuples(*arguments))


_ANY, _WHICH = st.sampled_from(PEOPLE), st.integers(0, len(PEOPLE) - 1)
_ACT = step("act", st.sampled_from(ACTS), _ANY, _WHICH, st.sampled_from([0, 0, 0, 1]))
STEPS = st.one_of(
    step("open", st.sampled_from(KINDS), _ANY, st.sampled_from([10, 20])),
    _ACT,
    _ACT,
    _ACT,
    _ACT,
    step("wait", st.sampled_from([1, 61, 8 * 60, 24 * 60, 3 * 24 * 60])),
    step("tick"),
    step("sweep"),
    step("leave", st.sampled_from(LEAVING)),
    step("come_back", st.sampled_from(LEAVING)),
    step("lead", st.sampled_from(["U_LEAD", "U0ANY"])),
)


@settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=int(os.environ.get("ROLLCALL_HISTORIES", "60")),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(kind=st.sampled_from(KINDS), history=st.lists(STEPS, max_size=25))
def test_whatever_people_do_each_escalation_is_whole_and_goes_somewhere(
    engine: Engine, sqlite_template: Path, kind: EscalationKind, history: list[tuple[str, Any]]
) -> None:
    world = a_world(engine, sqlite_template)
    world.open(kind, MANAGER, 10)

    for name, arguments in history:
        getattr(world, name)(*arguments)
        world.check()
    world.sweep()
    world.check_audit()

    end = world.clock.instant + timedelta(days=30)
    for _ in range(_MOST_SWEEPS):
        due_at = world.next_due_at()
        if due_at is None or due_at > end:
            break
        world.tick()
    else:
        raise AssertionError("it does not come to rest")
    world.check()
    world.check_audit()
    for number in range(1, world.count + 1):
        found = one(world.services, number)
        is_waiting = found.state in UNSETTLED and found.kind is not RISK
        assert not (is_waiting and found.level is Level.OPERATIONAL)  # a month: its time is up
