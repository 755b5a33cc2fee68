"""Lists of initiatives, page by page: those of a kind, those found by words, the stale ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from storage import entries, initiatives, people
from storage.models import Entry, Initiative, Stage
from storage.reading import Reader
from workflows import policies
from workflows.errors import FilterUnknownError
from workflows.registry.finding import find_by_words
from workflows.registry.names import closest_words
from workflows.services import Actor, Services
from workflows.stages import AT_WORK

PER_PAGE = 10
LONGEST_QUESTION = 500  # characters; a button that turns the page carries them
MINE = "mine"


class ListKind(StrEnum):
    """What a list is of."""

    LIST = "list"
    FIND = "find"
    STALE = "stale"


@dataclass(frozen=True)
class Wanted:
    """A list that somebody asks for."""

    kind: ListKind
    words: str = ""  # that they are chosen by


@dataclass(frozen=True)
class Page:
    """Some of the initiatives that somebody asked for."""

    wanted: Wanted
    number: int  # 0 is the first
    pages: int  # 1 at least
    total: int  # initiatives on all of them
    initiatives: Sequence[Initiative]
    entries: Mapping[str, Entry]  # by the initiative's key; some have none
    names: Mapping[str, str]  # of the leads, by user id
    read_as: str = ""  # what misspelled words were taken for
    is_any: bool = False  # they have some of the words: none has all


@dataclass(frozen=True)
class _Keys:
    shown: Sequence[str]
    total: int
    read_as: str = ""
    is_any: bool = False


def list_page(services: Services, actor: Actor, wanted: Wanted, number: int = 0) -> Page:
    """Return one page of a list; beyond the last it is the last.

    Raises:
        FilterUnknownError: the words of a list mean nothing; names the closest.
    """
    now = services.now()
    wanted = replace(wanted, words=wanted.words[:LONGEST_QUESTION])
    with services.reading() as reader:
        found = _keys(reader, actor, wanted, now, number)
        if not found.shown and found.total:
            number = _pages(found.total) - 1
            found = _keys(reader, actor, wanted, now, number)
        by_key = {
            one.key: one for one in initiatives.among(reader, actor.workspace_id, found.shown)
        }
        shown = [by_key[key] for key in found.shown if key in by_key]
        led = {initiative.lead_id for initiative in shown if initiative.lead_id}
        leads = people.among(reader, actor.workspace_id, led)
        written = entries.among(reader, actor.workspace_id, found.shown)
    return Page(
        wanted,
        number,
        _pages(found.total),
        found.total,
        shown,
        written,
        {user_id: person.name for user_id, person in leads.items()},
        found.read_as,
        found.is_any,
    )


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))


def _keys(reader: Reader, actor: Actor, wanted: Wanted, now: datetime, number: int) -> _Keys:
    workspace_id, offset = actor.workspace_id, number * PER_PAGE
    if wanted.kind is ListKind.FIND:
        found = find_by_words(reader, workspace_id, wanted.words, PER_PAGE, offset)
        if offset and not found.total:  # beyond the last page nobody counts
            found = find_by_words(reader, workspace_id, wanted.words, PER_PAGE)
            return _Keys([], found.total)
        return _Keys(found.keys, found.total, found.read_as, found.is_any)
    if wanted.kind is ListKind.STALE:
        days = policies.in_force(reader, workspace_id).document.registry.stale_days
        stale = entries.stale_keys(reader, workspace_id, AT_WORK, now - timedelta(days=days))
        return _Keys(stale[offset : offset + PER_PAGE], len(stale))
    facts = chosen_facts(reader, actor, wanted.words)
    rows, total = initiatives.page(reader, workspace_id, facts, offset, PER_PAGE)
    return _Keys([row.key for row in rows], total)


def chosen_facts(reader: Reader, actor: Actor, words: str) -> dict[str, str]:
    """Return the columns that the words are about, and what they have to hold.

    Raises:
        FilterUnknownError: the words mean nothing; names the closest.
    """
    folded = words.strip().casefold()
    if not folded:
        return {}
    if folded == MINE:
        return {"lead_id": actor.user_id}
    if folded in list(Stage):
        return {"stage": folded}
    departments = {
        name.casefold(): name for name in initiatives.departments(reader, actor.workspace_id)
    }
    partly = [name for fold, name in departments.items() if folded in fold]
    if folded in departments or len(partly) == 1:
        return {"department": departments.get(folded) or partly[0]}
    closest = partly[:3] or closest_words(folded, [*Stage, *departments])
    raise FilterUnknownError(words, [departments.get(word, word) for word in closest])
