"""Why somebody got a message: the clause, the facts and the arithmetic, in sentences."""

from zoneinfo import ZoneInfo

from handlers.blocks.gathered import duration_text
from handlers.blocks.rules import minutes_text, rule_line, working_days
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
from workflows.policy_document import PolicyDocument
from workflows.why import Reason

_MANAGER = "You're the programme manager (`people.programme_manager`)"
_SHORT = {
    NotificationKind.RESUMED: "You pressed or typed something, and I couldn't answer right away. "
    "This is the answer.",
    NotificationKind.INVENTORY: "You sent me a file. This message shows what is happening with it.",
    NotificationKind.PICTURE: "You asked for this picture.",
    NotificationKind.GREETING: "You wrote to me. I say this once a day, and whenever you ask.",
    NotificationKind.DRAFTED: "You answered a prompt in words, and your update wasn't filed yet. "
    "Nothing is filed until you do it.",
    NotificationKind.MOVED: "Somebody changed a date that one of yours depends on. I tell you once "
    "for each change.",
    NotificationKind.HANDED_BACK: "You named this lead, or you look after the department or the "
    "programme. I tell you once.",
    NotificationKind.UNDELIVERED: f"{_MANAGER}, and Slack refuses one of my messages. I tell you "
    "once.",
    NotificationKind.STANDSTILL: f"{_MANAGER}, and I had got stuck.",
    NotificationKind.AUDIT: f"{_MANAGER}. I check once a day that nothing is forgotten, and write "
    "only when something would be.",
}


def build(reason: Reason, zone: ZoneInfo) -> Block:
    """Return the window that says why a message was sent."""
    lines = _lines(reason, zone)
    manager_id = reason.policy.document.people.programme_manager
    is_manager = reason.reader is not None and reason.reader.user_id == manager_id
    rule = rule_line(reason.message.clause, reason.policy, is_manager=is_manager)
    return {
        "type": "modal",
        "title": plain("Why this message?"),
        "close": plain("Close"),
        "blocks": [
            section(combine([combine(["• ", line], "") for line in lines])),
            *([context(rule)] if rule else []),
        ],
    }


def _lines(reason: Reason, zone: ZoneInfo) -> list[Text]:
    message, round_ = reason.message, reason.round
    if message.instead_of_id:
        return [
            fill(
                "It was for {who}, but Slack wouldn't deliver it there. This channel gets what "
                "can't be delivered (`channels.fallback`).",
                who=mention(message.instead_of_id),
            ),
            *_sent(reason, zone),
        ]
    if (short := _SHORT.get(message.kind)) is not None:
        lines = [short]
    elif round_ is None:
        lines = ["It isn't about any round."]
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
        lines.append(f"You're a deputy of {listed(deputised)}, and the lead was away.")
    return [*lines, "No update had been filed when this was sent."]


def _ask_times(reason: Reason, round_: Round, zone: ZoneInfo) -> list[str]:
    rules, document = reason.policy.document.round, reason.policy.document
    is_prompt = reason.message.kind == NotificationKind.PROMPT
    days = rules.prompt_working_days_before if is_prompt else rules.reminder_working_days_before
    wall_time = rules.prompt_time if is_prompt else rules.reminder_time
    call_on = round_.call_at.astimezone(zone).date()
    asked_on = working_days_before(document, call_on, days)
    return [
        f"The call is on {moment_text(round_.call_at, zone)} on your clock ({zone.key}).",
        f"{date_text(call_on)} − {working_days(days)} = {date_text(asked_on)}, at "
        f"{wall_time:%H:%M} on your clock.",
        _hours(document),
    ]


def _closing_times(reason: Reason, round_: Round, zone: ZoneInfo) -> list[str]:
    minutes = reason.policy.document.round.closes_minutes_before
    lines = [
        f"The call is on {moment_text(round_.call_at, zone)} on your clock ({zone.key}).",
        f"{moment_text(round_.call_at, zone)} − {minutes_text(minutes)} = "
        f"{moment_text(round_.closes_at, zone)}.",
    ]
    if reason.message.kind == NotificationKind.DIGEST:
        lines += ["You lead a department with updates to file.", _hours(reason.policy.document)]
    return lines


def _hours(document: PolicyDocument) -> str:
    hours = document.working_hours
    return f"I don't message you outside {hours.start:%H:%M}–{hours.end:%H:%M} on working days."


def _sent(reason: Reason, zone: ZoneInfo) -> list[str]:
    message = reason.message
    if message.sent_at is None:
        return []
    lines = [f"Sent {moment_text(message.sent_at, zone)}."]
    if late := late_by(message.owed_at, message.sent_at):
        why = next((promise.reason for promise in reason.promises if promise.reason), "")
        lines.append(f"That is {duration_text(late)} late{f': {why}' if why else ''}.")
    return lines
