"""What a policy changes is said in sentences."""

from typing import Any

import pytest

from bot.cli.policy_diff import differences, settings_of
from bot.cli.policy_words import WORDS
from tests.factories import a_policy
from workflows.policy_document import PolicyDocument, read_policy

COE = {"people": ["U0ANA", "U0BEN"]}
DATA = {"title": "Data access", "channel": "C0DATA00001"}
NAMES = {"U0ANA": "Ana", "U0BEN": "Ben", "U0CLEO": "Cleo"}


def read(**sections: object) -> PolicyDocument:
    return read_policy(a_policy(**sections))


def said(new: dict[str, Any], old: dict[str, Any] | None = None) -> list[str]:
    return differences(read(**(old or {})), read(**new), lambda one: NAMES.get(one, one))


def test_a_policy_that_is_the_same_changes_nothing() -> None:
    assert said({"update": {"words": 400}}) == []


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (
            {"escalations": {"blocker": {"coe_after_hours": 48}}},
            "technical blockers reach the CoE after 48 h instead of 24 h",
        ),
        (
            {"escalations": {"blocker": {"business_time": True}}},
            "the clock of technical blockers counts working hours instead of hours",
        ),
        (
            {"escalations": {"overrun": {"steering_over_percent": 12.5}}},
            "budget overruns are told from more than 12.5 % instead of 10 %",
        ),
        (
            {"escalations": {"cannot_wait": ["budget_overrun", "technical_blocker"]}},
            "“it cannot wait” is preselected for technical blockers and budget overruns "
            "instead of none",
        ),
        ({"round": {"prompt_time": "08:30"}}, "updates are asked for at 08:30 instead of 09:00"),
        (
            {"round": {"closes_minutes_before": 45}},
            "a round closes 45 minutes before the call instead of an hour",
        ),
        (
            {"round": {"opens_working_days_before": 4}},
            "a round opens four working days before the call instead of three working days",
        ),
        (
            {"working_days": ["monday", "tuesday", "wednesday", "thursday"]},
            "people work Monday to Thursday instead of Monday to Friday",
        ),
        ({"working_hours": {"start": "08:00"}}, "working hours begin at 08:00 instead of 09:00"),
        ({"fiscal_year_start_month": 4}, "the fiscal year begins in April instead of January"),
        ({"calendar": {"country": "DE"}}, "public holidays are those of DE instead of no country"),
        (
            {"attention": {"gather_minutes": 60}},
            "messages to one person that are due within an hour go as one, "
            "instead of within 15 minutes",
        ),
        ({"features": ["escalations"]}, "escalations are switched on"),
        (
            {"people": {"programme_manager": "U0ANA"}},
            "the programme manager is Ana instead of nobody",
        ),
        ({"levels": {"coe": COE}}, "Ana and Ben join the CoE"),
        (
            {"levels": {"finance": {"group": "S0MONEY001"}}},
            "the user group of finance is S0MONEY001 instead of none",
        ),
        ({"levels": {"coe": {"fallback": "U0BEN"}}}, "Ben stands in for the CoE instead of nobody"),
        (
            {"levels": {"steering": {"chair": "U0ANA"}}},
            "the chair of the steering committee is Ana, not nobody",
        ),
        (
            {"levels": {"steering": {"executives": {"Finance": "U0CLEO"}}}},
            "the executive of Finance is Cleo instead of nobody",
        ),
    ],
)
def test_what_changes_is_said_in_a_sentence(new: dict[str, Any], sentence: str) -> None:
    assert said(new) == [sentence]


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (["U0ANA"], "Ben leaves the CoE"),
        (["U0ANA", "U0CLEO"], "Cleo joins the CoE, and Ben leaves it"),
        (["U0BEN", "U0ANA"], "the people of the CoE come in this order: Ben and Ana"),
    ],
)
def test_who_joins_a_level_and_who_leaves_it_is_said(people: list[str], sentence: str) -> None:
    assert said({"levels": {"coe": {"people": people}}}, {"levels": {"coe": COE}}) == [sentence]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"data": DATA}, {}, "the topic data goes: Data access"),
        ({}, {"data": DATA}, "the topic data is new: Data access"),
        (
            {"data": DATA},
            {"data": DATA | {"channel": "C0OTHER0001"}},
            "the topic data is posted in C0OTHER0001 instead of C0DATA00001",
        ),
    ],
)
def test_a_topic_that_comes_goes_or_moves_is_said_once(
    before: dict[str, Any], after: dict[str, Any], sentence: str
) -> None:
    assert said({"topics": after}, {"topics": before}) == [sentence]


def test_what_has_no_sentence_is_told_by_its_path() -> None:
    rotation = {"people": ["U0ANA"], "starting": "2026-11-23", "timezone": "Europe/Berlin"}

    found = said({"levels": {"coe": {"rotation": rotation}}})

    assert "levels.coe.rotation.starting: not set → Mon 23 Nov 2026" in found
    assert "levels.coe.rotation.people: not set → U0ANA" in found


def test_several_changes_come_in_the_order_of_the_document() -> None:
    found = said({"update": {"minutes": 4}, "round": {"reminder_time": "10:00"}})

    assert [one.split()[0] for one in found] == ["whoever", "an"]


def test_every_setting_that_has_a_sentence_is_one_of_the_policy_s() -> None:
    settings = settings_of(read())

    assert [path for path in WORDS if "*" not in path and path not in settings] == []
