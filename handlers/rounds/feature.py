"""The week: prompts, reminders, summaries and digests."""

from handlers.rounds import reading, words
from handlers.rounds.why import why_asked, why_closed
from handlers.telling import Feature, Telling, one_by_one
from workflows.rounds.kinds import DIGEST, PROMPT, REMINDER, SUMMARY

_BEFORE = one_by_one(words.asked_before)

FEATURE = Feature(
    "rounds",
    listeners=(reading.register,),
    tellings=(
        Telling(PROMPT, words.prompts, why_asked, again=_BEFORE),
        Telling(REMINDER, words.reminders, why_asked, again=_BEFORE),
        Telling(SUMMARY, one_by_one(words.summed_up), why_closed),
        Telling(DIGEST, one_by_one(words.digest), why_closed),
    ),
)
