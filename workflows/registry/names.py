"""Finding an initiative by what somebody calls it."""

from collections.abc import Sequence
from difflib import get_close_matches

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
    return get_close_matches(wanted.casefold(), words, n=1, cutoff=0.6)


def _closest(known: Sequence[Initiative], folded: str) -> list[Initiative]:
    by_word = {initiative.key.casefold(): initiative for initiative in known}
    by_word |= {initiative.name.casefold(): initiative for initiative in known}
    return [by_word[word] for word in get_close_matches(folded, by_word, n=1, cutoff=0.5)]


def _call(initiative: Initiative) -> str:
    return f"{initiative.key} ({initiative.name})"
