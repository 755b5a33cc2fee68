"""The milestones of a quarter: what was committed to against what is expected."""

from collections.abc import Iterator
from datetime import date, timedelta

from matplotlib.path import Path

from handlers.pictures import canvas
from handlers.pictures.canvas import Canvas, polygon
from handlers.pictures.lettering import NORMAL, TITLE, clipped, drawable, width_of
from handlers.pictures.shapes import MARGIN, WIDTH, Row, Timeline

_HEADING, _MONTHS, _FOOT = 116, 56, 128
_ROW = 132
_SIDE = 48  # the tracks end before the sheet does
_DIAMOND = 15
_SMALL = NORMAL - 4


def draw_timeline(timeline: Timeline) -> bytes:
    """Return the timeline as a PNG."""
    return timeline_sheet(timeline).png()


def timeline_sheet(timeline: Timeline) -> Canvas:
    """Return the timeline as it is drawn."""
    rows = max(1, len(timeline.rows))
    sheet = Canvas(_HEADING + _MONTHS + rows * _ROW + _FOOT)
    title = clipped(drawable(timeline.title, bold=True), WIDTH - 2 * MARGIN, TITLE, bold=True)
    sheet.text((MARGIN, MARGIN + TITLE), title, TITLE, bold=True)
    _draw_grid(sheet, timeline)
    if not timeline.rows:
        sheet.text((MARGIN, _HEADING + _MONTHS + 70), "No milestone falls into this quarter.")
    for number, row in enumerate(timeline.rows):
        _draw_row(sheet, timeline, row, _HEADING + _MONTHS + number * _ROW)
    _draw_legend(sheet)
    return sheet


def x_of(timeline: Timeline, day: date) -> float:
    """Return where a day stands; one outside stands at the edge."""
    days = (timeline.ends_on - timeline.starts_on).days or 1
    share = min(max((day - timeline.starts_on).days / days, 0.0), 1.0)
    return MARGIN + _SIDE + share * (WIDTH - 2 * (MARGIN + _SIDE))


def months_of(timeline: Timeline) -> Iterator[date]:
    """Yield the first day of every month that begins within the window, its own first day first."""
    day = timeline.starts_on
    while day <= timeline.ends_on:
        yield day
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _draw_grid(sheet: Canvas, timeline: Timeline) -> None:
    bottom = sheet.height - _FOOT + 12
    for day in months_of(timeline):
        x = x_of(timeline, day)
        sheet.line([(x, _HEADING + _MONTHS - 6), (x, bottom)], canvas.GRID, 3)
        sheet.text((x + 8, _HEADING + _MONTHS - 16), f"{day:%b}", _SMALL, colour=canvas.QUIET)
    if timeline.starts_on <= timeline.today <= timeline.ends_on:
        x = x_of(timeline, timeline.today)
        sheet.line([(x, _HEADING - 4), (x, bottom)], canvas.BLUE, 4)
        width = width_of("today", _SMALL)
        left = min(x + 8, WIDTH - MARGIN - width)
        sheet.text((left, _HEADING + 6), "today", _SMALL, colour=canvas.BLUE)


def _draw_row(sheet: Canvas, timeline: Timeline, row: Row, top: float) -> None:
    label = clipped(drawable(row.label, bold=True), WIDTH - 2 * MARGIN, NORMAL, bold=True)
    sheet.text((MARGIN, top + NORMAL + 2), label, bold=True)
    left = MARGIN + width_of(label, NORMAL, bold=True) + 18
    room = WIDTH - MARGIN - left
    if row.sub and room > 120:
        sub = clipped(drawable(row.sub), room, _SMALL)
        sheet.text((left, top + NORMAL + 2), sub, _SMALL, colour=canvas.QUIET)
    _draw_track(sheet, timeline, row, top + 84)


def _draw_track(sheet: Canvas, timeline: Timeline, row: Row, y: float) -> None:
    slip = row.slip_days or 0
    colour = canvas.ALARM if slip > 0 else canvas.GREEN
    committed, ends = row.committed_on, row.ends_on
    if committed and ends and committed != ends:
        stroke = canvas.DASHED if slip > 0 else canvas.SOLID
        xs = (x_of(timeline, committed), x_of(timeline, ends))
        sheet.line([(xs[0], y), (xs[1], y)], colour, 6, stroke)
    if committed:
        sheet.shape(
            _diamond(x_of(timeline, committed), y),
            fill=canvas.PAPER,
            edge=canvas.INK,
            stroke_width=4,
        )
    if ends:
        sheet.shape(_diamond(x_of(timeline, ends), y), fill=colour)
        _draw_words(sheet, timeline, row, y)


def _draw_words(sheet: Canvas, timeline: Timeline, row: Row, y: float) -> None:
    """Write how far it slips beside the mark, on the side that has room."""
    assert row.ends_on is not None
    words = slip_words(row)
    outside = not timeline.starts_on <= row.ends_on <= timeline.ends_on
    if outside:
        words = f"{words} {row.ends_on.day} {row.ends_on:%b} →".strip()
    xs = [x_of(timeline, day) for day in (row.ends_on, row.committed_on) if day]
    width = width_of(words, _SMALL)
    left = max(xs) + _DIAMOND + 10
    if left + width > WIDTH - MARGIN:
        left = min(xs) - _DIAMOND - 10 - width
    if left < MARGIN:  # no room on either side: above the line between the two
        left, y = (min(xs) + max(xs) - width) / 2, y - 28
    colour = canvas.ALARM if (row.slip_days or 0) > 0 else canvas.QUIET
    sheet.text((left, y + 11), words, _SMALL, colour=colour)


def slip_words(row: Row) -> str:
    """Return how a milestone stands against its commitment, in a few characters."""
    reached = "✓ " if row.reached_on else ""
    if not row.slip_days:
        return f"{reached}on time" if row.slip_days == 0 else reached.strip()
    return f"{reached}{row.slip_days:+d} d"


def _draw_legend(sheet: Canvas) -> None:
    y = sheet.height - 44
    x: float = MARGIN + _DIAMOND
    for fill, edge, words in (
        (canvas.PAPER, canvas.INK, "committed"),
        (canvas.GREEN, "none", "expected"),
        (canvas.ALARM, "none", "expected, later"),
    ):
        sheet.shape(
            _diamond(x, y - 10), fill=fill, edge=edge, stroke_width=4 if edge != "none" else 0
        )
        sheet.text((x + 26, y), words, _SMALL, colour=canvas.QUIET)
        x += width_of(words, _SMALL) + 90
    sheet.text((x - 14, y), "✓ reached", _SMALL, colour=canvas.QUIET)


def _draw_hollow(sheet: Canvas, x: float, y: float) -> None:
    sheet.shape(_diamond(x, y), fill=canvas.PAPER, edge=canvas.INK, stroke_width=4)


def _diamond(x: float, y: float) -> Path:
    return polygon([(x, y - _DIAMOND), (x + _DIAMOND, y), (x, y + _DIAMOND), (x - _DIAMOND, y)])
