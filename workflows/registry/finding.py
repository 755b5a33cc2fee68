"""Finding initiatives by words: in names, purposes, people and data, misspellings forgiven."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from storage import search
from storage.reading import Reader
from workflows.registry.questions import Question, holds, read_question, splits

_LIKE_ENOUGH = 75  # of 100, by rapidfuzz: one wrong letter in four
_MOST_SPELLINGS = 3
_ENDING = re.compile("(?<=...)(ing|ed|es|s)$")
_SHORTEST_CORRECTED = 4  # letters; a shorter word resembles too many
_LONG_ENDING = re.compile("(?<=....)(ation|ment|ence|ance|ion|ity|ive|al|ly|e)$")
_CUT = 0.05  # of 1, for each letter after a stem that a word begins with
_FIRST_LETTER, _AS_GOOD = 0.05, 0.1


@dataclass(frozen=True)
class Found:
    """Some of the initiatives that words were found in, best first."""

    keys: Sequence[str]
    total: int
    read_as: str  # the words that were looked for in place of misspelled ones; "" if none were
    is_any: bool = False  # no initiative has all of the words: these have some


@dataclass(frozen=True)
class _Look:
    """Where, and for which page, words are looked for."""

    reader: Reader
    workspace_id: str
    most: int
    offset: int
    among: Sequence[str] | None = None

    def find(self, groups: search.Groups) -> tuple[list[str], int]:
        """Return the keys of those that have a word of every group, and their number."""
        return search.find(
            self.reader, self.workspace_id, groups, self.most, self.offset, self.among
        )

    def knows(self, group: Sequence[str]) -> bool:
        """Tell whether any initiative at all has one of these words."""
        return search.find(self.reader, self.workspace_id, [group], 1)[1] > 0


def find_by_words(
    reader: Reader, workspace_id: str, wanted: str, most: int, offset: int = 0
) -> Found:
    """Return initiatives that have all of the words; where none has, those that have any."""
    question = read_question(wanted)
    look = _Look(reader, workspace_id, most, offset)
    if question.signed:
        among = _with_signs(reader, workspace_id, question.signed)
        if not question.words:
            return Found(among[offset : offset + most], len(among), "")
        look = replace(look, among=among)
    keys, total = look.find(question.groups)
    if total:
        keys, total = look.find([_or_parted(group) for group in question.groups])
    if total or offset or (look.among is not None and not look.among):
        return Found(keys, total, "")
    return _respelled(look, question)


def _or_parted(group: Sequence[str]) -> list[str]:
    """Return what a word is found by, and the same in two words: real-time for realtime."""
    return [*group, *(" ".join(pair) for pair in splits(group[0]))]


def _respelled(look: _Look, question: Question) -> Found:
    spelled = _spelled(look, question)
    keys, total = look.find([group[:1] for group in spelled])
    if not total:
        keys, total = look.find(spelled)
    is_any = not total and len(spelled) > 1
    if is_any:
        keys, total = look.find([[word for group in spelled for word in group]])
    if not keys or all(set(question.words).intersection(group) for group in spelled):
        return Found(keys, total, "", is_any)
    best = search.words_of(look.reader, look.workspace_id, keys[0]).casefold()
    return Found(keys, total, " ".join(_in_full(group, best) for group in spelled), is_any)


def words_of(wanted: str, most: int) -> list[str]:
    """Return the words of a text, without the small ones that are everywhere."""
    return list(read_question(wanted, most).words)


def _with_signs(reader: Reader, workspace_id: str, signed: Sequence[str]) -> list[str]:
    """Return the keys of those that hold all of these runs, first those with one in the name."""
    texts = search.holding(reader, workspace_id, signed)
    kept = [key for key, text in texts.items() if all(holds(text, one) for one in signed)]
    return sorted(kept, key=lambda key: (not holds(texts[key].splitlines()[0], signed[0]), key))


def _spelled(look: _Look, question: Question) -> list[list[str]]:
    """Return for each word what it is found by; where nothing has it, what is spelled like it.

    A word that was put together is parted: x and ray for xray.
    """
    spelled: list[list[str]] = []
    terms: list[str] | None = None
    for word, group in zip(question.words, question.groups, strict=True):
        if look.knows(group):
            spelled.append(group)
        elif parts := next((pair for pair in splits(word) if look.knows([" ".join(pair)])), None):
            spelled += [[part, word] for part in parts]
        else:
            if terms is None:
                terms = search.terms(look.reader, look.workspace_id)
            is_short = len(word) < _SHORTEST_CORRECTED
            spelled.append([word] if is_short else _spellings(word, terms) or [word])
    return spelled


def _in_full(spellings: Sequence[str], text: str) -> str:
    """Return what a stem, or the first of several, stands for in what was found."""
    whole = (re.search(rf"\b{re.escape(stem)}\w*", text) for stem in spellings)
    return next((found[0] for found in whole if found), spellings[0])


def _spellings(word: str, terms: Sequence[str]) -> list[str]:
    forms = {word, _ENDING.sub("", word), _LONG_ENDING.sub("", word)}  # the terms are stems
    close = {
        term: max(_closeness(one, term) for one in forms)
        for form in forms
        for term, _, _ in process.extract(
            form, terms, scorer=fuzz.ratio, score_cutoff=_LIKE_ENOUGH, limit=_MOST_SPELLINGS
        )
    }
    close |= {  # misspelled behind the stem, as «integraton»
        term: 1 - _CUT * (len(word) - len(term))
        for term in terms
        if len(term) >= _SHORTEST_CORRECTED and word.startswith(term)
    }
    usual_first = {term: number for number, term in enumerate(terms)}
    best = sorted(close, key=lambda term: (-close[term], usual_first[term]))
    return [one for one in best if close[one] >= close[best[0]] - _AS_GOOD][:_MOST_SPELLINGS]


def _closeness(form: str, term: str) -> float:
    """Return how alike two words are, letters that changed places counted once; 1 is the same."""
    alike = OSA.normalized_similarity(form, term)
    return alike + (_FIRST_LETTER if form[0] == term[0] else 0)  # it is hardly ever wrong
