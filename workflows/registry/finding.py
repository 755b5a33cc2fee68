"""Finding initiatives by words: in names, purposes, people and data, misspellings forgiven."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlmodel import Session

from storage import search

_MOST_WORDS = 8
_SMALL_WORDS = {"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_LIKE_ENOUGH = 75  # of 100, by rapidfuzz: one wrong letter in four
_MOST_SPELLINGS = 3
_ENDING = re.compile("(?<=...)(ing|ed|es|s)$")
_SHORTEST_CORRECTED = 4  # letters; a shorter word resembles too many
_CUT = 5  # of 100, for each letter after a stem that a word begins with


@dataclass(frozen=True)
class Found:
    """Some of the initiatives that words were found in, best first."""

    keys: Sequence[str]
    total: int
    read_as: str  # the words that were looked for in place of misspelled ones; "" if none were


def find_by_words(
    session: Session, workspace_id: str, wanted: str, most: int, offset: int = 0
) -> Found:
    """Return initiatives that have all of the words; where none has, those that have any."""
    words = words_of(wanted)
    groups = [[word] for word in words]
    keys, total = search.find(session, workspace_id, groups, most, offset)
    if total or offset:
        return Found(keys, total, "")
    spelled = _spelled(session, workspace_id, words)
    likeliest = [group[:1] for group in spelled]
    keys, total = search.find(session, workspace_id, likeliest, most, offset)
    if not total:
        keys, total = search.find(session, workspace_id, spelled, most, offset)
    if not total:
        any_of_them = [[word for group in spelled for word in group]] if spelled else []
        keys, total = search.find(session, workspace_id, any_of_them, most, offset)
    if spelled == groups or not keys:
        return Found(keys, total, "")
    best = search.words_of(session, workspace_id, keys[0]).casefold()
    return Found(keys, total, " ".join(_in_full(group, best) for group in spelled))


def words_of(wanted: str, most: int = _MOST_WORDS) -> list[str]:
    """Return the words to look for, without the small ones that are everywhere."""
    words = list(dict.fromkeys(re.findall(r"\w+", wanted.casefold())))
    return [word for word in words if word not in _SMALL_WORDS][:most] or words[:1]


def _spelled(session: Session, workspace_id: str, words: Sequence[str]) -> list[list[str]]:
    """Return for each word itself, or what is spelled like it where nothing has it."""
    unknown = {
        word
        for word in words
        if len(word) >= _SHORTEST_CORRECTED
        and not search.find(session, workspace_id, [[word]], 1)[1]
    }
    terms = search.terms(session, workspace_id) if unknown else []
    return [_spellings(word, terms) or [word] if word in unknown else [word] for word in words]


def _in_full(spellings: Sequence[str], text: str) -> str:
    """Return what a stem, or the first of several, stands for in what was found."""
    whole = (re.search(rf"\b{re.escape(stem)}\w*", text) for stem in spellings)
    return next((found[0] for found in whole if found), spellings[0])


def _spellings(word: str, terms: Sequence[str]) -> list[str]:
    close: list[tuple[float, str]] = [
        (score, term)
        for form in {word, _ENDING.sub("", word)}  # the terms are stems
        for term, score, _ in process.extract(
            form, terms, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH, limit=_MOST_SPELLINGS
        )
    ]
    close += [  # misspelled behind the stem, as «integraton»
        (100 - _CUT * (len(word) - len(term)), term)
        for term in terms
        if len(term) >= _SHORTEST_CORRECTED and word.startswith(term)
    ]
    best = sorted(close, key=lambda pair: (-pair[0], pair[1]))
    return list(dict.fromkeys(term for _, term in best))[:_MOST_SPELLINGS]
