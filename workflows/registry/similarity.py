"""How alike two initiatives are, by the words that they share. Pure: texts in, scores out.

The score is the cosine of the texts' TF-IDF vectors, from 0 to 1: each word weighs
(1 + ln tf) · (1 + ln((1 + n) / (1 + df))), so that what few entries say counts most.
Chosen by measurement: see ARCHITECTURE, "Overlaps", and `python -m tests.overlaps.methods`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 0.2  # by measurement; at it, and above, people are asked
_NAME_COUNTS = 2  # times: a name is short, and says most
_SHARED_WORDS = 5  # named as the reason
_WORD = re.compile(r"[^\W\d_][\w'-]+")
_SAYS_LITTLE = """a about above across after again all also an and any are as at be been being
between both but by can could do does each either etc for from further had has have having here how
if in into is it its itself more most no nor not of off on once only or other our out over own per
same shall should so some such than that the their them then there these they this those through to
too under until up use used user users using very was we were what when where which while who whom
why will with within would you your"""
_SAID_BY_EVERY_ENTRY = """agency ai artificial based benefit benefits data department enable
expected help improve include including information intelligence intended learning machine model
models new outputs process processes program project provide provides purpose support system systems
technology tool tools various"""
# What any entry may say of itself, whatever it does. Each was tried on the labelled pairs.
_TELLS_NOTHING = """ability able accuracy accurate activity additional agencies ai-assisted ai-based
ai-driven ai-enabled ai-powered aim allow allowing analysis analytic analyze analyzing application
assist assistance assisting automate automated automatically available better business capability
case create created creating current currently description develop developed development different
effective effectively efficiency efficient efficiently effort employee enabling enhance enhanced
enhancing enterprise federal feature gen generate generated generating generative government high
human identification identify identifying improved improvement improving increase increased
increasing insight internal key large level leverage leveraged leverages llm make making manual
manually may mission mission-enabling ml national need number office outcome overall part perform
performed platform potential product public quality quicker quickly reduce reduced reducing related
relevant resource save saved saving service services solution specific staff task tasks team time
type usage use user-friendly using utilize utilized utilizes via way well within work workflow
advanced applied associated during ensure existing focus multiple provided providing
required without"""
# Words that so many entries of one department, or of one topic, say are its own and tell nothing.
_WIDE_SHARE, _WIDE_SHARE_OF_FEW, _FEW, _WIDE_ENTRIES = 0.3, 0.6, 12, 5
_SMALL = frozenset(("and", "for", "of", "the"))


def _stem(word: str) -> str:
    """Return a word without its plural; stemming further blurs more than it finds."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


_LISTED = f"{_SAYS_LITTLE} {_SAID_BY_EVERY_ENTRY} {_TELLS_NOTHING}".split()
_STOP_WORDS = frozenset(_LISTED) | frozenset(map(_stem, _LISTED))


@dataclass(frozen=True)
class Described:
    """The parts of an initiative that are compared."""

    key: str
    department: str
    name: str
    text: str
    topic: str = ""


@dataclass(frozen=True)
class Likeness:
    """How alike another initiative is, and the words that say so, the weightiest first."""

    key: str
    score: float
    shared: tuple[str, ...]


class Likenesses:
    """Finds what is like an initiative among the others."""

    def __init__(self, described: Sequence[Described]) -> None:
        """Weigh the words of everything that is known."""
        counts = {one.key: _counts(one) for one in described}
        self._departments = {one.key: one.department for one in described}
        self._frequency = Counter(word for counted in counts.values() for word in counted)
        self._total = len(counts)
        self._wide = _wide_words(described, counts)
        self._by_word: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for one in described:
            for word, weight in self._weighed(one, counts[one.key]).items():
                self._by_word[word].append((one.key, weight))

    def of(self, wanted: Described, most: int, threshold: float = THRESHOLD) -> list[Likeness]:
        """Return what is most like it in other departments, the likest first."""
        parts: dict[str, dict[str, float]] = defaultdict(dict)
        for word, weight in self._weighed(wanted, _counts(wanted)).items():
            for key, other in self._by_word.get(word, ()):
                parts[key][word] = weight * other
        scored = [
            (sum(shared.values()), key)
            for key, shared in parts.items()
            if key != wanted.key and self._departments[key] != wanted.department
        ]
        best = sorted((pair for pair in scored if pair[0] >= threshold), key=_likest_first)
        return [Likeness(key, score, _weightiest(parts[key])) for score, key in best[:most]]

    def _weighed(self, one: Described, counted: Mapping[str, int]) -> dict[str, float]:
        own = _own_words(one.department)
        own = own.union(*(self._wide.get(group, ()) for group in _groups(one)))
        weights = {
            word: (1 + math.log(times))
            * (1 + math.log((1 + self._total) / (1 + self._frequency[word])))
            for word, times in counted.items()
            if word not in own
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}


def _groups(one: Described) -> list[tuple[str, str]]:
    """Return what an entry belongs to: its department, and its topic if it has one."""
    return [("department", one.department)] + ([("topic", one.topic)] if one.topic else [])


def _wide_words(
    described: Sequence[Described], counts: Mapping[str, Counter[str]]
) -> dict[tuple[str, str], set[str]]:
    """Return for each department and topic the words that many of its entries say."""
    sizes = Counter(group for one in described for group in _groups(one))
    said: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in described:
        for group in _groups(one):
            said[group].update(counts[one.key].keys())
    return {
        group: {word for word, entries in words.items() if _is_wide(entries, sizes[group])}
        for group, words in said.items()
    }


def _is_wide(entries: int, size: int) -> bool:
    share = _WIDE_SHARE if size >= _FEW else _WIDE_SHARE_OF_FEW
    return entries >= _WIDE_ENTRIES and entries >= share * size


def _own_words(department: str) -> set[str]:
    """Return the words of a department's name, and its initials."""
    words = [word for word in _WORD.findall(department.casefold()) if word not in _SMALL]
    return {*map(_stem, words), _stem("".join(word[0] for word in words))}


def _counts(one: Described) -> Counter[str]:
    return Counter([*_words(one.text), *(_words(one.name) * _NAME_COUNTS)])


def _words(text: str) -> list[str]:
    found = (_stem(word) for word in _WORD.findall(text.casefold()) if word not in _STOP_WORDS)
    return [word for word in found if len(word) > 1 and word not in _STOP_WORDS]


def _likest_first(pair: tuple[float, str]) -> tuple[float, str]:
    return -pair[0], pair[1]


def _weightiest(shared: Mapping[str, float]) -> tuple[str, ...]:
    ranked: Sequence[str] = sorted(shared, key=lambda word: (-shared[word], word))
    return tuple(ranked[:_SHARED_WORDS])
