"""The pictures: readable on a phone, whatever people have written, and the same in words."""

import random
import struct
from datetime import date, timedelta

import pytest

from handlers.pictures.graph import draw_graph, graph_sheet, layout
from handlers.pictures.shapes import WIDTH, Box, Edge, Graph, Node, Row, Timeline
from handlers.pictures.timeline import (
    draw_timeline,
    months_of,
    slip_words,
    timeline_sheet,
    x_of,
)
from handlers.pictures.words import tell_graph, tell_timeline

START, END = date(2027, 1, 1), date(2027, 3, 31)
WRITTEN = ["$x^2$ & <b>", "🚀 財務", "x" * 3000, "", "a\nb\tc"]


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def star(count: int, label: str = "Node") -> Graph:
    """A focus that half of the others wait for, and that waits for the other half."""
    nodes = [Node("F", label, "Finance", "initiative", is_focus=True)]
    nodes += [Node(f"N{n}", f"{label} {n}", "by May", "data") for n in range(count)]
    edges = [
        Edge("F", f"N{n}", "by 3 May", is_hit=n == 0) if n % 2 else Edge(f"N{n}", "F", "")
        for n in range(count)
    ]
    return Graph(label, nodes, edges)


def a_timeline(*rows: Row) -> Timeline:
    return Timeline("January to March 2027", START, END, date(2027, 2, 14), rows)


@pytest.mark.parametrize("count", [0, 1, 2, 12, 25])
def test_boxes_stand_within_the_sheet_and_never_on_each_other(count: int) -> None:
    graph = star(count)
    boxes = layout(graph)

    width, height = size_of(draw_graph(graph))

    assert boxes.keys() == {node.id for node in graph.nodes}
    assert width == WIDTH
    for name, box in boxes.items():
        assert box.left >= 0
        assert box.right <= width
        assert box.bottom <= height
        assert not any(box.overlaps(other) for key, other in boxes.items() if key != name)


def test_what_waits_stands_above_what_it_waits_for() -> None:
    boxes = layout(star(4))

    assert boxes["N0"].bottom < boxes["F"].top
    assert boxes["F"].bottom < boxes["N1"].top


def test_a_circle_is_drawn_all_the_same() -> None:
    nodes = [Node(name, name, "", "initiative") for name in "AB"]
    graph = Graph("Circle", nodes, [Edge("A", "B", ""), Edge("B", "A", ""), Edge("A", "Z", "")])

    assert size_of(draw_graph(graph))[0] == WIDTH


@pytest.mark.parametrize("written", WRITTEN)
def test_nothing_that_people_write_stops_the_pen(written: str) -> None:
    row = Row(written, written, START, START + timedelta(days=9))

    assert size_of(draw_graph(star(3, written)))[0] == WIDTH
    assert size_of(draw_timeline(a_timeline(row)))[0] == WIDTH


def test_the_graph_is_told_in_words_with_what_is_late() -> None:
    told = tell_graph(star(2)).splitlines()

    assert told == ["Node", "Node 0 needs Node", "Node needs Node 1, by 3 May"]
    assert tell_graph(star(0)).splitlines()[1].startswith("It depends on nothing")
    late = Graph("G", [Node(n, n, "", "data") for n in "AB"], [Edge("A", "B", "by May", True)])
    assert tell_graph(late).endswith("A needs B, by May: date at risk")


@pytest.mark.parametrize("count", [0, 1, 30])
def test_each_milestone_has_its_line(count: int) -> None:
    rows = [Row(f"M{n}", "FIN-01", START, START + timedelta(days=n)) for n in range(count)]

    heights = [size_of(draw_timeline(a_timeline(*rows[:number])))[1] for number in (count, 1)]

    assert heights[0] >= heights[1]
    assert len(tell_timeline(a_timeline(*rows)).splitlines()) == max(count, 1) + 1


def test_days_stand_in_their_order_and_those_outside_at_the_edge() -> None:
    timeline = a_timeline()
    days = [START - timedelta(days=99), START, date(2027, 2, 1), END, END + timedelta(days=99)]

    before, first, middle, last, after = (x_of(timeline, day) for day in days)

    assert before == first < middle < last == after
    assert list(months_of(timeline)) == [START, date(2027, 2, 1), date(2027, 3, 1)]


@pytest.mark.parametrize(
    ("row", "words", "told"),
    [
        (Row("M", "", END, END), "on time", "committed Wednesday 31 March 2027"),
        (
            Row("M", "", END, END + timedelta(days=12)),
            "+12 d",
            "expected Monday 12 April 2027, 12 days late",
        ),
        (
            Row("M", "", END, END, END - timedelta(days=1)),
            "✓ -1 d",
            "reached Tuesday 30 March 2027, 1 day early",
        ),
        (Row("M", "", None, None), "", "no date"),
    ],
)
def test_a_slip_is_written_with_its_days(row: Row, words: str, told: str) -> None:
    assert slip_words(row) == words
    assert told in tell_timeline(a_timeline(row))
    assert size_of(draw_timeline(a_timeline(row)))[0] == WIDTH


def random_graph(seed: int) -> Graph:
    """What a registry could hold: up to 14 things, up to 24 needs, most with a date."""
    dice = random.Random(seed)
    kinds = ["initiative", "milestone", "data", "model", "platform", "skill"]
    names = [f"{dice.choice(['FIN', 'OPS', 'HR'])}-{number:02}" for number in range(14)]
    nodes = [
        Node(name, f"{name} {'forecasts ' * dice.randint(1, 6)}", "Finance", dice.choice(kinds))
        for name in names[: dice.randint(2, 14)]
    ]
    edges = []
    for _ in range(dice.randint(1, 24)):
        source, target = dice.sample([node.id for node in nodes], 2)
        label = dice.choice(["", "by 3 May", "by 28 September", "by the end of the fiscal year"])
        edges.append(Edge(source, target, label, is_hit=bool(label) and dice.random() < 0.3))
    return Graph("FIN-01 Forecast", nodes, edges)


def random_timeline(seed: int) -> Timeline:
    dice = random.Random(seed)

    def day() -> date:
        return START + timedelta(days=dice.randint(-30, 120))

    rows = [
        Row(f"M{n} {'live ' * dice.randint(1, 20)}", "FIN-01", day(), dice.choice([day(), None]))
        for n in range(dice.randint(1, 12))
    ]
    today = START + timedelta(days=dice.randint(0, 89))
    return Timeline("January to March 2027", START, END, today, rows)


def lying_over(written: list[Box]) -> list[tuple[Box, Box]]:
    return [(a, b) for n, a in enumerate(written) for b in written[:n] if a.overlaps(b)]


@pytest.mark.parametrize("seed", range(40))
def test_no_words_of_a_graph_lie_over_others_or_over_a_box_of_another(seed: int) -> None:
    graph = random_graph(seed)
    boxes = layout(graph).values()

    written = graph_sheet(graph).written

    assert lying_over(written) == []
    assert not [w for w in written for box in boxes if w.overlaps(box) and not _within(w, box)]


@pytest.mark.parametrize("seed", range(40))
def test_no_words_of_a_timeline_lie_over_others_or_leave_the_sheet(seed: int) -> None:
    written = timeline_sheet(random_timeline(seed)).written

    assert lying_over(written) == []
    assert all(box.left >= 0 and box.right <= WIDTH for box in written)


@pytest.mark.parametrize("count", [1, 5])
def test_what_is_late_is_labelled_first(count: int) -> None:
    nodes = [Node("A", "A", "", "initiative"), Node("B", "B", "", "data")]
    edges = [Edge("A", "B", "by 3 May") for _ in range(count)]
    late = Edge("A", "B", "by 1 April", is_hit=True)

    with_late = graph_sheet(Graph("G", nodes, [*edges, late])).written
    alone = graph_sheet(Graph("G", nodes, [late])).written

    assert set(alone) <= set(with_late)


def _within(inner: Box, outer: Box) -> bool:
    beside = outer.left <= inner.left and inner.right <= outer.right
    return beside and outer.top <= inner.top and inner.bottom <= outer.bottom
