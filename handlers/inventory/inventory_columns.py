"""What the columns of an inventory mean, which are not used, and which are uncertain."""

from handlers.blocks.text import Block, clip, fitting, section
from workflows.inventory.findings import Findings
from workflows.inventory.mapping import Match
from workflows.registry.fact_list import LABELS

_MOST_COLUMNS, _MOST_UNSURE, _MOST_UNUSED = 30, 10, 8
_LABELS = {**LABELS, "key": "Key", "abbreviation": "Abbreviation of the department"}


def columns_told(findings: Findings) -> list[Block]:
    """Return what the columns mean, what they might mean, and what is not used."""
    by_field = {match.field: match for match in findings.matches}
    lines = [
        f"• {label_of(field)}: “{cell_text(column)}”{_sureness(by_field.get(field), column)}"
        for field, column in findings.map.columns.items()
    ]
    lines += [
        f"• {label_of(field)}: {cell_text(text)}, in all rows"
        for field, text in findings.map.constants.items()
    ]
    whose = {"": "How I read the columns", "you": "The columns, as you set them"}
    title = whose.get(findings.said_by, f"The columns, as in {findings.said_by}")
    unsure = [
        f"• {label_of(one.field)}: “{cell_text(one.column)}”? {_example(one)}{_rival(one)}"
        for one in findings.unsure
    ]
    parts = (
        (f"*{clip(title, 200)}*", lines, _MOST_COLUMNS),
        ("*Not used, because I'm not sure*", unsure, _MOST_UNSURE),
        ("*Not used*", unused_lines(findings), _MOST_UNUSED),
    )
    return [section(fitting([title, *said], most + 1)) for title, said, most in parts if said]


def unused_lines(findings: Findings) -> list[str]:
    """Return a line for each column that nothing is taken from and that is not asked about."""
    asked = {one.column for one in findings.unsure}
    return [
        f"• “{cell_text(one.column)}” ({one.filled:,} {'cell' if one.filled == 1 else 'cells'}), "
        f"_for example_ {cell_text(one.example)}"
        for one in findings.unused
        if one.column not in asked
    ]


def label_of(field: str) -> str:
    """Return what people call a field."""
    return _LABELS[field]


def cell_text(text: str) -> str:
    """Return what stands in a cell, or its beginning, on one line."""
    return clip(" ".join(text.split()), 60)


def _sureness(match: Match | None, column: str) -> str:
    return f" ({match.score} %) {_example(match)}" if match and match.column == column else ""


def _example(match: Match) -> str:
    return f"_for example_ {cell_text(match.example)}" if match.example else "_empty_"


def _rival(match: Match) -> str:
    return f"; or “{cell_text(match.rival)}”" if match.rival else ""
