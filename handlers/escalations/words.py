"""What things are called, and each step of an escalation as the line of its thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from handlers.blocks.text import Mrkdwn, Text, combine, date_text, fill, mention, moment_token
from storage.models import (
    Act,
    Entry,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
    Level,
)
from workflows.escalations.policy import overrun_percent
from workflows.escalations.reading import Shown

KINDS = {
    EscalationKind.TECHNICAL_BLOCKER: "Technical blocker",
    EscalationKind.RESOURCE_CONFLICT: "Resource conflict",
    EscalationKind.TIMELINE_RISK: "Timeline risk",
    EscalationKind.BUDGET_OVERRUN: "Budget overrun",
}
MARKS = {
    EscalationKind.TECHNICAL_BLOCKER: "🧱",
    EscalationKind.RESOURCE_CONFLICT: "⚖️",
    EscalationKind.TIMELINE_RISK: "⏳",
    EscalationKind.BUDGET_OVERRUN: "💰",
}
STATES = {
    EscalationState.OPEN: "Not acknowledged yet",
    EscalationState.ACKNOWLEDGED: "Acknowledged",
    EscalationState.RESOLVED: "Resolved",
    EscalationState.WITHDRAWN: "Withdrawn",
}


def name_of(one: Escalation) -> str:
    """Return what people call an escalation."""
    return f"E-{one.number}"


def level_text(kind: EscalationKind, level: Level) -> str:
    """Return who holds a level, as a part of a sentence."""
    if level is Level.TACTICAL:
        return "the CoE"
    if level is Level.STRATEGIC:
        return "the steering committee"
    if kind is EscalationKind.RESOURCE_CONFLICT:
        return "both department leads"
    return "the lead"


def line_of(shown: Shown, step: EscalationStep) -> Text:
    """Return what one step says in the thread; a new owner is mentioned, so that they hear it."""
    one = shown.escalation
    parts = _Parts(
        who=shown.name(step.actor_id) if step.actor_id else "Rollcall",
        person=mention(step.person_id) if step.person_id else "",
        level=level_text(one.kind, step.level),
        until=moment_token(step.until_at, shown.zone) if step.until_at else "",
        words=step.words,
        is_by_clock=not step.actor_id,
        has_settled=_has_settled(shown, step),
    )
    said = _LINES[step.act](parts)
    if step.act in (Act.ESCALATE, Act.RAISE, Act.GROW):
        return combine([said, *_told(shown, step)], " ")
    if step.words and step.act in _WITH_REASON:
        return combine([said, fill("“{words}”", words=step.words)])
    return said


def money(amount: Decimal) -> str:
    """Return an amount as people write it, without hundredths where there are none."""
    return f"{amount:,.2f}".removesuffix(".00")


def since_text(one: Escalation) -> str:
    """Return since when something is stuck, as somebody typed it."""
    return f"Since {one.since}" if one.since else ""


def forecast_text(one: Escalation, entry: Entry | None) -> str:
    """Return what a risk or an overrun says in one line; nothing for other kinds."""
    if one.kind is EscalationKind.TIMELINE_RISK and one.forecast_on is not None:
        days = one.impact_days or 0
        late = f"{days} {'day' if days == 1 else 'days'} late at worst" if days else "in time"
        return f"M{one.milestone} is now expected on {date_text(one.forecast_on)}: {late}"
    if one.kind is EscalationKind.BUDGET_OVERRUN and one.forecast is not None:
        return f"{money(one.forecast)} forecast{_against(one.forecast, entry)}"
    return ""


def _against(forecast: Decimal, entry: Entry | None) -> str:
    """Return what a forecast is above, with the share."""
    if entry is None or entry.budget_approved is None:
        return ""
    approved = entry.budget_approved
    currency = f" {entry.currency}" if entry.currency else ""
    said = f", {money(approved)}{currency} approved"
    over = overrun_percent(approved, forecast)
    if over is None:
        return said
    return f"{said}: {over.quantize(_TENTH):f} % over"


_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class _Parts:
    """What a line is put together from."""

    who: str
    person: Text
    level: str
    until: Text
    words: str
    is_by_clock: bool
    has_settled: bool  # nothing came after it, unless it was reopened


def _handed_over(parts: _Parts) -> Text:
    if not parts.is_by_clock:
        return fill("➡️ {who} handed this over to {to}.", who=parts.who, to=parts.person)
    if not parts.person:
        return f"➡️ Nobody owns this now: whoever did has left. It's for {parts.level}."
    return fill("➡️ {who} owns this now: whoever did has left or moved on.", who=parts.person)


def _agreed(parts: _Parts) -> Text:
    if parts.has_settled:
        return fill("🤝 Everybody agrees, so this is settled: {words}", words=parts.words)
    if parts.words:
        return fill("✍️ {who} proposes: {words}", who=parts.who, words=parts.words)
    return f"🤝 {parts.who} agrees."


def _chased(parts: _Parts) -> Text:
    said = f"🔔 Still waiting for {parts.level} to acknowledge this."
    return fill("{said} I've told {who}.", said=said, who=parts.person) if parts.person else said


_LINES: Mapping[Act, Callable[[_Parts], Text]] = {
    Act.OPEN: lambda it: f"📣 {it.who} opened this.",
    Act.ACKNOWLEDGE: lambda it: fill("👀 {who} is on it.", who=it.person),
    Act.TAKE_OVER: lambda it: fill("🙋 {who} took this over.", who=it.person),
    Act.HAND_OVER: _handed_over,
    Act.ESCALATE: lambda it: f"⬆️ {it.who} escalated this to {it.level}.",
    Act.RAISE: lambda it: (
        f"⏰ Its time is up: this goes to {it.level} now."
        if not it.words
        else f"➡️ Whoever could have acted has left: this goes to {it.level} now."
    ),
    Act.AGREE: _agreed,
    Act.RESOLVE: lambda it: fill("✅ {who} resolved this: {words}", who=it.who, words=it.words),
    Act.WITHDRAW: lambda it: f"↩️ {it.who} withdrew this.",
    Act.SNOOZE: lambda it: fill(
        "😴 {who} asked for no reminders until {until}. Its clock goes on.",
        who=it.who,
        until=it.until,
    ),
    Act.CONFIRM: lambda it: f"💪 {it.who} is still on it.",
    Act.REOPEN: lambda it: f"🔁 {it.who} reopened this. It's back with {it.level}.",
    Act.GROW: lambda it: f"📈 This has grown: it's with {it.level}.",
    Act.RECEDE: lambda _: "📉 This is under its threshold again.",
    Act.CHASE: _chased,
    Act.CHECK: lambda it: fill("💬 {who}, how is this going?", who=it.person),
}
_WITH_REASON = (Act.HAND_OVER, Act.ESCALATE, Act.WITHDRAW, Act.SNOOZE, Act.REOPEN)


def _has_settled(shown: Shown, step: EscalationStep) -> bool:
    """Return whether an escalation was settled by a step."""
    after = next((each for each in shown.steps if each.step > step.step), None)
    if after is None:
        return shown.escalation.state is EscalationState.RESOLVED
    return after.act is Act.REOPEN


def _told(shown: Shown, step: EscalationStep) -> list[Mrkdwn]:
    """Return mentions of those who are told when an escalation comes to a level."""
    one = shown.escalation
    if step.step != one.turned_on_step:  # it has gone on since: they were told then
        return []
    return [mention(user_id) for user_id in shown.told[:5]]
