"""Entries of the registry: who may write, what is kept, two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import AuditEntry, Promise, PromiseState, Stage
from tests.factories import TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from workflows.errors import (
    EntryCrossedError,
    EntryInvalidError,
    GuestError,
    LeftError,
    NotYoursError,
    UnknownInitiativeError,
)
from workflows.registry.editing import open_entry, save_entry
from workflows.registry.entries import read_history, show_entry
from workflows.services import Services
from workflows.sweep import sweep


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="Forecast"),
        persons=[
            a_person("U_STRANGER"),
            a_person("U0MANAGER01"),
            a_person("U_GUEST", guest=True),
            a_person("U_GONE", deactivated=True),
        ],
        deputies={"FIN-01": ["U_DEPUTY", "U_GUEST", "U_GONE"]},
        department_leads={"Finance": ["U_HEAD"]},
    )


def save(services: Services, base: int = 0, user: str = "U_LEAD", **changes: Any) -> int:
    return save_entry(services, actor(user), "FIN-01", base, changes).version


def seen_changes(services: Services) -> list[tuple[int, str, dict[str, tuple[Any, Any]]]]:
    _, changes = read_history(services, actor("U_STRANGER"), "FIN-01")
    return [(one.version, one.author_id, dict(one.differences)) for one in changes]


def test_before_anybody_writes_it_says_what_is_known(services: Services) -> None:
    known = show_entry(services, actor("U_STRANGER"), "forecast")

    assert (known.facts.name, known.facts.stage, known.version) == ("Forecast", Stage.PILOT, 0)
    assert known.people_ids == {"U_LEAD", "U_DEPUTY", "U_GUEST", "U_GONE", "U_HEAD"}
    assert seen_changes(services) == []


def test_every_version_is_kept_with_who_and_when_and_what_was_before(
    services: Services, clock: FakeClock
) -> None:
    save(services, objective="Fewer late invoices", budget_approved="120000")
    clock.advance(hours=1)
    save(services, base=1, user="U_HEAD", target_on="2027-03-31", name="Cash forecast")

    assert seen_changes(services) == [
        (
            2,
            "U_HEAD",
            {"name": ("Forecast", "Cash forecast"), "target_on": (None, date(2027, 3, 31))},
        ),
        (
            1,
            "U_LEAD",
            {"objective": ("", "Fewer late invoices"), "budget_approved": (None, 120_000)},
        ),
    ]
    known = show_entry(services, actor(), "FIN-01")
    assert known.initiative.name == known.facts.name == "Cash forecast"
    assert known.changed_at == clock.instant
    assert read_history(services, actor(), "FIN-01")[1][1].changed_at == (
        clock.instant - timedelta(hours=1)
    )


def test_what_says_the_same_is_no_version(services: Services) -> None:
    assert save(services, objective="Fewer late invoices") == 1
    assert save(services, base=1, objective=" Fewer late invoices ", stage="pilot") == 1


@pytest.mark.parametrize("user", ["U_LEAD", "U_DEPUTY", "U_HEAD"])
def test_who_answers_for_it_writes_it(services: Services, user: str) -> None:
    assert save(services, user=user, topic="Cash") == 1


def test_the_programme_manager_writes_every_entry(services: Services, adopt: Any) -> None:
    adopt(people={"programme_manager": "U0MANAGER01"})

    assert save(services, user="U0MANAGER01", topic="Cash") == 1


@pytest.mark.parametrize(
    ("user", "refusal"),
    [("U_STRANGER", NotYoursError), ("U_GUEST", GuestError), ("U_GONE", LeftError)],
)
def test_nobody_else_does_and_the_attempt_is_kept(
    services: Services, user: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        open_entry(services, actor(user), "FIN-01")
    with pytest.raises(refusal):
        save(services, user=user, topic="Cash")

    assert show_entry(services, actor(), "FIN-01").version == 0
    with services.transaction() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.actor_id == user)).all()
    assert sorted((one.action, one.outcome) for one in entries) == [
        ("open_entry", refusal.__name__),
        ("save_entry", refusal.__name__),
    ]


def test_two_who_change_different_lines_both_get_theirs(services: Services) -> None:
    save(services, objective="Fewer late invoices", topic="Cash")

    save(services, base=1, user="U_DEPUTY", topic="Liquidity", objective="Fewer late invoices")
    save(services, base=1, objective="No late invoices", topic="Cash")

    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.topic, facts.objective) == ("Liquidity", "No late invoices")


def test_two_who_change_the_same_line_are_told(services: Services) -> None:
    save(services, user="U_DEPUTY", topic="Liquidity", outcome="Cash")

    with pytest.raises(EntryCrossedError) as crossed:
        save(services, base=0, topic="Treasury", outcome="Cash")

    assert (crossed.value.author_id, crossed.value.names) == ("U_DEPUTY", ["topic"])
    assert show_entry(services, actor(), "FIN-01").facts.topic == "Liquidity"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "  "}, {"name": "This can't be empty."}),
        ({"topic": "x" * 201}, {"topic": "This takes 200 characters at most."}),
        ({"budget_spent": "-1"}, {"budget_spent": "This has to be at least 0."}),
        ({"budget_spent": "1.505"}, {"budget_spent": "This takes two places after the point."}),
        (
            {"budget_spent": "1e16"},
            {"budget_spent": "This has to be at most 999,999,999,999,999.99."},
        ),
        ({"change_percent": "101"}, {"change_percent": "This has to be at most 100."}),
        ({"impact_score": "0"}, {"impact_score": "This has to be at least 1."}),
        ({"stage": "pilott"}, {"stage": f"This has to be one of {', '.join(Stage)}."}),
        ({"target_on": "soon"}, {"target_on": "This has to be a date, as 2027-03-31."}),
        (
            {"starts_on": "2027-03-31", "target_on": "2027-03-30"},
            {"target_on": "This is before the start."},
        ),
    ],
)
def test_what_can_not_be_is_refused_by_its_line_and_nothing_is_saved(
    services: Services, changes: dict[str, Any], fault: dict[str, str]
) -> None:
    with pytest.raises(EntryInvalidError) as refused:
        save(services, objective="Fewer late invoices", **changes)

    assert refused.value.faults == fault
    assert show_entry(services, actor(), "FIN-01").version == 0


def test_an_initiative_that_is_paused_is_asked_for_nothing_more(services: Services) -> None:
    sweep(services)

    save(services, stage="paused")

    with services.transaction() as session:
        asks = session.exec(select(Promise).where(Promise.subject_key == "FIN-01")).all()
    assert asks
    assert PromiseState.PENDING not in {ask.state for ask in asks}


def test_an_unknown_key_gets_the_closest(services: Services) -> None:
    with pytest.raises(UnknownInitiativeError) as unknown:
        show_entry(services, actor(), "FIN-10")

    assert unknown.value.closest == ["FIN-01 (Forecast)"]
    assert TEAM not in str(unknown.value)
