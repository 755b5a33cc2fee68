"""Keeps what Slack sends before it is acknowledged, and takes up what a crash has left."""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from slack_bolt import BoltContext, BoltRequest, BoltResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.receiving.response_urls import without_foreign
from bot.receiving.resumed import words_of_resumed
from bot.receiving.routing import RoutedApp
from bot.workspaces import Workspaces
from handlers.people import SUBMISSION
from storage.models import InboxItem, InboxKind, InboxState
from workflows.errors import SchemaMovedError
from workflows.inbox import finish, forget_finished, receive, take_up, tell_by_message
from workflows.once import was_done
from workflows.services import Actor, Services
from workflows.storable import storable

_KEY = "inbox_key"
_RESUMED = "is_resumed"
_CARRIED = (_RESUMED, SUBMISSION)  # from a request to the one that is let in
_log = structlog.get_logger("rollcall.inbox")


class InboxApp(RoutedApp):
    """A Bolt app that finishes in the inbox what it has answered."""

    services: Services

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request; one that could not be answered stays in the inbox."""
        req = _let_in(req, self.client.base_url)
        with metrics.REQUEST_SECONDS.labels(req.context.get("kind", "any")).time():
            response = super().dispatch(req)
        if (key := req.context.get(_KEY)) is not None and response.status == 200:
            self._finish(str(req.context["team_id"]), key, _answer(response))
        return response

    def _finish(self, workspace_id: str, key: str, answer: dict[str, Any]) -> None:
        """Finish what is answered; where that fails, the answer goes out all the same.

        It is taken up again later, which changes nothing that was done.
        """
        try:
            finish(self.services, workspace_id, key, answer=answer)
        except (SchemaMovedError, SQLAlchemyError) as error:
            _log.warning("unfinished", key=key, error=type(error).__name__)


def keep_before_answering(app: InboxApp, services: Services) -> None:
    """Have each request stored after it is verified and before any listener sees it."""
    app.services = services

    @app.use
    def keep(
        body: dict[str, Any], context: BoltContext, next_: Callable[[], None]
    ) -> BoltResponse | None:
        item = read_item(body, context, services)
        if item is not None and not context.get(_RESUMED):
            received = receive(services, item)
            if not received.is_to_do:
                return _as_before(received.answer)
            context[_KEY] = context[SUBMISSION] = item.key
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

    def __init__(self, app: InboxApp, workspaces: Workspaces) -> None:
        self._app, self._services, self._workspaces = app, app.services, workspaces

    def resume(self) -> int:
        """Work on what a crash has left, and return how many items that were."""
        found = take_up(self._services, self._workspaces.ids)
        for item in found:
            _log.info("resumed", key=item.key, attempts=item.attempts)
            self._work_on(item)
        return len(found)

    def forget(self) -> None:
        """Forget what was dealt with a while ago."""
        forget_finished(self._services)

    def _work_on(self, item: InboxItem) -> None:
        assert item.body is not None  # what has no body is never taken up
        answer: dict[str, Any] = {}
        if not item.acted:  # otherwise only its answer was lost
            context = {_RESUMED: True, SUBMISSION: item.key}
            request = BoltRequest(body=item.body, mode="socket_mode", context=context)
            response = self._app.dispatch(request)
            if response.status != 200:
                return  # it stays, and is taken up again
            answer = _answer(response)
        actor = Actor(item.workspace_id, item.user_id, item.key)
        is_done = item.acted or was_done(self._services, actor)
        if words := words_of_resumed(item, answer, is_done=is_done):
            tell_by_message(self._services, actor, item.key, words.wire)
        finish(self._services, item.workspace_id, item.key, InboxState.DONE, answer)


def _let_in(request: BoltRequest, api_url: str) -> BoltRequest:
    """Return a request as it may be kept and used: however it came, this is its door."""
    body = without_foreign(storable(request.body), api_url)
    if body == request.body:
        return request
    context = {name: held for name, held in request.context.items() if name in _CARRIED}
    headers = {**request.headers}
    return BoltRequest(body=body, headers=headers, context=context, mode="socket_mode")


def _name(body: dict[str, Any]) -> tuple[InboxKind, str] | None:
    """Return what came in, and a name that it has whenever it comes again."""
    if "event_id" in body:
        return InboxKind.EVENT, str(body["event_id"])
    trigger = body.get("trigger_id") or ""
    if "command" in body:
        typed = [body.get(part) for part in ("command", "text", "user_id")]
        return InboxKind.COMMAND, f"{trigger}:{_digest(typed if trigger else body)}"
    view = body.get("view") or {}
    if body.get("type") in ("block_actions", "message_action"):
        pressed = [body.get("actions"), body.get("user"), view.get("id")]
        return InboxKind.CLICK, f"{trigger}:{_digest(pressed if trigger else body)}"
    if body.get("type") == "view_submission":
        # Refused, changed and sent again it is another; so is the next step in the same window.
        parts = [view.get(part) for part in ("callback_id", "private_metadata", "state")]
        name = f"{view.get('id')}:{view.get('hash')}:{_digest([*parts, body.get('user')])}"
        return InboxKind.SUBMISSION, name
    return None


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def _answer(response: BoltResponse) -> dict[str, Any]:
    """Return what a response says; one without words says nothing."""
    answer: dict[str, Any] = json.loads(response.body) if response.body else {}
    return answer


def _as_before(answer: dict[str, Any] | None) -> BoltResponse:
    """Give the answer that was given when the same came before."""
    if not answer:
        return BoltResponse(status=200, body="")
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/json"}
    return BoltResponse(status=200, body=json.dumps(answer), headers=headers)
