"""The clients that talk to Slack, and whom Slack takes us for."""

import ssl
from dataclasses import dataclass
from functools import cache

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.kept_client import KeptClient
from bot.refusals import CountRateLimits
from bot.settings import Settings, StartRefusedError

# An answer to a click is of no use after Slack's three seconds, and our own work takes some.
_ANSWER_TIMEOUT_SECONDS = 2
_REHEARSED_TIMEOUT_SECONDS = 60  # a rehearsal hurries nobody, on however slow a machine
_POST_TIMEOUT_SECONDS = 20  # well under the wait after which an unanswered message is looked for


@dataclass(frozen=True)
class Introduced:
    """The workspace and the bot that a token belongs to."""

    workspace_id: str
    name: str
    bot_user_id: str | None = None
    bot_id: str | None = None
    enterprise_id: str | None = None


def answering_client(settings: Settings) -> WebClient:
    """Return the client that answers clicks: it never sends a write twice by itself."""
    is_rehearsal = settings.clock_file is not None
    return _client(
        settings, _REHEARSED_TIMEOUT_SECONDS if is_rehearsal else _ANSWER_TIMEOUT_SECONDS
    )


def posting_client(settings: Settings) -> WebClient:
    """Return the client of everything that nobody waits for; it sends no write twice by itself."""
    return _client(settings, _POST_TIMEOUT_SECONDS)


def patient_client(settings: Settings) -> WebClient:
    """Return the client of an import: it asks about many people, and waits when Slack says so."""
    client = posting_client(settings)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=10))
    return client


def ask_workspace(client: WebClient) -> Introduced:
    """Return the workspace and the bot that the token belongs to.

    Raises:
        StartRefusedError: Slack can't be reached or refuses the token.
    """
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response["error"]
        raise StartRefusedError(f"SLACK_BOT_TOKEN: Slack refuses it ({code})") from None
    except (SlackClientError, OSError) as error:
        raise StartRefusedError(
            f"SLACK_API_URL: Slack can't be reached ({type(error).__name__})"
        ) from None
    return Introduced(
        workspace_id=str(answer["team_id"]),
        name=str(answer.get("team") or answer["team_id"]),
        bot_user_id=answer.get("user_id"),
        bot_id=answer.get("bot_id"),
        enterprise_id=answer.get("enterprise_id"),
    )


@cache
def tls() -> ssl.SSLContext:
    """Return what all clients check certificates with: to read them anew takes 40 ms a call."""
    return ssl.create_default_context()


def _client(settings: Settings, timeout_seconds: int) -> WebClient:
    return KeptClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=timeout_seconds,
        ssl=tls(),
        retry_handlers=[CountRateLimits()],
    )
