"""The one boundary for errors: a person gets a sentence, the log gets the rest."""

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import SQLAlchemyError

from bot.clients import tls
from handlers.blocks.text import Block, Text, combine, fill, marked, mention, section
from handlers.blocks.windows import notice
from handlers.forms import form_words
from handlers.people import SUBMISSION, actor_of
from handlers.views import show_view
from workflows.errors import (
    DoneBeforeError,
    FieldsInvalidError,
    NotYoursError,
    SchemaMovedError,
    UserError,
)
from workflows.inbox import tell_by_message
from workflows.once import was_done

_TOO_SLOW = ("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired")
_MOST_NAMED = 3  # people to ask instead
_TIMEOUT_SECONDS = 2  # Slack waits three for the click itself
_log = structlog.get_logger("rollcall.errors")


def register(app: App) -> None:
    """Answer for every listener that raises."""
    app.error(answer_error)


def answer_error(
    error: Exception, body: dict[str, Any], client: WebClient, context: BoltContext
) -> BoltResponse | None:
    """Tell the person what went wrong, what was kept and what to do."""
    if not isinstance(error, UserError):
        _log.error("listener_failed", kind=_kind(body), exc_info=error)
    text = sentence(error)
    is_done = _is_done(error, context)
    if is_done:  # what was done is said first
        text = combine(["✅" if isinstance(error, DoneBeforeError) else "✅ Saved. ✋", text], " ")
    if body.get("type") == "view_submission":
        if is_done:
            return _json({"response_action": "update", "view": notice(text)})
        return _beside_field(body["view"], error)
    if "command" in body:
        said = {"text": marked(text).wire, "blocks": [section(text)]}
        return _json({"response_type": "ephemeral", **said})
    if body.get("type") in ("block_actions", "message_action"):
        _say(body, client, text, context)
    return BoltResponse(status=200, body="") if "event" not in body else None


def sentence(error: Exception) -> Text:
    """Return what a person reads of an error."""
    if isinstance(error, NotYoursError):
        if not error.answerable_ids:
            return str(error)
        *others, last = map(mention, error.answerable_ids[:_MOST_NAMED])
        who = combine([combine(others, ", "), last], " or ") if others else last
        return fill("{what} Please ask {who}.", what=str(error), who=who)
    return _plain(error)


def _plain(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, SlackApiError) and error.response["error"] in _TOO_SLOW:
        return "Slack took too long to open this. Nothing was lost; please try again."
    return (
        "Sorry, something went wrong on my side. What you filed before is safe. "
        "Please try again in a minute."
    )


def _is_done(error: Exception, context: BoltContext) -> bool:
    """Tell whether what was asked for is done, whatever failed then."""
    if not context.get(SUBMISSION):
        return False
    return isinstance(error, DoneBeforeError) or was_done(context["services"], actor_of(context))


def _beside_field(view: Block, error: Exception) -> BoltResponse:
    """Keep the form open, so that nothing typed is lost; each fault stands where it can be mended.

    What is about no field of the form stands beside its first one.
    """
    fields = [
        str(block["block_id"])
        for block in view["blocks"]
        if block["type"] == "input" and "block_id" in block
    ]
    if not fields:  # a window that only asks for a yes
        asked = fill("✋ {why}", why=sentence(error))
        return _json({"response_action": "update", "view": notice(asked)})
    said: dict[str, list[str]] = {}
    for name, fault in _faults(error).items():
        said.setdefault(_field_of(name, fields), []).append(fault)
    form = form_words(view)
    words = {at: form.beside_field(" ".join(told)) for at, told in said.items()}
    return _json({"response_action": "errors", "errors": words})


def _faults(error: Exception) -> Mapping[str, str]:
    """Return what is wrong by the field that it is about; one without a name is about none."""
    if isinstance(error, FieldsInvalidError) and error.faults:
        return error.faults
    return {error.field if isinstance(error, UserError) else "": _plain(error)}


def _field_of(name: str, fields: Sequence[str]) -> str:
    """Return the block of a fact, whose id may go on: `name_3` is that of the third milestone."""
    return next(
        (block for block in fields if name and (block == name or block.startswith(f"{name}_"))),
        fields[0],
    )


def _say(body: dict[str, Any], client: WebClient, text: Text, context: BoltContext) -> None:
    """Answer a click where it came from; where Slack does not take that, by a direct message."""
    try:
        _say_in_place(body, client, text)
    except (SlackApiError, SlackRequestError, HTTPException, OSError) as failure:
        _log.warning("error_by_message", kind=_kind(body), error=type(failure).__name__)
        about = str(context.get("inbox_key") or body.get("trigger_id") or "")
        try:
            tell_by_message(context["services"], actor_of(context), about, marked(text).wire)
        except (SchemaMovedError, SQLAlchemyError) as error:
            _log.warning("error_untold", kind=_kind(body), error=type(error).__name__)


def _say_in_place(body: dict[str, Any], client: WebClient, text: Text) -> None:
    """Answer in a window where the click came from one or from App Home, else privately.

    Raises:
        SlackApiError, SlackRequestError, HTTPException, OSError: Slack did not take it.
    """
    if response_url := body.get("response_url"):
        webhook = WebhookClient(
            response_url, timeout=_TIMEOUT_SECONDS, ssl=tls(), retry_handlers=[]
        )
        answer = webhook.send(
            text=marked(text).wire, response_type="ephemeral", replace_original=False
        )
        if answer.status_code != 200:  # used up, too old, or its message is gone
            raise SlackRequestError(str(answer.status_code))
    else:
        show_view(client, body, notice(text))


def _kind(body: dict[str, Any]) -> str:
    """Return what was done, without what was written."""
    event = body.get("event") or {}
    return str(body.get("command") or event.get("type") or body.get("type"))


def _json(content: dict[str, Any]) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
    return BoltResponse(status=200, body=json.dumps(content), headers=headers)
