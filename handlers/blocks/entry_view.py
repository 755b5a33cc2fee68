"""What `/ai-project` shows: an entry, its history, lists, help."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from handlers.blocks.text import (
    Block,
    button,
    clip,
    context,
    date_text,
    escape,
    fitting,
    listed,
    moment_text,
    paragraphs,
    plain,
    section,
)
from storage.models import Initiative, Stage
from workflows.registry.entries import Change, Known
from workflows.registry.listing import Page
from workflows.registry.policy import CHANGE_FLOOR, Facts, is_below_floor

COMMAND = "/ai-project"
EDIT, SHOW = "edit_entry", "show_entry"  # buttons; their value is the initiative's key
TURN_LIST = "turn_list"  # the action ids of the buttons begin so
STAGE_WORDS = {stage: stage.value.capitalize() for stage in Stage}
LABELS = {
    "name": "Name",
    "stage": "Stage",
    "objective": "Objective",
    "outcome": "Business outcome",
    "topic": "Topic",
    "stakeholders": "Stakeholders",
    "data": "Shared data",
    "starts_on": "Start",
    "target_on": "Target",
    "skills": "People, by skill",
    "compute": "Compute",
    "currency": "Currency",
    "budget_approved": "Budget approved",
    "budget_spent": "Budget spent",
    "budget_forecast": "Budget forecast",
    "change_percent": "Change management, % of the budget",
    "value_score": "Value, 1 to 5",
    "feasibility_score": "Feasibility, 1 to 5",
    "urgency_score": "Urgency, 1 to 5",
}
_TEXTS = ("objective", "outcome", "stakeholders", "data", "skills", "compute")
_CLIP = 1200  # characters of each text: all six fit into one message
_CLIP_CHANGE = 120
_MOST_HISTORY = 10_000  # characters of all changes: a message takes some 13,000

HELP = "\n".join(
    [
        f"`{COMMAND} show KEY` or a name  shows what the registry knows of it",
        f"`{COMMAND} edit KEY`  changes that, if you answer for it",
        f"`{COMMAND} history KEY`  shows who changed what",
        f"`{COMMAND} list`  shows all of them; `list pilot`, `list Finance`, `list mine` some",
    ]
)


def help_blocks(lead_in: str = "") -> list[Block]:
    """Return the help, after a sentence of mrkdwn."""
    return [*([section(lead_in)] if lead_in else []), section(HELP)]


def shown(known: Known, names: dict[str, str], zone: ZoneInfo) -> list[Block]:
    """Return what the registry knows of an initiative."""
    initiative, facts = known.initiative, known.facts
    name = escape(clip(facts.name, 150))
    lines = [
        f"*{initiative.key} · {name}*",
        f"{STAGE_WORDS[facts.stage]} · {escape(clip(initiative.department, 100))}"
        + (f" · {escape(facts.topic)}" if facts.topic else ""),
        _people_line(known, names),
    ]
    texts = [(LABELS[part], clip(getattr(facts, part), _CLIP)) for part in _TEXTS]
    written = [(label, text) for label, text in texts if text]
    blocks = [section("\n".join(lines), button("Edit", EDIT, initiative.key))]
    blocks += [paragraphs(written)] if written else []
    if plan := [*_dates(facts), *_money(facts), *_scores(facts)]:
        blocks.append(section("\n".join(plan)))
    return [*blocks, context(_since(known, zone))]


def history(
    initiative: Initiative, changes: list[Change], names: dict[str, str], zone: ZoneInfo
) -> list[Block]:
    """Return who changed what in an entry, newest first."""
    heading = f"*{initiative.key} · {escape(clip(initiative.name, 150))}*"
    if not changes:
        return [section(f"{heading}: nobody has changed its entry yet.")]
    blocks = [section(f"{heading}, newest first")]
    budget = _MOST_HISTORY
    for change in changes:
        who = escape(names.get(change.author_id, change.author_id))
        lines = [
            f"*{LABELS[name]}*  {_was(before)} → {_was(after)}"
            for name, (before, after) in change.differences.items()
        ]
        told = fitting(lines, len(LABELS), 2800)
        budget -= len(told)
        if budget < 0:
            return [*blocks, context("The versions before that don't fit into one message.")]
        blocks += [
            section(told),
            context(f"Version {change.version} by {who}, {moment_text(change.changed_at, zone)}"),
        ]
    return blocks


def list_window(page: Page) -> Block:
    """Return the window with a page of a list."""
    title = f"“{escape(clip(page.wanted, 60))}”: " if page.wanted else ""
    count = f"{page.total:,} {'initiative' if page.total == 1 else 'initiatives'}"
    where = f" · page {page.number + 1} of {page.pages}" if page.pages > 1 else ""
    blocks = [context(f"{title}{count}{where}")]
    blocks += [_list_line(page, initiative) for initiative in page.initiatives]
    if page.pages > 1:
        blocks.append(_turning(page))
    return {
        "type": "modal",
        "title": plain("Initiatives"),
        "close": plain("Close"),
        "blocks": blocks,
    }


def entry_window(known: Known, names: dict[str, str], zone: ZoneInfo) -> Block:
    """Return the window with one entry."""
    return {
        "type": "modal",
        "title": plain(clip(known.initiative.key, 24)),
        "close": plain("Close"),
        "blocks": shown(known, names, zone),
    }


def read_turn(value: str) -> tuple[int, str]:
    """Read which page of which list a button asks for."""
    number, _, wanted = value.partition(" ")
    return int(number), wanted


def _list_line(page: Page, initiative: Initiative) -> Block:
    entry = page.entries.get(initiative.key)
    lead = escape(clip(page.names.get(initiative.lead_id, initiative.lead_id), 60))
    target = f" · target {date_text(entry.target_on)}" if entry and entry.target_on else ""
    department = escape(clip(initiative.department, 60))
    return section(
        f"*{initiative.key}*  {escape(clip(initiative.name, 100))}\n"
        f"{STAGE_WORDS[initiative.stage]} · {department} · {lead}{target}",
        button("Show", SHOW, initiative.key),
    )


def _turning(page: Page) -> Block:
    turns = [("Previous", page.number - 1), ("Next", page.number + 1)]
    return {
        "type": "actions",
        "elements": [
            button(label, f"{TURN_LIST}_{label.lower()}", f"{target} {page.wanted}")
            for label, target in turns
            if 0 <= target < page.pages
        ],
    }


def _people_line(known: Known, names: dict[str, str]) -> str:
    def called(user_ids: Any) -> str:
        return escape(listed([clip(names.get(one, one), 60) for one in user_ids]))

    parts = [f"Led by {called([known.initiative.lead_id])}"]
    if known.deputy_ids:
        parts.append(f"{called(known.deputy_ids)} stands in")
    if known.department_lead_ids:
        parts.append(f"department: {called(known.department_lead_ids)}")
    return " · ".join(parts)


def _dates(facts: Facts) -> list[str]:
    days = [
        f"*{LABELS[part]}*  {_day(value)}"
        for part in ("starts_on", "target_on")
        if (value := getattr(facts, part))
    ]
    return [" · ".join(days)] if days else []


def _money(facts: Facts) -> list[str]:
    amounts = [
        f"{word} {value:,}"
        for word in ("approved", "spent", "forecast")
        if (value := getattr(facts, f"budget_{word}")) is not None
    ]
    lines = [f"*Budget*  {', '.join(amounts)} {escape(facts.currency)}".rstrip()] if amounts else []
    if facts.change_percent is not None:
        floor = f"  ⚠️ below the floor of {CHANGE_FLOOR} %" if is_below_floor(facts) else ""
        lines.append(f"*Change management*  {facts.change_percent} % of the budget{floor}")
    return lines


def _scores(facts: Facts) -> list[str]:
    scores = [
        f"{word} {value}"
        for word in ("value", "feasibility", "urgency")
        if (value := getattr(facts, f"{word}_score")) is not None
    ]
    return [f"*Priority*  {', '.join(scores)} of 5"] if scores else []


def _since(known: Known, zone: ZoneInfo) -> str:
    if known.changed_at is None:
        return "Nobody has written more into the registry yet."
    return f"Version {known.version}, {moment_text(known.changed_at, zone)}"


def _day(day: date) -> str:
    return f"{date_text(day)} {day.year}"


def _was(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, date):
        return _day(value)
    return escape(clip(f"{value:,}" if isinstance(value, int) else str(value), _CLIP_CHANGE))
