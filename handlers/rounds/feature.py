"""The week: prompts, reminders, summaries and digests."""

from handlers.rounds import reading, words
from handlers.rounds.why import of_ask, of_closing
from handlers.telling import Feature, Telling, one_by_one
from workflows.rounds.kinds import DIGEST, PROMPT, REMINDER, SUMMARY

_BEFORE = one_by_one(words.asked_before)

FEATURE = Feature(
    "rounds",
    listeners=(reading.register,),
    tellings=(
        Telling(PROMPT, words.prompts, of_ask, again=_BEFORE),
        Telling(REMINDER, words.reminders, of_ask, again=_BEFORE),
        Telling(SUMMARY, one_by_one(words.summed_up), of_closing),
        Telling(DIGEST, one_by_one(words.digest), of_closing),
    ),
)
