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


class Reason(StrEnum):
    """Why a promise of a round was settled as it was; people read the words, code compares."""

    FILED = "filed"
    RESTING = "the initiative owes no updates any more"
    NOBODY_THERE = "nobody is there to be asked"
    ASKED_BEFORE = "they were asked before"
    CLOSES_BEFORE = "the round closes before they can be asked"
    PROMPTED_LATE = "they are prompted so late that it is enough"
    REMINDED_INSTEAD = "the reminder comes instead"
    ROUND_CLOSED = "the round has closed"
    TIME_PASSED = "its time had passed"
    LEFT = "they have left"
    POLICY_CHANGED = "the policy has changed"


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
