"""Interactive elements of blocks: found by a short key, shown as fields, read back from a form."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

CHOICE_ONE = {"static_select", "radio_buttons", "overflow"}
CHOICE_MANY = {"multi_static_select", "checkboxes"}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
_PICKED_ONE = {  # element type -> where Slack keeps what is picked
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
_PICKED_MANY = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_LOCAL = "%Y-%m-%dT%H:%M"  # as <input type="datetime-local"> writes it


@dataclass(frozen=True)
class Control:
    """An interactive element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """Return the id of its block."""
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        """Return its own id."""
        return str(self.element.get("action_id", ""))

    @property
    def key(self) -> str:
        """Return what stands for it in HTML: ids hold any character, HTML's do not."""
        return key_of(self.block_id, self.action_id)

    @property
    def dispatches(self) -> bool:
        """Tell whether the app hears of each change; inputs have to ask for it."""
        return self.block.get("type") != "input" or bool(self.block.get("dispatch_action"))


def key_of(block_id: str, action_id: str) -> str:
    """Return a short key that is the same for the same two ids."""
    return "k" + hashlib.sha1(f"{block_id}\n{action_id}".encode()).hexdigest()[:12]


def controls_of(blocks: list[Json]) -> Iterator[Control]:
    """Walk the interactive elements of some blocks."""
    for block in blocks:
        inside = [block.get("accessory"), block.get("element")]
        if block.get("type") == "actions":
            inside += block.get("elements", [])
        for element in inside:
            if element and "action_id" in element:
                yield Control(block, element)


def find_control(blocks: list[Json], key: str) -> Control | None:
    """Return the element that a key stands for."""
    return next((control for control in controls_of(blocks) if control.key == key), None)


def options_of(element: Json) -> list[tuple[str, list[Json]]]:
    """Return the options under the names of their groups; a single nameless one without groups."""
    if groups := element.get("option_groups"):
        return [(group["label"]["text"], group["options"]) for group in groups]
    return [("", element.get("options", []))]


def state_of(element: Json, sent: list[str], zone: ZoneInfo) -> Json:
    """Return what a form sent for an element, as Slack writes it into `state.values`.

    Raises:
        ValueError: an instant that cannot be read.
    """
    kind = str(element["type"])
    first = sent[0] if sent and sent[0] else None
    state: Json = {"type": kind}
    if kind in TYPED:
        state["value"] = first
    elif kind in CHOICE_ONE:
        state["selected_option"] = next(iter(_chosen(element, sent)), None)
    elif kind in CHOICE_MANY:
        state["selected_options"] = _chosen(element, sent)
    elif kind in _PICKED_MANY:
        state[_PICKED_MANY[kind]] = [value for value in sent if value]
    elif kind == "datetimepicker":
        state["selected_date_time"] = _timestamp(first, zone)
    elif kind in _PICKED_ONE:
        state[_PICKED_ONE[kind]] = first
    elif "value" in element:
        state["value"] = element["value"]
    return state


def shown_of(element: Json, state: Json | None, zone: ZoneInfo) -> list[str]:
    """Return what a field shows: what is filled in, or what the app gave at the beginning."""
    kind = str(element["type"])
    source = element if state is None else state
    prefix = "initial" if state is None else "selected"
    if kind in TYPED:
        found = source.get("initial_value" if state is None else "value")
    elif kind == "datetimepicker":
        found = _local(source.get(f"{prefix}_date_time"), zone)
    elif kind in CHOICE_ONE | CHOICE_MANY:
        options = source.get(f"{prefix}_options") or [source.get(f"{prefix}_option")]
        found = [str(option["value"]) for option in options if option]
    else:
        slot = (_PICKED_ONE | _PICKED_MANY).get(kind, "")
        found = source.get(slot.replace("selected", prefix, 1))
    values = found if isinstance(found, list) else [found]
    return [str(value) for value in values if value is not None]


def _chosen(element: Json, sent: list[str]) -> list[Json]:
    every = [option for _, options in options_of(element) for option in options]
    return [option for option in every if option.get("value") in sent]


def _timestamp(local: str | None, zone: ZoneInfo) -> int | None:
    if local is None:
        return None
    return int(datetime.strptime(local[:16], _LOCAL).replace(tzinfo=zone).timestamp())


def _local(timestamp: int | None, zone: ZoneInfo) -> str | None:
    if timestamp is None:
        return None
    return datetime.fromtimestamp(timestamp, UTC).astimezone(zone).strftime(_LOCAL)
