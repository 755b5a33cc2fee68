"""Which initiative each row becomes, under which key, and what it depends on. Pure.

Whatever is planned can be stored: no key stands for two rows, and no dependencies form a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workflows.errors import EntryInvalidError
from workflows.inventory.matching import Fingerprint, Matches, fingerprint, match
from workflows.inventory.needs import Chain, dependencies_on, without_circles
from workflows.inventory.rows import Candidate, Refusal
from workflows.registry.cascade import Graph
from workflows.registry.facts import Facts
from workflows.registry.keys import KeyMaker
from workflows.registry.policy import with_changes


@dataclass
class Plan:
    """What becomes of the rows that can be taken."""

    rows: list[Candidate]
    matches: Matches
    keys: dict[int, str]  # of its initiative, by the row's number
    file_keys: dict[str, str]  # an initiative's own key by how the file calls it
    refusals: list[Refusal] = field(default_factory=list)

    def is_known(self, row: Candidate) -> bool:
        """Return whether the registry has a row's initiative already."""
        return row.number in self.matches.keys

    def add_dependencies(self, graph: Graph) -> None:
        """Settle what the rows depend on; what would close a circle is left out and noted."""
        known = {name for name in graph.commitments if "/" not in name}
        anew = {self.keys[row.number] for row in self.rows if "dependencies" in row.said}
        chain = Chain(graph, anew)
        for row in self.rows:
            chain.own(self.keys[row.number], row.facts)
        self.rows = [self._with_dependencies(row, chain, known) for row in self.rows]

    def _with_dependencies(self, row: Candidate, chain: Chain, known: set[str]) -> Candidate:
        listed, unknown = dependencies_on(row.needs, self.file_keys, known)
        kept, circles = without_circles(
            chain, self.keys[row.number], listed or row.facts.dependencies
        )
        facts = row.facts
        if kept != facts.dependencies:
            facts = facts.model_copy(update={"dependencies": kept})
        return replace(row, facts=facts, notes=(*row.notes, *unknown, *circles))


def planned(
    rows: Sequence[Candidate],
    said: Iterable[str],
    known: Sequence[Fingerprint],
    keys: Sequence[tuple[str, str]],
) -> Plan:
    """Return the plan for these rows; `keys` are those there are, each with its department."""
    said = frozenset(said)
    taken, refusals = _without_repeats(rows)
    prints = [fingerprint(one.number, one.facts, said, one.key) for one in taken]
    matches = match(prints, known)
    taken = [_without_foreign_key(one, matches) for one in taken]
    maker = KeyMaker([*keys, *((one.key, one.facts.department) for one in taken if one.key)])
    own: dict[int, str] = {}
    for one in taken:
        known_key = matches.keys.get(one.number)
        department, abbreviation = one.facts.department, one.abbreviation
        own[one.number] = known_key or one.key or maker.next_key(department, abbreviation)
    calls = {one.key: own[one.number] for one in taken if one.key}
    return Plan(taken, matches, own, calls, refusals)


def changes_of(
    row: Candidate, base: Facts | None, current: Facts
) -> tuple[dict[str, Any], list[str]]:
    """Return what a row changes of what is known, and what there is to say of it.

    `base` is what a file said the last time; None: none has said anything yet, and then a blank
    cell erases nothing.
    """
    changes, notes = {}, list(row.notes)
    for name in sorted(row.said):
        new, now = row.facts.whole(name), current.whole(name)
        old = now if base is None else base.whole(name)
        if new in (old, now) or (base is None and new in ("", None, ())):
            continue
        if now != old:
            if base is not None and getattr(row.facts, name) == getattr(base, name):
                continue  # the file's differs where it is cut; people's own text stays
            notes.append(f"{name}: changed here since the last import; what the file says is taken")
        changes[name] = getattr(row.facts, name)
    if changes:
        mine = {name: text for name, text in current.wholes.items() if name not in changes}
        theirs = {name: text for name, text in row.facts.wholes.items() if name in changes}
        changes["wholes"] = mine | theirs
    return changes, notes


def applied(current: Facts, changes: Mapping[str, Any]) -> tuple[Facts, list[str]]:
    """Return what is known with a row's changes, and what there is to say of those left out.

    What the file says may not go together with what was written here.

    Raises:
        EntryInvalidError: leaving changes out doesn't help.
    """
    left = dict(changes)
    notes: list[str] = []
    while True:
        try:
            return with_changes(current, left), notes
        except EntryInvalidError as error:
            faulty = {*error.faults, *({"starts_on"} if "target_on" in error.faults else ())}
            if not faulty & left.keys():
                raise
            for name in sorted(faulty & left.keys()):
                said = error.faults.get(name) or "The end would be before it."
                notes.append(f"{name}: {said} It stays as it was")
                del left[name]


def _without_repeats(rows: Sequence[Candidate]) -> tuple[list[Candidate], list[Refusal]]:
    """Let a key stand for its first row; another with it is the same again, or gets its own."""
    first: dict[str, Candidate] = {}
    taken, refusals = [], []
    for row in rows:
        before = first.setdefault(row.key, row) if row.key else row
        if before is row:
            taken.append(row)
        elif before.facts == row.facts:
            says = f"repeats row {before.number}, with the same key {row.key}"
            refusals.append(Refusal(row.number, (says,)))
        else:
            note = f"row {before.number} has the key {row.key} already, so this one gets a new key"
            taken.append(replace(row, key="", notes=(*row.notes, note)))
    return taken, refusals


def _without_foreign_key(row: Candidate, matches: Matches) -> Candidate:
    """Take a key from a row that stands for another department's initiative here."""
    if (key := matches.foreign.get(row.number)) is None:
        return row
    note = f"{key} is another department's initiative here, so this one gets a new key"
    return replace(row, key="", notes=(*row.notes, note))
