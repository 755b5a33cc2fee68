from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import LogLevel, Settings, faults_in, read_settings

ROOT = Path(__file__).parents[2]
RIGHT = {"slack_bot_token": "xoxb-1"}


def read(**values: str) -> Settings:
    return Settings.model_validate(RIGHT | values)


def refused(**values: str) -> str:
    with pytest.raises(ValidationError) as error:
        read(**values)
    return "\n".join(f"{name}: {says}" for name, says in faults_in(error.value).items())


def test_one_token_is_enough_to_begin_with() -> None:
    settings = read()

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///rollcall.db"


def test_an_address_is_taken_with_and_without_its_slash() -> None:
    addresses = ["http://127.0.0.1:1/api", "http://127.0.0.1:1/api/"]

    taken = {read(slack_api_url=address).slack_api_url for address in addresses}

    assert taken == {"http://127.0.0.1:1/api/"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slack_bot_token", "secret-bot"),
        ("slack_app_token", "secret-app"),
        ("slack_api_url", "secret.example"),
        ("database_url", "mysql://secret"),
        ("log_level", "secret"),
        ("log_format", "secret"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_never_shown(name: str, value: str) -> None:
    words = refused(**{name: value})

    assert words.startswith(f"{name.upper()}: ")
    assert "secret" not in words


def test_a_line_break_after_a_token_is_taken_off() -> None:
    assert read(slack_bot_token="xoxb-1\n").slack_bot_token.get_secret_value() == "xoxb-1"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("slack_bot_token", "xoxb-se\ncret", "holds a character that no token has"),
        ("slack_app_token", "xapp-sé", "holds a character that no token has"),
        ("slack_bot_token", "xoxb-", "holds nothing after xoxb-"),
        ("slack_signing_secret", "se…cret", "holds a character that no token has"),
        ("health_address", "secret", "write HOST:PORT"),
        ("health_address", "secret:", "a whole number from 1 to 65535"),
        ("health_address", "secret:0", "a whole number from 1 to 65535"),
        ("health_address", "secret:65536", "a whole number from 1 to 65535"),
        ("health_address", "secret:٣٤", "a whole number from 1 to 65535"),
        ("heartbeat_url", "secret.example", "write an address such as https://"),
        ("heartbeat_url", "https://:1/secret", "write an address such as https://"),
        ("heartbeat_url", "https://secret:port/", "write an address such as https://"),
        ("log_level", "secret", "write DEBUG, INFO, WARNING or ERROR"),
        ("slack_api_url", "http://127.0.0.1:secret/", "its host or port can't be read"),
        ("slack_api_url", "http://[secret/", "its host or port can't be read"),
        ("database_url", "sqlite:///", "names no file"),
        ("database_url", "sqlite:///:memory:", "names no file"),
        ("database_url", "postgresql+psycopg://u:secret/d", "has to be a number"),
        ("database_url", "postgresql+psycopg://u:se@cret@h/d", "write %40 for it"),
    ],
)
def test_a_value_that_would_fail_later_is_refused_at_once(name: str, value: str, why: str) -> None:
    words = refused(**{name: value})

    assert words.startswith(f"{name.upper()}: ")
    assert why in words
    assert "cret" not in words


@pytest.mark.parametrize("port", [1, 65535])
def test_the_first_and_the_last_port_are_ports(port: int) -> None:
    assert read(health_address=f"[::1]:{port}").health_address == f"[::1]:{port}"


def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_APP_TOKEN", "HEALTH_ADDRESS", "LOG_LEVEL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")

    settings = read_settings()

    assert (settings.slack_app_token, settings.health_address) == (None, None)
    assert settings.log_level == LogLevel.INFO


def test_every_variable_is_documented_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()

    missing = [name for name in Settings.model_fields if f"`{name.upper()}`" not in readme]
    assert missing == []
