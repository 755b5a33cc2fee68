"""What the rows of a file depend on, without a circle. Pure.

Whatever closes a circle is left out and reported, so that what was checked can be stored.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from storage.models import DependencyKind
from workflows.registry.cascade import Graph, key_of
from workflows.registry.commitments import milestone_name, need_of
from workflows.registry.facts import DependencyFacts, Facts


class Chain:
    """Who waits for whom: what the registry says, but for what the file says anew."""

    def __init__(self, graph: Graph, anew: Collection[str]) -> None:
        """Take what is known; `anew` are the keys whose dependencies the file gives."""
        self._waits: dict[str, set[str]] = defaultdict(set)
        for name in graph.commitments:
            key = key_of(name)
            for need in graph.needs_of(name):
                if key not in anew or need.on.startswith(f"{key}/"):
                    self._waits[name].add(need.on)

    def own(self, key: str, facts: Facts) -> None:
        """Note that an initiative waits for its own milestones."""
        self._waits[key] |= {milestone_name(key, one.number) for one in facts.milestones}

    def adds(self, waiting: str, on: str) -> bool:
        """Add that one waits for another, unless that closes a circle; return whether it was."""
        ahead, seen = [on], {on}
        while ahead:
            name = ahead.pop()
            if name == waiting:
                return False
            fresh = self._waits.get(name, set()) - seen
            seen |= fresh
            ahead += fresh
        self._waits[waiting].add(on)
        return True


def without_circles(
    chain: Chain, key: str, dependencies: Iterable[DependencyFacts]
) -> tuple[tuple[DependencyFacts, ...], list[str]]:
    """Return the dependencies that close no circle, and what there is to say of the others."""
    kept, says = [], []
    for one in dependencies:
        need = need_of(key, one)
        if one.is_on_initiative and not chain.adds(need.waiting, need.on):
            says.append(
                f"{key} and {one.thing} would wait for each other in a circle, so this is left out"
            )
        else:
            kept.append(one)
    return tuple(kept), says


def dependencies_on(
    listed: Sequence[str], keys: Mapping[str, str], known: Collection[str]
) -> tuple[tuple[DependencyFacts, ...], list[str]]:
    """Return dependencies on listed initiatives, and what there is to say of those unknown.

    `keys` are the initiatives' own keys by how the file calls them.
    """
    found: dict[str, None] = {}
    says = []
    for wanted in listed:
        key = keys.get(wanted) or (wanted if wanted in known else "")
        if key:
            found[key] = None
        else:
            says.append(f"depends on {wanted}, which I don't know, so this is left out")
    facts = tuple(
        DependencyFacts(number=number, kind=DependencyKind.INITIATIVE, thing=key)
        for number, key in enumerate(found, start=1)
    )
    return facts, says
