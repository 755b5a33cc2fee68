from datetime import timedelta
from typing import Any

import pytest

from storage.models import Confidence
from tests.factories import an_update, answers
from workflows.errors import ProgressMissingError, UpdateTooLongError
from workflows.policy_document import UpdateRules
from workflows.updates.policy import (
    TEXT_FIELDS,
    check_answers,
    is_small_talk,
    longest_field,
    says_the_same,
    speaking_time,
    word_count,
    words_over,
)

RULES = UpdateRules()


QUESTION = "two are live; who can give us nine more?"  # nine words: an update that asks


def words(count: int) -> str:
    return "word " * count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        ("two words", 2),
        ("it's one-hyphenated word\nand more", 5),
        ("予測モデルを公開しました。", 5),  # twelve characters without spaces, 2.5 to a word
        ("GPU を待つ", 3),
    ],
)
def test_counts_spoken_words(text: str, count: int) -> None:
    assert word_count(text) == count


def test_four_hundred_words_take_three_minutes() -> None:
    assert speaking_time(RULES, [words(100), words(300)]) == timedelta(minutes=3)


@pytest.mark.parametrize(("count", "over"), [(399, 0), (400, 0), (401, 1), (500, 100)])
def test_exactly_the_limit_is_not_over_it(count: int, over: int) -> None:
    assert words_over(RULES, [words(count)]) == over


def test_refuses_one_word_more_and_says_so() -> None:
    check_answers(RULES, answers(words(400)))

    with pytest.raises(UpdateTooLongError, match=r"about 3 min 00 s .* Please cut 1 word, "):
        check_answers(RULES, answers(words(400), needs="more"))


@pytest.mark.parametrize("blank", ["", " \n\t"])
def test_an_update_says_something_of_the_progress(blank: str) -> None:
    with pytest.raises(ProgressMissingError):
        check_answers(RULES, answers(blank, milestones="Something"))


def test_the_fields_are_asked_in_this_order() -> None:
    assert TEXT_FIELDS == ("progress", "milestones", "blockers", "needs")


@pytest.mark.parametrize("field", ["progress", "milestones", "blockers", "needs"])
def test_each_field_counts_towards_the_limit(field: str) -> None:
    with pytest.raises(UpdateTooLongError):
        check_answers(RULES, answers(**{"progress": "one", field: words(401)}))


def test_points_at_the_field_with_most_to_take_out() -> None:
    assert longest_field(answers("a b", blockers="a b c", needs="a")) == "blockers"


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"progress": "Else"}, False),
        ({"milestones": "Pilot"}, False),
        ({"blockers": "GPUs"}, False),
        ({"needs": "Data"}, False),
        ({"confidence": Confidence.AT_RISK}, False),
    ],
)
def test_knows_an_update_that_changes_nothing(changed: dict[str, Any], same: bool) -> None:
    assert says_the_same(an_update(), answers(**changed)) is same


@pytest.mark.parametrize(
    "text",
    [
        *("bye", "good morning", "hello", "hello there", "hey", "hi", "hi there"),
        *("cheers", "ok", "okay", "thank you", "thanks", "thx"),
        *("help", "no", "start", "stop", "test", "yes"),
        *("", " ", "👍", "?!", "Thanks!", "  Hi   there :)", " /ai-status", "/help me"),
        *("what is this?", "who do I ask about the third one?"),
    ],
)
def test_small_talk_is_no_update(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["hi, two sites are live", "no news", "3", "either/or", "thanks to Ola it is live", QUESTION],
)
def test_what_says_something_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)
