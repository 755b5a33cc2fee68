"""What `rollcall doctor` looks at: a few calls of Slack, the policy, the database, the clock."""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from http.client import HTTPException
from pathlib import Path

import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.alone import sqlite_file
from bot.cli.judgement import (
    Answer,
    Check,
    absent_app_token_check,
    app_token_check,
    bot_token_check,
    channel_check,
    clock_check,
    in_force_check,
    migrations_check,
    not_checked,
    policy_check,
    scopes_check,
    settings_checks,
    unreadable_policy_check,
    warning_checks,
)
from bot.clients import posting_client
from bot.clock import utc_now
from bot.database import DatabaseUnusableError, open_database
from bot.opening import clock_of
from bot.policy_file import how_to_apply, why_not_in_force
from bot.services import build_services
from bot.settings import Settings, why_unreadable
from storage.schema import SchemaState, schema_state
from workflows import policies
from workflows.errors import PolicyInvalidError
from workflows.escalations.linting import warnings_of
from workflows.escalations.vacancies import vacancies
from workflows.policy_document import Channels, PolicyDocument, placeholders, read_policy

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def examine(settings: Settings, faults: Mapping[str, str]) -> Iterator[Check]:
    """Check all that serving needs, and change nothing.

    `faults` says by variable what is wrong with the settings; what needs those is not checked.
    """
    client = posting_client(settings)
    policy, document = _look_at_policy(settings)
    channels = None if document is None or placeholders(document) else document.channels
    greeted = None
    if not faults.keys() & {"SLACK_BOT_TOKEN", "SLACK_API_URL"}:
        greeted = ask(client.auth_test)
    now = _read_clock(settings)  # right after the answer, whose date it is compared with
    yield from settings_checks(faults)
    yield policy
    yield from warning_checks("policy", warnings_of(document) if document else [])
    yield bot_token_check(greeted)
    yield _check_app_token(client, settings, faults)
    yield scopes_check(greeted, bot_scopes(MANIFEST))
    yield from _check_channels(client, channels, greeted)
    yield from _check_database(settings, faults)
    yield clock_check(greeted, now)


def ask(call: Callable[[], SlackResponse]) -> Answer:
    """Make one call of Slack and return what came of it."""
    try:
        answer = call()
    except SlackApiError as error:
        answer = error.response
        # Where no Slack answers, the SDK puts the page that came into this place.
        code = str(answer.get("error") or "")
        if not code.replace("_", "").isalnum():
            return Answer(unreached=f"what answers isn't Slack: HTTP {answer.status_code}")
        return Answer(error=code, headers=_headers(answer))
    except (SlackClientError, OSError, HTTPException, ValueError, AttributeError) as error:
        # ValueError and AttributeError: the SDK's, of a body that is no text or no object.
        return Answer(unreached=str(getattr(error, "reason", "") or type(error).__name__))
    return Answer(team=str(answer.get("team") or ""), headers=_headers(answer))


def bot_scopes(manifest: Path) -> frozenset[str]:
    """Return the scopes that the manifest asks for the bot."""
    written = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    return frozenset(written["oauth_config"]["scopes"]["bot"])


def policy_channels(channels: Channels) -> Iterator[tuple[str, str]]:
    """Give each channel's setting and id; those that are not set are left out."""
    for setting, held in channels.model_dump().items():
        for channel_id in [held] if isinstance(held, str) else held or []:
            yield setting, channel_id


def _check_app_token(client: WebClient, settings: Settings, faults: Mapping[str, str]) -> Check:
    if faults.keys() & {"SLACK_APP_TOKEN", "SLACK_API_URL"}:
        return not_checked("app token", "a setting that it needs is wrong")
    if settings.slack_app_token is None:
        return absent_app_token_check(settings.slack_signing_secret is not None)
    token = settings.slack_app_token.get_secret_value()
    return app_token_check(ask(lambda: client.apps_connections_open(app_token=token)))


def _check_channels(
    client: WebClient, channels: Channels | None, greeted: Answer | None
) -> Iterator[Check]:
    if channels is None:
        yield not_checked("channels", "the policy names none that can be asked for")
    elif greeted is None or not greeted.ok:
        yield not_checked("channels", "the bot token doesn't work")
    else:
        for setting, channel_id in policy_channels(channels):
            yield channel_check(setting, channel_id, ask(_reading(client, channel_id)))


def _reading(client: WebClient, channel_id: str) -> Callable[[], SlackResponse]:
    return lambda: client.conversations_history(channel=channel_id, limit=1)


def _check_database(settings: Settings, faults: Mapping[str, str]) -> Iterator[Check]:
    if "DATABASE_URL" in faults:
        yield from _no_database(not_checked("database", "DATABASE_URL is wrong"))
        return
    file = sqlite_file(settings.database_url)
    if file is not None and _could_be_made(file):  # and connecting would make it
        said = f"there is no file {file.name} yet"
        yield from _no_database(Check("database", False, said, "run: rollcall migrate"))
        return
    try:
        engine = open_database(settings.database_url)
    except DatabaseUnusableError as error:
        said = f"DATABASE_URL: can't be opened ({error.reason})"
        yield from _no_database(Check("database", False, said, error.advice))
        return
    yield Check("database", True, f"it opens ({engine.dialect.name})")
    try:
        state = schema_state(engine)
        yield migrations_check(state)
        if state is SchemaState.CURRENT:
            yield from _check_policy_in_force(engine, settings)
    except SQLAlchemyError as error:
        advice = "see that its user may read the tables, and that nothing else holds them"
        yield Check("migrations", False, f"can't be read ({type(error).__name__})", advice)
    finally:
        engine.dispose()


def _check_policy_in_force(engine: Engine, settings: Settings) -> Iterator[Check]:
    """Compare the policy in force with the file, and see who holds its levels."""
    services, name = build_services(engine, utc_now), "policy in force"
    for workspace_id in policies.workspaces_with_one(services):
        try:
            document = policies.document_in_force(services, workspace_id)
        except PolicyInvalidError as error:
            yield policy_check(error.faults)
            continue
        why_not = why_not_in_force(services, workspace_id, settings)
        yield in_force_check(why_not, f"run: {how_to_apply(settings)}")
        # What the file says likewise is warned of there.
        yield from warning_checks(name, warnings_of(document) if why_not else [])
        yield from warning_checks(name, vacancies(services, workspace_id, document))


def _could_be_made(file: Path) -> bool:
    return os.access(file.parent, os.W_OK | os.X_OK) and not os.path.exists(file)


def _no_database(why: Check) -> Iterator[Check]:
    yield why
    yield not_checked("migrations", "there is no database to look into")


def _headers(answer: SlackResponse) -> dict[str, str]:
    return {name.lower(): str(held) for name, held in answer.headers.items()}


def _look_at_policy(settings: Settings) -> tuple[Check, PolicyDocument | None]:
    try:
        document = read_policy(settings.policy_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return unreadable_policy_check(why_unreadable(error)), None
    except PolicyInvalidError as error:
        return policy_check(error.faults), None
    return policy_check([], placeholders(document)), document


def _read_clock(settings: Settings) -> datetime | None:
    try:
        return clock_of(settings)()
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        return None
