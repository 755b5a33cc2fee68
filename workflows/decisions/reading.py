"""Reading the decision log: a page of it, or one decision. Everybody may read all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage import decisions, escalations, initiatives, people
from storage.models import Decision, Escalation, Initiative
from workflows.escalations.errors import UnknownDecisionError
from workflows.escalations.reading import read_number
from workflows.registry.entries import find
from workflows.services import Actor, Services

PER_PAGE = 10


@dataclass(frozen=True)
class DecisionPage:
    """A page of the log, newest first."""

    key: str  # of the one initiative that it is about; "": of all
    number: int  # from 0
    pages: int
    total: int
    decisions: Sequence[Decision]
    names: Mapping[str, str] = field(default_factory=dict)  # of who decided


@dataclass(frozen=True)
class ShownDecision:
    """One decision with all that it is shown with."""

    decision: Decision
    initiative: Initiative
    decided_by: str  # their name
    escalation: Escalation | None  # that it settled


def decision_page(services: Services, actor: Actor, wanted: str, number: int = 0) -> DecisionPage:
    """Return one page of the log, of all or of one initiative; beyond the last it is the last.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    workspace_id = actor.workspace_id
    with services.reading() as reader:
        key = find(reader, workspace_id, wanted).key if wanted.strip() else ""
        rows, total = decisions.page(reader, workspace_id, key, number * PER_PAGE, PER_PAGE)
        pages = max(1, -(-total // PER_PAGE))
        if number >= pages:
            number = pages - 1
            rows, _ = decisions.page(reader, workspace_id, key, number * PER_PAGE, PER_PAGE)
        known = people.among(reader, workspace_id, {row.decided_by for row in rows})
    names = {user_id: person.name for user_id, person in known.items()}
    return DecisionPage(key, number, pages, total, rows, names)


def show_decision(services: Services, actor: Actor, wanted: str) -> ShownDecision:
    """Return the decision that somebody means by D-7, or by 7.

    Raises:
        UnknownDecisionError: there is none.
    """
    number, workspace_id = read_number(wanted, "D"), actor.workspace_id
    with services.reading() as reader:
        found = decisions.get(reader, workspace_id, number) if number else None
        if found is None:
            raise UnknownDecisionError(wanted)
        initiative = initiatives.get_one(reader, workspace_id, found.initiative_key)
        person = people.get(reader, workspace_id, found.decided_by)
        settled = (
            escalations.get(reader, workspace_id, found.escalation) if found.escalation else None
        )
    return ShownDecision(found, initiative, person.name if person else found.decided_by, settled)
