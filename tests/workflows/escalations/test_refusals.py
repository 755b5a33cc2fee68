"""Who may not is told who can; nothing is done, and the attempt is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from storage import people
from storage.models import Act, EscalationKind, EscalationState
from tests.factories import a_person, actor
from tests.workflows.escalations.conftest import CHAIR, COE, EXECUTIVE, MANAGER
from tests.workflows.escalations.doing import (
    CONFLICT,
    OVERRUN,
    RISK,
    Open,
    audited,
    do,
    leave,
    one,
)
from workflows.errors import GuestError, LeftError, UnknownPersonError, UserError
from workflows.escalations.acting import act_on, require_may
from workflows.escalations.deeds import Deed
from workflows.escalations.errors import NotAllowedError, UnknownEscalationError
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services

ACTS = [
    *(Act.ACKNOWLEDGE, Act.TAKE_OVER, Act.HAND_OVER, Act.ESCALATE, Act.RESOLVE, Act.AGREE),
    *(Act.WITHDRAW, Act.SNOOZE, Act.CONFIRM),
]
SAID: Mapping[str, Any] = {
    "words": "Because",
    "person_id": "U_DEPUTY",
    "until_on": date(2026, 11, 25),
}


def everything(engine: Engine) -> dict[str, list[object]]:
    """Return all that is stored, but for the audit log."""
    with engine.connect() as connection:
        return {
            table.name: [*connection.execute(table.select().order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
            if not table.name.startswith("audit_")
        }


@pytest.fixture
def others(company: Services) -> Services:
    """Somebody who has left, a guest, and a company around them."""
    with company.transaction() as session:
        people.save(session, a_person("U0GUEST", guest=True))
        people.save(session, a_person("U0LEFT", deactivated=True))
    return company


@pytest.mark.one_database
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("user_id", "error"),
    [
        ("U0ANY", NotAllowedError),  # a member who is nothing to it
        ("U_OPS", NotAllowedError),  # leads another department
        (MANAGER, NotAllowedError),
        ("U0MONEY", NotAllowedError),
        (COE, NotAllowedError),  # of a level that it has not come to
        (CHAIR, NotAllowedError),
        ("U0GUEST", GuestError),
        ("U0LEFT", LeftError),
        ("U0NOBODY", UnknownPersonError),
    ],
)
def test_whoever_may_not_changes_nothing_and_the_attempt_is_in_the_audit_log(
    others: Services,
    engine: Engine,
    opened: Open,
    act: Act,
    user_id: str,
    error: type[UserError],
) -> None:
    opened()
    before = everything(engine)

    with pytest.raises(error):
        do(others, act, user_id, **SAID)

    assert everything(engine) == before
    action = f"escalation_{act}"
    assert audited(others)[1:] == [(user_id, action, "E-1 operational", error.__name__)]


@pytest.mark.parametrize(
    ("facts", "act", "user_id", "who"),
    [
        ({}, Act.ACKNOWLEDGE, "U0ANY", "Lead, Deputy or Head can."),
        ({}, Act.RESOLVE, "U0ANY", "Lead, Deputy or Head can."),
        ({}, Act.ESCALATE, "U0ANY", "Lead, Deputy or Head can."),
        ({}, Act.WITHDRAW, "U0ANY", "Lead can."),
        ({}, Act.SNOOZE, "U_DEPUTY", "Lead can."),
        ({}, Act.AGREE, "U_LEAD", "Nobody can just now; the programme manager knows more."),
        (CONFLICT, Act.AGREE, "U_LEAD", "Head or Ops can."),
        (CONFLICT, Act.ACKNOWLEDGE, "U_LEAD", "Head or Ops can."),
    ],
)
def test_a_refusal_names_who_can(
    company: Services, opened: Open, facts: dict[str, Any], act: Act, user_id: str, who: str
) -> None:
    opened("U_HEAD" if facts else "U_LEAD", **facts)

    with pytest.raises(NotAllowedError) as refused:
        do(company, act, user_id, **SAID)

    assert str(refused.value).startswith("You can't ")
    assert str(refused.value).endswith(f" E-1. {who}")


def test_at_a_higher_level_its_people_are_named(company: Services, opened: Open) -> None:
    opened()
    do(company, Act.ESCALATE, "U_LEAD")

    with pytest.raises(NotAllowedError, match=r"U0Coe or U0Coe2 can\.$"):
        do(company, Act.ACKNOWLEDGE, "U_LEAD")


def test_a_party_alone_is_told_that_both_have_to_agree(company: Services, opened: Open) -> None:
    opened("U_HEAD", **CONFLICT)

    with pytest.raises(NotAllowedError, match=r"alone\. Head and Ops can, by agreeing"):
        do(company, Act.RESOLVE, "U_OPS", words="It's ours")


def test_nobody_who_has_left_is_named(company: Services, opened: Open) -> None:
    opened("U0ANY")
    leave(company, "U0ANY", "U_DEPUTY")

    with pytest.raises(NotAllowedError, match=r"resolve E-1\. Lead or Head can\.$"):
        do(company, Act.RESOLVE, "U0MONEY", words="So be it")
    with pytest.raises(NotAllowedError, match="Nobody can just now"):
        do(company, Act.WITHDRAW, "U_LEAD")


@pytest.mark.parametrize("act", ACTS)
def test_a_form_is_refused_before_it_asks(
    others: Services, engine: Engine, opened: Open, act: Act
) -> None:
    opened()
    before = everything(engine)

    with pytest.raises(NotAllowedError):
        require_may(others, actor("U0ANY"), Deed(act, 1, 1))

    assert everything(engine) == before
    assert audited(others)[1:] == [
        ("U0ANY", f"escalation_{act}", "E-1 operational", "NotAllowedError")
    ]


def test_what_may_be_done_is_not_done_by_asking(
    company: Services, engine: Engine, opened: Open
) -> None:
    opened()
    before = everything(engine)

    require_may(company, actor(), Deed(Act.RESOLVE, 1, 1))

    assert everything(engine) == before
    assert len(audited(company)) == 1


def test_what_does_not_exist_is_said_to(company: Services) -> None:
    with pytest.raises(UnknownEscalationError, match="E-7"):
        act_on(company, actor(), Deed(Act.ACKNOWLEDGE, 7, 1))


@pytest.mark.parametrize(
    ("facts", "user_id", "who"),
    [
        (CONFLICT, "U_LEAD", "U0Manager, Head or Ops can."),
        (CONFLICT, COE, "U0Manager, Head or Ops can."),
        (RISK, "U_HEAD", "Lead, U0Manager or Deputy can."),
        (RISK, "U_OPS", "Lead, U0Manager or Deputy can."),
        (OVERRUN, "U_HEAD", "Lead, U0Manager, Deputy or U0Money can."),
        (OVERRUN, CHAIR, "Lead, U0Manager, Deputy or U0Money can."),
    ],
)
def test_nobody_opens_what_only_others_may(
    planned: Services,
    engine: Engine,
    facts: dict[str, Any],
    user_id: str,
    who: str,
) -> None:
    before = everything(engine)
    wanted = Wanted(**({"key": "FIN-01", "what": "GPU time"} | facts))

    with pytest.raises(NotAllowedError) as refused:
        open_escalation(planned, actor(user_id), wanted)

    assert str(refused.value) == f"You can't open this kind of escalation here. {who}"
    assert everything(engine) == before
    assert audited(planned) == [(user_id, "escalation_open", "FIN-01", "NotAllowedError")]


@pytest.mark.parametrize(
    ("user_id", "error"),
    [("U0GUEST", GuestError), ("U0LEFT", LeftError), ("U0NOBODY", UnknownPersonError)],
)
def test_only_members_open_a_blocker(
    others: Services, engine: Engine, user_id: str, error: type[UserError]
) -> None:
    before = everything(engine)
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, "FIN-01", what="Stuck")

    with pytest.raises(error):
        open_escalation(others, actor(user_id), wanted)

    assert everything(engine) == before
    assert audited(others) == [(user_id, "escalation_open", "FIN-01", error.__name__)]


def test_of_the_committee_only_the_chair_decides_while_all_acknowledge(
    company: Services, opened: Open
) -> None:
    opened("U_HEAD", **CONFLICT)
    do(company, Act.ESCALATE, "U_HEAD")
    do(company, Act.ACKNOWLEDGE, EXECUTIVE)

    with pytest.raises(NotAllowedError, match=r"U0Chair can\.$"):
        do(company, Act.RESOLVE, EXECUTIVE, words="Finance first")
    do(company, Act.RESOLVE, CHAIR, words="Operations first")

    assert one(company).state is EscalationState.RESOLVED
