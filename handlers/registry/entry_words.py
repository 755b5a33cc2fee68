"""Facts of the registry in words."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from handlers.blocks.text import (
    Mrkdwn,
    Text,
    clip,
    combine,
    day_text,
    fill,
    hyperlink,
    listed,
)
from storage.models import Access, DependencyKind, Stage
from workflows.registry.fact_list import LABELS
from workflows.registry.facts import DependencyFacts, Facts, LinkFacts, MilestoneFacts
from workflows.registry.policy import CHANGE_FLOOR, is_below_floor

STAGE_WORDS = {stage: stage.value.capitalize() for stage in Stage}
KIND_WORDS = {
    DependencyKind.INITIATIVE: "initiative",
    DependencyKind.MILESTONE: "milestone",
    DependencyKind.DATA: "shared data",
    DependencyKind.MODEL: "model",
    DependencyKind.PLATFORM: "platform",
    DependencyKind.SKILL: "people",
}
_CLIP = 120  # characters of a text in the history
_MOST_CALLED = 8  # people by their names
_NOTHING = "nothing"


def days_text(days: int) -> str:
    """Return a number of days, as «1 day» or «12 days»."""
    return f"{days} {'day' if days == 1 else 'days'}"


def amount_text(amount: Decimal) -> str:
    """Return an amount with its thousands parted, and its cents if it has any."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def called(user_ids: Sequence[str], names: Mapping[str, str]) -> str:
    """Return people by their names."""
    return listed([clip(names.get(one, one), 60) for one in user_ids], _MOST_CALLED)


def milestone_text(milestone: MilestoneFacts) -> str:
    """Return a milestone on one line: reached, as committed, or by how much it slips."""
    name = f"*M{milestone.number}*  {clip(milestone.name, 100)}"
    if milestone.reached_on:
        return f"{name} · ✅ reached {day_text(milestone.reached_on)}"
    slip = milestone.forecast_on - milestone.committed_on
    if not slip:
        return f"{name} · {day_text(milestone.committed_on)}"
    which = "late" if slip > timedelta(0) else "early"
    mark = "⚠️ " if slip > timedelta(0) else ""
    return (
        f"{name} · committed {day_text(milestone.committed_on)}, "
        f"{mark}forecast {day_text(milestone.forecast_on)} ({days_text(abs(slip.days))} {which})"
    )


def dependency_text(dependency: DependencyFacts) -> str:
    """Return a dependency on one line."""
    thing = clip(dependency.thing, 100)
    if dependency.kind is DependencyKind.DATA:
        verb = "changes" if dependency.access is Access.CHANGES else "reads"
        words = f"{verb} {thing}"
    elif dependency.is_on_initiative:
        words = f"needs *{thing}*"
    else:
        words = f"needs {KIND_WORDS[dependency.kind]}: {thing}"
    waiting = f"M{dependency.milestone} " if dependency.milestone else ""
    by = f" by {day_text(dependency.need_by)}" if dependency.need_by else ""
    until = f", until {day_text(dependency.until_on)}" if dependency.until_on else ""
    return f"{waiting}{words}{by}{until}"


def link_text(link: LinkFacts) -> Mrkdwn:
    """Return a conversation as a link."""
    return hyperlink(link.url, clip(link.words, 100))


def dates_line(facts: Facts) -> list[str]:
    """Return when it starts and ends, on one line if that is known."""
    days = [
        f"*{LABELS[part]}*  {day_text(value)}"
        for part in ("starts_on", "target_on")
        if (value := getattr(facts, part))
    ]
    return [" · ".join(days)] if days else []


def money_lines(facts: Facts) -> list[str]:
    """Return what it costs, and what of that is for the change that it brings."""
    amounts = [
        f"{word} {amount_text(value)}"
        for word in ("approved", "spent", "forecast")
        if (value := getattr(facts, f"budget_{word}")) is not None
    ]
    lines = [f"*Budget*  {', '.join(amounts)} {facts.currency}".rstrip()] if amounts else []
    if facts.change_percent is not None:
        floor = f"  ⚠️ below the floor of {CHANGE_FLOOR} %" if is_below_floor(facts) else ""
        share = amount_text(facts.change_percent)
        lines.append(f"*Change management*  {share} % of the budget{floor}")
    return lines


def scores_line(facts: Facts) -> list[str]:
    """Return the scores that it is ranked by, on one line if there are any."""
    scores = [
        f"{word} {value}"
        for word in ("impact", "alignment", "readiness")
        if (value := getattr(facts, f"{word}_score")) is not None
    ]
    return [f"*Priority*  {', '.join(scores)} of 5"] if scores else []


def change_text(name: str, before: Any, after: Any, names: Mapping[str, str]) -> Text:
    """Return what became of one fact."""
    if name in ("milestones", "dependencies"):
        return f"*{LABELS[name]}*  {_parts_changed(before, after)}"
    if name == "links":
        added = [fill("+ {link}", link=link_text(one)) for one in after if one not in before]
        return fill("*{label}*  {added}", label=LABELS[name], added=combine(added, "; "))
    if before == after:
        return f"*{LABELS[name]}*  changed after its first {len(after):,} characters"
    return f"*{LABELS[name]}*  {_value(name, before, names)} → {_value(name, after, names)}"


def _parts_changed(before: Sequence[Any], after: Sequence[Any]) -> str:
    old, new = ({part.number: part for part in several} for several in (before, after))
    removed = [f"~{_part(old[number])}~" for number in old if number not in new]
    added = [f"+ {_part(new[number])}" for number in new if number not in old]
    moved = [
        f"{_part(old[number])} → {_part(new[number])}"
        for number in new
        if number in old and old[number] != new[number]
    ]
    return "; ".join([*removed, *moved, *added])


def _part(part: MilestoneFacts | DependencyFacts) -> str:
    return milestone_text(part) if isinstance(part, MilestoneFacts) else dependency_text(part)


def _value(name: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or value in ("", ()):
        return _NOTHING
    if isinstance(value, date):
        return day_text(value)
    if name in ("lead_id", "deputy_ids"):
        return called([value] if isinstance(value, str) else value, names)
    words = amount_text(value) if isinstance(value, Decimal) else str(value)
    return clip(words, _CLIP)
