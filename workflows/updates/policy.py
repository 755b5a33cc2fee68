"""Decides how long an update is and whether it may be filed. Pure: rows and values in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from storage.models import Confidence, Update
from workflows.errors import ProgressMissingError, UpdateTooLongError
from workflows.policy_document import UpdateRules

# Scripts that put no spaces between words: about five characters take as long as two words.
_UNSPACED = re.compile("[぀-ヿ㐀-鿿가-힯฀-๿]")
_UNSPACED_PER_WORD = 2.5
_WORD = re.compile(r"\S*\w\S*")  # a dash by itself is not said

_LONGEST_ASK = 8  # words of a question
_SMALL_TALK = frozenset(
    (
        *("bye", "good morning", "hello", "hello there", "hey", "hi", "hi there"),
        *("cheers", "ok", "okay", "thank you", "thanks", "thx"),
        *("help", "no", "start", "stop", "test", "yes"),
    )
)

TEXT_FIELDS = ("progress", "milestones", "blockers", "needs")  # in the order they are asked


@dataclass(frozen=True)
class Answers:
    """What a lead fills in, as they typed it."""

    confidence: Confidence
    progress: str
    milestones: str = ""
    blockers: str = ""
    needs: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Return the free texts by their field."""
        return {field: getattr(self, field) for field in TEXT_FIELDS}


def word_count(text: str) -> int:
    """Return how many spoken words a text is worth."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + ceil(unspaced / _UNSPACED_PER_WORD)


def is_small_talk(text: str) -> bool:
    """Return whether somebody only says hello, thanks, or asks for help."""
    words = _bare(text)
    return not words or words in _SMALL_TALK or text.lstrip().startswith("/") or asks(text)


def asks(text: str) -> bool:
    """Return whether somebody asks how this works: a short question, or for help.

    A long text that ends in a question is what they have to say, and whom they need.
    """
    if (words := _bare(text)) in _SMALL_TALK:
        return words == "help"
    return text.rstrip().endswith("?") and word_count(text) <= _LONGEST_ASK


def _bare(text: str) -> str:
    """Return a text's words in small letters, without signs."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def speaking_time(rules: UpdateRules, texts: Sequence[str]) -> timedelta:
    """Return how long the texts take to say: words x minutes / words that fit into them."""
    words = sum(map(word_count, texts))
    return timedelta(minutes=rules.minutes) * words / rules.words


def words_over(rules: UpdateRules, texts: Sequence[str]) -> int:
    """Return how many words there are too many; exactly the limit is none."""
    return max(0, sum(map(word_count, texts)) - rules.words)


def check_answers(rules: UpdateRules, answers: Answers) -> None:
    """Refuse what says nothing, and more than can be said in the time.

    Raises:
        ProgressMissingError: nothing is said of the progress.
        UpdateTooLongError: says by how many words.
    """
    if not answers.progress.strip():
        raise ProgressMissingError
    texts = list(answers.texts.values())
    if over := words_over(rules, texts):
        seconds = round(speaking_time(rules, texts).total_seconds())
        raise UpdateTooLongError(seconds, rules.minutes, over, longest_field(answers))


def longest_field(answers: Answers) -> str:
    """Return the field with the most words, where there is most to take out."""
    return max(answers.texts, key=lambda field: word_count(answers.texts[field]))


def says_the_same(update: Update, answers: Answers) -> bool:
    """Return whether filing the answers would change nothing."""
    return update.confidence == answers.confidence and all(
        getattr(update, field) == text for field, text in answers.texts.items()
    )
