from sqlmodel import select

from storage.models import Notification
from tests.factories import (
    MONDAY_9AM,
    TEAM,
    a_person,
    a_profile,
    an_initiative,
    person_now,
    settle_in,
)
from workflows.people import FALLBACK_ZONE, remember
from workflows.services import Services
from workflows.sweep import sweep


def test_a_profile_without_a_timezone_keeps_the_known_one(services: Services) -> None:
    settle_in(services, persons=[a_person(timezone="Asia/Kathmandu")])

    remember(services, TEAM, a_profile(name="Renamed", timezone=None))

    person = person_now(services, "U_LEAD")
    assert (person.name, person.timezone) == ("Renamed", "Asia/Kathmandu")


def test_a_profile_with_a_timezone_replaces_the_known_one(services: Services) -> None:
    settle_in(services, persons=[a_person(timezone="Asia/Kathmandu")])

    remember(services, TEAM, a_profile(timezone="Europe/Berlin"))

    assert person_now(services, "U_LEAD").timezone == "Europe/Berlin"


def test_somebody_unknown_whose_timezone_is_not_told_lives_by_the_fallback(
    services: Services,
) -> None:
    remember(services, TEAM, a_profile("U_NEW", timezone=None))
    first = person_now(services, "U_NEW").timezone

    remember(services, TEAM, a_profile("U_NEW", timezone="Asia/Tokyo"))

    assert (first, person_now(services, "U_NEW").timezone) == (FALLBACK_ZONE, "Asia/Tokyo")


def test_a_profile_without_a_timezone_moves_no_prompt(services: Services) -> None:
    settle_in(services, an_initiative())

    remember(services, TEAM, a_profile(timezone=None))
    sweep(services)

    with services.transaction() as session:
        (prompt,) = session.exec(select(Notification)).all()
    assert prompt.due_at == MONDAY_9AM
