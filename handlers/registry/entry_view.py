"""What `/ai-project` shows of one initiative: its entry, its history; and the help."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from handlers.blocks.personal import EDIT
from handlers.blocks.text import (
    Block,
    Mrkdwn,
    Text,
    button,
    clip,
    combine,
    context,
    cut,
    fill,
    fitting,
    marked,
    moment_text,
    paragraphs,
    plain,
    section,
)
from handlers.contributed import InEntry
from handlers.registry.command import PROJECT
from handlers.registry.entry_words import (
    STAGE_WORDS,
    called,
    change_text,
    dates_line,
    dependency_text,
    link_text,
    milestone_text,
    money_lines,
    scores_line,
)
from storage.models import Initiative
from workflows.registry.entries import Change, Shown
from workflows.registry.fact_list import LABELS
from workflows.registry.facts import Facts

MILESTONES, DEPENDENCIES = "change_milestones", "change_dependencies"  # buttons, as the next
SHOW = "show_entry"  # a button; its value is the initiative's key
READ_WHOLE = "read_whole"  # the same
_TEXTS = ("objective", "outcome", "stakeholders", "data", "skills", "compute")
# Characters: all of an entry fits into one message.
_CLIP, _HEADING, _LIST, _ADDED = 900, 1500, 1300, 600
_MOST_PARTS = 15  # milestones, and dependencies
_MOST_HISTORY = 10_000  # characters of all changes: a message takes some 13,000

COMMAND = PROJECT.name


def help_blocks(lead_in: Text = "") -> list[Block]:
    """Return the help, after a sentence of mrkdwn."""
    return [*([section(lead_in)] if lead_in else []), section(PROJECT.help())]


def shown(
    known: Shown, names: Mapping[str, str], zone: ZoneInfo, added: Sequence[InEntry] = ()
) -> list[Block]:
    """Return what the registry knows of an initiative, and what other features add to it."""
    key, facts = known.initiative.key, known.facts
    lines = [
        f"*{key} · {clip(facts.name, 150)}*",
        f"{STAGE_WORDS[facts.stage]} · {clip(facts.department, 100)}"
        + (f" · {facts.topic}" if facts.topic else ""),
        _people_line(known, names),
    ]
    written = [_beginning(part, facts.whole(part)) for part in _TEXTS if getattr(facts, part)]
    blocks = [section(cut(marked("\n".join(lines)), _HEADING), button("Edit", EDIT, key))]
    blocks += [paragraphs(written)] if written else []
    if long_texts(facts):
        whole = button("Read the whole text", READ_WHOLE, key)
        blocks.append({"type": "actions", "elements": [whole]})
    if plan := [*dates_line(facts), *money_lines(facts), *scores_line(facts)]:
        blocks.append(section("\n".join(plan)))
    parts: list[tuple[str, Sequence[Text]]] = [
        ("Milestones", [milestone_text(part) for part in facts.milestones]),
        ("Depends on", [dependency_text(part) for part in facts.dependencies]),
        ("Conversations", [link_text(link) for link in reversed(facts.links)]),
        ("Needed by", [f"*{other}* {dependency_text(part)}" for other, part in known.needed_by]),
    ]
    blocks += [
        section(combine([f"*{label}*", fitting(_bulleted(lines), _MOST_PARTS, _LIST)]))
        for label, lines in parts
        if lines
    ]
    blocks += _added(added)
    doors = [button("Milestones", MILESTONES, key), button("Dependencies", DEPENDENCIES, key)]
    doors = [*(doors if known.may_edit else []), *(door for one in added for door in one.doors)]
    if doors:
        blocks.append({"type": "actions", "elements": doors})
    return [*blocks, context(_since(known, zone))]


def history(
    initiative: Initiative, changes: list[Change], names: Mapping[str, str], zone: ZoneInfo
) -> list[Block]:
    """Return who changed what in an entry, newest first."""
    heading = f"*{initiative.key} · {clip(initiative.name, 150)}*"
    if not changes:
        return [section(f"{heading}: its entry hasn't been changed yet.")]
    blocks = [section(f"{heading}, newest first")]
    budget = _MOST_HISTORY
    for change in changes:
        who = names.get(change.author_id, change.author_id)
        lines = [
            change_text(name, before, after, names)
            for name, (before, after) in change.differences.items()
        ]
        told = fitting(lines, len(LABELS), 2800)
        budget -= len(told.wire)
        if budget < 0:
            return [*blocks, context("Earlier versions don't fit in one message.")]
        blocks += [
            section(told),
            context(f"Version {change.version} by {who}, {moment_text(change.changed_at, zone)}"),
        ]
    return blocks


def entry_window(
    known: Shown, names: Mapping[str, str], zone: ZoneInfo, added: Sequence[InEntry] = ()
) -> Block:
    """Return the window with one entry."""
    return {
        "type": "modal",
        "title": plain(clip(known.initiative.key, 24)),
        "close": plain("Close"),
        "blocks": shown(known, names, zone, added),
    }


def long_texts(facts: Facts) -> list[tuple[str, str]]:
    """Return what the entry shows the beginning of only: each text's label, and all of it."""
    return [
        (label, facts.whole(name))
        for name, label in LABELS.items()
        if name in facts.wholes or (name in _TEXTS and len(getattr(facts, name)) > _CLIP)
    ]


def _beginning(name: str, whole: str) -> tuple[str, str]:
    """Return a text's label and as much of it as an entry shows; and how much that is."""
    shown = clip(whole, _CLIP)
    said = f" (the first {_CLIP:,} of {len(whole):,} characters)" if shown != whole else ""
    return LABELS[name] + said, shown


def _added(added: Sequence[InEntry]) -> list[Block]:
    listed = [one for one in added if one.lines]
    return [
        section(
            combine(
                [
                    f"*{one.title}*",
                    fitting(_bulleted(one.lines), _MOST_PARTS, _ADDED // len(listed)),
                ]
            )
        )
        for one in listed
    ]


def _bulleted(lines: Iterable[Text]) -> list[Mrkdwn]:
    return [fill("• {line}", line=line) for line in lines]


def _people_line(known: Shown, names: Mapping[str, str]) -> str:
    facts = known.facts
    led = f"Led by {called([facts.lead_id], names)}" if facts.lead_id else "No lead yet"
    parts = [led]
    if facts.deputy_ids:
        deputy = "deputy" if len(facts.deputy_ids) == 1 else "deputies"
        parts.append(f"{deputy}: {called(facts.deputy_ids, names)}")
    if known.department_lead_ids:
        parts.append(f"department: {called(known.department_lead_ids, names)}")
    return " · ".join(parts)


def _since(known: Shown, zone: ZoneInfo) -> str:
    if known.changed_at is None:
        return "There's nothing more in the registry yet."
    return f"Version {known.version}, {moment_text(known.changed_at, zone)}"
