"""What the bot knows of people, and how it keeps up with Slack."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storage import initiatives, people
from storage.models import Person
from workflows.changes import changed
from workflows.errors import LeftError, StrangerError, UnknownPersonError
from workflows.owing import What
from workflows.services import Actor, Services

STALE_AFTER = timedelta(days=1)
FALLBACK_ZONE = "UTC"  # of somebody whose timezone Slack has never told


@dataclass(frozen=True)
class Profile:
    """Somebody as Slack describes them."""

    user_id: str
    name: str
    timezone: str | None  # IANA; None: Slack doesn't say, and what is known stays
    deactivated: bool = False
    guest: bool = False  # of the workspace
    bot: bool = False
    stranger: bool = False  # of another organisation or workspace


def remember(services: Services, workspace_id: str, profile: Profile) -> Person:
    """Keep what Slack says of somebody; what is still to be asked moves with their clock."""
    now = services.now()
    with services.transaction() as session:
        before = people.get(session, workspace_id, profile.user_id)
        timezone = profile.timezone or (before.timezone if before else FALLBACK_ZONE)
        asked_differently = before is not None and (
            before.timezone != timezone
            or before.deactivated != profile.deactivated
            or before.guest != (profile.guest or profile.stranger)
        )
        person = people.save(
            session,
            Person(
                workspace_id=workspace_id,
                user_id=profile.user_id,
                name=profile.name,
                timezone=timezone,
                deactivated=profile.deactivated,
                guest=profile.guest or profile.stranger,
                stranger=profile.stranger,
                read_at=now,
            ),
        )
        if asked_differently:
            mine = initiatives.of_person(session, workspace_id, profile.user_id)
            keys = [initiative.key for initiative in mine]
            changed(session, workspace_id, What.PEOPLE, now, keys)
        return person


def welcome(services: Services, actor: Actor, look_up: Callable[[], Profile | None]) -> None:
    """Let somebody in who is known, or whom Slack describes as of this workspace; guests read.

    `look_up` asks Slack, and returns None where Slack doesn't say.

    Raises:
        UnknownPersonError, StrangerError, LeftError: they are not let in.
    """
    person = known_person(services, actor.workspace_id, actor.user_id)
    if person is None:
        profile = look_up()
        if profile is None:
            raise UnknownPersonError
        if profile.stranger:
            raise StrangerError
        person = remember(services, actor.workspace_id, profile)
    if person.stranger:  # known because somebody named them
        raise StrangerError
    if person.deactivated:
        raise LeftError


def set_aside(services: Services, workspace_id: str, user_id: str) -> None:
    """Note that somebody was asked about in vain, so that it is the others' turn."""
    with services.transaction() as session:
        if person := people.to_change(session, workspace_id, user_id):
            person.read_at = services.now()


def known_person(services: Services, workspace_id: str, user_id: str) -> Person | None:
    """Return what is known of somebody, if anything is."""
    with services.reading() as reader:
        return people.get(reader, workspace_id, user_id)


def people_among(
    services: Services, workspace_id: str, user_ids: Iterable[str]
) -> dict[str, Person]:
    """Return what is known of these people by their user id, of those of whom anything is."""
    with services.reading() as reader:
        return people.among(reader, workspace_id, user_ids)


def stalest(services: Services, workspace_id: str, limit: int) -> Sequence[str]:
    """Return the user ids of those that Slack was not asked about for a day."""
    with services.reading() as reader:
        return people.read_before(reader, workspace_id, services.now() - STALE_AFTER, limit)


def names_of(services: Services, workspace_id: str, user_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the known ones of these people by their user id."""
    found = people_among(services, workspace_id, user_ids)
    return {user_id: person.name for user_id, person in found.items()}
