"""Every act, of everybody, on every kind at every level: the protocols' table, written out."""

from dataclasses import replace
from typing import Any

import pytest

from storage.models import Act, Escalation, EscalationKind, Level
from tests.factories import MONDAY_9AM, an_escalation
from workflows.escalations.policy import next_level
from workflows.escalations.rights import (
    Standing,
    first_owner,
    may,
    may_open,
    parts_of,
    who_may,
    who_opens,
    whom_to_tell,
)

BLOCKER, CONFLICT, RISK, OVERRUN = EscalationKind
OPERATIONAL, TACTICAL, STRATEGIC = Level

ROLES = (  # each is a person who is nothing else
    *("lead", "deputy", "head", "other_head", "coe", "on_duty", "member", "chair", "executive"),
    *("finance", "manager", "dependent", "opener", "stranger"),
)
EVERYBODY = " ".join(ROLES)
# Any member may open a blocker: those who have nothing to do with it are not named one by one.
UNNAMED = {
    kind: {"stranger"} if kind is CONFLICT else {"stranger", "other_head"}
    for kind in EscalationKind
}
BUILDERS = "lead deputy head"
MAY_ESCALATE = "opener lead deputy head dependent"
COE = "coe on_duty"
COMMITTEE = "chair member executive"
NOBODY = ""

# By kind and level, while nobody there has acknowledged; the lead owns it at the first one.
TABLE: dict[tuple[EscalationKind, Level], dict[Act, str]] = {
    (BLOCKER, OPERATIONAL): {
        Act.ACKNOWLEDGE: BUILDERS,
        Act.TAKE_OVER: BUILDERS,
        Act.HAND_OVER: BUILDERS,
        Act.ESCALATE: MAY_ESCALATE,
        Act.RESOLVE: BUILDERS,
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: "lead",
        Act.CONFIRM: "lead",
        Act.REOPEN: EVERYBODY,
    },
    (BLOCKER, TACTICAL): {
        Act.ACKNOWLEDGE: COE,
        Act.TAKE_OVER: COE,
        Act.HAND_OVER: COE,
        Act.ESCALATE: MAY_ESCALATE,  # but there is no further level
        Act.RESOLVE: f"{COE} lead",
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: NOBODY,
        Act.CONFIRM: NOBODY,
        Act.REOPEN: EVERYBODY,
    },
    (CONFLICT, OPERATIONAL): {
        Act.ACKNOWLEDGE: "head other_head",
        Act.TAKE_OVER: "head other_head",
        Act.HAND_OVER: "head other_head",
        Act.ESCALATE: f"{MAY_ESCALATE} other_head",
        Act.RESOLVE: NOBODY,  # alone
        Act.AGREE: "head other_head",
        Act.WITHDRAW: "opener",
        Act.SNOOZE: NOBODY,
        Act.CONFIRM: NOBODY,
        Act.REOPEN: "head other_head manager",
    },
    (CONFLICT, STRATEGIC): {
        Act.ACKNOWLEDGE: COMMITTEE,
        Act.TAKE_OVER: COMMITTEE,
        Act.HAND_OVER: COMMITTEE,
        Act.ESCALATE: f"{MAY_ESCALATE} other_head",
        Act.RESOLVE: "chair",
        Act.AGREE: "head other_head",  # all parties together may, at whatever level it is
        Act.WITHDRAW: "opener",
        Act.SNOOZE: NOBODY,
        Act.CONFIRM: NOBODY,
        Act.REOPEN: "head other_head manager",
    },
    (RISK, OPERATIONAL): {
        Act.ACKNOWLEDGE: BUILDERS,
        Act.TAKE_OVER: BUILDERS,
        Act.HAND_OVER: BUILDERS,
        Act.ESCALATE: MAY_ESCALATE,
        Act.RESOLVE: BUILDERS,
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: "lead",
        Act.CONFIRM: "lead",
        Act.REOPEN: "lead deputy manager",
    },
    (RISK, STRATEGIC): {
        Act.ACKNOWLEDGE: COMMITTEE,
        Act.TAKE_OVER: COMMITTEE,
        Act.HAND_OVER: COMMITTEE,
        Act.ESCALATE: MAY_ESCALATE,
        Act.RESOLVE: "chair",
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: NOBODY,
        Act.CONFIRM: NOBODY,
        Act.REOPEN: "lead deputy manager",
    },
    (OVERRUN, OPERATIONAL): {
        Act.ACKNOWLEDGE: BUILDERS,
        Act.TAKE_OVER: BUILDERS,
        Act.HAND_OVER: BUILDERS,
        Act.ESCALATE: MAY_ESCALATE,
        Act.RESOLVE: BUILDERS,
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: "lead",
        Act.CONFIRM: "lead",
        Act.REOPEN: "lead deputy finance manager",
    },
    (OVERRUN, STRATEGIC): {
        Act.ACKNOWLEDGE: COMMITTEE,
        Act.TAKE_OVER: COMMITTEE,
        Act.HAND_OVER: COMMITTEE,
        Act.ESCALATE: MAY_ESCALATE,
        Act.RESOLVE: "chair",
        Act.AGREE: NOBODY,
        Act.WITHDRAW: "opener",
        Act.SNOOZE: NOBODY,
        Act.CONFIRM: NOBODY,
        Act.REOPEN: "lead deputy finance manager",
    },
}
# What is otherwise once somebody of the level has acknowledged, and owns it.
ONCE_SEEN: dict[tuple[EscalationKind, Level, str], dict[Act, str]] = {
    (BLOCKER, OPERATIONAL, "deputy"): {
        Act.SNOOZE: "deputy",
        Act.CONFIRM: "deputy",
        Act.WITHDRAW: "opener",  # no higher level has seen it
    },
    (BLOCKER, TACTICAL, "coe"): {
        Act.SNOOZE: "coe",
        Act.CONFIRM: "coe",
        Act.WITHDRAW: NOBODY,
        Act.ESCALATE: f"{MAY_ESCALATE} coe",
    },
    (CONFLICT, OPERATIONAL, "other_head"): {
        Act.SNOOZE: "other_head",
        Act.CONFIRM: "other_head",
        Act.WITHDRAW: "opener",
    },
    (CONFLICT, STRATEGIC, "member"): {
        Act.SNOOZE: "member",
        Act.CONFIRM: "member",
        Act.WITHDRAW: NOBODY,
        Act.RESOLVE: "chair",  # who owns it decides nothing alone
    },
    (RISK, STRATEGIC, "executive"): {Act.SNOOZE: "executive", Act.WITHDRAW: NOBODY},
}
EVERY_CELL = [(*place, act) for place, acts in TABLE.items() for act in acts]
ONCE_SEEN_CELLS = [(*place, act) for place, acts in ONCE_SEEN.items() for act in acts]


def standing(kind: EscalationKind = BLOCKER, **facts: Any) -> Standing:
    both = {"Finance": ("head",), "Operations": ("other_head",)}
    usual: dict[str, Any] = {
        "lead_id": "lead",
        "deputies": ("deputy",),
        "department_leads": ("head",),
        "parties": both if kind is CONFLICT else {},
        "coe": ("on_duty", "coe"),
        "steering": ("member", "executive"),
        "executives": {"Finance": "executive"},
        "chair_id": "chair",
        "finance": ("finance",),
        "manager_id": "manager",
        "dependents": ("dependent",),
        "duty_id": "on_duty",
    }
    return Standing(**(usual | facts))


def escalation(kind: EscalationKind, level: Level, **facts: Any) -> Escalation:
    is_leads = level is OPERATIONAL and kind is not CONFLICT
    usual = {"owner_id": "lead" if is_leads else None, "opener_id": "opener"}
    return an_escalation(kind=kind, level=level, **(usual | facts))


def those_who_may(one: Escalation, act: Act, standing: Standing) -> set[str]:
    return {role for role in ROLES if may(one, act, standing, role)}


def test_the_table_is_of_every_act_of_people_at_every_level_that_a_kind_has() -> None:
    by_clock = {Act.OPEN, Act.RAISE, Act.GROW, Act.RECEDE, Act.CHASE, Act.CHECK}
    second = {(kind, next_level(kind, OPERATIONAL)) for kind in EscalationKind}

    assert TABLE.keys() == {(kind, OPERATIONAL) for kind in EscalationKind} | second
    assert all(acts.keys() == set(Act) - by_clock for acts in TABLE.values())


@pytest.mark.parametrize(("kind", "level", "act"), EVERY_CELL)
def test_who_may_do_what_while_nobody_has_acknowledged(
    kind: EscalationKind, level: Level, act: Act
) -> None:
    found = those_who_may(escalation(kind, level), act, standing(kind))

    assert found == set(TABLE[kind, level][act].split())


@pytest.mark.parametrize(("kind", "level", "owner", "act"), ONCE_SEEN_CELLS)
def test_who_may_do_what_once_somebody_owns_it(
    kind: EscalationKind, level: Level, owner: str, act: Act
) -> None:
    one = escalation(kind, level, owner_id=owner, acknowledged_at=MONDAY_9AM)

    assert those_who_may(one, act, standing(kind)) == set(
        ONCE_SEEN[kind, level, owner][act].split()
    )


@pytest.mark.parametrize(("kind", "level", "act"), EVERY_CELL)
def test_whoever_is_refused_is_told_everybody_who_can(
    kind: EscalationKind, level: Level, act: Act
) -> None:
    one, those = escalation(kind, level), standing(kind)

    named = who_may(one, act, those)

    assert len(named) == len(set(named))
    assert set(named) == those_who_may(one, act, those) - UNNAMED[kind]


@pytest.mark.parametrize("act", [Act.OPEN, Act.RAISE, Act.CHASE, Act.CHECK])
def test_nobody_does_what_the_clock_does(act: Act) -> None:
    for kind, level in TABLE:
        assert those_who_may(escalation(kind, level), act, standing(kind)) == set()


def test_dependents_escalate_only_once_a_commitment_has_slipped() -> None:
    one = escalation(RISK, OPERATIONAL)

    assert may(one, Act.ESCALATE, standing(), "dependent")
    assert not may(one, Act.ESCALATE, standing(dependents=()), "dependent")


def test_who_is_several_things_may_what_each_of_them_may() -> None:
    one = escalation(BLOCKER, TACTICAL, opener_id="coe")

    assert may(one, Act.RESOLVE, standing(), "coe")
    assert may(one, Act.WITHDRAW, standing(), "coe")


@pytest.mark.parametrize(
    ("kind", "openers"),
    [
        (BLOCKER, EVERYBODY),
        (CONFLICT, "head other_head manager"),
        (RISK, "lead deputy manager"),
        (OVERRUN, "lead deputy finance manager"),
    ],
)
def test_who_may_open_each_kind(kind: EscalationKind, openers: str) -> None:
    draft, those = escalation(kind, OPERATIONAL, opener_id="", owner_id=None), standing(kind)

    found = {role for role in ROLES if may_open(kind, parts_of(draft, those, role))}

    assert found == set(openers.split())
    assert set(who_opens(draft, those)) == found - UNNAMED[kind] - {"opener"}


@pytest.mark.parametrize(
    ("chair", "executives", "deciders"),
    [
        ("chair", {"Finance": "executive"}, "chair"),
        ("chair", {"Retail": "chair"}, "chair"),  # of a department that is no party
        # A party's own executive never decides alone: another member that is none does.
        ("chair", {"Finance": "chair"}, "member executive"),
        ("chair", {"Finance": "chair", "Operations": "executive"}, "member"),
        (None, {"Finance": "executive"}, "member"),
        (None, {}, "member executive"),
    ],
)
def test_the_chair_decides_alone_unless_they_are_a_partys_executive(
    chair: str | None, executives: dict[str, str], deciders: str
) -> None:
    those = standing(CONFLICT, chair_id=chair, executives=executives)

    found = those_who_may(escalation(CONFLICT, STRATEGIC), Act.RESOLVE, those)

    assert found == set(deciders.split())


def test_who_leads_both_departments_of_a_conflict_decides_alone() -> None:
    one = escalation(CONFLICT, OPERATIONAL)
    both = {"Finance": ("head",), "Operations": ("head", "other_head")}

    assert those_who_may(one, Act.RESOLVE, standing(CONFLICT, parties=both)) == {"head"}
    within_one = standing(CONFLICT, parties={"Finance": ("head",)})
    assert those_who_may(one, Act.RESOLVE, within_one) == {"head"}
    without = standing(CONFLICT, parties={"Finance": ("head",), "Operations": ()})
    assert those_who_may(one, Act.RESOLVE, without) == set()


@pytest.mark.parametrize(
    ("kind", "facts", "owner"),
    [
        (BLOCKER, {}, "lead"),
        (BLOCKER, {"lead_id": None}, "head"),  # nobody leads it
        (BLOCKER, {"lead_id": None, "deputies": (), "department_leads": ()}, None),
        (RISK, {}, "lead"),
        (CONFLICT, {}, None),  # is both department leads'
    ],
)
def test_the_lead_owns_it_first_and_without_one_their_departments(
    kind: EscalationKind, facts: dict[str, Any], owner: str | None
) -> None:
    assert first_owner(kind, OPERATIONAL, standing(kind, **facts)) == owner


@pytest.mark.parametrize("level", [TACTICAL, STRATEGIC])
def test_a_higher_level_is_asked_as_a_whole(level: Level) -> None:
    assert first_owner(BLOCKER, level, standing()) is None


@pytest.mark.parametrize(
    ("kind", "level", "facts", "told"),
    [
        (CONFLICT, OPERATIONAL, {}, "head other_head"),
        (BLOCKER, TACTICAL, {}, "on_duty"),
        (BLOCKER, TACTICAL, {"duty_id": None}, "on_duty coe"),
        (BLOCKER, TACTICAL, {"duty_id": None, "coe": ()}, ""),
        (RISK, STRATEGIC, {"concerned": ("Finance",)}, "chair executive"),
        (RISK, STRATEGIC, {"concerned": ("Retail",)}, "chair"),
        (RISK, STRATEGIC, {"concerned": ("Finance",), "chair_id": "executive"}, "executive"),
        (RISK, STRATEGIC, {"chair_id": None}, "member executive"),
    ],
)
def test_who_is_written_to_when_nobody_owns_it_yet(
    kind: EscalationKind, level: Level, facts: dict[str, Any], told: str
) -> None:
    one = escalation(kind, level)

    assert whom_to_tell(one, standing(kind, **facts)) == told.split()


def test_of_a_large_level_that_names_nobody_in_particular_ten_are_written_to() -> None:
    crowd = tuple(f"U{number:02}" for number in range(40))

    told = whom_to_tell(escalation(BLOCKER, TACTICAL), standing(duty_id=None, coe=crowd))

    assert told == list(crowd[:10])


@pytest.mark.parametrize(
    ("level", "facts", "fallback"),
    [
        (OPERATIONAL, {}, "head"),
        (OPERATIONAL, {"department_leads": ("lead",)}, None),
        (OPERATIONAL, {"department_leads": ("lead", "head")}, "head"),
        (TACTICAL, {}, None),
        (TACTICAL, {"fallbacks": {TACTICAL: "stranger"}}, "stranger"),
        (STRATEGIC, {"fallbacks": {TACTICAL: "stranger"}}, None),
    ],
)
def test_who_is_told_when_a_level_does_not_answer(
    level: Level, facts: dict[str, Any], fallback: str | None
) -> None:
    assert replace(standing(), **facts).fallback(level) == fallback
