"""What an entry of the audit log holds, and what it never does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from storage.models import Stage, Verdict
from tests.factories import MONDAY_9AM, TEAM, a_person, a_profile, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from tests.workflows.audit_log.logged import everything, kept_of
from workflows import audit
from workflows.errors import GuestError, NotProgrammeManagerError
from workflows.inventory.sent_files import sent_file
from workflows.people import remember
from workflows.registry.editing import save_entry
from workflows.registry.entering import answer_overlaps, check_new, enter_initiative, open_new
from workflows.registry.facts import checked
from workflows.registry.handing_back import hand_back
from workflows.services import Actor, Services
from workflows.sweep import sweep
from workflows.updates.opening import my_initiatives

NEW = {"name": "Chat", "department": "Finance", "stage": "proposed"}


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


@pytest.mark.parametrize(
    ("attempt", "kept"),
    [
        (lambda services, guest: open_new(services, guest), ("open_entry", "new")),
        (
            lambda services, guest: check_new(services, guest, NEW),
            ("check_entry", "new"),
        ),
        (
            lambda services, guest: enter_initiative(services, guest, checked(NEW), {}, 0),
            ("enter_initiative", "new"),
        ),
        (lambda services, guest: my_initiatives(services, guest), ("open_form", "mine")),
        (lambda services, guest: hand_back(services, guest, "FIN-01"), ("hand_back", "FIN-01")),
        (
            lambda services, guest: answer_overlaps(services, guest, "FIN-01", {}),
            ("save_entry", "FIN-01"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_whatever_a_guest_is_refused_is_kept(
    services: Services, attempt: Callable[[Services, Actor], object], kept: tuple[str, str]
) -> None:
    settle_in(services, an_initiative())
    remember(services, TEAM, a_profile("U_GUEST", guest=True))

    with pytest.raises(GuestError):
        attempt(services, actor("U_GUEST"))

    (entry,) = [one for one in everything(services) if one.actor_id == "U_GUEST"]
    assert (entry.action, entry.subject, entry.outcome) == (*kept, "GuestError")


def test_who_looks_at_a_file_that_is_the_programme_managers_is_kept(services: Services) -> None:
    remember(services, TEAM, a_profile())

    with pytest.raises(NotProgrammeManagerError):
        sent_file(services, actor(), "F1")

    (entry,) = kept_of(services, "open_inventory")
    assert (entry.actor_id, entry.subject) == ("U_LEAD", "F1")
    assert entry.outcome == "NotProgrammeManagerError"


def test_what_was_said_of_look_alikes_is_kept_although_no_entry_changes(
    services: Services,
) -> None:
    settle_in(services, an_initiative(), an_initiative("OPS-01"))

    answer_overlaps(services, actor(), "FIN-01", {"OPS-01": Verdict.DIFFERENT})

    (said,) = kept_of(services, "answer_overlaps")
    assert (said.subject, said.facts) == ("FIN-01", {"OPS-01": "different"})
    assert kept_of(services, "save_entry") == []


def test_what_changed_in_an_entry_is_kept_and_not_what_was_written(services: Services) -> None:
    settle_in(services, an_initiative(), persons=[a_person("U_OLA")])
    changes = {"lead_id": "U_OLA", "stage": Stage.PRODUCTION, "objective": "Half of it"}

    save_entry(services, actor(), "FIN-01", 0, changes)

    (saved,) = kept_of(services, "save_entry")
    assert saved.facts == {
        "version": 1,
        "lead_id": "@U_OLA",
        "stage": "production",
        "objective": True,
    }
