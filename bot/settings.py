"""Settings, from the environment or .env; the only place that reads them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from workflows.errors import UserError


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogFormat(StrEnum):
    """How a log line looks: for people, or for a log store."""

    CONSOLE = "console"
    JSON = "json"


class SettingsInvalidError(UserError):
    """A setting is missing or wrong; says which, and never what it holds."""


class StartRefusedError(UserError):
    """The bot can't start as things are; the message says what helps."""


def _supported(url: str) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
    return url


def _with_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("write an address such as https://slack.com/api/")
    return url if url.endswith("/") else url + "/"


class Settings(BaseSettings):
    """What the bot is told from outside. Each field is the variable of its name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    slack_bot_token: SecretStr = Field(description="xoxb-…: what the bot acts with")
    slack_app_token: SecretStr | None = Field(
        default=None, description="xapp-…: opens the socket; needed without --http"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="checks that requests come from Slack; needed with --http"
    )
    slack_api_url: Annotated[str, AfterValidator(_with_slash)] = Field(
        default="https://slack.com/api/", description="another Slack-compatible server"
    )
    database_url: Annotated[str, AfterValidator(_supported)] = Field(
        default="sqlite:///rollcall.db", description="SQLite file or PostgreSQL"
    )
    policy_file: Path = Field(default=Path("policy.yml"), description="the policy, in YAML")
    clock_file: Path | None = Field(
        default=None, description="rehearsals only: a file with the clock's offset"
    )
    health_address: str | None = Field(
        default=None, description="HOST:PORT for /healthz, /readyz and /metrics"
    )
    heartbeat_url: str | None = Field(
        default=None, description="called every minute while all is well: a dead man's switch"
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="DEBUG to ERROR")
    log_format: LogFormat = Field(default=LogFormat.CONSOLE, description="console or json")

    @field_validator("slack_bot_token")
    @classmethod
    def _is_bot_token(cls, token: SecretStr) -> SecretStr:
        return _beginning(token, "xoxb-")

    @field_validator("slack_app_token")
    @classmethod
    def _is_app_token(cls, token: SecretStr | None) -> SecretStr | None:
        return token and _beginning(token, "xapp-")

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsInvalidError: names every variable that is missing or wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsInvalidError(explain(error)) from None


def explain(error: ValidationError) -> str:
    """Return a line for each fault, with the variable's name and never its value."""
    lines = []
    for fault in error.errors(include_input=False, include_url=False):
        name = str(fault["loc"][0]).upper()
        says = "is not set" if fault["type"] == "missing" else fault["msg"]
        lines.append(f"{name}: {says.removeprefix('Value error, ')}")
    return "\n".join(lines)


def _beginning(token: SecretStr, prefix: str) -> SecretStr:
    if not token.get_secret_value().startswith(prefix):
        raise ValueError(f"has to begin with {prefix}")
    return token
