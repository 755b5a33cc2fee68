"""Rules across all blocks of one surface; every block by itself is right already."""

from collections.abc import Iterator
from typing import Any

from sandbox.limits.faults import line

Json = dict[str, Any]
Path = tuple[str | int, ...]

ELEMENTS = ("accessory", "element", "elements")  # where a block holds what can be acted on
MARKDOWN_CHARACTERS = 12_000  # in all markdown blocks of a message

_SURFACES = {  # elements that Slack does not take everywhere, and where it does
    "datetimepicker": {"modal", "message"},
    "email_text_input": {"modal"},
    "number_input": {"modal"},
    "url_text_input": {"modal"},
    "rich_text_input": {"modal", "home"},
}


def across_blocks(blocks: list[Json], surface: str) -> list[str]:
    """Return which ids meet twice and which elements are on the wrong surface."""
    ids: list[tuple[str, Path]] = [
        (block["block_id"], ("blocks", place, "block_id"))
        for place, block in enumerate(blocks)
        if "block_id" in block
    ]
    faults = _repeated("block_id", ids)
    for place, block in enumerate(blocks):
        faults += _repeated("action_id", _action_ids(block, place))
        faults += _misplaced(block, place, surface)
    return faults


def across_message(blocks: list[Json]) -> list[str]:
    """Return what is too much for one message."""
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    faults = []
    if markdown > MARKDOWN_CHARACTERS:
        faults.append(line(f"must be less than {MARKDOWN_CHARACTERS + 1} characters", "blocks"))
    tables = [place for place, block in enumerate(blocks) if block["type"] == "table"]
    return faults + [line("only_one_table_allowed", "blocks", place) for place in tables[1:]]


def across_view(view: Json) -> list[str]:
    """Return what does not go together in a modal or a home tab."""
    blocks: list[Json] = view["blocks"]
    faults = [
        line("only one element may have focus_on_load", *path, "focus_on_load")
        for path in _focused(blocks)[1:]
    ]
    has_input = any(block["type"] == "input" for block in blocks)
    if view.get("type") == "modal" and has_input and "submit" not in view:
        faults.append(line("missing required field: submit"))
    return faults


def _action_ids(block: Json, place: int) -> list[tuple[str, Path]]:
    return [
        (element["action_id"], ("blocks", place, *path, "action_id"))
        for path, element in _elements(block)
        if "action_id" in element
    ]


def _misplaced(block: Json, place: int, surface: str) -> list[str]:
    return [
        line(f"unsupported type: {element['type']}", "blocks", place, *path, "type")
        for path, element in _elements(block)
        if surface not in _SURFACES.get(element["type"], {surface})
    ]


def _focused(blocks: list[Json]) -> list[Path]:
    return [
        ("blocks", place, *path)
        for place, block in enumerate(blocks)
        for path, element in _elements(block)
        if element.get("focus_on_load") is True
    ]


def _elements(block: Json) -> Iterator[tuple[Path, Json]]:
    if block["type"] == "rich_text":
        return
    for key in ELEMENTS:
        held = block.get(key)
        if isinstance(held, dict):
            yield (key,), held
        elif isinstance(held, list):
            yield from (((key, place), element) for place, element in enumerate(held))


def _repeated(name: str, ids: list[tuple[str, Path]]) -> list[str]:
    seen: set[str] = set()
    faults = []
    for value, path in ids:
        if value in seen:
            faults.append(line(f'`{name}` "{value}" already exists', *path))
        seen.add(value)
    return faults
