"""What things are called, and each step of an escalation as the line of its thread."""

from decimal import Decimal

from handlers.blocks.text import Mrkdwn, Text, combine, date_text, fill, mention, moment_token
from storage.models import (
    Act,
    Escalation,
    EscalationKind,
    EscalationState,
    EscalationStep,
    Level,
)
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
    who: Text = shown.name(step.actor_id) if step.actor_id else "Rollcall"
    person: Text = mention(step.person_id) if step.person_id else ""
    level = level_text(one.kind, step.level)
    until: Text = moment_token(step.until_at, shown.zone) if step.until_at else ""
    template = _LINES[step.act]
    if step.act is Act.HAND_OVER and not step.actor_id:
        template = _INHERITED if step.person_id else _ORPHANED
    if step.act is Act.AGREE:
        template = _agreed(shown, step)
    said = fill(template, who=who, person=person, level=level, until=until, words=step.words)
    if step.act in (Act.ESCALATE, Act.RAISE):
        return combine([said, *_told(shown, step)], " ")
    with_reason = step.words and "{words}" not in template
    return combine([said, fill("> {words}", words=step.words)]) if with_reason else said


def money(amount: Decimal) -> str:
    """Return an amount as people write it, without hundredths where there are none."""
    return f"{amount:,.2f}".removesuffix(".00")


def since_text(one: Escalation) -> str:
    """Return since when something is stuck, as somebody typed it."""
    return f"Since {one.since}" if one.since else ""


def forecast_text(one: Escalation) -> str:
    """Return what a risk or an overrun says in one line; nothing for other kinds."""
    if one.kind is EscalationKind.TIMELINE_RISK and one.forecast_on is not None:
        days = one.impact_days or 0
        late = f"{days} {'day' if days == 1 else 'days'} late at worst" if days else "in time"
        return f"M{one.milestone} is now expected on {date_text(one.forecast_on)}: {late}"
    if one.kind is EscalationKind.BUDGET_OVERRUN and one.forecast is not None:
        return f"It's now expected to cost {money(one.forecast)}"
    return ""


_LINES = {
    Act.OPEN: "📣 {who} opened this.",
    Act.ACKNOWLEDGE: "👀 {person} is on it.",
    Act.TAKE_OVER: "🙋 {person} took this over.",
    Act.HAND_OVER: "➡️ {who} handed this over to {person}.",
    Act.ESCALATE: "⬆️ {who} escalated this to {level}.",
    Act.RAISE: "⏰ Its time is up: this goes to {level} now.",
    Act.AGREE: "🤝 {who} agrees.",
    Act.RESOLVE: "✅ {who} resolved this: {words}",
    Act.WITHDRAW: "↩️ {who} withdrew this.",
    Act.SNOOZE: "😴 {who} asked for no reminders until {until}; its clock goes on.",
    Act.CONFIRM: "💪 {who} is still on it.",
    Act.REOPEN: "🔁 {who} reopened this. It's back with {level}.",
    Act.CHASE: "🔔 Nobody at {level} has acknowledged this yet. I've told {person}.",
    Act.CHECK: "💬 {person}, how is this going? I've asked you in a direct message.",
}
_INHERITED = "➡️ {person} owns this now: whoever did has left, or has handed the initiative on."
_ORPHANED = "➡️ Nobody owns this now: whoever did has left. It's for all of {level}."


def _agreed(shown: Shown, step: EscalationStep) -> str:
    one = shown.escalation
    is_last = step.step == one.step and one.state is EscalationState.RESOLVED
    if is_last:
        return "🤝 Everybody agrees, so this is settled: {words}"
    return "✍️ {who} proposes: {words}" if step.words else _LINES[Act.AGREE]


def _told(shown: Shown, step: EscalationStep) -> list[Mrkdwn]:
    """Return mentions of those who are told when an escalation comes to a level."""
    one = shown.escalation
    if step.step != one.turned_on_step:  # it has gone on since: they were told then
        return []
    return [mention(user_id) for user_id in shown.told[:5]]
