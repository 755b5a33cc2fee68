"""Finds the listeners of a request by its name, however many there are."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.listener import Listener

_PREFIX = re.compile(r"\^([\w-]+_)")  # a pattern that only says how a name begins
F = TypeVar("F", bound=Callable[..., Any])
_Placed = tuple[int, Listener]  # with its place among all, which is the order Bolt asks in
_BY_TYPE: dict[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "block_actions": lambda body: ("action", body["actions"][0]["action_id"]),
    "view_submission": lambda body: ("view", body["view"]["callback_id"]),
    "message_action": lambda body: ("message_shortcut", body["callback_id"]),
    "event_callback": lambda body: ("event", body["event"]["type"]),
}


class Attach(Protocol):
    """A decorator that attaches a listener and leaves it as it is."""

    def __call__(self, listener: F, /) -> F:
        """Attach a listener."""


class RoutedApp(App):
    """A Bolt app that asks only those listeners that can be meant.

    Bolt asks each in its turn, at six microseconds each. Whether one is meant is still for Bolt
    to say; what is registered in any other way than these is asked each time.
    """

    def __init__(self, **options: Any) -> None:
        self._routes = _Routes()
        self._request: ContextVar[BoltRequest | None] = ContextVar("request", default=None)
        super().__init__(**options)

    @property
    def _listeners(self) -> list[Listener]:
        """Stand in for Bolt's own list: of a request under way, only what can be meant."""
        request = self._request.get()
        return self._routes.all if request is None else self._routes.meant(request.body)

    @_listeners.setter
    def _listeners(self, listeners: Iterable[Listener]) -> None:
        self._routes = _Routes(listeners)

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request."""
        under_way = self._request.set(req)
        try:
            return super().dispatch(req)
        finally:
            self._request.reset(under_way)

    def command(self, command: Any, *args: Any, **options: Any) -> Attach:
        """Register a listener for a command."""
        return self._placing("command", command, super().command(command, *args, **options))

    def action(self, constraints: Any, *args: Any, **options: Any) -> Attach:
        """Register a listener for the presses of buttons and menus."""
        return self._placing("action", constraints, super().action(constraints, *args, **options))

    def view(self, constraints: Any, *args: Any, **options: Any) -> Attach:
        """Register a listener for the submissions of a form."""
        return self._placing("view", constraints, super().view(constraints, *args, **options))

    def event(self, event: Any, *args: Any, **options: Any) -> Attach:
        """Register a listener for an event."""
        return self._placing("event", event, super().event(event, *args, **options))

    def message_shortcut(self, callback_id: Any, *args: Any, **options: Any) -> Attach:
        """Register a listener for an entry in the menu of messages."""
        attach = super().message_shortcut(callback_id, *args, **options)
        return self._placing("message_shortcut", callback_id, attach)

    def _placing(self, kind: str, name: object, attach: Callable[..., Any]) -> Attach:
        def attach_and_place(listener: F) -> F:
            attach(listener)
            self._routes.place(kind, name)
            return listener

        return attach_and_place


class _Routes:
    """Listeners by the kind and name that they are for, or by how such names begin."""

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.all = list(listeners)
        self._named: dict[tuple[str, str], list[_Placed]] = defaultdict(list)
        self._placed: set[int] = set()
        self._others: tuple[int, list[_Placed]] = (0, [])  # of how many listeners they are

    def place(self, kind: str, name: object) -> None:
        """Note what the listener that was registered last is for."""
        place = len(self.all) - 1
        if isinstance(name, re.Pattern):
            begins = _PREFIX.fullmatch(name.pattern)
            name = f"{begins[1]}*" if begins else None
        if isinstance(name, str):
            self._named[kind, name].append((place, self.all[place]))
            self._placed.add(place)

    def meant(self, body: Mapping[str, Any]) -> list[Listener]:
        """Return the listeners that a request can be for, in the order of their registration."""
        if (asked := _name_of(body)) is None:
            return self.all
        kind, name = asked
        found = [*self._named.get((kind, name), ())]
        for end, sign in enumerate(name, start=1):
            if sign == "_":
                found += self._named.get((kind, f"{name[:end]}*"), ())
        found += self._compared_each_time()
        return [listener for _, listener in sorted(found, key=lambda placed: placed[0])]

    def _compared_each_time(self) -> list[_Placed]:
        if self._others[0] != len(self.all):
            others = [(n, one) for n, one in enumerate(self.all) if n not in self._placed]
            self._others = len(self.all), others
        return self._others[1]


def _name_of(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the kind and the name of what came in; None where it is none of the usual ones."""
    if "command" in body:
        return "command", str(body["command"])
    named = _BY_TYPE.get(str(body.get("type")))
    try:
        return named(body) if named else None
    except (LookupError, TypeError):
        return None
