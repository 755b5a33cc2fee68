"""Lists of initiatives, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from storage import entries, initiatives, people
from storage.models import Entry, Initiative, Stage
from workflows.errors import FilterUnknownError
from workflows.registry.names import closest_words
from workflows.services import Actor, Services

PER_PAGE = 10
MINE = "mine"


@dataclass(frozen=True)
class Page:
    """Some of the initiatives that somebody asked for."""

    wanted: str  # the words that they are chosen by
    number: int  # 0 is the first
    pages: int  # 1 at least
    total: int  # initiatives on all of them
    initiatives: Sequence[Initiative]
    entries: Mapping[str, Entry]  # by the initiative's key; some have none
    names: Mapping[str, str]  # of the leads, by user id


def list_initiatives(services: Services, actor: Actor, wanted: str, number: int = 0) -> Page:
    """Return one page of the initiatives of a stage, a department or the asker; no word: of all.

    A page beyond the last is the last.

    Raises:
        FilterUnknownError: the words mean nothing here; names the closest.
    """
    with services.reading() as session:
        facts = _facts(session, actor, wanted)
        _, total = initiatives.page(session, actor.workspace_id, facts, 0, 0)
        pages = max(1, -(-total // PER_PAGE))
        number = min(number, pages - 1)
        offset = number * PER_PAGE
        found, _ = initiatives.page(session, actor.workspace_id, facts, offset, PER_PAGE)
        keys = [initiative.key for initiative in found]
        leads = people.among(
            session, actor.workspace_id, {initiative.lead_id for initiative in found}
        )
        written = entries.among(session, actor.workspace_id, keys)
    names = {user_id: person.name for user_id, person in leads.items()}
    return Page(wanted, number, pages, total, found, written, names)


def _facts(session: Session, actor: Actor, wanted: str) -> dict[str, str]:
    """Return the columns that the words are about, and what they have to hold."""
    folded = wanted.strip().casefold()
    if not folded:
        return {}
    if folded == MINE:
        return {"lead_id": actor.user_id}
    if folded in list(Stage):
        return {"stage": folded}
    departments = {
        name.casefold(): name for name in initiatives.departments(session, actor.workspace_id)
    }
    partly = [name for fold, name in departments.items() if folded in fold]
    if folded in departments or len(partly) == 1:
        return {"department": departments.get(folded) or partly[0]}
    closest = partly[:3] or closest_words(folded, [*Stage, *departments])
    raise FilterUnknownError(wanted, [departments.get(word, word) for word in closest])
