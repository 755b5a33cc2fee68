"""Who belongs here. Only members act: people Slack has described, who are active and no guests."""

from collections.abc import Iterable

from storage import initiatives, people
from storage.models import Initiative, Person
from storage.reading import Reader
from workflows import policies
from workflows.errors import GuestError, LeftError, UnknownPersonError, UserError
from workflows.services import Actor


def is_member(person: Person | None) -> bool:
    """Tell whether somebody is known, active and no guest: may act, be named and be asked."""
    return person is not None and not person.deactivated and not person.guest


def refusal_of(reader: Reader, actor: Actor) -> UserError | None:
    """Return why somebody may change nothing at all, or None if they are a member."""
    person = people.get(reader, actor.workspace_id, actor.user_id)
    if person is None:
        return UnknownPersonError()
    if person.deactivated:
        return LeftError()
    return GuestError() if person.guest else None


def require_member(reader: Reader, actor: Actor) -> None:
    """Refuse whoever may change nothing at all.

    Raises:
        UnknownPersonError, LeftError, GuestError: they are no member.
    """
    if refusal := refusal_of(reader, actor):
        raise refusal


def whom_to_ask(reader: Reader, initiative: Initiative, named: Iterable[str]) -> list[str]:
    """Return those named who are there, else the department leads, else the programme manager."""
    workspace_id = initiative.workspace_id
    leads = initiatives.department_leads(reader, workspace_id)
    manager_id = programme_manager(reader, workspace_id)
    steps = (named, leads.get(initiative.department, []), [manager_id] if manager_id else [])
    there = (members_among(reader, workspace_id, step) for step in steps)
    return next(filter(None, there), [])


def answerable_ids(reader: Reader, initiative: Initiative) -> list[str]:
    """Return who answers for an initiative: its lead, then its deputies."""
    deputies = initiatives.deputies_of(reader, initiative.workspace_id, initiative.key)
    return [*([initiative.lead_id] if initiative.lead_id else []), *deputies]


def members_among(reader: Reader, workspace_id: str, user_ids: Iterable[str]) -> list[str]:
    """Return those of these people who are members, in the same order."""
    wanted = list(user_ids)
    known = people.among(reader, workspace_id, wanted)
    return [user_id for user_id in wanted if is_member(known.get(user_id))]


def programme_manager(reader: Reader, workspace_id: str) -> str | None:
    """Return the user id of the programme manager, if the policy names one."""
    return policies.in_force(reader, workspace_id).document.people.programme_manager
