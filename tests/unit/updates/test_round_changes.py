"""What a round tells that the rounds before did not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.models import Confidence, Update
from tests.factories import CALL_ON, an_update
from workflows.updates.changes import (
    ROUNDS_COMPARED,
    Need,
    RoundChanges,
    Silence,
    StatusChange,
    Stop,
    compare_round,
    says_something,
)

ON, RISK, OFF = Confidence.ON_TRACK, Confidence.AT_RISK, Confidence.OFF_TRACK
KEY = "FIN-01"


def weeks_ago(weeks: int, confidence: Confidence = ON, /, **texts: str) -> Update:
    facts: dict[str, Any] = {"progress": f"Week {weeks}", **texts}
    call_on = CALL_ON - timedelta(weeks=weeks)
    return an_update(initiative_key=KEY, call_on=call_on, confidence=confidence, **facts)


def compared(present: Update | None, *former: Update) -> RoundChanges:
    return compare_round(CALL_ON, {KEY: present}, {KEY: former} if former else {})


@pytest.mark.parametrize(("before", "after"), [(ON, RISK), (ON, OFF), (RISK, OFF)])
def test_a_status_that_falls_is_worse_and_the_way_back_is_better(
    before: Confidence, after: Confidence
) -> None:
    fallen = compared(weeks_ago(0, after), weeks_ago(1, before))
    risen = compared(weeks_ago(0, before), weeks_ago(1, after))

    assert (fallen.worse, fallen.better) == ([StatusChange(KEY, before, after)], [])
    assert (risen.worse, risen.better) == ([], [StatusChange(KEY, after, before)])


def test_a_status_that_stays_is_told_as_it_is() -> None:
    assert compared(weeks_ago(0, OFF), weeks_ago(1, OFF)).off_track == [KEY]
    assert compared(weeks_ago(0, RISK), weeks_ago(1, RISK)).at_risk == [KEY]
    assert compared(weeks_ago(0, ON), weeks_ago(1, ON)).is_quiet


def test_a_first_update_is_no_turn() -> None:
    changes = compared(weeks_ago(0, RISK))

    assert (changes.worse, changes.at_risk) == ([], [KEY])


def test_who_is_silent_is_told_with_the_last_status_and_its_age() -> None:
    assert compared(None, weeks_ago(1, OFF)).silent == [Silence(KEY, OFF, 1)]
    assert compared(None, weeks_ago(3, RISK), weeks_ago(4)).silent == [Silence(KEY, RISK, 3)]
    assert compared(None).silent == [Silence(KEY, None, 0)]


def test_a_blocker_of_this_week_is_new_and_one_told_before_is_counted() -> None:
    gpu = {"blockers": "GPU pool"}

    new = compared(weeks_ago(0, **gpu), weeks_ago(1))
    second = compared(weeks_ago(0, **gpu), weeks_ago(1, **gpu), weeks_ago(2))
    fourth = compared(weeks_ago(0, **gpu), *(weeks_ago(weeks, **gpu) for weeks in (1, 2, 3)))

    assert (new.new_blockers, new.blocked) == ([Stop(KEY, "GPU pool", 1)], [])
    assert (second.new_blockers, second.blocked) == ([], [Stop(KEY, "GPU pool", 2)])
    assert fourth.blocked == [Stop(KEY, "GPU pool", 4)]


def test_a_silent_week_between_does_not_end_a_blocker() -> None:
    gpu = {"blockers": "GPU pool"}

    assert compared(weeks_ago(0, **gpu), weeks_ago(3, **gpu)).blocked == [Stop(KEY, "GPU pool", 4)]


def test_weeks_are_counted_no_further_back_than_is_compared() -> None:
    former = [weeks_ago(weeks, blockers="GPU pool") for weeks in range(1, 20)]

    (stop,) = compared(weeks_ago(0, blockers="GPU pool"), *former).blocked

    assert stop.weeks == ROUNDS_COMPARED


def test_a_call_on_another_weekday_is_a_week_away_all_the_same() -> None:
    moved = weeks_ago(1, OFF)
    moved.call_on += timedelta(days=2)

    assert compared(None, moved).silent == [Silence(KEY, OFF, 1)]


@pytest.mark.parametrize(
    "text", ["", "  ", "-", "–", "None", "none.", "No blockers", "n/a", "Nothing at the moment"]
)
def test_a_word_for_nothing_blocks_nobody(text: str) -> None:
    assert not says_something(text)
    assert compared(weeks_ago(0, blockers=text, needs=text)).is_quiet


@pytest.mark.parametrize("text", ["GPU pool", "No access", "Nothing from Legal", "No one decides"])
def test_what_begins_like_nothing_can_be_something(text: str) -> None:
    assert says_something(text)


def test_a_need_is_told_once() -> None:
    needs = {"needs": "Six cards"}

    assert compared(weeks_ago(0, **needs), weeks_ago(1)).new_needs == [Need(KEY, "Six cards")]
    assert compared(weeks_ago(0, **needs), weeks_ago(1, **needs)).new_needs == []


def test_the_same_words_again_are_unchanged_whatever_the_status() -> None:
    before = weeks_ago(1, progress="Tests run", needs="Cards")
    again = weeks_ago(0, RISK, progress=" tests  run", needs="Cards")
    other = weeks_ago(0, progress="Tests run", needs="")

    assert compared(again, before).unchanged == [KEY]
    assert compared(other, before).unchanged == []
    assert compared(again).unchanged == []


def test_the_worst_comes_first() -> None:
    statuses = {"A": (ON, RISK), "B": (RISK, OFF), "C": (ON, OFF)}
    filed = {
        key: an_update(initiative_key=key, confidence=after) for key, (_, after) in statuses.items()
    } | {"D": None, "E": None}
    former = {key: [weeks_ago(1, before)] for key, (before, _) in statuses.items()} | {
        "E": [weeks_ago(1, OFF)]
    }

    changes = compare_round(CALL_ON, filed, former)

    assert [turn.key for turn in changes.worse] == ["C", "B", "A"]
    assert [silence.key for silence in changes.silent] == ["E", "D"]


@given(
    st.lists(st.sampled_from([None, *Confidence]), max_size=12),
    st.lists(st.sampled_from(list(Confidence)), max_size=12),
)
def test_every_initiative_is_told_of_in_exactly_one_way(
    present: list[Confidence | None], before: list[Confidence]
) -> None:
    keys = [f"FIN-{number}" for number in range(len(present))]
    filed = {
        key: an_update(initiative_key=key, confidence=one) if one else None
        for key, one in zip(keys, present, strict=True)
    }
    former = {key: [weeks_ago(1, one)] for key, one in zip(keys, before, strict=False)}

    changes = compare_round(CALL_ON, filed, former)

    told = [
        *(turn.key for turn in [*changes.worse, *changes.better]),
        *(silence.key for silence in changes.silent),
        *changes.off_track,
        *changes.at_risk,
    ]
    fine = [key for key, one in filed.items() if one and one.confidence is ON and key not in told]
    assert sorted([*told, *fine]) == sorted(keys)
