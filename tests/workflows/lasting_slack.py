"""A Slack that keeps what was posted, and treats the next posts as it is told."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackRequestError
from slack_sdk.web import SlackResponse

from handlers.blocks.gathered import EXPLAIN
from tests.fakes import FakeSlack


class Killed(BaseException):
    """Stands for kill -9: nothing after it is done by this process."""


@dataclass(frozen=True)
class Said:
    """One of the messages that a post carries, as its reader sees it."""

    key: str
    initiative_keys: frozenset[str]

    @property
    def kind(self) -> str:
        return self.key.split(":")[0]

    @property
    def call_on(self) -> date:
        return date.fromisoformat(self.key.split(":")[1])


@dataclass(frozen=True)
class Post:
    """What somebody has on their screen."""

    recipient_id: str
    key: str
    at: datetime  # on the bot's clock
    zone: ZoneInfo | None  # the clock that the bot knew of its reader then
    filed: frozenset[tuple[str, date]]  # what had been filed by then
    said: tuple[Said, ...]


class LastingSlack(FakeSlack):
    """Keeps posts so that they can be found, and treats the next ones as it is told."""

    def __init__(self, now: Callable[[], datetime], seen: Callable[[dict[str, Any]], Post]) -> None:
        super().__init__()
        self.now, self.seen = now, seen
        self.faults: list[str] = []
        self.posts: list[Post] = []
        self.failures: Counter[str] = Counter()
        self.channels: dict[str, list[dict[str, Any]]] = {}

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        if api_method != "chat.postMessage":
            return super().api_call(api_method, **request)
        params = request["json"]
        fault = self.faults.pop(0) if self.faults else ""
        if fault:
            self.failures[params["metadata"]["event_payload"]["key"]] += 1
        _raise_before(fault)
        if fault == "ratelimited":
            self.answers[api_method].append(fault)
            return super().api_call(api_method, **request)
        ts = self._keep(params)
        _raise_after(fault)
        channel_id = _channel_of(params["channel"])
        return self._response(api_method, {"ok": True, "channel": channel_id, "ts": ts})

    def _keep(self, params: dict[str, Any]) -> str:
        ts = f"{self.now().timestamp() + len(self.posts) * 1e-5:.6f}"
        kept = {"ts": ts, "metadata": params["metadata"]}
        self.channels.setdefault(_channel_of(params["channel"]), []).append(kept)
        self.posts.append(self.seen(params))
        return ts

    def _usual(self, api_method: str, params: dict[str, Any]) -> dict[str, Any]:
        if api_method != "conversations.history":
            return super()._usual(api_method, params)
        kept = self.channels.get(params["channel"], [])
        since = [message for message in kept if float(message["ts"]) > float(params["oldest"])]
        return {"messages": since[::-1]}


def _channel_of(recipient_id: str) -> str:
    return f"D{recipient_id}" if recipient_id.startswith("U") else recipient_id


def _raise_before(fault: str) -> None:
    if fault == "refused":
        raise ConnectionRefusedError
    if fault == "killed before":
        raise Killed


def _raise_after(fault: str) -> None:
    if fault == "lost":
        raise SlackRequestError("the connection was closed before the answer")
    if fault == "killed after":
        raise Killed


def read_post(blocks: Sequence[dict[str, Any]]) -> tuple[Said, ...]:
    """Return what a post says, by the menu of each message and the buttons that follow it."""
    several: list[tuple[str, list[str]]] = []
    for accessory in (block.get("accessory", {}) for block in blocks):
        if accessory.get("action_id") == EXPLAIN:
            several.append((accessory["options"][0]["value"], []))
        elif accessory.get("action_id") == "open_update":
            several[-1][1].append(accessory["value"])
    return tuple(Said(key, frozenset(keys)) for key, keys in several)
