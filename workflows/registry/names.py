"""Finding an initiative by what somebody calls it."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from storage.models import Initiative
from workflows.errors import UnknownInitiativeError


def find_initiative(known: Sequence[Initiative], wanted: str) -> Initiative:
    """Return the initiative of that key or name; a part of a name will do if only one has it.

    Raises:
        UnknownInitiativeError: none is called so, or several are; names the closest.
    """
    folded = wanted.strip().casefold()
    for initiative in known:
        if folded in (initiative.key.casefold(), initiative.name.casefold()):
            return initiative
    partly = [initiative for initiative in known if folded in initiative.name.casefold()]
    if len(partly) == 1:
        return partly[0]
    raise UnknownInitiativeError(wanted, [_call(i) for i in partly[:3] or _closest(known, folded)])


def closest_words(wanted: str, words: Sequence[str]) -> list[str]:
    """Return the words that are spelled most like the wanted one, the best first."""
    return _like(wanted.casefold(), words, cutoff=60)


def _closest(known: Sequence[Initiative], folded: str) -> list[Initiative]:
    by_word = {initiative.key.casefold(): initiative for initiative in known}
    by_word |= {initiative.name.casefold(): initiative for initiative in known}
    return [by_word[word] for word in _like(folded, list(by_word), cutoff=50)]


def _like(folded: str, words: Sequence[str], cutoff: float) -> list[str]:
    close = process.extractOne(folded, words, scorer=fuzz.ratio, score_cutoff=cutoff)
    return [close[0]] if close else []


def _call(initiative: Initiative) -> str:
    return f"{initiative.key} ({initiative.name})"
