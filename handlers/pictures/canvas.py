"""A sheet to draw on, in pixels from the top left; each picture has its own: threads may draw."""

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, IdentityTransform

from handlers.pictures.lettering import NORMAL, font_file, width_of
from handlers.pictures.shapes import WIDTH, Box

PAPER = "#FAFAF8"
FRAME = "#C9CBD1"  # the edge of the sheet, seen on white and on black
INK = "#1D1C1D"
QUIET = "#54565C"
GRID = "#DDDEE2"
LINE = "#6B6E76"
BLUE = "#0072B2"  # this and the next ones are Okabe and Ito's, apart for every kind of sight
GREEN = "#007A5A"  # theirs, darkened until it can be read as text
ALARM = "#A83F00"  # their vermillion, darkened as well
SOLID: Literal["solid"] = "solid"
DASHED = (0, (3.2, 1.8))
DOTS_PER_INCH = 72  # with it a point is a pixel

Point = tuple[float, float]
Stroke = Literal["solid"] | tuple[float, tuple[float, float]]


class Canvas:
    """One picture being drawn."""

    def __init__(self, height: float) -> None:
        self.height = round(height)
        self.figure = Figure(
            figsize=(WIDTH / DOTS_PER_INCH, self.height / DOTS_PER_INCH),
            dpi=DOTS_PER_INCH,
            facecolor=PAPER,
        )
        self.downwards = Affine2D().scale(1, -1).translate(0, self.height)
        self.depth = 0
        self.written: list[Box] = []  # where there are words
        self.box(Box(1, 1, WIDTH - 2, self.height - 2), edge=FRAME, stroke_width=2)

    def text(
        self, at: Point, words: str, size: float = NORMAL, *, bold: bool = False, colour: str = INK
    ) -> None:
        """Write drawable words on one line, `at` the left end of its baseline."""
        if words:
            self.written.append(box_of(at, words, size, bold=bold))
        font = FontProperties(fname=font_file(bold), size=size)
        x, y = self.downwards.transform(at)
        text = Text(x, y, words, color=colour, fontproperties=font, parse_math=False)
        text.set_transform(IdentityTransform())  # the figure would place it by its own measure
        self._add(text)

    def box(
        self,
        box: Box,
        *,
        fill: str = "none",
        edge: str = "none",
        stroke_width: float = 0,
        corner: float = 0,
    ) -> None:
        """Draw a rectangle, its corners round if they have a radius."""
        style = f"round,pad=0,rounding_size={corner}" if corner else "square,pad=0"
        patch = FancyBboxPatch(
            (box.left, box.top),
            box.width,
            box.height,
            boxstyle=style,
            facecolor=fill,
            edgecolor=edge,
            linewidth=stroke_width,
            transform=self.downwards,
        )
        self._add(patch)

    def line(
        self,
        points: Sequence[Point],
        colour: str = LINE,
        stroke_width: float = 4,
        stroke: Stroke = SOLID,
    ) -> None:
        """Draw straight from point to point."""
        xs, ys = zip(*points, strict=True)
        line = Line2D(
            xs,
            ys,
            color=colour,
            linewidth=stroke_width,
            linestyle=stroke,
            transform=self.downwards,
        )
        self._add(line)

    def shape(
        self,
        path: Path,
        *,
        fill: str = "none",
        edge: str = "none",
        stroke_width: float = 0,
        stroke: Stroke = SOLID,
    ) -> None:
        """Draw any outline, such as a curve or a polygon."""
        patch = PathPatch(
            path,
            facecolor=fill,
            edgecolor=edge,
            linewidth=stroke_width,
            linestyle=stroke,
            transform=self.downwards,
        )
        self._add(patch)

    def png(self) -> bytes:
        """Return the picture."""
        file = BytesIO()
        FigureCanvasAgg(self.figure).print_png(file)  # type: ignore[no-untyped-call]
        return file.getvalue()

    def _add(self, artist: Text | Line2D | FancyBboxPatch | PathPatch) -> None:
        self.depth += 1  # later things lie upon earlier ones, of whatever sort
        artist.set_zorder(self.depth)
        self.figure.add_artist(artist)


def box_of(at: Point, words: str, size: float, *, bold: bool = False) -> Box:
    """Return what words on one line cover, from the top of a capital to the foot of a y."""
    return Box(at[0], at[1] - 0.76 * size, width_of(words, size, bold), size)


def polygon(points: Sequence[Point]) -> Path:
    """Return a closed outline."""
    return Path([*points, points[0]], closed=True)
