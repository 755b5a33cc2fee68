"""Why somebody got a message: the clause, the facts and the arithmetic, in sentences."""

from zoneinfo import ZoneInfo

from handlers.blocks.gathered import duration_text
from handlers.blocks.rules import rule_line
from handlers.blocks.text import (
    Block,
    Text,
    combine,
    context,
    fill,
    mention,
    moment_text,
    plain,
    section,
)
from handlers.tellings import tellings
from workflows.lateness import late_by
from workflows.why import Reason


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
    message = reason.message
    if message.instead_of_id:
        return [
            fill(
                "It was for {who}, but Slack wouldn't deliver it there. This channel gets what "
                "can't be delivered (`channels.fallback`).",
                who=mention(message.instead_of_id),
            ),
            *_sent(reason, zone),
        ]
    return [*tellings()[message.kind].why(reason, zone), *_sent(reason, zone)]


def _sent(reason: Reason, zone: ZoneInfo) -> list[str]:
    message = reason.message
    if message.sent_at is None:
        return []
    lines = [f"Sent {moment_text(message.sent_at, zone)}."]
    if late := late_by(message.owed_at, message.sent_at):
        why = next((promise.reason for promise in reason.promises if promise.reason), "")
        lines.append(f"That is {duration_text(late)} late{f': {why}' if why else ''}.")
    return lines
