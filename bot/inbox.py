"""Keeps what Slack sends before it is acknowledged, and takes up what a crash has left."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.response_urls import without_foreign
from handlers.blocks.text import Mrkdwn, combine, marked, stored
from handlers.blocks.update_form import TEXT
from storage.models import InboxItem, InboxKind, InboxState
from workflows.errors import SchemaMovedError
from workflows.inbox import forget_settled, receive, settle, take_up, tell_by_message
from workflows.services import Actor, Services
from workflows.storable import storable

_KEY = "inbox_key"
_RESUMED = "is_resumed"
_log = structlog.get_logger("rollcall.inbox")


class InboxApp(App):
    """A Bolt app that settles in the inbox what it has answered."""

    services: Services

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request; one that could not be answered stays in the inbox."""
        req = _let_in(req, self.client.base_url)
        with metrics.REQUEST_SECONDS.labels(req.context.get("kind", "any")).time():
            response = super().dispatch(req)
        if (key := req.context.get(_KEY)) is not None and response.status == 200:
            self._settle(str(req.context["team_id"]), key)
        return response

    def _settle(self, workspace_id: str, key: str) -> None:
        """Settle what is answered; where that fails, the answer goes out all the same.

        It is taken up again later, which changes nothing that was done.
        """
        try:
            settle(self.services, workspace_id, key)
        except (SchemaMovedError, SQLAlchemyError) as error:
            _log.warning("unsettled", key=key, error=type(error).__name__)


def keep_before_answering(app: InboxApp, services: Services) -> None:
    """Have each request stored after it is verified and before any listener sees it."""
    app.services = services

    @app.use
    def keep(
        body: dict[str, Any], context: BoltContext, next_: Callable[[], None]
    ) -> BoltResponse | None:
        item = read_item(body, context, services)
        if item is not None and not context.get(_RESUMED):
            if not receive(services, item):
                return BoltResponse(status=200, body="")  # whoever got it first settles it
            context[_KEY] = item.key
        next_()
        return None


def read_item(body: dict[str, Any], context: BoltContext, services: Services) -> InboxItem | None:
    """Return what came in as a row, or None for what is nobody's doing."""
    if (named := _name(body)) is None:
        return None
    kind, name = named
    now = services.now()
    return InboxItem(
        workspace_id=context.get("team_id") or "",
        key=f"{kind}:{name}"[:250],
        kind=kind,
        user_id=context.get("user_id") or "",
        body={part: value for part, value in body.items() if part != "token"},
        received_at=now,
        claimed_at=now,
    )


class Inbox:
    """Works on what was left, as if it had just come in."""

    def __init__(self, app: InboxApp, workspace_id: str) -> None:
        self._app, self._services, self._workspace_id = app, app.services, workspace_id

    def resume(self) -> int:
        """Work on what a crash has left, and return how many items that were."""
        left = take_up(self._services, self._workspace_id)
        for item in left:
            _log.info("resumed", key=item.key, attempts=item.attempts)
            self._work_on(item)
        return len(left)

    def forget(self) -> None:
        """Forget what was dealt with a while ago."""
        forget_settled(self._services, self._workspace_id)

    def _work_on(self, item: InboxItem) -> None:
        assert item.body is not None  # what has no body is never taken up
        request = BoltRequest(body=item.body, mode="socket_mode", context={_RESUMED: True})
        response = self._app.dispatch(request)
        if response.status != 200:
            return  # it stays, and is taken up again
        if words := _words(item, response):
            actor = Actor(item.workspace_id, item.user_id)
            tell_by_message(self._services, actor, item.key, words.wire)
        settle(self._services, item.workspace_id, item.key, InboxState.DONE)


def _let_in(request: BoltRequest, api_url: str) -> BoltRequest:
    """Return a request as it may be kept and used: by whatever road it came, this is its door."""
    body = without_foreign(storable(request.body), api_url)
    if body == request.body:
        return request
    context = {name: held for name, held in request.context.items() if name == _RESUMED}
    headers = {**request.headers}
    return BoltRequest(body=body, headers=headers, context=context, mode="socket_mode")


def _name(body: dict[str, Any]) -> tuple[InboxKind, str] | None:
    """Return what came in and Slack's own name for it."""
    if "event_id" in body:
        return InboxKind.EVENT, str(body["event_id"])
    if "command" in body:
        return InboxKind.COMMAND, str(body.get("trigger_id") or _digest(body))
    if body.get("type") in ("block_actions", "message_action"):
        return InboxKind.CLICK, str(body.get("trigger_id") or _digest(body))
    if body.get("type") == "view_submission":
        view = body["view"]
        values = _digest(view.get("state") or {})  # refused, changed and sent again it is another
        return InboxKind.SUBMISSION, f"{view.get('id')}:{view.get('hash')}:{values}"
    return None


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _words(item: InboxItem, response: BoltResponse) -> Mrkdwn | None:
    """Return what to tell somebody of what a restart interrupted; None where it doesn't matter."""
    answer = json.loads(response.body) if response.body else {}
    if item.kind == InboxKind.EVENT or _is_typing(item.body or {}):
        return None
    if item.kind == InboxKind.SUBMISSION:
        return combine(["I was restarted while you pressed the button.", _told(answer)])
    if item.kind == InboxKind.COMMAND:
        typed = str((item.body or {}).get("command"))
        return marked(f"I was restarted when you typed `{typed}`. Please type it again.")
    return marked("I was restarted when you pressed a button of mine. Please press it again.")


def _told(answer: dict[str, Any]) -> Mrkdwn:
    """Return the words of a window or of an error beside a field."""
    if errors := answer.get("errors"):
        said = str(next(iter(errors.values())))
        return marked(f"Your update is not filed yet: {said}\nType `/ai-status` to go on.")
    blocks = (answer.get("view") or {}).get("blocks") or []
    texts = [str(block["text"]["text"]) for block in blocks if block["type"] == "section"]
    return stored(texts[0]) if texts else marked("It is done.")


def _is_typing(body: dict[str, Any]) -> bool:
    return any(action.get("action_id") == TEXT for action in body.get("actions") or [])
