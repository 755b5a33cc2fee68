"""Who and what the cells of an inventory name: people, departments, and texts cut short. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from storage.models import Person
from workflows.registry.facts import CUT

_SHARE = re.compile(r"\s*\[\d+ ?%\]")  # how much of somebody, in plans of Microsoft Project
EMAIL = re.compile(r"[^\s@<>;,()\[\]]+@[^\s@<>;,()\[\]]+\.[A-Za-z]{2,}")
_USER_ID = re.compile(r"\b[UW](?=[A-Z0-9]*\d)[A-Z0-9]{7,}\b")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_AROUND_SIGN = re.compile(r" ?([&/+-]) ?")  # R & D is R&D


class People:
    """Finds people by user id, email or name."""

    def __init__(self, known: Mapping[str, Person]) -> None:
        """Take those that are known, by each of these; names and emails in small letters."""
        self._known = known

    def named(self, text: str) -> tuple[list[str], list[str]]:
        """Return the user ids of those that a cell names, and what there is to say of the rest."""
        found: dict[str, None] = {}
        says = []
        for wanted in self._parts(text):
            person = self._find(wanted)
            if person is None:
                what = "whose email is" if EMAIL.search(wanted) else "called"
                says.append(f"I know nobody {what} “{clip(wanted)}”, so they are left out")
            elif person.stranger:
                says.append(f"{person.name} belongs to another organisation, so they are left out")
            elif person.guest:
                says.append(f"{person.name} is a guest, so they are left out")
            else:
                found[person.user_id] = None
                says += [f"{person.name} has left the workspace"] if person.deactivated else []
        return list(found), says

    def _parts(self, text: str) -> Sequence[str]:
        """Return the people that a cell lists; a comma may stand within a name."""
        parts = [part.strip() for part in re.split(r"[;\n]", _SHARE.sub("", text)) if part.strip()]
        apart: list[str] = []
        for part in parts:
            listed = [one.strip() for one in part.split(",") if one.strip()]
            is_list = any(self._find(one) or EMAIL.fullmatch(one) for one in listed)
            apart += listed if is_list and self._find(part) is None else [part]
        return apart

    def _find(self, wanted: str) -> Person | None:
        folded = wanted.casefold()
        if person := self._known.get(wanted) or self._known.get(folded):
            return person
        references = references_in([wanted])
        if len(references) == 1 and (person := self._known.get(references[0])):
            return person
        last, comma, first = folded.partition(",")
        return self._known.get(f"{first.strip()} {last.strip()}") if comma else None


def references_in(cells: Iterable[str]) -> list[str]:
    """Return the emails (in small letters) and Slack's user ids that stand in cells, each once."""
    found: dict[str, None] = {}
    for cell in cells:
        found |= dict.fromkeys(email.casefold() for email in EMAIL.findall(cell))
        found |= dict.fromkeys(_USER_ID.findall(EMAIL.sub(" ", cell)))
    return list(found)


def form_of(text: str) -> str:
    """Return what names have in common that differ in case, spaces or what nobody sees only."""
    return _AROUND_SIGN.sub(r"\1", " ".join(_UNSEEN.sub("", text).split())).casefold()


def departments_by_form(known: Iterable[str]) -> dict[str, str]:
    """Return departments by what their spellings have in common."""
    found: dict[str, str] = {}
    for department in known:
        found.setdefault(form_of(department), department)
    return found


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, cut at a word."""
    if len(text) <= most:
        return text
    head = text[: most - len(CUT) + 1]
    at_word = re.sub(r"\s+\S*$", "", head)
    has_words = most // 2 < len(at_word) < len(head)
    return (at_word if has_words else head[:-1]).rstrip() + CUT


def clip(text: str) -> str:
    """Return the beginning of a cell, to show which it is."""
    return text if len(text) <= 60 else f"{text[:59]}…"
