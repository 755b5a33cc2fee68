"""How far the lateness of one initiative reaches. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from workflows.registry.cascade import Commitment, Graph, days_late, key_of


@dataclass(frozen=True)
class Impact:
    """The largest number of days by which a committed date is missed because of an initiative."""

    days: int
    name: str = ""  # of the commitment that it is: FIN-01/M2
    hit: tuple[str, ...] = ()  # the keys of the other initiatives that it reaches, worst first


def impact_of(graph: Graph, key: str, moved: Mapping[str, Commitment]) -> Impact:
    """Return what an initiative adds to the lateness of its own commitments and of others'.

    `moved` are those of its commitments that are forecast otherwise than the graph knows. What
    others are late by themselves is not counted: it is compared with what would be if the
    initiative were on time.
    """
    own = {name: one for name, one in graph.commitments.items() if key_of(name) == key}
    late = {**own, **moved}
    in_time = {name: _in_time(one) for name, one in late.items()}
    reached = graph.downstream(late) | late.keys()
    now, then = graph.delays_with(late), graph.delays_with(in_time)
    added = {}
    for name in reached:
        known = graph.commitments.get(name)
        one, other = late.get(name, known), in_time.get(name, known)
        assert one is not None  # what is reached is known, or moved
        assert other is not None
        days = days_late(one, now.get(name, 0)) - days_late(other, then.get(name, 0))
        if days > 0:
            added[name] = days
    worst = sorted(added, key=lambda name: (-added[name], name))
    if not worst:
        return Impact(0)
    hit = dict.fromkeys(key_of(name) for name in worst if key_of(name) != key)
    return Impact(added[worst[0]], worst[0], tuple(hit))


def _in_time(one: Commitment) -> Commitment:
    return replace(one, forecast_on=one.committed_on or one.forecast_on)
