"""The dependency graph of an initiative: what waits stands above what it waits for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handlers.pictures import canvas, lettering
from handlers.pictures.canvas import Canvas, Point, polygon
from handlers.pictures.lettering import NORMAL, TITLE, clipped, drawable, width_of, wrapped
from handlers.pictures.shapes import MARGIN, WIDTH, Box, Edge, Graph, Node

_ACROSS = 3  # boxes beside each other, so that a phone shows their words
_GAP, _BETWEEN = 28, 96  # beside each other; between one row and the next, for the arrows
_PADDING = 16
_LABEL_LINES = 3
_BOX_HEIGHT = round(NORMAL * lettering.LINE * (_LABEL_LINES + 1)) + 2 * _PADDING + 6
_HEADING = 116
_FOOT = 84
_LABEL_WIDTH, _LABEL_HEIGHT, _LABEL_RISE = 320, 40, 28  # at most; the last: above its baseline
# Where on its arrow a label may stand, best first: nearer to what is needed fewer arrows meet.
_PLACES = (0.62, 0.5, 0.74, 0.38, 0.84, 0.26, 0.68, 0.56, 0.44, 0.32, 0.78, 0.2)
_ARROW = 20
_SMALL = NORMAL - 4
_FILLS = {
    "initiative": "#FFFFFF",
    "milestone": "#EAF3FA",
    "data": "#E9F5EF",
    "model": "#FDF3DD",
    "platform": "#F6EAF1",
    "skill": "#EFEDEA",
}


def draw_graph(graph: Graph) -> bytes:
    """Return the graph as a PNG."""
    return graph_sheet(graph).png()


def graph_sheet(graph: Graph) -> Canvas:
    """Return the graph as it is drawn."""
    boxes = layout(graph)
    bottom = max((box.bottom for box in boxes.values()), default=_HEADING)
    sheet = Canvas(bottom + _FOOT)
    title = clipped(drawable(graph.title, bold=True), WIDTH - 2 * MARGIN, TITLE, bold=True)
    sheet.text((MARGIN, MARGIN + TITLE), title, TITLE, bold=True)
    drawn = [edge for edge in graph.edges if edge.source in boxes and edge.target in boxes]
    for edge in drawn:
        _draw_edge(sheet, edge, boxes)
    for node in graph.nodes:
        _draw_node(sheet, node, boxes[node.id])
    _draw_labels(sheet, drawn, boxes)
    said = "Arrows point at what is needed; dashed: date at risk."
    alone = "It depends on nothing, and nothing depends on it."
    sheet.text(
        (MARGIN, sheet.height - MARGIN), said if graph.edges else alone, 26, colour="#54565C"
    )
    return sheet


def layout(graph: Graph) -> dict[str, Box]:
    """Return where each node stands, by its id: those that wait for it above, none overlapping."""
    rows = [row for layer in _layers(graph) for row in _parted(layer)]
    boxes = {}
    for number, row in enumerate(rows):
        width = (WIDTH - 2 * MARGIN - (_ACROSS - 1) * _GAP) / _ACROSS
        left = (WIDTH - len(row) * width - (len(row) - 1) * _GAP) / 2
        top = _HEADING + number * (_BOX_HEIGHT + _BETWEEN)
        for place, name in enumerate(row):
            boxes[name] = Box(left + place * (width + _GAP), top, width, _BOX_HEIGHT)
    return boxes


def _layers(graph: Graph) -> list[list[str]]:
    """Return the nodes by how many steps wait for them at most; a circle ends the counting."""
    depth = {node.id: 0 for node in graph.nodes}
    for _ in graph.nodes:
        for edge in graph.edges:
            if edge.source in depth and edge.target in depth:
                wanted = depth[edge.source] + 1
                depth[edge.target] = max(depth[edge.target], min(wanted, len(depth) - 1))
    layers: dict[int, list[str]] = defaultdict(list)
    for name, number in depth.items():
        layers[number].append(name)
    return [layers[number] for number in sorted(layers)]


def _parted(layer: Sequence[str]) -> list[Sequence[str]]:
    return [layer[start : start + _ACROSS] for start in range(0, len(layer), _ACROSS)]


def _draw_node(sheet: Canvas, node: Node, box: Box) -> None:
    edge = canvas.BLUE if node.is_focus else canvas.LINE
    fill = _FILLS.get(node.kind, "#FFFFFF")
    sheet.box(box, fill=fill, edge=edge, stroke_width=7 if node.is_focus else 3, corner=14)
    inner = box.width - 2 * _PADDING
    lines = wrapped(drawable(node.label, bold=True), inner, NORMAL, _LABEL_LINES, bold=True)
    step = NORMAL * lettering.LINE
    for number, line in enumerate(lines):
        sheet.text(
            (box.left + _PADDING, box.top + _PADDING + NORMAL + number * step), line, bold=True
        )
    sub = node.sub if node.kind == "initiative" else f"{node.kind} · {node.sub}".rstrip(" ·")
    words = clipped(drawable(sub), inner, _SMALL)
    sheet.text((box.left + _PADDING, box.bottom - _PADDING - 6), words, _SMALL, colour=canvas.QUIET)


def _draw_edge(sheet: Canvas, edge: Edge, boxes: Mapping[str, Box]) -> None:
    colour = canvas.ALARM if edge.is_hit else canvas.LINE
    stroke = canvas.DASHED if edge.is_hit else canvas.SOLID
    start, end = _ends(edge, boxes)
    way = 1 if end[1] >= start[1] else -1
    sheet.line([start, (end[0], end[1] - way * _ARROW)], colour, 4, stroke)
    tip = [end, (end[0] - 12, end[1] - way * _ARROW), (end[0] + 12, end[1] - way * _ARROW)]
    sheet.shape(polygon(tip), fill=colour)


def _ends(edge: Edge, boxes: Mapping[str, Box]) -> tuple[Point, Point]:
    """Return where an arrow begins and where it points at."""
    source, target = boxes[edge.source], boxes[edge.target]
    if target.top >= source.top:
        return (source.middle, source.bottom), (target.middle, target.top - 2)
    return (source.middle, source.top), (target.middle, target.bottom)


def _draw_labels(sheet: Canvas, edges: Sequence[Edge], boxes: Mapping[str, Box]) -> None:
    """Write on the arrows what there is room for, what is late first; the words tell all of it."""
    taken = list(boxes.values())
    for edge in sorted(edges, key=lambda edge: not edge.is_hit):
        if not edge.label:
            continue
        words = clipped(
            drawable(f"! {edge.label}" if edge.is_hit else edge.label), _LABEL_WIDTH, _SMALL
        )
        if (place := _free_place(words, *_ends(edge, boxes), taken)) is None:
            continue
        taken.append(place)
        sheet.box(place, fill=canvas.PAPER)
        colour = canvas.ALARM if edge.is_hit else canvas.LINE
        sheet.text((place.left + 8, place.top + _LABEL_RISE + 4), words, _SMALL, colour=colour)


def _free_place(words: str, start: Point, end: Point, taken: Sequence[Box]) -> Box | None:
    """Return where on an arrow a label lies over nothing, if there is such a place."""
    width = width_of(words, _SMALL) + 16
    for share in _PLACES:
        x, y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
        left = min(max(x - width / 2, MARGIN), WIDTH - MARGIN - width)
        place = Box(left, y - _LABEL_RISE, width, _LABEL_HEIGHT)
        if not any(place.overlaps(other) for other in taken):
            return place
    return None
