"""The policy's file is adopted where no policy is in force; afterwards it is only compared."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from bot.clients import Introduced
from bot.policy_file import start_with_policy, why_not_in_force
from bot.services import build_services
from bot.settings import Settings, SettingsInvalidError, StartRefusedError
from storage import workspaces
from storage.models import PolicyVersion
from tests.factories import TEAM, a_policy
from tests.fakes import FakeClock
from workflows import policies
from workflows.services import Services

HERE = Introduced(TEAM, "Tests")
OTHER = a_policy(update={"words": 100})


@pytest.fixture
def empty(engine: Engine, clock: FakeClock) -> Services:
    """A database that knows no workspace yet."""
    return build_services(engine, clock)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {"slack_bot_token": "xoxb-secret", "policy_file": tmp_path / "policy.yml"}
    )


def in_force(services: Services) -> PolicyVersion:
    with services.reading() as reader:
        version = policies.in_force(reader, TEAM).version
        found = workspaces.policy(reader, TEAM, version)
    assert found is not None
    return found


def test_the_file_is_adopted_in_a_workspace_without_a_policy(
    empty: Services, settings: Settings
) -> None:
    settings.policy_file.write_text(OTHER, encoding="utf-8")

    start_with_policy(empty, HERE, settings)

    assert (in_force(empty).version, in_force(empty).document) == (1, OTHER)


def test_a_file_that_differs_later_changes_nothing_and_is_warned_of(
    services: Services, settings: Settings
) -> None:
    settings.policy_file.write_text(OTHER, encoding="utf-8")

    with capture_logs() as logged:
        start_with_policy(services, HERE, settings)

    assert (in_force(services).version, in_force(services).document) == (1, a_policy())
    (warning,) = logged
    assert warning["log_level"] == "warning"
    assert warning["why"] == "it differs from the policy in force"
    assert f"rollcall policy apply {settings.policy_file}" in warning["run"]


def test_a_file_that_asks_for_the_same_in_other_words_is_not_warned_of(
    services: Services, settings: Settings
) -> None:
    settings.policy_file.write_text("# ours\n" + a_policy(update={"words": 400}), encoding="utf-8")

    with capture_logs() as logged:
        start_with_policy(services, HERE, settings)

    assert logged == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "it can't be read (No such file or directory)"),
        (b"\xff", "it can't be read (it is not UTF-8 text)"),
        (b"call: never", "it has faults"),
    ],
)
def test_a_file_that_can_not_be_taken_is_no_reason_not_to_serve_once_a_policy_is_in_force(
    services: Services, settings: Settings, content: bytes | None, why: str
) -> None:
    if content is not None:
        settings.policy_file.write_bytes(content)

    start_with_policy(services, HERE, settings)

    assert why_not_in_force(services, TEAM, settings) == why


def test_without_a_policy_a_file_with_faults_is_refused(
    empty: Services, settings: Settings
) -> None:
    settings.policy_file.write_text("call: never", encoding="utf-8")

    with pytest.raises(StartRefusedError, match="the policy has faults"):
        start_with_policy(empty, HERE, settings)

    assert not policies.is_set(empty, TEAM)


def test_without_a_policy_a_file_that_is_not_there_is_refused(
    empty: Services, settings: Settings
) -> None:
    with pytest.raises(SettingsInvalidError, match="POLICY_FILE: the policy"):
        start_with_policy(empty, HERE, settings)


def test_of_two_that_start_at_once_with_other_files_the_first_one_s_stays(empty: Services) -> None:
    first = policies.adopt_first(empty, TEAM, "Tests", a_policy())

    second = policies.adopt_first(empty, TEAM, "Tests", OTHER)

    assert (first, second) == (True, False)
    assert in_force(empty).document == a_policy()
