"""The window in which somebody says what the columns of an inventory mean."""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from handlers.blocks.text import Block, clip, plain, section
from handlers.inventory.inventory_columns import cell_text, label_of
from storage.models import Stage
from workflows.inventory.dates import DateOrder
from workflows.inventory.fields import FIELDS
from workflows.inventory.findings import Findings
from workflows.inventory.mapping import REQUIRED, ImportMap
from workflows.inventory.stages import guess_stage

CALLBACK_ID = "columns_form"
CHOICE = "choice"  # the action id of every element
FIRST_FIELD = REQUIRED[0]  # the department may be the same for all rows
FIRST = f"field_{FIRST_FIELD}"  # the block of the first field: faults are said there
_FIELD, _MORE, _MORE_COLUMN, _ORDER = "field_", "more_field", "more_column", "date_order"
_STAGE, _SHEET, _DEPARTMENT = "stage_", "sheet", "constant_department"
_NONE = "none"
_MOST_OPTIONS = 100
_MOST_WORDS = 40  # of stages; a view takes 100 blocks
_MOST_BYTES = 200_000  # of all menus; Slack takes a view of 250 kB
_ORDERS = {
    DateOrder.DAY_FIRST: "3/4/2027 is 3 April",
    DateOrder.MONTH_FIRST: "3/4/2027 is 4 March",
}


def build(file_id: str, findings: Findings) -> Block:
    """Return the window: one menu for each field that has, needs or might have a column."""
    columns = findings.map.columns
    unsure = {match.field: match.column for match in findings.unsure}
    asked = [one.name for one in FIELDS if one.name in {*columns, *unsure, *REQUIRED}]
    asked.sort(key=lambda name: name not in REQUIRED)
    most = _menu_length(findings.headings, len(asked) + 1)
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": file_id,
        "title": plain("Columns"),
        "submit": plain("Check again"),
        "close": plain("Cancel"),
        "blocks": [
            section(_count_line(len(findings.headings), most)),
            *(
                _column(name, _menu(findings.headings, columns.get(name), most), unsure.get(name))
                for name in asked
            ),
            *_department(findings),
            *_stages(findings),
            *_one_more([one.name for one in FIELDS if one.name not in asked], findings, most),
            _date_order(findings.map.date_order, is_needed=findings.is_order_unknown),
            *_sheets(findings),
        ],
    }


def parse(view: Block, findings: Findings) -> ImportMap:
    """Read what the columns mean."""
    chosen = {
        block_id: (state[CHOICE].get("selected_option") or {}).get("value", _NONE)
        for block_id, state in view["state"]["values"].items()
    }
    columns = {
        block_id.removeprefix(_FIELD): findings.headings[int(value)]
        for block_id, value in chosen.items()
        if block_id.startswith(_FIELD) and value != _NONE
    }
    more, column = chosen.get(_MORE, _NONE), chosen.get(_MORE_COLUMN, _NONE)
    if _NONE not in (more, column):
        columns[more] = findings.headings[int(column)]
    order = chosen.get(_ORDER, _NONE)
    typed = view["state"]["values"].get(_DEPARTMENT, {}).get(CHOICE, {}).get("value") or ""
    stages = {
        word: Stage(said)
        for place, (word, _) in enumerate(_words(findings))
        if (said := chosen.get(f"{_STAGE}{place}", _NONE)) != _NONE
    }
    return ImportMap(
        columns=columns,
        constants={"department": typed.strip()} if typed.strip() else {},
        stages=stages,
        sheet=chosen.get(_SHEET, findings.map.sheet),
        date_order=DateOrder.UNKNOWN if order == _NONE else DateOrder(order),
    )


def _menu_length(headings: Sequence[str], menus: int) -> int:
    """Return how many columns each of so many menus can list."""
    sizes = [len(json.dumps(_option(heading, "0000"))) for heading in headings]
    sums = accumulate(sizes[: _MOST_OPTIONS - 1])
    return sum(menus * length <= _MOST_BYTES for length in sums)


def _count_line(columns: int, most: int) -> str:
    said = "Which column holds what? Nothing is imported yet."
    if most < columns:
        said += f" Each menu lists the first {most} of {columns} columns; a mapping file takes all."
    return said


def _column(name: str, menu: Block, unsure: str | None) -> Block:
    """Return the menu of a field; an uncertain one is named, and left to its reader to choose."""
    block = _input(f"{_FIELD}{name}", label_of(name), menu, optional=name != FIRST_FIELD)
    if unsure is None:
        return block
    return {**block, "hint": plain(clip(f"Maybe “{unsure}”?", 200))}


def _department(findings: Findings) -> list[Block]:
    """Return the field for the department of all rows, where it is not surely in a column."""
    said = findings.map.constants.get("department", "")
    if "department" in findings.map.columns and not said:
        return []
    element: Block = {"type": "plain_text_input", "max_length": 100}
    element |= {"initial_value": said} if said else {}
    block = _input(_DEPARTMENT, "Department of all rows", element)
    return [
        {**block, "hint": plain("If no column holds it: which department is all of this from?")}
    ]


def _words(findings: Findings) -> list[tuple[str, int]]:
    """Return the words of stages that are asked about, and those that somebody explained."""
    asked = {word.casefold() for word, _ in findings.stage_words}
    said = [(word, 0) for word in findings.map.stages if word.casefold() not in asked]
    return [*findings.stage_words, *said][:_MOST_WORDS]


def _stages(findings: Findings) -> list[Block]:
    """Return a menu for each word, with what it may mean put forward."""
    blocks = []
    for place, (word, count) in enumerate(_words(findings)):
        stage = findings.map.stages.get(word) or guess_stage(word)
        options = [_option(stage.value, stage.value) for stage in Stage]
        options.append(_option("– not sure: proposed –", _NONE))
        element: Block = {"type": "static_select", "options": options}
        if stage is not None:
            element["initial_option"] = _option(stage.value, stage.value)
        rows = f" ({count:,} {'row' if count == 1 else 'rows'})" if count else ""
        blocks.append(_input(f"{_STAGE}{place}", f"Stage “{cell_text(word)}”{rows} is", element))
    return blocks


def _sheets(findings: Findings) -> list[Block]:
    """Return the menu of the sheets that hold a table, where there are several."""
    if not findings.other_sheets:
        return []
    sheets = [findings.map.sheet, *findings.other_sheets][:_MOST_OPTIONS]
    options = [_option(sheet, sheet) for sheet in sheets]
    element = {"type": "static_select", "options": options, "initial_option": options[0]}
    return [_input(_SHEET, "Which sheet?", element)]


def _one_more(names: Sequence[str], findings: Findings, most: int) -> list[Block]:
    if not names:
        return []
    options = [_option(label_of(name), name) for name in names]
    return [
        _input(_MORE, "One more field …", {"type": "static_select", "options": options}),
        _input(_MORE_COLUMN, "… is in the column", _menu(findings.headings, None, most)),
    ]


def _menu(headings: Sequence[str], column: str | None, most: int) -> Block:
    """Return the menu of the first columns, and of the one that is chosen, wherever it stands."""
    shown = [place for place, name in enumerate(headings) if place < most or name == column]
    options = [_option("– no column –", _NONE)]
    options += [_option(headings[place], str(place)) for place in shown]
    element: dict[str, Any] = {"type": "static_select", "options": options}
    if column in headings:
        chosen = str(headings.index(column))
        element["initial_option"] = next(one for one in options if one["value"] == chosen)
    return element


def _date_order(order: DateOrder, *, is_needed: bool) -> Block:
    options = [_option(words, known.value) for known, words in _ORDERS.items()]
    element: dict[str, Any] = {"type": "radio_buttons", "options": options}
    if order in _ORDERS:
        element["initial_option"] = next(one for one in options if one["value"] == order.value)
    return _input(_ORDER, "How are the dates written?", element, optional=not is_needed)


def _input(block_id: str, label: str, element: Block, *, optional: bool = True) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "optional": optional,
        "element": {**element, "action_id": CHOICE},
    }


def _option(words: str, value: str) -> Block:
    return {"text": plain(clip(words, 75)), "value": value}
