"""What the bot knows of people, and how it keeps up with Slack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage import people
from storage.models import Person
from workflows.rounds.planning import replan_asks
from workflows.services import Services

STALE_AFTER = timedelta(days=1)
FALLBACK_ZONE = "UTC"  # of somebody whose timezone Slack has never told


@dataclass(frozen=True)
class Profile:
    """Somebody as Slack describes them."""

    user_id: str
    name: str
    timezone: str | None  # IANA; None: Slack doesn't say, and what is known stays
    deactivated: bool = False
    guest: bool = False  # of the workspace, or from another organisation
    bot: bool = False


def remember(services: Services, workspace_id: str, profile: Profile) -> Person:
    """Keep what Slack says of somebody; what is still to be asked moves with their clock."""
    now = services.now()
    with services.transaction() as session:
        before = people.get(session, workspace_id, profile.user_id)
        timezone = profile.timezone or (before.timezone if before else FALLBACK_ZONE)
        asked_differently = before is not None and (
            before.timezone != timezone
            or before.deactivated != profile.deactivated
            or before.guest != profile.guest
        )
        person = people.save(
            session,
            Person(
                workspace_id=workspace_id,
                user_id=profile.user_id,
                name=profile.name,
                timezone=timezone,
                deactivated=profile.deactivated,
                guest=profile.guest,
                read_at=now,
            ),
        )
        if asked_differently:
            replan_asks(session, workspace_id, now)
        return person


def set_aside(services: Services, workspace_id: str, user_id: str) -> None:
    """Note that somebody was asked about in vain, so that it is the others' turn."""
    with services.transaction() as session:
        if person := people.get(session, workspace_id, user_id):
            person.read_at = services.now()


def known_person(services: Services, workspace_id: str, user_id: str) -> Person | None:
    """Return what is known of somebody, if anything is."""
    with services.reading() as session:
        return people.get(session, workspace_id, user_id)


def stalest(services: Services, workspace_id: str, limit: int) -> Sequence[str]:
    """Return the user ids of those that Slack was not asked about for a day."""
    with services.reading() as session:
        return people.read_before(session, workspace_id, services.now() - STALE_AFTER, limit)


def names_of(services: Services, workspace_id: str, user_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the known ones of these people by their user id."""
    with services.reading() as session:
        found = people.among(session, workspace_id, user_ids)
    return {user_id: person.name for user_id, person in found.items()}
