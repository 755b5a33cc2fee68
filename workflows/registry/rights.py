"""Who may write an entry: those who answer for it. Everyone reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage import initiatives
from storage.models import Initiative
from storage.reading import Reader
from workflows import audit
from workflows.errors import (
    GuestError,
    LeftError,
    NotProgrammeManagerError,
    NotYoursError,
    UnknownPersonError,
    UserError,
)
from workflows.membership import (
    answerable_ids,
    programme_manager,
    refusal_of,
    whom_to_ask,
)
from workflows.services import Actor, Services

# For want of a right; what has happened meanwhile (pressed again, decided already) is none.
_REFUSALS = (GuestError, LeftError, NotProgrammeManagerError, UnknownPersonError)


def refusal_to_edit(reader: Reader, actor: Actor, initiative: Initiative) -> UserError | None:
    """Return why somebody may not change an entry, or None if they may."""
    workspace_id = actor.workspace_id
    if refusal := refusal_of(reader, actor):
        return refusal
    leads = initiatives.department_leads(reader, workspace_id)
    answerable = [
        *answerable_ids(reader, initiative),
        *leads.get(initiative.department, []),
    ]
    if actor.user_id not in (*answerable, programme_manager(reader, workspace_id)):
        return NotYoursError(
            initiative.key,
            whom_to_ask(reader, initiative, answerable),
            f"Only those who answer for {initiative.key} can change its entry.",
        )
    return None


def contacts(services: Services, initiative: Initiative) -> list[str]:
    """Return whom somebody can turn to about an initiative: nobody who has left."""
    with services.reading() as reader:
        return whom_to_ask(reader, initiative, answerable_ids(reader, initiative)[:1])


def may_edit(services: Services, actor: Actor, key: str) -> bool:
    """Tell whether somebody may change the entry of an initiative that is there."""
    with services.reading() as reader:
        initiative = initiatives.get_one(reader, actor.workspace_id, key)
        return refusal_to_edit(reader, actor, initiative) is None


@contextmanager
def keeping_refusal(services: Services, actor: Actor, action: str, key: str) -> Iterator[None]:
    """Enter into the audit log that somebody is refused what they try within; it is raised on."""
    try:
        yield
    except _REFUSALS as refusal:
        keep_refusal(services, actor, action, key, refusal)
        raise


def keep_refusal(
    services: Services, actor: Actor, action: str, key: str, refusal: UserError
) -> None:
    """Enter into the audit log that somebody tried what they may not."""
    with services.transaction() as session:
        audit.record(session, services.now(), actor, action, key, type(refusal).__name__)
