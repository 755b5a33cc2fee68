"""What an entry of the audit log holds, and what it never does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import MONDAY_9AM, TEAM, an_initiative, settle_in
from tests.fakes import FakeClock
from tests.workflows.audit_log.logged import kept_of
from workflows import audit
from workflows.services import Actor, Services
from workflows.sweep import sweep


def test_a_policy_that_is_adopted_is_kept_with_its_version(
    services: Services, adopt: Callable[..., None]
) -> None:
    adopt(audit={"time": "17:00"})

    first, second = sorted(kept_of(services, "adopt_policy"), key=lambda one: one.policy_version)
    assert (first.subject, first.facts) == ("v1", {"version": 1, "before": 0})
    assert (second.subject, second.facts) == ("v2", {"version": 2, "before": 1})
    assert second.actor_id == audit.BOT


def test_a_rule_that_fired_is_kept_with_its_clause_and_what_decided(
    services: Services, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    settle_in(services, an_initiative())
    sweep(services)

    clock.move_to(MONDAY_9AM + timedelta(minutes=6))
    sweep(services)

    (prompt,) = kept_of(services, "prompt")
    assert (prompt.subject, prompt.outcome) == ("FIN-01", "late")
    assert (prompt.clause, prompt.policy_version) == ("round.prompt_working_days_before", 1)
    assert prompt.facts == {
        "due": "2026-11-23T14:00:00Z",
        "on": "2026-11-25",
        "to": "@U_LEAD",
        "late_by_seconds": 360,
    }


def test_an_act_is_kept_with_what_decided(naming_lead: Services) -> None:
    (filed,) = kept_of(naming_lead, "file_update")

    assert filed.policy_version == 1
    assert filed.facts == {
        "on": "2026-11-25",
        "version": 1,
        "confidence": "on_track",
        "late": False,
    }


@pytest.mark.parametrize(
    ("subject", "facts"),
    [
        ("U_LEAD", {}),
        ("FIN-01", {"to": "U_LEAD"}),
        ("FIN-01", {"said": "two words"}),
        ("FIN-01", {"said": "x" * 101}),
        ("FIN-01", {"amount": 0.5}),
        ("FIN-01", {"several": ["FIN-01"]}),
    ],
)
def test_what_people_wrote_and_bare_names_of_people_are_refused(
    services: Services, subject: str, facts: Any
) -> None:
    who = Actor(TEAM, "U_LEAD")

    with pytest.raises(AssertionError), services.transaction() as session:
        audit.record(session, MONDAY_9AM, who, "deed", subject, facts=facts)

    assert kept_of(services, "deed") == []
