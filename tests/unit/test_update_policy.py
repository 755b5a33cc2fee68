from datetime import timedelta

import pytest

from tests.factories import an_update, answers
from workflows.errors import UpdateTooLongError
from workflows.policy_document import UpdateRules
from workflows.updates.policy import (
    check_answers,
    longest_field,
    says_the_same,
    speaking_time,
    word_count,
    words_over,
)

RULES = UpdateRules()


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


def test_points_at_the_field_with_most_to_take_out() -> None:
    assert longest_field(answers("a b", blockers="a b c", needs="a")) == "blockers"


@pytest.mark.parametrize(
    ("changed", "same"), [({}, True), ({"needs": "Data"}, False), ({"progress": "Else"}, False)]
)
def test_knows_an_update_that_changes_nothing(changed: dict[str, str], same: bool) -> None:
    assert says_the_same(an_update(), answers(**changed)) is same
