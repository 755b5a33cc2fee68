"""Text as the font that comes with matplotlib can draw it: which characters, how wide, where."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font, LoadFlags

NORMAL = 33  # pixels; a phone shows a third of it, and 11 are the least that people read
STRONG = 36
TITLE = 44
LINE = 1.25  # from one line to the next, in sizes
LONGEST = 300  # characters of one text that are looked at
MISSING = "□"
UNSEEN = {"Cc", "Cf", "Mn", "Me"}  # categories: controls, joiners, marks left over by NFC


@lru_cache(maxsize=2)
def font_file(bold: bool) -> Path:
    """Return the file of DejaVu Sans, which every copy of matplotlib carries."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(get_data_path()) / "fonts" / "ttf" / name


@lru_cache(maxsize=2)
def _font(bold: bool) -> FT2Font:
    return FT2Font(font_file(bold))


@lru_cache(maxsize=2)
def _known(bold: bool) -> frozenset[int]:
    return frozenset(_font(bold).get_charmap())


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    font = _font(bold)
    return font.load_char(ord(character), LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM


def drawable(text: str, bold: bool = False) -> str:
    """Return the text on one line, with a square for each character that the font lacks."""
    composed = unicodedata.normalize("NFC", " ".join(text[:LONGEST].split()))
    seen = [each for each in composed if unicodedata.category(each) not in UNSEEN]
    known = _known(bold)
    short = "".join(each if ord(each) in known else MISSING for each in seen)
    return short + "…" if len(text) > LONGEST else short


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of drawable text in pixels, kerning left out."""
    return size * sum(_advance(character, bold) for character in text)


def clipped(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return as much of drawable text as fits, with an ellipsis where that isn't all."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + "…", size, bold) > width:
        text = text[:-1].rstrip(" .,…")
    return text + "…"


def wrapped(text: str, width: float, size: float, most: int, bold: bool = False) -> list[str]:
    """Return drawable text on at most so many lines, the last one clipped."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most - 1:
        line = _first_line(rest, width, size, bold)
        lines.append(line)
        rest = rest[len(line) :].lstrip()
    return [*lines, clipped(rest, width, size, bold)] if rest else lines


def _first_line(text: str, width: float, size: float, bold: bool) -> str:
    """Return whole words as long as they fit, or the beginning of a word that doesn't."""
    end = len(text)
    while end > 1 and width_of(text[:end], size, bold) > width:
        end -= 1
    if end == len(text):
        return text
    breaks = [at for at in range(1, end + 1) if text[at] == " " or text[at - 1] in "-/–"]
    return text[: breaks[-1] if breaks else end].rstrip()
