"""An inventory that somebody sent: how it stands, what its columns mean, what was remarked."""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from handlers.blocks.message import Message
from handlers.blocks.text import (
    Block,
    Text,
    button,
    clip,
    context,
    fitting,
    plain,
    section,
)
from handlers.inventory.inventory_columns import cell_text, columns_told, label_of, unused_lines
from storage.models import FileState, InventoryFile
from workflows.inventory.findings import Findings, Outcome
from workflows.inventory.report import Remark

STORE, LEAVE, UNDO = "store_inventory", "leave_inventory", "undo_inventory"
COLUMNS, REMARKS = "inventory_columns", "inventory_remarks"  # the buttons that open windows
_MOST_REMARKS, _MOST_ALIKE, _MOST_UNUSED = 3, 3, 100
_MOST_SECTIONS = 90  # a view takes 100 blocks
_MOST_BYTES = 200_000  # of them; Slack takes 250 KB of a view
_SECTION = 2800  # characters; a section takes 3,000
_WITHOUT_STAGE = "No column holds the stage, so new initiatives start as proposed. "
_PLAIN = {
    FileState.ARRIVED: "⏳ Reading {name} …",
    FileState.ACCEPTED: "⏳ Importing {name} …",
    FileState.WITHDRAWN: "⏳ Undoing {name} …",
    FileState.UNDONE: "↩️ {name}: the import is undone.",
    FileState.DECLINED: "{name} was not imported. Changed your mind? Send it again.",
    FileState.REFUSED: "✋ I couldn't import {name}.",
}


def told(file: InventoryFile, findings: Findings | None) -> Message:
    """Return the message that says how a file stands, and asks what is to be done."""
    name = f"*{clip(file.name, 150)}*"
    if findings is None or file.state in _PLAIN:
        said = _PLAIN[file.state].format(name=name)
        reason = f"\n{clip(file.reason, 2000)}" if file.reason else ""
        return Message(said.replace("*", ""), [section(said + reason)])
    if file.state is FileState.STORED:
        return _stored(file, findings, name)
    return (
        _asks(file, findings, name) if findings.outcome is None else _checked(file, findings, name)
    )


def remarks_window(file: InventoryFile, findings: Findings) -> Block:
    """Return the window with all that is to be said of rows, and of columns that are not used."""
    unused = [fitting(["*Columns not used*", *unused_lines(findings)], _MOST_UNUSED)]
    texts = [*_row_remarks(findings.outcome), *(unused if findings.unused else [])]
    sums = accumulate(len(json.dumps(section(text))) for text in texts)
    fits = min(_MOST_SECTIONS, sum(size <= _MOST_BYTES for size in sums))
    left = [f"and {len(texts) - fits:,} more sections like these"] if len(texts) > fits else []
    return {
        "type": "modal",
        "title": plain("Remarks"),
        "close": plain("Close"),
        "blocks": [context(clip(file.name, 150)), *map(section, [*texts[:fits], *left])],
    }


def _row_remarks(outcome: Outcome | None) -> list[Text]:
    if outcome is None:
        return []
    texts: list[Text] = []
    for title, remarks, total in (
        ("Left out", outcome.refusals, outcome.refused),
        ("Please check", outcome.doubts, outcome.doubtful),
        ("Changed", outcome.changes, outcome.changed),
        ("No initiatives, so left out", outcome.asides, len(outcome.asides)),
    ):
        if remarks:
            more = f"and {total - len(remarks)} more" if total > len(remarks) else ""
            lines = [f"*{title}: {total:,}*", *map(_remark, remarks), *([more] if more else [])]
            texts += _texts(lines)
    return texts


def _asks(file: InventoryFile, findings: Findings, name: str) -> Message:
    asked = [f"Which column holds the {label_of(field).lower()}?" for field in findings.lacking]
    if findings.is_order_unknown:
        asked.append("Is 3/4/2027 in March or in April? Its dates can be read both ways.")
    if findings.is_stage_asked:
        words = [f"{cell_text(word)} ({count:,})" for word, count in findings.stage_words]
        asked.append(f"What stages do these words stand for? {clip(', '.join(words), 1500)}")
    said = f"📄 Before I can import {name}, please tell me:"
    return Message(
        said.replace("*", ""),
        [
            section("\n".join([said, *(f"• {line}" for line in asked)])),
            *columns_told(findings),
            context(f"{findings.described}. Nothing is imported yet."),
            _buttons(file, _columns_button(file, "Answer", primary=True), _leave(file)),
        ],
    )


def _checked(file: InventoryFile, findings: Findings, name: str) -> Message:
    outcome = findings.outcome
    assert outcome is not None  # what has none is asked about
    said = f"📄 {name}: {_counts(outcome)}"
    if findings.can_be_stored:
        count = outcome.new + outcome.changed
        others = " of them" if outcome.same or outcome.refused else ""
        store = [button(f"Import {count:,}{others}", STORE, file.file_id, primary=True)]
        what = _WITHOUT_STAGE if findings.says_no_stage else ""
        what += "Nothing is imported yet."
    else:
        store, what = [], "There's nothing to import."
    buttons = [
        *store,
        _columns_button(file, "Change the columns"),
        *_remarks_button(file, outcome),
    ]
    return Message(
        said.replace("*", ""),
        [
            section("\n".join([said, *([file.reason] if file.reason else [])])),
            *columns_told(findings),
            *_remarked(outcome),
            *_alike(outcome),
            context(f"{findings.described}. {what}"),
            _buttons(file, *buttons, _leave(file)),
        ],
    )


def _stored(file: InventoryFile, findings: Findings, name: str) -> Message:
    outcome = findings.outcome
    assert outcome is not None  # only what was checked is stored
    said = f"✅ {name} is imported: {_counts(outcome)}"
    undo = button("Undo", UNDO, file.file_id) | {
        "confirm": {
            "title": plain("Undo this import?"),
            "text": plain("What it added is removed, and what it changed is put back. What people "
            "changed since stays."),
            "confirm": plain("Undo"),
            "deny": plain("Keep"),
        }
    }  # fmt: skip
    can_undo = [undo] if file.import_id and not file.reason else []
    buttons = [*can_undo, *_remarks_button(file, outcome)]
    return Message(
        said.replace("*", ""),
        [
            section("\n".join([said, *([file.reason] if file.reason else [])])),
            *([_buttons(file, *buttons)] if buttons else []),
        ],
    )


def _counts(outcome: Outcome) -> str:
    said = f"{outcome.new:,} new, {outcome.changed:,} changed, {outcome.same:,} unchanged"
    said += f"; {outcome.doubtful:,} to check, {outcome.refused:,} left out."
    if outcome.missing == 1:
        said += " One initiative here isn't in the file; it stays."
    elif outcome.missing:
        said += f" {outcome.missing:,} initiatives here aren't in the file; they stay."
    if outcome.asides:
        rows = ", ".join(str(one.number) for one in outcome.asides[:10])
        said += f" No initiatives, so left out: row {rows}."
    return said


def _remarked(outcome: Outcome) -> list[Block]:
    lines = []
    for title, remarks, total in (
        ("Left out", outcome.refusals, outcome.refused),
        ("Please check", outcome.doubts, outcome.doubtful),
    ):
        if remarks:
            lines += [f"*{title}*", *map(_remark, remarks[:_MOST_REMARKS])]
            lines += [f"and {total - _MOST_REMARKS:,} more"] if total > _MOST_REMARKS else []
    return [section(fitting(lines, len(lines)))] if lines else []


def _alike(outcome: Outcome) -> list[Block]:
    lines = [
        f"• {one.key} {cell_text(one.name)} ~ {one.other_key} {cell_text(one.other_name)}: "
        f"{', '.join(one.shared)}"
        for one in outcome.alike
    ]
    title = "*Similar, in different departments*"
    return [section(fitting([title, *lines[:_MOST_ALIKE]], _MOST_ALIKE + 1))] if lines else []


def _remark(remark: Remark) -> str:
    key = f" {remark.key}" if remark.key else ""
    return f"• row {remark.number}{key}: {clip('; '.join(remark.words), 300)}"


def _texts(lines: Sequence[str]) -> list[str]:
    """Return lines as texts that each fit into a section."""
    texts = [""]
    for line in lines:
        if len(texts[-1]) + len(line) >= _SECTION:
            texts.append("")
        texts[-1] += f"\n{line}" if texts[-1] else line
    return texts


def _columns_button(file: InventoryFile, label: str, *, primary: bool = False) -> Block:
    return button(label, COLUMNS, file.file_id, primary=primary)


def _remarks_button(file: InventoryFile, outcome: Outcome) -> list[Block]:
    is_any = outcome.refusals or outcome.doubts or outcome.changes or outcome.asides
    return [button("Read all remarks", REMARKS, file.file_id)] if is_any else []


def _leave(file: InventoryFile) -> Block:
    return button("Don't import", LEAVE, file.file_id)


def _buttons(file: InventoryFile, *buttons: dict[str, Any]) -> Block:
    return {"type": "actions", "block_id": f"file:{file.file_id}", "elements": list(buttons)}
