"""Why a round's messages came: who is asked, and the arithmetic of when."""

from zoneinfo import ZoneInfo

from handlers.blocks.rules import minutes_text, working_days
from handlers.blocks.text import Text, date_text, listed, moment_text
from storage.models import Round
from workflows.calendar import working_days_before
from workflows.policy_document import PolicyDocument
from workflows.rounds.kinds import DIGEST, PROMPT
from workflows.why import Reason

_NO_ROUND = "It isn't about any round."


def why_asked(reason: Reason, zone: ZoneInfo) -> list[Text]:
    """Return why somebody was asked for updates."""
    if reason.round is None:
        return [_NO_ROUND]
    return [*_who(reason), *_ask_times(reason, reason.round, zone)]


def why_closed(reason: Reason, zone: ZoneInfo) -> list[Text]:
    """Return why somebody was told how a round closed."""
    return [_NO_ROUND] if reason.round is None else [*_closing_times(reason, reason.round, zone)]


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
    is_prompt = reason.message.kind == PROMPT.name
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
    if reason.message.kind == DIGEST.name:
        lines += ["You lead a department with updates to file.", _hours(reason.policy.document)]
    return lines


def _hours(document: PolicyDocument) -> str:
    hours = document.working_hours
    return f"I don't message you outside {hours.start:%H:%M}–{hours.end:%H:%M} on working days."
