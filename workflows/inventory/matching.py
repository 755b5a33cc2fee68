"""Which row of a file is which initiative. Pure: digests in, pairs out.

A key in the file decides. Without one, the same name in the same department is the same initiative;
where several are called so, the one that says the same, and then the next in order. What is left
over on both sides and says the same under another name was renamed. A key that is all that a row
has in common with an initiative of another department decides nothing: every list begins at 1.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from workflows.inventory.naming import form_of
from workflows.registry.facts import Facts

_DIGEST_BYTES = 12  # a row takes little memory; two that differ meet once in 10**14 pairs
Same = Callable[["Fingerprint"], bytes]


@dataclass(frozen=True)
class Fingerprint:
    """What a row or an initiative is recognised by."""

    place: int | str  # the number of the row, or the key of the initiative
    called: bytes  # department and name
    says: bytes  # all that the file has a column for
    purpose: bytes  # department and purpose; empty where there is none
    key: str = ""
    department: bytes = b""
    name: bytes = b""

    def shares_more_than_its_key(self, other: "Fingerprint") -> bool:
        """Return whether it is of the same department, or called the same."""
        return self.department == other.department or self.name == other.name


@dataclass
class Matches:
    """Which initiative a row is, by the row's number."""

    keys: dict[int, str] = field(default_factory=dict)
    renamed: set[int] = field(default_factory=set)
    foreign: dict[int, str] = field(default_factory=dict)  # keys that are another department's
    missing: list[str] = field(default_factory=list)  # initiatives that the file doesn't have


def fingerprint(place: int | str, facts: Facts, said: Iterable[str], key: str = "") -> Fingerprint:
    """Return what these facts are recognised by; `said` are the ones that the file has."""
    values = repr([(name, getattr(facts, name)) for name in sorted(said)])
    purpose = _digest(facts.department, facts.objective) if facts.objective else b""
    name = form_of(facts.name)
    return Fingerprint(
        place,
        _digest(facts.department, name),
        _digest(values),
        purpose,
        key,
        _digest(facts.department),
        _digest(name),
    )


def match(rows: Sequence[Fingerprint], known: Sequence[Fingerprint]) -> Matches:
    """Return which initiative each row is; a row without one is new."""
    matches = Matches()
    by_key = {str(one.place): one for one in known}
    taken: set[str] = set()
    for row in rows:
        known_one = by_key.get(row.key)
        if known_one is None or row.key in taken:
            continue
        if row.shares_more_than_its_key(known_one):
            matches.keys[int(row.place)] = row.key
            taken.add(row.key)
        else:
            matches.foreign[int(row.place)] = row.key
    for same in (_called_and_says, _called, _purpose):
        left_rows = [row for row in rows if _may_match(row, matches)]
        left_known = [one for one in known if str(one.place) not in taken]
        if same is _purpose:
            left_rows, left_known = _unique(left_rows), _unique(left_known)
        for row, one in _paired(left_rows, left_known, same):
            matches.keys[int(row.place)] = str(one.place)
            taken.add(str(one.place))
            if same is _purpose:
                matches.renamed.add(int(row.place))
    matches.missing = [str(one.place) for one in known if str(one.place) not in taken]
    return matches


def _may_match(row: Fingerprint, matches: Matches) -> bool:
    number = int(row.place)
    return number not in matches.keys and (not row.key or number in matches.foreign)


def _called_and_says(one: Fingerprint) -> bytes:
    return one.called + one.says


def _called(one: Fingerprint) -> bytes:
    return one.called


def _purpose(one: Fingerprint) -> bytes:
    return one.purpose


def _unique(several: Sequence[Fingerprint]) -> list[Fingerprint]:
    """Return those whose purpose no other has: a phrase that many use recognises nobody."""
    counts = Counter(one.purpose for one in several)
    return [one for one in several if one.purpose and counts[one.purpose] == 1]


def _paired(
    rows: Sequence[Fingerprint], known: Sequence[Fingerprint], same: Same
) -> list[tuple[Fingerprint, Fingerprint]]:
    """Return the first row with the first initiative that is the same, and so on."""
    waiting: dict[bytes, list[Fingerprint]] = defaultdict(list)
    for one in known:
        waiting[same(one)].append(one)
    for several in waiting.values():
        several.reverse()
    return [(row, waiting[same(row)].pop()) for row in rows if same(row) and waiting.get(same(row))]


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=_DIGEST_BYTES).digest()
