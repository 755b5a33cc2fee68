"""What an inventory brings that looks like what other departments have, or bring. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.registry.similarity import Described, Likenesses

MOST_COMPARED = 5000  # initiatives; comparing each with each of more takes minutes
_MOST_SHOWN = 10


@dataclass(frozen=True)
class Alike:
    """A new initiative, and the one that it looks like."""

    key: str
    name: str
    other_key: str
    other_name: str
    shared: tuple[str, ...]  # the words that say so
    score: float


def likest(fresh: Sequence[Described], known: Sequence[Described]) -> list[Alike]:
    """Return the pairs that look most alike, of what is new with all others, the likest first."""
    if not fresh or len(fresh) + len(known) > MOST_COMPARED:
        return []
    everything = {one.key: one for one in (*known, *fresh)}
    index = Likenesses(list(everything.values()))
    pairs: dict[frozenset[str], Alike] = {}
    for one in fresh:
        for found in index.of(one, 1):
            other = everything[found.key]
            pairs[frozenset((one.key, other.key))] = Alike(
                one.key, one.name, other.key, other.name, found.shared, found.score
            )
    return sorted(pairs.values(), key=lambda pair: (-pair.score, pair.key))[:_MOST_SHOWN]
