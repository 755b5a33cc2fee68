"""Why somebody got a message: the clause, the facts and the arithmetic, in sentences."""

from zoneinfo import ZoneInfo

from handlers.blocks.gathered import duration_text
from handlers.blocks.text import (
    Block,
    Text,
    combine,
    context,
    date_text,
    fill,
    listed,
    mention,
    moment_text,
    plain,
    section,
)
from storage.models import NotificationKind, Round
from workflows.calendar import working_days_before
from workflows.lateness import late_by
from workflows.policy_document import PolicyDocument, has_clause
from workflows.why import Reason

_SHORT = {
    NotificationKind.RESUMED: "You had pressed something or typed a command, and I could not "
    "answer there and then. This is the answer.",
    NotificationKind.INVENTORY: "You sent me a file. This message shows how it stands, and changes "
    "as it goes on.",
    NotificationKind.PICTURE: "You asked for this picture.",
    NotificationKind.GREETING: "You wrote to me. I say this once a day.",
    NotificationKind.DRAFTED: "You answered in words, and your update wasn't filed yet. Nothing is "
    "filed unless you do it.",
    NotificationKind.UNDELIVERED: "The policy names you as programme manager (`people."
    "programme_manager`), and Slack refuses a message of mine. You are told once.",
    NotificationKind.STANDSTILL: "The policy names you as programme manager (`people."
    "programme_manager`). No sweep had gone through for ten minutes.",
    NotificationKind.AUDIT: "The policy names you as programme manager (`people."
    "programme_manager`). I check once a day (`audit.time`) that all I owe will happen, and "
    "write only when something would not.",
}


def build(reason: Reason, zone: ZoneInfo) -> Block:
    """Return the window that says why a message was sent."""
    lines = _lines(reason, zone)
    clause, version = reason.message.clause, reason.policy.version
    named = [context(f"Clause `{clause}` of policy version {version}.")]
    return {
        "type": "modal",
        "title": plain("Why this message?"),
        "close": plain("Close"),
        "blocks": [
            section(combine([combine(["• ", line], "") for line in lines])),
            *(named if has_clause(clause) else []),
        ],
    }


def _lines(reason: Reason, zone: ZoneInfo) -> list[Text]:
    message, round_ = reason.message, reason.round
    if message.instead_of_id:
        return [
            fill(
                "It was for {who}, where Slack does not take it, so this channel has it: the "
                "policy names it for that (`channels.fallback`).",
                who=mention(message.instead_of_id),
            ),
            *_sent(reason, zone),
        ]
    if (short := _SHORT.get(message.kind)) is not None:
        lines = [short]
    elif round_ is None:
        lines = ["It belongs to no round."]
    elif message.kind in (NotificationKind.PROMPT, NotificationKind.REMINDER):
        lines = [*_who(reason), *_ask_times(reason, round_, zone)]
    else:
        lines = _closing_times(reason, round_, zone)
    return [*lines, *_sent(reason, zone)]


def _who(reason: Reason) -> list[str]:
    reader_id = reason.message.recipient_id
    led = [i.key for i in reason.asked if i.lead_id == reader_id]
    deputised = [i.key for i in reason.asked if i.lead_id != reader_id]
    lines = [f"You lead {listed(led)}."] if led else []
    if deputised:
        lines.append(f"You are the deputy for {listed(deputised)}, and its lead was not there.")
    return [*lines, "Nothing was filed for the coming call when this was sent."]


def _ask_times(reason: Reason, round_: Round, zone: ZoneInfo) -> list[str]:
    rules, document = reason.policy.document.round, reason.policy.document
    is_prompt = reason.message.kind == NotificationKind.PROMPT
    days = rules.prompt_working_days_before if is_prompt else rules.reminder_working_days_before
    wall_time = rules.prompt_time if is_prompt else rules.reminder_time
    call_on = round_.call_at.astimezone(zone).date()
    asked_on = working_days_before(document, call_on, days)
    noun = "working day" if days == 1 else "working days"
    return [
        f"The call is on {moment_text(round_.call_at, zone)} on your clock ({zone.key}).",
        f"{date_text(call_on)} − {days} {noun} = {date_text(asked_on)}, at {wall_time:%H:%M} "
        "on your clock.",
        _hours(document),
    ]


def _closing_times(reason: Reason, round_: Round, zone: ZoneInfo) -> list[str]:
    minutes = reason.policy.document.round.closes_minutes_before
    lines = [
        f"The round closes {minutes} minutes before the call: "
        f"{moment_text(round_.call_at, zone)} − {minutes} min = "
        f"{moment_text(round_.closes_at, zone)}.",
    ]
    if reason.message.kind == NotificationKind.DIGEST:
        lines += ["You lead a department that owes updates.", _hours(reason.policy.document)]
    return lines


def _hours(document: PolicyDocument) -> str:
    hours = document.working_hours
    return f"Nothing is sent to you outside {hours.start:%H:%M}–{hours.end:%H:%M} on a working day."


def _sent(reason: Reason, zone: ZoneInfo) -> list[str]:
    message = reason.message
    if message.sent_at is None:
        return []
    lines = [f"Sent {moment_text(message.sent_at, zone)}."]
    if late := late_by(message.owed_at, message.sent_at):
        why = next((promise.reason for promise in reason.promises if promise.reason), "")
        lines.append(f"That is {duration_text(late)} late{f': {why}' if why else ''}.")
    return lines
