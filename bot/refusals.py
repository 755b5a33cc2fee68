"""Reads what Slack means by an error: never, not now, or who knows."""

import math
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

from bot import metrics
from workflows.outbox.outcomes import Limited, Refused, Unanswered

# After these Slack will never take the message. After anything else it may, once it is known
# to be missing: a token is put right, a bad day passes, a proxy answers for Slack.
_FINAL = {
    "as_user_not_supported", "cannot_dm_bot", "cant_update_message", "channel_not_found",
    "edit_window_closed", "invalid_blocks", "invalid_blocks_format", "is_archived",
    "message_not_found", "messages_tab_disabled", "metadata_too_large", "missing_scope",
    "msg_blocks_too_long", "msg_too_long", "no_text", "not_in_channel", "restricted_action",
    "not_enough_users", "restricted_action_read_only_channel", "too_many_attachments",
    "too_many_users", "user_disabled",
    "user_not_found", "user_not_in_channel", "view_too_large",
}  # fmt: skip
_TOO_MANY_REQUESTS = 429
_RATE_LIMITED = {"ratelimited", "rate_limited"}
_USUAL_WAIT_SECONDS = 30.0


class CountRateLimits(RetryHandler):
    """Counts every answer 429, whoever asked; it never has a request sent again."""

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """Return False."""
        if response is not None and response.status_code == _TOO_MANY_REQUESTS:
            metrics.RATE_LIMITS.inc()
        return False


def outcome_of(error: SlackApiError, now: datetime) -> Limited | Refused | Unanswered:
    """Return what an error that Slack answered means for the message."""
    code = code_of(error)
    if _status(error) == _TOO_MANY_REQUESTS or code in _RATE_LIMITED:
        return Limited(now + _retry_after(error), code)
    return Refused(code) if code in _FINAL else Unanswered(code)


def code_of(error: SlackApiError) -> str:
    """Return Slack's code of an error; "" where the answer holds none."""
    answer = error.response if isinstance(error.response, dict) else error.response.data
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def _retry_after(error: SlackApiError) -> timedelta:
    headers = getattr(error.response, "headers", None) or {}
    try:
        seconds = float(headers.get("Retry-After", _USUAL_WAIT_SECONDS))
    except ValueError:
        seconds = _USUAL_WAIT_SECONDS  # a date, which Slack never sends, or nothing to be read
    return timedelta(seconds=math.ceil(max(seconds, 1)))


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 0) or 0)
