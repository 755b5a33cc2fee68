"""Who belongs here. Only members act: people Slack has described, who are active and no guests."""

from collections.abc import Iterable

from sqlmodel import Session

from storage import initiatives, people
from storage.models import Initiative, Person
from workflows import policies
from workflows.errors import GuestError, LeftError, UnknownPersonError, UserError
from workflows.services import Actor


def is_member(person: Person | None) -> bool:
    """Tell whether somebody is known, active and no guest: may act, be named and be asked."""
    return person is not None and not person.deactivated and not person.guest


def refusal_of(session: Session, actor: Actor) -> UserError | None:
    """Return why somebody may change nothing at all, or None if they are a member."""
    person = people.get(session, actor.workspace_id, actor.user_id)
    if person is None:
        return UnknownPersonError()
    if person.deactivated:
        return LeftError()
    return GuestError() if person.guest else None


def require_member(session: Session, actor: Actor) -> None:
    """Refuse whoever may change nothing at all.

    Raises:
        UnknownPersonError, LeftError, GuestError: they are no member.
    """
    if refusal := refusal_of(session, actor):
        raise refusal


def whom_to_ask(session: Session, initiative: Initiative, named: Iterable[str]) -> list[str]:
    """Return those named who are there, else the department leads, else the programme manager."""
    workspace_id = initiative.workspace_id
    leads = initiatives.department_leads(session, workspace_id)
    manager_id = programme_manager(session, workspace_id)
    steps = (named, leads.get(initiative.department, []), [manager_id] if manager_id else [])
    there = (members_among(session, workspace_id, step) for step in steps)
    return next(filter(None, there), [])


def answerable_ids(session: Session, initiative: Initiative) -> list[str]:
    """Return who answers for an initiative: its lead, then its deputies."""
    deputies = initiatives.deputies_of(session, initiative.workspace_id, initiative.key)
    return [*([initiative.lead_id] if initiative.lead_id else []), *deputies]


def members_among(session: Session, workspace_id: str, user_ids: Iterable[str]) -> list[str]:
    """Return those of these people who are members, in the same order."""
    wanted = list(user_ids)
    known = people.among(session, workspace_id, wanted)
    return [user_id for user_id in wanted if is_member(known.get(user_id))]


def programme_manager(session: Session, workspace_id: str) -> str | None:
    """Return the user id of the programme manager, if the policy names one."""
    return policies.in_force(session, workspace_id).document.people.programme_manager
