"""A submission acts once: pressed at the same moment, refused before, or after a failure."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from storage import inbox
from storage.models import InboxItem, InboxKind
from tests.factories import TEAM, actor, an_initiative, settle_in
from workflows import audit
from workflows.errors import DoneBeforeError, NotYoursError
from workflows.once import acting, was_done
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Actor, Services

WANTED = MilestoneWanted(None, "Live", date(2027, 3, 31))


@pytest.fixture
def submitting(services: Services) -> Actor:
    """Somebody whose submission has come in."""
    settle_in(services, an_initiative(), an_initiative("OPS-01", lead_id="U_OLA"))
    return came_in(services, actor(), "submission:1")


def came_in(services: Services, who: Actor, key: str) -> Actor:
    now = services.now()
    item = InboxItem(
        workspace_id=TEAM, key=key, kind=InboxKind.SUBMISSION, received_at=now, claimed_at=now
    )
    with services.transaction() as session:
        inbox.keep(session, item)
    return replace(who, submission_id=key)


def test_two_that_press_at_the_same_moment_act_once(services: Services, submitting: Actor) -> None:
    def press(_: int) -> bool:
        try:
            save_milestone(services, submitting, "FIN-01", WANTED)
        except DoneBeforeError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        acted = list(pool.map(press, range(4)))

    assert sorted(acted) == [False, False, False, True]
    assert len(show_entry(services, submitting, "FIN-01").facts.milestones) == 1


def test_what_was_refused_is_looked_at_again_when_it_is_sent_again(
    services: Services, submitting: Actor
) -> None:
    with pytest.raises(NotYoursError):
        save_milestone(services, submitting, "OPS-01", WANTED)
    refused = was_done(services, submitting)
    save_entry(services, actor("U_OLA"), "OPS-01", 0, {"lead_id": "U_LEAD"})

    save_milestone(services, submitting, "OPS-01", WANTED)

    assert not refused
    assert was_done(services, submitting)
    assert len(show_entry(services, submitting, "OPS-01").facts.milestones) == 1


def test_what_fails_half_way_is_not_done(services: Services, submitting: Actor) -> None:
    with pytest.raises(ZeroDivisionError), acting(services, submitting):
        _ = 1 / 0

    assert not was_done(services, submitting)


def test_a_deed_that_could_be_done_twice_is_refused(services: Services, submitting: Actor) -> None:
    with pytest.raises(AssertionError), services.transaction() as session:
        audit.record(session, services.now(), submitting, "some_deed", "FIN-01")
