"""Milestones and dependencies as lines of one cell, and back. Pure.

A milestone: «M2 | Pilot live | 2027-03-31 | 2027-04-12 | 2027-04-10», the last two only where they
differ or are there. A dependency: «D1 | M2 | data | Customer master | reads | 2027-03-01 |
2027-05-01», with a dash for what is not said.
"""

import re
from collections.abc import Iterable
from typing import Any

from workflows.registry.facts import DependencyFacts, MilestoneFacts

_NOTHING = "-"


def milestone_lines(milestones: Iterable[MilestoneFacts]) -> str:
    """Return one line for each milestone."""
    return "\n".join(
        _line([f"M{one.number}", one.name, one.committed_on, one.forecast_on, one.reached_on])
        for one in milestones
    )


def dependency_lines(dependencies: Iterable[DependencyFacts]) -> str:
    """Return one line for each dependency."""
    return "\n".join(
        _line(
            [
                f"D{one.number}",
                f"M{one.milestone}" if one.milestone else None,
                one.kind.value,
                one.thing,
                one.access.value if one.access else None,
                one.need_by,
                one.until_on,
            ]
        )
        for one in dependencies
    )


def read_milestones(cell: str) -> list[dict[str, Any]]:
    """Return what the lines say; whether it can be so is for Facts to say.

    Raises:
        ValueError: a line is none.
    """
    read = []
    for line in cell.splitlines():
        number, name, committed_on, forecast_on, reached_on = _parts(line, 5)
        read.append(
            {
                "number": _number(number, "M"),
                "name": name,
                "committed_on": committed_on,
                "forecast_on": forecast_on or committed_on,
                "reached_on": reached_on,
            }
        )
    return read


def read_dependencies(cell: str) -> list[dict[str, Any]]:
    """Return what the lines say; whether it can be so is for Facts to say.

    Raises:
        ValueError: a line is none.
    """
    read = []
    for line in cell.splitlines():
        number, milestone, kind, thing, access, need_by, until_on = _parts(line, 7)
        read.append(
            {
                "number": _number(number, "D"),
                "milestone": _number(milestone, "M") if milestone else None,
                "kind": kind,
                "thing": thing,
                "access": access,
                "need_by": need_by,
                "until_on": until_on,
            }
        )
    return read


def _line(parts: Iterable[object]) -> str:
    return " | ".join(_NOTHING if part is None else _escaped(str(part)) for part in parts)


def _escaped(text: str) -> str:
    clean = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return f"\\{clean}" if clean == _NOTHING else clean


def _parts(line: str, count: int) -> list[str | None]:
    parts = [part.strip() for part in re.split(r"(?<!\\)(?:\\\\)*\|", line)]
    if len(parts) > count or len(parts) < 2:
        raise ValueError(line)
    parts += [_NOTHING] * (count - len(parts))
    return [None if part == _NOTHING else re.sub(r"\\(.)", r"\1", part) for part in parts]


def _number(text: str | None, letter: str) -> int:
    if text is None or not re.fullmatch(rf"{letter}\d{{1,6}}", text):
        raise ValueError(text)
    return int(text[1:])
