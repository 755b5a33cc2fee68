import re
from datetime import time
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from tests.factories import a_policy
from workflows.errors import PolicyInvalidError
from workflows.escalations.linting import warnings_of
from workflows.policy_document import PolicyDocument, Switch, placeholders, read_policy
from workflows.policy_shapes import Weekday

ROOT = Path(__file__).parents[2]


def faults(text: str) -> list[str]:
    with pytest.raises(PolicyInvalidError) as caught:
        read_policy(text)
    return caught.value.faults


def test_the_example_is_valid_and_shows_the_defaults() -> None:
    example = read_policy((ROOT / "policy.example.yml").read_text())

    defaults = read_policy(a_policy(channels={"coordination": "C0000000000"}))
    assert example == defaults


def test_the_example_names_every_setting_that_there_is() -> None:
    written = yaml.safe_load(uncommented())

    assert missing_in(written, PolicyDocument) == []


def test_the_example_is_valid_with_all_that_it_comments_out_and_says_which_ids_are_its_own() -> (
    None
):
    document = read_policy(uncommented())

    assert document.features == {Switch.ESCALATIONS}
    assert document.levels.coe.rotation is not None
    assert warnings_of(document) == []
    assert {
        "channels.fallback",
        "levels.coe.people",
        "levels.steering.executives.Operations",
        "topics.data-access.channel",
    } < set(placeholders(document))


def uncommented() -> str:
    """Return the example with its commented settings switched on."""
    text = (ROOT / "policy.example.yml").read_text()
    head, rest = text.split("\n\n", 1)
    return head + "\n\n" + re.sub(r"^( *)# (?=[ ]*[\w-]+:( |$))", r"\1", rest, flags=re.MULTILINE)


def missing_in(written: Any, section: type[BaseModel], path: str = "") -> list[str]:
    """Return the settings that a document leaves out."""
    missing = [f"{path}{name}" for name in section.model_fields if name not in written]
    for name, field in section.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        for kind in kinds:
            if name in written and isinstance(kind, type) and issubclass(kind, BaseModel):
                held = written[name]
                parts = held.values() if get_origin(field.annotation) is dict else [held]
                missing += [
                    one for part in parts for one in missing_in(part, kind, f"{path}{name}.")
                ]
    return missing


def test_reads_what_is_set() -> None:
    document = read_policy(a_policy(round={"prompt_time": "08:30"}, working_days=["sunday"]))

    assert document.round.prompt_time == time(8, 30)
    assert document.working_days == {Weekday.SUNDAY}


def test_names_every_fault_with_its_line_and_path() -> None:
    text = (
        "call:\n"
        "  weekday: wensday\n"
        "  time: 15:00\n"
        "  timezone: Mars/Olympus\n"
        "channels:\n"
        "  coordination: '#ai'\n"
        "round:\n"
        "  promt_time: '09:00'\n"
    )

    found = faults(text)

    assert [fault.split(":")[0] for fault in found] == [
        "line 2, call.weekday",
        "line 3, call.time",
        "line 4, call.timezone",
        "line 6, channels.coordination",
        "line 8, round.promt_time",
    ]
    assert 'in quotes, as "09:00"' in found[1]
    assert "write the id" in found[3]
    assert "no such setting" in found[4]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1, call: is missing"),
        ("- a list", "line 1, the whole document: write settings with their names"),
        ("call: [", "line 1: expected the node content, but found '<stream end>'"),
        (a_policy(working_days=[]), "working_days: name at least one day"),
        (
            a_policy(working_hours={"start": "18:00", "end": "09:00"}),
            "the end has to come after the start",
        ),
        (
            a_policy(round={"prompt_working_days_before": 1}),
            "the prompt has to come at least a working day before the reminder",
        ),
        (
            a_policy(round={"opens_working_days_before": 2}),
            "the round has to open at least a working day before the prompt",
        ),
    ],
)
def test_refuses_what_can_not_be_lived_by(text: str, fault: str) -> None:
    assert any(fault in found for found in faults(text)), faults(text)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"update": {"minutes": "three"}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": 1.5}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": None}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": [3]}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": float("inf")}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": "9" * 5000}}, "update.minutes: write a whole number"),
        ({"update": {"minutes": 0}}, "update.minutes: write 1 or more"),
        ({"update": {"minutes": 61}}, "update.minutes: write 60 at most"),
        ({"update": 3}, "update: write settings with their names under it"),
        ({"update": [3]}, "update: write settings with their names under it"),
        ({"working_days": "monday"}, "working_days: write a list"),
        ({"working_days": [1]}, "working_days.0: write monday, tuesday, wednesday, thursday, "),
        ({"channels": {"coordination": 123}}, "channels.coordination: write the id"),
        ({"channels": {"coordination": "C012345678\n"}}, "channels.coordination: write the id"),
        ({"people": {"programme_manager": ["U1"]}}, "people.programme_manager: write the id"),
        ({"round": {"prompt_time": "25:00"}}, "prompt_time: write a time of day from"),
        ({"round": {"prompt_time": "soon"}}, "prompt_time: write a time of day from"),
        ({"call": {"weekday": "monday", "time": "15:00", "timezone": 5}}, "timezone: write text"),
        ({5: "five"}, "5: no such setting"),
    ],
)
def test_whatever_stands_there_is_refused_in_our_own_words(given: Any, fault: str) -> None:
    (found,) = faults(yaml.safe_dump(yaml.safe_load(a_policy()) | given))

    assert fault in found
    assert "nput should" not in found


def test_a_policy_that_is_nested_without_end_is_refused() -> None:
    assert faults("[" * 5000 + "]" * 5000) == ["it is nested too deeply to be a policy"]


@pytest.mark.parametrize("time_", ["09:00Z", "09:00+01:00", "09:00-05:00"])
def test_a_time_with_a_zone_is_refused_with_its_line_and_path(time_: str) -> None:
    text = a_policy() + f"round:\n  prompt_time: '{time_}'\n"

    (fault,) = faults(text)

    line = text[: text.index("prompt_time")].count("\n") + 1
    assert fault.startswith(f"line {line}, round.prompt_time: write the time without a zone")


def test_a_time_without_a_zone_is_taken() -> None:
    document = read_policy(a_policy(round={"prompt_time": "09:00"}))

    assert document.round.prompt_time == time(9)


def test_what_no_database_holds_is_left_out_of_its_texts() -> None:
    text = a_policy(people={"programme_manager": "U0ZEROPM"}).replace("ZERO", r"\0\ud800")
    text = text.replace(r"U0\0\ud800PM", r'"U0\0\ud800PM"')

    assert read_policy(text).people.programme_manager == "U0PM"


def test_a_calendar_is_read_by_code_or_name_in_any_case() -> None:
    document = read_policy(a_policy(calendar={"country": "de", "region": "bayern"}))

    assert (document.calendar.country, document.calendar.region) == ("DE", "BY")


def test_a_policy_that_names_no_country_has_no_public_holidays() -> None:
    document = read_policy(a_policy())

    assert (document.calendar.country, document.calendar.region) == (None, None)


@pytest.mark.parametrize(
    ("calendar", "fault"),
    [
        ("country: XX", "line 2, calendar.country: not a country whose holidays are known; write"),
        ("country: Germany", "calendar.country: not a country whose holidays are known"),
        ("country: UK", "calendar.country: not a country"),  # its code is GB
        ("country: USA", "calendar.country: not a country"),
        ("country: NO", 'calendar.country: write the code in quotes, as "NO" or "ON"'),
        ("country: 49", "calendar.country: write text, in quotes if it is a number"),
        ("country: DE\n  region: XX", "line 3, calendar.region: not a region of DE"),
        ("country: DE\n  region: XX", "write one of BB, BE, BW, BY, HB"),
        ("country: US\n  region: XX", "KS, KY, …"),
        ("country: JP\n  region: '13'", "JP has no regions with holidays of their own: leave it"),
        ("country: CA\n  region: ON", 'calendar.region: write the code in quotes, as "NO" or "ON"'),
        ("region: BY", "line 2, calendar.region: name the country that it is a region of, too"),
        ("country: XX\n  region: BY", "calendar.country: not a country"),
        ("state: BY", "calendar.state: no such setting"),
    ],
)
def test_a_calendar_that_is_not_known_is_refused_kindly(calendar: str, fault: str) -> None:
    (found,) = faults(f"calendar:\n  {calendar}\n{a_policy()}")

    assert fault in found


def test_norway_and_ontario_are_taken_in_quotes() -> None:
    norway = read_policy(a_policy(calendar={"country": "NO"}))
    ontario = read_policy(a_policy(calendar={"country": "CA", "region": "ON"}))

    assert norway.calendar.country == "NO"
    assert ontario.calendar.region == "ON"
