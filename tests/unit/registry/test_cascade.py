"""The slip cascade, beside a brute force that knows no order."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.registry.cascade import Commitment, Graph, Hit, Need

START = date(2027, 3, 1)


def day(offset: int) -> date:
    return START + timedelta(days=offset)


def due(offset: int, committed: int | None = None, *, is_reached: bool = False) -> Commitment:
    return Commitment(day(offset if committed is None else committed), day(offset), is_reached)


def chain(**need_by: int) -> Graph:
    """A is due on day 10; B waits for A, and C for B."""
    commitments = {"A": due(10), "B": due(20), "C": due(30)}
    needs = [Need("B", "A", day(need_by.get("a", 10))), Need("C", "B", day(need_by.get("b", 20)))]
    return Graph(commitments, needs)


def test_a_slip_reaches_what_waits_day_by_day() -> None:
    hits = chain().cascade({"A": due(13, committed=10)})

    assert hits == [Hit("B", 3, 3, day(23)), Hit("C", 3, 3, day(33))]


@pytest.mark.parametrize(("slip", "days"), [(4, []), (5, []), (6, [("B", 1), ("C", 1)])])
def test_slack_is_used_up_before_anybody_is_hit(slip: int, days: list[tuple[str, int]]) -> None:
    hits = chain(a=15).cascade({"A": due(10 + slip, committed=10)})

    assert [(hit.name, hit.days) for hit in hits] == days


def test_a_forecast_ahead_of_its_commitment_is_slack_of_its_own() -> None:
    graph = Graph({"A": due(10), "B": due(20, committed=25)}, [Need("B", "A", day(10))])

    assert graph.cascade({"A": due(15, committed=10)}) == [Hit("B", 5, 0, day(25))]
    assert graph.cascade({"A": due(16, committed=10)}) == [Hit("B", 6, 1, day(26))]


def test_a_date_that_is_pulled_back_frees_what_waited() -> None:
    late = Graph({"A": due(13, committed=10), "B": due(20)}, [Need("B", "A", day(10))])

    assert late.cascade({"A": due(10)}) == [Hit("B", -3, 0, day(20))]


def test_without_a_need_by_it_is_needed_by_the_date_of_what_waits() -> None:
    graph = Graph({"A": due(10), "B": due(20)}, [Need("B", "A")])

    assert graph.cascade({"A": due(20, committed=10)}) == []
    assert graph.cascade({"A": due(21, committed=10)}) == [Hit("B", 1, 1, day(21))]


def test_what_has_no_date_passes_the_delay_on() -> None:
    nowhere = Commitment(None, None)
    graph = Graph(
        {"A": due(10), "B": nowhere, "C": due(30)}, [Need("B", "A", day(10)), Need("C", "B")]
    )

    assert graph.cascade({"A": due(13)}) == [Hit("C", 3, 3, day(33)), Hit("B", 3, 0, None)]


def test_what_is_reached_is_not_hit_and_passes_nothing_on() -> None:
    graph = Graph(
        {"A": due(10), "B": due(20, is_reached=True), "C": due(30)},
        [Need("B", "A", day(10)), Need("C", "B", day(20))],
    )

    assert graph.cascade({"A": due(50)}) == []


def test_a_cycle_is_told_with_its_path() -> None:
    graph = chain()

    assert graph.cycle_with(Need("A", "C")) == ["A", "C", "B", "A"]
    assert graph.cycle_with(Need("A", "A")) == ["A", "A"]
    assert graph.cycle_with(Need("C", "A")) is None


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[str, Commitment], list[Need], dict[str, Commitment]]:
    count = draw(st.integers(2, 9))
    offsets = st.one_of(st.none(), st.integers(0, 40))
    names = [f"N{number}" for number in range(count)]

    def commitment() -> Commitment:
        forecast, committed = draw(offsets), draw(offsets)
        return Commitment(
            None if committed is None else day(committed),
            None if forecast is None else day(forecast),
            draw(st.integers(0, 9)) == 0,
        )

    commitments = {name: commitment() for name in names}
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))
    needs = [
        Need(names[max(pair)], names[min(pair)], None if by is None else day(by))
        for pair in pairs
        if pair[0] != pair[1]
        for by in [draw(offsets)]
    ]
    moved = {name: commitment() for name in draw(st.sets(st.sampled_from(names), max_size=2))}
    return commitments, needs, moved


def relaxed(commitments: dict[str, Commitment], needs: list[Need]) -> dict[str, int]:
    """Return the delays by going over all needs until nothing changes any more."""
    delays = dict.fromkeys(commitments, 0)
    for _ in commitments:
        for need in needs:
            own, on = commitments[need.waiting], commitments[need.on]
            by = need.need_by or own.forecast_on
            known = on.forecast_on is not None and by is not None
            gap = (on.forecast_on - by).days if on.forecast_on and by and known else 0
            if not own.is_reached:
                delays[need.waiting] = max(delays[need.waiting], delays[need.on] + gap)
    return delays


@given(graphs())
def test_the_cascade_agrees_with_brute_force(
    drawn: tuple[dict[str, Commitment], list[Need], dict[str, Commitment]],
) -> None:
    commitments, needs, moved = drawn
    graph = Graph(commitments, needs)

    hits = {hit.name: hit for hit in graph.cascade(moved)}

    before, after = relaxed(commitments, needs), relaxed({**commitments, **moved}, needs)
    assert graph.delays() == before
    for name in graph.downstream(moved):
        now = {**commitments, **moved}[name]
        days = after[name] - before[name]
        if (old := commitments[name].forecast_on) and now.forecast_on:
            days += (now.forecast_on - old).days
        assert (hits[name].days if name in hits else 0) == days
        if name in hits and now.forecast_on:
            assert hits[name].projected_on == now.forecast_on + timedelta(days=after[name])


@given(
    st.integers(2, 8).flatmap(
        lambda count: st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=20)
    )
)
def test_a_refused_cycle_is_a_real_one_and_what_is_let_in_closes_none(
    pairs: list[tuple[int, int]],
) -> None:
    commitments = {str(number): due(number) for number in range(8)}
    taken: list[Need] = []
    for waiting, on in pairs:
        need = Need(str(waiting), str(on))
        cycle = Graph(commitments, taken).cycle_with(need)
        if cycle is None:
            taken.append(need)
            continue
        edges = {(one.waiting, one.on) for one in [*taken, need]}
        assert cycle[0] == cycle[-1]
        assert all(step in edges for step in pairwise(cycle))

    settled = Graph(commitments, taken).delays()
    assert settled.keys() == commitments.keys()  # what lies on a cycle is never settled
