"""How far the lateness of an initiative reaches: what it adds itself, and no more."""

from datetime import date, timedelta

import pytest

from storage.models import EscalationKind, Level
from workflows.escalations.impact import Impact, impact_of
from workflows.escalations.policy import first_level
from workflows.escalations.rules import EscalationRules
from workflows.registry.cascade import Commitment, Graph, Need

START = date(2027, 3, 1)


def day(offset: int) -> date:
    return START + timedelta(days=offset)


def due(committed: int, forecast: int | None = None, *, is_reached: bool = False) -> Commitment:
    expected = committed if forecast is None else forecast
    return Commitment(day(committed), day(expected), is_reached)


def slipped(days: int) -> dict[str, Commitment]:
    """A's only milestone is forecast so many days after its commitment."""
    return {"A/M1": due(10, 10 + days)}


def chain(*slack: int) -> Graph:
    """A is due on day 10; B, C and D each wait for the one before, with so many days of slack."""
    names = ["A/M1", "B/M1", "C/M1", "D/M1"][: len(slack) + 1]
    commitments = {name: due(10 * (number + 1)) for number, name in enumerate(names)}
    needs = [
        Need(names[number + 1], names[number], day(10 * (number + 1) + days))
        for number, days in enumerate(slack)
    ]
    return Graph(commitments, needs)


def diamond(slack_of_b: int, slack_of_c: int) -> Graph:
    """B and C wait for A, and D for both."""
    commitments = {"A/M1": due(10), "B/M1": due(20), "C/M1": due(20), "D/M1": due(30)}
    needs = [
        Need("B/M1", "A/M1", day(10 + slack_of_b)),
        Need("C/M1", "A/M1", day(10 + slack_of_c)),
        Need("D/M1", "B/M1", day(20)),
        Need("D/M1", "C/M1", day(20)),
    ]
    return Graph(commitments, needs)


def test_without_lateness_there_is_no_impact() -> None:
    assert impact_of(chain(0, 0, 0), "A", {}) == Impact(0)
    assert impact_of(chain(0, 0, 0), "A", slipped(0)) == Impact(0)
    assert impact_of(chain(0, 0, 0), "A", slipped(-3)) == Impact(0)


def test_it_reaches_through_three_hops() -> None:
    found = impact_of(chain(0, 0, 0), "A", slipped(15))

    assert (found.days, found.name) == (15, "A/M1")
    assert set(found.hit) == {"B", "C", "D"}


@pytest.mark.parametrize(
    ("slip", "hit"),
    [(2, ()), (3, ("B",)), (5, ("B",)), (6, ("B", "C")), (10, ("B", "C")), (11, ("B", "C", "D"))],
)
def test_slack_on_the_way_ends_it(slip: int, hit: tuple[str, ...]) -> None:
    assert impact_of(chain(2, 3, 5), "A", slipped(slip)).hit == hit


@pytest.mark.parametrize(
    ("slack_of_b", "slack_of_c", "hit"),
    [
        (0, 0, ("B", "C", "D")),
        (5, 0, ("C", "D", "B")),  # the worst first
        (0, 5, ("B", "D", "C")),
        (15, 0, ("C", "D")),
        (15, 15, ()),
    ],
)
def test_over_two_ways_the_longer_lateness_counts_and_once(
    slack_of_b: int, slack_of_c: int, hit: tuple[str, ...]
) -> None:
    found = impact_of(diamond(slack_of_b, slack_of_c), "A", slipped(15))

    assert (found.days, found.hit) == (15, hit)


@pytest.mark.parametrize(
    ("slip", "level"), [(13, Level.OPERATIONAL), (14, Level.OPERATIONAL), (15, Level.STRATEGIC)]
)
def test_the_day_decides_over_two_ways_too(slip: int, level: Level) -> None:
    impact = impact_of(diamond(0, 0), "A", slipped(slip))

    found = first_level(EscalationKind.TIMELINE_RISK, EscalationRules(), impact_days=impact.days)

    assert found is level


def test_a_commitment_of_somebody_else_can_be_hit_hardest() -> None:
    """A is expected late, and within its own commitment; B needed it earlier than that."""
    graph = Graph(
        {"A/M1": due(30, 10), "B/M1": due(20)},
        [Need("B/M1", "A/M1", day(10))],
    )

    found = impact_of(graph, "A", {"A/M1": due(30, 34)})

    assert (found.days, found.name, found.hit) == (4, "A/M1", ("B",))


def test_what_others_are_late_by_themselves_is_not_counted() -> None:
    """B is 20 days late anyway: that A is late as well adds nothing."""
    graph = Graph(
        {"A/M1": due(10), "B/M1": due(20, 40)},
        [Need("B/M1", "A/M1", day(10))],
    )

    found = impact_of(graph, "A", slipped(3))

    assert found == Impact(3, "A/M1", ("B",))
    assert impact_of(graph, "B", {}).days == 20


def test_what_another_has_held_up_already_counts_only_beyond_that() -> None:
    """D waits for B, which is 10 days late, and for C: only what A adds to that is A's."""
    graph = Graph(
        {"A/M1": due(10), "B/M1": due(20, 30), "D/M1": due(30)},
        [Need("D/M1", "A/M1", day(10)), Need("D/M1", "B/M1", day(20))],
    )

    assert impact_of(graph, "A", slipped(10)).hit == ()
    assert impact_of(graph, "A", slipped(12)).hit == ("D",)


def test_every_late_commitment_of_an_initiative_counts_and_not_only_the_one_that_moves() -> None:
    graph = Graph({"A/M1": due(10, 12), "A/M2": due(20)}, [])

    assert impact_of(graph, "A", {"A/M2": due(20, 21)}) == Impact(2, "A/M1")


def test_what_is_reached_is_hit_by_nothing() -> None:
    graph = Graph(
        {"A/M1": due(10), "B/M1": due(20, is_reached=True)},
        [Need("B/M1", "A/M1", day(10))],
    )

    assert impact_of(graph, "A", slipped(15)).hit == ()


def test_a_forecast_that_is_pulled_back_takes_its_impact_along() -> None:
    late = Graph(
        {"A/M1": due(10, 25), "B/M1": due(20)},
        [Need("B/M1", "A/M1", day(10))],
    )

    assert impact_of(late, "A", {}).days == 15
    assert impact_of(late, "A", slipped(14)) == Impact(14, "A/M1", ("B",))
    assert impact_of(late, "A", slipped(0)) == Impact(0)


def test_nothing_of_a_forecast_can_be_late_without_a_commitment() -> None:
    graph = Graph(
        {"A/M1": Commitment(None, day(10)), "B/M1": due(20)},
        [Need("B/M1", "A/M1", day(10))],
    )

    found = impact_of(graph, "A", {"A/M1": Commitment(None, day(40))})

    assert found == Impact(0)
