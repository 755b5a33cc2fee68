"""Who may write an entry: those who answer for it. Everyone reads."""

from sqlmodel import Session

from storage import initiatives, people
from storage.models import Initiative
from workflows import audit, policies
from workflows.errors import GuestError, NotYoursError, UserError
from workflows.services import Actor, Services


def refusal_to_write(session: Session, actor: Actor, initiative: Initiative) -> UserError | None:
    """Return why somebody may not change an entry, or None if they may."""
    workspace_id = actor.workspace_id
    person = people.get(session, workspace_id, actor.user_id)
    if person is not None and person.guest:
        return GuestError()
    leads = initiatives.department_leads(session, workspace_id)
    answerable = [
        *([initiative.lead_id] if initiative.lead_id else []),
        *initiatives.deputies_of(session, workspace_id, initiative.key),
        *leads.get(initiative.department, []),
    ]
    is_gone = person is not None and person.deactivated
    if is_gone or actor.user_id not in (*answerable, programme_manager(session, workspace_id)):
        return NotYoursError(
            initiative.key,
            answerable,
            f"The entry of {initiative.key} is written by those who answer for it.",
        )
    return None


def programme_manager(session: Session, workspace_id: str) -> str | None:
    """Return the user id of the programme manager, if the policy names one."""
    return policies.in_force(session, workspace_id).document.people.programme_manager


def keep_refusal(
    services: Services, actor: Actor, action: str, key: str, refusal: UserError
) -> None:
    """Enter into the audit log that somebody tried what they may not."""
    with services.transaction() as session:
        audit.record(session, services.now(), actor, action, key, type(refusal).__name__)
