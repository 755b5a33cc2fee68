"""The dependency graph of an initiative: what waits stands above what it waits for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from handlers.pictures import canvas, lettering
from handlers.pictures.canvas import Canvas, polygon
from handlers.pictures.lettering import NORMAL, TITLE, clipped, drawable, width_of, wrapped
from handlers.pictures.shapes import MARGIN, WIDTH, Box, Edge, Graph, Node

_ACROSS = 3  # boxes beside each other, so that a phone shows their words
_GAP, _BETWEEN = 28, 96  # beside each other; between one row and the next, for the arrows
_PADDING = 16
_LABEL_LINES = 3
_BOX_HEIGHT = round(NORMAL * lettering.LINE * (_LABEL_LINES + 1)) + 2 * _PADDING + 6
_HEADING = 116
_FOOT = 84
_MOST_LABELLED = 14  # arrows; more labels would hide each other
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
    boxes = layout(graph)
    bottom = max((box.bottom for box in boxes.values()), default=_HEADING)
    sheet = Canvas(bottom + _FOOT)
    title = clipped(drawable(graph.title, bold=True), WIDTH - 2 * MARGIN, TITLE, bold=True)
    sheet.text((MARGIN, MARGIN + TITLE), title, TITLE, bold=True)
    for edge in graph.edges:
        if edge.source in boxes and edge.target in boxes:
            _draw_edge(sheet, edge, boxes, with_label=len(graph.edges) <= _MOST_LABELLED)
    for node in graph.nodes:
        _draw_node(sheet, node, boxes[node.id])
    said = "Arrows point at what is needed; dashed: date at risk."
    alone = "It depends on nothing, and nothing depends on it."
    sheet.text(
        (MARGIN, sheet.height - MARGIN), said if graph.edges else alone, 26, colour="#54565C"
    )
    return sheet.png()


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


def _draw_edge(sheet: Canvas, edge: Edge, boxes: Mapping[str, Box], *, with_label: bool) -> None:
    source, target = boxes[edge.source], boxes[edge.target]
    colour = canvas.ALARM if edge.is_hit else canvas.LINE
    stroke = canvas.DASHED if edge.is_hit else canvas.SOLID
    is_below = target.top >= source.top
    start = (source.middle, source.bottom if is_below else source.top)
    way = 1 if is_below else -1
    end = (target.middle, target.top - way * 2 if is_below else target.bottom)
    sheet.line([start, (end[0], end[1] - way * _ARROW)], colour, 4, stroke)
    tip = [end, (end[0] - 12, end[1] - way * _ARROW), (end[0] + 12, end[1] - way * _ARROW)]
    sheet.shape(polygon(tip), fill=colour)
    if with_label and edge.label:
        _draw_label(sheet, f"! {edge.label}" if edge.is_hit else edge.label, start, end, colour)


def _draw_label(
    sheet: Canvas,
    label: str,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str,
) -> None:
    words = clipped(drawable(label), 320, _SMALL)
    width = width_of(words, _SMALL)
    # Nearer to what is needed, where fewer arrows meet.
    x, y = start[0] + 0.62 * (end[0] - start[0]), start[1] + 0.62 * (end[1] - start[1])
    left = min(max(x - width / 2, MARGIN), WIDTH - MARGIN - width)
    sheet.box(Box(left - 8, y - 28, width + 16, 40), fill=canvas.PAPER)
    sheet.text((left, y + 4), words, _SMALL, colour=colour)
