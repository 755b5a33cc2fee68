"""What a round owes, and what it sends, by kind."""

from enum import StrEnum

from storage.models import Priority
from workflows.owing import Outgoing


class RoundDuty(StrEnum):
    """What is owed in a round."""

    OPEN = "open_round"
    PROMPT = "prompt"
    REMINDER = "reminder"
    CLOSE = "close_round"
    DIGEST = "digest"


ASK_DUTIES = (RoundDuty.PROMPT, RoundDuty.REMINDER)

PROMPT = Outgoing(
    "prompt",
    "a prompt",
    clause="round.prompt_working_days_before",
    carries_riders=True,
    is_replaceable=True,
)
REMINDER = Outgoing(
    "reminder", "a reminder", clause="round.reminder_working_days_before", is_replaceable=True
)
SUMMARY = Outgoing(
    "summary", "the summary", clause="round.closes_minutes_before", is_replaceable=True
)
DIGEST = Outgoing(
    "digest",
    "a digest",
    clause="round.closes_minutes_before",
    priority=Priority.BULK,
    carries_riders=True,
    is_replaceable=True,
)

ASKS = (PROMPT.name, REMINDER.name)
ASKED_BY = {RoundDuty.PROMPT: PROMPT, RoundDuty.REMINDER: REMINDER}
