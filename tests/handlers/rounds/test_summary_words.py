"""The summary fits one screen of a phone, whatever happened in the round."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks.message import Message
from handlers.rounds import summary
from sandbox.limits import check_blocks
from sandbox.seed.organisation import INITIATIVES_FILE, load_history
from storage.models import (
    Confidence,
    Escalation,
    EscalationKind,
    EscalationState,
    Level,
    Update,
)
from tests.factories import CALL_AT, CALL_ON, TEAM, a_person, a_round, an_initiative, an_update
from workflows.escalations.in_short import told_of
from workflows.importing import read_rows
from workflows.updates.reading import RoundReport, Standing

ZONE = ZoneInfo("America/New_York")
MOST_WORDS = 120
WEEK = timedelta(days=7)
_WORD = re.compile(r"\S*\w\S*")


def words_in(message: Message) -> int:
    """Count all that can be seen of a message: headline, lines, button."""
    return sum(len(_WORD.findall(text)) for text in texts(message.blocks))


def texts(content: object) -> Iterable[str]:
    if isinstance(content, dict):
        if isinstance(content.get("text"), str):
            yield content["text"]
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


def a_report(call_on: date, keys: list[str], updates: list[Update]) -> RoundReport:
    filed = {one.initiative_key: one for one in updates if one.call_on == call_on}
    last = {(one.initiative_key, one.call_on): one for one in updates}  # edits replace
    former: dict[str, list[Update]] = {}
    for one in sorted(last.values(), key=lambda update: update.call_on, reverse=True):
        if one.call_on < call_on:
            former.setdefault(one.initiative_key, []).append(one)
    person = a_person(name="Wilhelmina van der Something-Longish")
    standings = [Standing(an_initiative(key), filed.get(key), person) for key in keys]
    return RoundReport(a_round(call_on=call_on), standings, former)


def both(report: RoundReport) -> list[Message]:
    """Return summary and digest, with as long a line of what is escalated as there is."""
    return [
        summary.summary(report, ZONE, escalated=ESCALATED),
        summary.digest(
            report,
            ["Legal & Compliance", "Customer Care"],
            ZONE,
            is_over=True,
            escalated=ESCALATED,
        ),
    ]


def a_conflict(number: int) -> Escalation:
    return Escalation(
        workspace_id=TEAM,
        number=number,
        kind=EscalationKind.RESOURCE_CONFLICT,
        state=EscalationState.OPEN,
        level=Level.OPERATIONAL,
        initiative_key="LEGAL-001",
        opener_id="U_HEAD",
        what="The GPU pool",
        opened_at=CALL_AT - WEEK,
        level_since_at=CALL_AT - WEEK,
        active_at=CALL_AT - WEEK,
        moves_at=CALL_AT + WEEK - timedelta(seconds=1),
        policy_version=1,
    )


ESCALATED = told_of([a_conflict(number) for number in range(1001, 3002)], CALL_AT)


@pytest.mark.parametrize("week", [0, 1, 2, 3, 4])
def test_the_demo_s_rounds_are_told_on_one_screen(week: int) -> None:
    keys = [row.key for row in read_rows(INITIATIVES_FILE.read_bytes()).values()]
    updates = [
        an_update(
            initiative_key=past.key,
            call_on=CALL_ON - WEEK * of_week.week,
            confidence=Confidence(past.confidence),
            progress=past.progress,
            milestones=past.milestones,
            blockers=past.blockers,
            needs=past.needs,
        )
        for of_week in load_history().weeks
        for past in of_week.updates
    ]

    for message in both(a_report(CALL_ON - WEEK * week, keys, updates)):
        assert words_in(message) <= MOST_WORDS
        assert check_blocks(message.blocks, "message") == []


_TEXT = st.sampled_from(
    ["", "None", "GPU pool", "Nobody at Legal is free " * 30, "x" * 3000, "&<>"]
)
_UPDATE = st.none() | st.tuples(st.sampled_from(list(Confidence)), _TEXT, _TEXT)


@given(st.lists(st.lists(_UPDATE, min_size=9, max_size=9), min_size=1, max_size=60))
def test_any_round_is_told_on_one_screen_and_nobody_is_forgotten(
    histories: list[list[tuple[Confidence, str, str] | None]],
) -> None:
    keys = [f"LEGAL-{number:03}" for number in range(len(histories))]
    updates = [
        an_update(
            initiative_key=key,
            call_on=CALL_ON - WEEK * age,
            confidence=said[0],
            blockers=said[1],
            needs=said[2],
        )
        for key, history in zip(keys, histories, strict=True)
        for age, said in enumerate(history)
        if said
    ]
    report = a_report(CALL_ON, keys, updates)

    for message in both(report):
        assert words_in(message) <= MOST_WORDS
        assert check_blocks(message.blocks, "message") == []
    counted = {
        label: told(both(report)[0], label) for label in ("Worse", "Silent", "Off track", "At risk")
    }
    changes = report.changes
    assert counted == {
        "Worse": len(changes.worse),
        "Silent": len(changes.silent),
        "Off track": len(changes.off_track),
        "At risk": len(changes.at_risk),
    }


def told(message: Message, label: str) -> int:
    """Count the initiatives that a line names or only counts."""
    lines = "\n".join(texts(message.blocks)).split("\n")
    line = next((one for one in lines if one.startswith(f"*{label}:*")), "")
    more = re.findall(r"and (\d+) more", line) or re.findall(r":\* (\d+)$", line)
    return len(re.findall(r"LEGAL-\d+", line)) + sum(map(int, more))
