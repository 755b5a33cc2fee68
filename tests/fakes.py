"""Stand-ins for the outside world, handed in where the real one would be."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from bot.clients import Introduced
from bot.jobs.delivery import Courier, deliver_due
from bot.workspaces import Workspace, Workspaces
from tests.factories import TEAM
from workflows.outbox.policy import SLACK, Limits
from workflows.services import Services


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def move_to(self, instant: datetime) -> None:
        self.instant = instant

    def advance(self, **by: float) -> None:
        self.instant += timedelta(**by)


class Seconds:
    """A clock of seconds, as the monotonic one, that is moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


_ALWAYS: dict[str, dict[str, Any]] = {
    "conversations.history": {"messages": []},
    "files.getUploadURLExternal": {"upload_url": "https://files.example/1", "file_id": "F1"},
    "files.completeUploadExternal": {"files": [{"id": "F1"}]},
}


class FakeSlack(WebClient):
    """Keeps what it is asked, and answers as it is told: the next answer of a method is used once.

    An answer that is an exception is raised; a string is one of Slack's error codes.
    """

    def __init__(self) -> None:
        super().__init__(token="xoxb-fake", retry_handlers=[])
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, list[dict[str, Any] | str | Exception]] = defaultdict(list)
        self.users: dict[str, dict[str, Any]] = {}
        self.once_posted: Callable[[], object] = lambda: None  # before chat.postMessage answers

    def of(self, method: str) -> list[dict[str, Any]]:
        """Return what was sent to one method, oldest first."""
        return [params for called, params in self.calls if called == method]

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        params = {**(request.get("params") or {}), **(request.get("json") or {})}
        self.calls.append((api_method, params))
        told = self.answers[api_method].pop(0) if self.answers[api_method] else {}
        if api_method == "chat.postMessage":
            self.once_posted()
        if isinstance(told, Exception):
            raise told
        if isinstance(told, str):
            raise SlackApiError(told, self._response(api_method, {"ok": False, "error": told}))
        return self._response(api_method, {"ok": True, **self._usual(api_method, params), **told})

    def _usual(self, api_method: str, params: dict[str, Any]) -> dict[str, Any]:
        if api_method == "chat.postMessage":
            return {"channel": params["channel"], "ts": f"{len(self.calls)}.000100"}
        if api_method == "users.info":
            return {"user": self.users.get(params["user"], {"id": params["user"]})}
        if api_method == "conversations.open":
            return {"channel": {"id": f"D{params['users']}"}}
        return _ALWAYS.get(api_method, {})

    def _upload_file(self, **upload: Any) -> FileUploadV2Result:
        """Take the bytes that the SDK sends beside the API."""
        self.calls.append(("upload", upload))
        return FileUploadV2Result(status=200, body="OK")

    def _response(self, api_method: str, content: dict[str, Any]) -> SlackResponse:
        limited = content.get("error") == "ratelimited"
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=content,
            headers={"Retry-After": "30"} if limited else {},
            status_code=429 if limited else 200,
        )


def served_by(slack: WebClient, limits: Limits = SLACK) -> Workspace:
    """Return the one workspace, which this Slack is of."""
    return Workspace(Introduced(TEAM, "Tests", "U_BOT"), slack, slack, limits)


def only(slack: WebClient) -> Workspaces:
    """Return all that is served: the one workspace, which this Slack is of."""
    return Workspaces([served_by(slack)])


def deliver(
    services: Services, slack: FakeSlack, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Send what is due, one message after the other, as a single replica would."""
    return deliver_due(Courier(services, served_by(slack), is_stopping, threads=1, ahead=1))
