"""What a policy allows and hardly anybody means is warned of, and nothing else is."""

from typing import Any

import pytest

from tests.factories import COORDINATION, a_policy
from workflows.escalations.linting import warnings_of
from workflows.policy_document import read_policy

SOUND: dict[str, Any] = {
    "features": ["escalations"],
    "people": {"programme_manager": "U0MANAGER"},
    "levels": {
        "coe": {"people": ["U0COE"], "fallback": "U0SUB"},
        "steering": {
            "executives": {"Finance": "U0CHAIR", "Legal": "U0EXEC"},
            "chair": "U0CHAIR",
            "fallback": "U0SUB",
        },
        "finance": {"people": ["U0MONEY"]},
    },
    "topics": {"data-access": {"title": "Data access", "channel": "C0TOPIC0001"}},
}


def warnings(**sections: Any) -> list[str]:
    """Return what is warned of in a sound policy with other sections."""
    return [one.split(":")[0] for one in warnings_of(read_policy(a_policy(**(SOUND | sections))))]


def level(name: str, **facts: Any) -> dict[str, Any]:
    levels = dict(SOUND["levels"])
    levels[name] = facts
    return {"levels": levels}


def test_a_sound_policy_is_not_warned_of() -> None:
    assert warnings() == []


def test_without_escalations_nobody_has_to_hold_a_level() -> None:
    assert warnings(features=[], levels={}, people={}) == []


@pytest.mark.parametrize("name", ["coe", "steering", "finance"])
def test_a_level_that_nobody_holds_is_warned_of(name: str) -> None:
    assert f"levels.{name}" in warnings(**level(name, fallback="U0SUB"))


@pytest.mark.parametrize("name", ["coe", "steering", "finance"])
def test_a_user_group_is_somebody(name: str) -> None:
    assert warnings(**level(name, group="S0GROUP0001", fallback="U0SUB")) == []


def test_a_rotation_is_somebody() -> None:
    rotation = {"people": ["U0ANA"], "starting": "2026-11-23", "timezone": "Europe/Berlin"}

    assert warnings(**level("coe", rotation=rotation, fallback="U0SUB")) == []


@pytest.mark.parametrize("name", ["coe", "steering"])
def test_a_level_without_a_fallback_is_warned_of(name: str) -> None:
    assert warnings(**level(name, people=["U0ANA"])) == [f"levels.{name}.fallback"]


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({"people": ["U0ANA"]}, True),
        ({"people": ["U0ANA", "U0BEN"]}, False),
        ({"people": ["U0ANA"], "group": "S0GROUP0001"}, False),
    ],
)
def test_a_fallback_who_is_the_only_holder_is_warned_of(
    facts: dict[str, Any], warned: bool
) -> None:
    found = warnings(**level("coe", fallback="U0ANA", **facts))

    assert found == (["levels.coe.fallback"] if warned else [])


@pytest.mark.parametrize(
    ("facts", "warned"),
    [
        ({"people": ["U0ANA"]}, True),
        ({"people": ["U0ANA", "U0CHAIR"]}, False),
        ({"people": ["U0ANA"], "group": "S0GROUP0001"}, False),  # who may be in it
        ({"executives": {"Finance": "U0CHAIR"}}, False),
    ],
)
def test_a_chair_who_is_no_member_is_warned_of(facts: dict[str, Any], warned: bool) -> None:
    found = warnings(**level("steering", chair="U0CHAIR", fallback="U0SUB", **facts))

    assert found == (["levels.steering.chair"] if warned else [])


def test_a_topic_in_the_coordination_channel_is_warned_of() -> None:
    topics = {"other": {"title": "Other", "channel": COORDINATION}}

    assert warnings(topics=topics) == ["topics.other.channel"]


def test_without_a_programme_manager_the_chain_has_no_end() -> None:
    assert warnings(people={}) == ["people.programme_manager"]


@pytest.mark.parametrize(
    ("escalations", "warned"),
    [
        ({"blocker": {"coe_after_hours": 24}}, []),
        ({"blocker": {"coe_after_hours": 23}}, ["blocker.coe_after_hours"]),
        ({"blocker": {"coe_after_hours": 9, "business_time": True}}, []),  # 09:00 to 18:00
        (
            {"blocker": {"coe_after_hours": 8, "business_time": True}},
            ["blocker.coe_after_hours"],
        ),
        ({"acknowledge": {"others_working_days": 7}, "blocker": {"coe_after_hours": 168}}, []),
        (
            {"acknowledge": {"others_working_days": 4}, "conflict": {"steering_after_days": 3}}
            | {"blocker": {"coe_after_hours": 96}},
            ["conflict.steering_after_days"],
        ),
    ],
)
def test_a_reminder_that_never_comes_is_warned_of(
    escalations: dict[str, Any], warned: list[str]
) -> None:
    assert warnings(escalations=escalations) == [f"escalations.{one}" for one in warned]


@pytest.mark.parametrize(
    ("escalations", "warned"),
    [
        ({"blocker": {"coe_after_hours": 168}}, []),
        ({"blocker": {"coe_after_hours": 169}}, ["blocker.coe_after_hours"]),
        ({"blocker": {"coe_after_hours": 45, "business_time": True}}, []),
        ({"blocker": {"coe_after_hours": 46, "business_time": True}}, ["blocker.coe_after_hours"]),
        ({"conflict": {"steering_after_days": 7}}, []),
        ({"conflict": {"steering_after_days": 8}}, ["conflict.steering_after_days"]),
    ],
)
def test_a_clock_that_is_longer_than_the_week_between_two_calls_is_warned_of(
    escalations: dict[str, Any], warned: list[str]
) -> None:
    assert warnings(escalations=escalations) == [f"escalations.{one}" for one in warned]
