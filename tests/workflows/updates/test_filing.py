from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import AuditEntry, Confidence, Stage, Update
from tests.factories import (
    CALL_AT,
    CALL_ON,
    CLOSES_AT,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_person,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from workflows.errors import (
    GuestError,
    InitiativeRestingError,
    LeftError,
    NoInitiativeError,
    NoRoundError,
    NotYoursError,
    UnknownInitiativeError,
    UpdateCrossedError,
    UpdateTooLongError,
    UserError,
)
from workflows.people import remember
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update
from workflows.updates.opening import DraftOf, keep_draft, my_initiatives, open_form


@pytest.fixture
def opened(services: Services) -> Services:
    """A round is open; U_LEAD leads FIN-01, and U_DEPUTY stands in."""
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    return services


def versions(services: Services) -> list[Update]:
    with services.transaction() as session:
        return list(session.exec(select(Update).order_by(Update.call_on, Update.version)))  # type: ignore[arg-type]


def refusals(services: Services) -> list[tuple[str, str, str]]:
    with services.transaction() as session:
        entries = session.exec(
            select(AuditEntry).where(AuditEntry.outcome != "done", AuditEntry.actor_id != "")
        ).all()
    return [(entry.actor_id, entry.action, entry.outcome) for entry in entries]


@pytest.mark.parametrize(
    ("filed_at", "late"),
    [
        (CLOSES_AT - timedelta(seconds=1), False),
        (CLOSES_AT, True),
        (CALL_AT + timedelta(hours=20), True),
    ],
)
def test_an_update_is_late_from_the_closing_on(
    opened: Services, clock: FakeClock, filed_at: object, late: bool
) -> None:
    clock.move_to(filed_at)  # type: ignore[arg-type]

    filed = file_update(opened, actor(), a_filing())

    assert (filed.update.late, filed.update.version) == (late, 1)


def test_an_edit_after_the_call_keeps_every_version_and_is_not_late(
    opened: Services, clock: FakeClock
) -> None:
    file_update(opened, actor(), a_filing(progress="First"))
    clock.move_to(CALL_AT + timedelta(hours=1))

    file_update(opened, actor(), a_filing(progress="Second", base_version=1))

    kept = [(u.version, u.progress, u.late) for u in versions(opened)]
    assert kept == [(1, "First", False), (2, "Second", False)]


def test_the_same_content_twice_is_one_version(opened: Services) -> None:
    first = file_update(opened, actor(), a_filing())
    again = file_update(opened, actor(), a_filing())

    assert (first.is_new, again.is_new) == (True, False)
    assert len(versions(opened)) == 1


def test_two_at_once_are_both_answered_and_neither_is_lost(opened: Services) -> None:
    def file(user_id: str) -> str:
        try:
            file_update(opened, actor(user_id), a_filing(progress=f"By {user_id}"))
        except UpdateCrossedError:
            return "crossed"
        return "filed"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(file, ["U_LEAD", "U_DEPUTY"]))

    assert outcomes == ["crossed", "filed"]
    assert len(versions(opened)) == 1


def test_enter_pressed_ten_times_at_once_is_one_version(opened: Services) -> None:
    with ThreadPoolExecutor(10) as pool:
        filed = list(pool.map(lambda _: file_update(opened, actor(), a_filing()), range(10)))

    assert sum(result.is_new for result in filed) == 1
    assert len(versions(opened)) == 1


def test_who_crossed_another_can_file_over_it(opened: Services) -> None:
    file_update(opened, actor("U_DEPUTY"), a_filing(progress="Deputy's"))

    with pytest.raises(UpdateCrossedError) as crossed:
        file_update(opened, actor("U_LEAD"), a_filing(progress="Lead's"))
    file_update(opened, actor("U_LEAD"), a_filing(progress="Lead's", base_version=1))

    assert (crossed.value.author_id, crossed.value.version) == ("U_DEPUTY", 1)
    assert [update.author_id for update in versions(opened)] == ["U_DEPUTY", "U_LEAD"]


def test_a_form_left_open_counts_for_the_round_it_was_opened_in(
    opened: Services, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM + timedelta(days=7))
    sweep(opened)

    filed = file_update(opened, actor(), a_filing(call_on=CALL_ON))

    assert (filed.update.call_on, filed.update.late) == (CALL_ON, True)


def test_too_long_is_refused_and_nothing_is_stored(opened: Services) -> None:
    with pytest.raises(UpdateTooLongError):
        file_update(opened, actor(), a_filing(progress="word " * 401))

    assert versions(opened) == []


def test_nobody_else_files_and_the_attempt_is_kept(opened: Services) -> None:
    remember(opened, TEAM, a_profile("U_OTHER"))

    with pytest.raises(NotYoursError) as refused:
        file_update(opened, actor("U_OTHER"), a_filing())

    assert refused.value.answerable_ids == ["U_LEAD", "U_DEPUTY"]
    assert versions(opened) == []
    assert refusals(opened) == [("U_OTHER", "file_update", "NotYoursError")]


@pytest.mark.parametrize(
    ("became", "error"), [({"guest": True}, GuestError), ({"deactivated": True}, LeftError)]
)
def test_a_lead_who_became_a_guest_or_left_files_nothing(
    services: Services, became: dict[str, Any], error: type[UserError]
) -> None:
    settle_in(services, an_initiative(), persons=[a_person(**became)])
    sweep(services)

    with pytest.raises(error):
        file_update(services, actor(), a_filing())


@pytest.mark.parametrize("wanted", ["fin-01", "FIN-01", "initiative fin-01", "tive FIN"])
def test_a_form_opens_by_key_name_or_a_part_of_it(opened: Services, wanted: str) -> None:
    assert open_form(opened, actor(), wanted).initiative.key == "FIN-01"


def test_an_unknown_name_gets_the_closest(opened: Services) -> None:
    with pytest.raises(UnknownInitiativeError, match=r"Did you mean FIN-01 \(Initiative FIN-01\)"):
        open_form(opened, actor(), "fin-1")


def test_a_paused_initiative_takes_no_update(services: Services) -> None:
    settle_in(services, an_initiative(stage=Stage.PAUSED))

    with pytest.raises(InitiativeRestingError, match="FIN-01 is paused"):
        open_form(services, actor(), "FIN-01")


def test_before_the_first_round_there_is_nothing_to_file(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())

    with pytest.raises(NoRoundError):
        open_form(services, actor(), "FIN-01")


def test_the_form_is_prefilled_with_last_week_s_update(opened: Services, clock: FakeClock) -> None:
    file_update(opened, actor(), a_filing(progress="Old", confidence=Confidence.AT_RISK))
    clock.move_to(MONDAY_9AM + timedelta(days=7))
    sweep(opened)

    form = open_form(opened, actor(), "FIN-01")

    assert (form.texts["progress"], form.confidence) == ("Old", Confidence.AT_RISK)
    assert (form.prefilled_from, form.base_version) == (CALL_ON, 0)
    assert form.round.call_on == CALL_ON + timedelta(days=7)


def test_a_draft_is_kept_until_the_update_is_filed(opened: Services) -> None:
    typed = {"progress": "Half a sent", "confidence": "at_risk"}
    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 0), typed)

    drafted = open_form(opened, actor(), "FIN-01")
    other = open_form(opened, actor("U_DEPUTY"), "FIN-01")
    file_update(opened, actor(), a_filing(progress="Whole"))
    after = open_form(opened, actor(), "FIN-01")

    assert (drafted.texts["progress"], drafted.confidence) == ("Half a sent", Confidence.AT_RISK)
    assert (drafted.is_draft, other.is_draft, after.is_draft) == (True, False, False)
    assert other.texts == {}


def test_a_keystroke_that_comes_after_one_s_own_filing_revives_nothing(opened: Services) -> None:
    file_update(opened, actor(), a_filing(progress="Whole"))

    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": "Who"})

    form = open_form(opened, actor(), "FIN-01")
    assert (form.is_draft, form.texts["progress"], form.base_version) == (False, "Whole", 1)


def test_what_is_typed_in_a_form_opened_after_one_s_own_filing_is_kept(opened: Services) -> None:
    file_update(opened, actor(), a_filing(progress="Whole"))

    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 1), {"progress": "Whole and more"})

    form = open_form(opened, actor(), "FIN-01")
    assert (form.is_draft, form.texts["progress"], form.base_version) == (True, "Whole and more", 1)


@pytest.mark.parametrize("typed", ["Lead's", "Lead's own"])
def test_a_draft_begun_before_a_deputy_filed_does_not_overwrite_what_they_filed(
    opened: Services, typed: str
) -> None:
    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": "Lead's"})
    file_update(opened, actor("U_DEPUTY"), a_filing(progress="Deputy's"))
    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": typed})

    form = open_form(opened, actor(), "FIN-01")
    with pytest.raises(UpdateCrossedError):
        file_update(opened, actor(), a_filing(base_version=form.base_version, progress=typed))

    assert (form.is_draft, form.base_version, form.texts["progress"]) == (True, 0, typed)
    assert [update.progress for update in versions(opened)] == ["Deputy's"]


def test_a_draft_begun_after_a_deputy_filed_is_filed_over_it(opened: Services) -> None:
    file_update(opened, actor("U_DEPUTY"), a_filing(progress="Deputy's"))
    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 1), {"progress": "Lead's"})

    form = open_form(opened, actor(), "FIN-01")
    file_update(opened, actor(), a_filing(base_version=form.base_version, progress="Lead's"))

    assert [update.progress for update in versions(opened)] == ["Deputy's", "Lead's"]


def test_last_week_s_draft_is_not_this_week_s(opened: Services, clock: FakeClock) -> None:
    keep_draft(opened, actor(), DraftOf("FIN-01", CALL_ON, 0), {"progress": "Old"})
    clock.move_to(MONDAY_9AM + timedelta(days=7))
    sweep(opened)

    assert not open_form(opened, actor(), "FIN-01").is_draft


def test_a_lead_is_asked_for_what_they_lead_and_a_deputy_for_what_they_stand_in_for(
    services: Services,
) -> None:
    settle_in(
        services,
        an_initiative("A-1", lead_id="U_OTHER"),
        an_initiative("B-1"),
        an_initiative("C-1", stage=Stage.RETIRED),
        deputies={"A-1": ["U_LEAD", "U_DEPUTY"], "B-1": ["U_DEPUTY"]},
    )

    of_lead, of_deputy = (my_initiatives(services, actor(id_)) for id_ in ("U_LEAD", "U_DEPUTY"))

    assert [initiative.key for initiative in of_lead] == ["B-1"]
    assert [initiative.key for initiative in of_deputy] == ["A-1", "B-1"]


def test_who_answers_for_nothing_is_told_so(opened: Services) -> None:
    remember(opened, TEAM, a_profile("U_DEPUTY_OF_NONE"))

    with pytest.raises(NoInitiativeError):
        my_initiatives(opened, actor("U_DEPUTY_OF_NONE"))


def test_words_of_the_limit_come_from_the_round_s_policy(
    opened: Services, adopt: Callable[..., None]
) -> None:
    adopt(update={"words": 2})

    file_update(opened, actor(), a_filing(progress="More than two words"))

    assert len(versions(opened)) == 1
    assert versions(opened)[0].workspace_id == TEAM
