"""Settings, from the environment or .env; the only place that reads them."""

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from bot.addresses import read_address
from workflows.errors import UserError
from workflows.fault_words import words_of
from workflows.heartbeat import TOLD_AFTER

# What a command needs that asks nothing of Slack.
OFFLINE = frozenset({"DATABASE_URL", "CLOCK_FILE", "LOG_LEVEL", "LOG_FORMAT"})
_NO_TOKEN = "xoxb-none"  # opens nothing


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
    if url.startswith("postgresql") and url.count("@") > 1:
        # The rest of the password would be taken for the host, and be shown where it fails.
        raise ValueError("holds more than one @; inside the password write %40 for it")
    try:
        address = make_url(url)
    except ValueError:  # its words quote what stands where the port should
        raise ValueError("the port, after HOST:, has to be a number") from None
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise ValueError("names no file; write sqlite:///FILE")
    return url


def _with_slash(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("write an address such as https://slack.com/api/")
    try:
        urlsplit(url).port  # noqa: B018  (reading it checks it)
    except ValueError:
        raise ValueError("its host or port can't be read") from None
    return url if url.endswith("/") else url + "/"


def _address(text: str) -> str:
    read_address(text)
    return text


def _web_address(url: str) -> str:
    try:
        is_one = url.startswith(("http://", "https://")) and bool(urlsplit(url).hostname)
        urlsplit(url).port  # noqa: B018  (reading it checks it)
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError("write an address such as https://hc-ping.example/abc")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value().strip()  # files that hold secrets often end in a line break
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("holds a character that no token has")
    return SecretStr(value)


class Settings(BaseSettings):
    """What the bot is told from outside. Each field is the variable of its name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,  # as compose files set what nobody has set
    )

    slack_bot_token: SecretStr = Field(description="xoxb-…: what the bot acts with")
    slack_app_token: SecretStr | None = Field(
        default=None, description="xapp-…: opens the socket; needed without --http"
    )
    slack_signing_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
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
    health_address: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, description="HOST:PORT for /healthz, /readyz and /metrics"
    )
    heartbeat_url: Annotated[str, AfterValidator(_web_address)] | None = Field(
        default=None, description="called every minute while all is well: a dead man's switch"
    )
    standstill_seconds: int = Field(
        # A sweep beats every fifteen seconds: less than two of them would be a false alarm.
        default=int(TOLD_AFTER.total_seconds()),
        ge=30,
        le=86400,
        description="how long no sweep goes through until the programme manager is told",
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


def read_settings(needed: Collection[str] | None = None) -> Settings:
    """Read the settings: all, or those of these variables, whatever is wrong with others.

    Raises:
        SettingsInvalidError: names every variable that is missing or wrong.
    """
    settings, faults = read_usable_settings()
    wrong = [f"{name}: {says}" for name, says in faults.items() if needed is None or name in needed]
    if wrong:
        raise SettingsInvalidError("\n".join(wrong))
    return settings


def read_usable_settings() -> tuple[Settings, dict[str, str]]:
    """Read the settings that are right, and return by variable what is wrong with the others.

    Those others hold their default, or a token that opens nothing.

    Raises:
        SettingsInvalidError: the file .env can't be read.
    """
    try:
        return _load(), {}
    except ValidationError as error:
        faults = faults_in(error)
    fields = {name: Settings.model_fields[name.lower()] for name in faults}
    stand_ins = {
        name.lower(): _NO_TOKEN if field.is_required() else field.default
        for name, field in fields.items()
    }
    return _load(**stand_ins), faults


def faults_in(error: ValidationError) -> dict[str, str]:
    """Return by variable what is wrong with it, and never its value."""
    faults = {}
    for fault in error.errors(include_input=False, include_url=False):
        says = "is not set" if fault["type"] == "missing" else words_of(fault)
        faults[str(fault["loc"][0]).upper()] = says
    return faults


def why_unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Return in a few words why a text file can't be read."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return error.strerror or type(error).__name__


def _load(**given: Any) -> Settings:
    try:
        return Settings(**given)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalidError(f".env can't be read: {why_unreadable(error)}.") from None


def _beginning(token: SecretStr, prefix: str) -> SecretStr:
    value = token.get_secret_value().strip()
    if not value.startswith(prefix):
        raise ValueError(f"has to begin with {prefix}")
    if value == prefix:
        raise ValueError(f"holds nothing after {prefix}")
    return _secret(token)
