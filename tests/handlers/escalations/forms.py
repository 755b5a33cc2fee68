"""Filling in forms and pressing buttons, as Slack sends it, and reading what was posted."""

from typing import Any

from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import TOPIC

Form = dict[str, Any]
KIND, URGENT = "escalation_kind", "cannot_wait"


def form_of(
    workspace: Workspace, slack: FakeSlack, text: str = "FIN-01", user: str = "U_LEAD"
) -> Form:
    """Return the form as /ai-escalate opens it."""
    assert workspace.command(text, user, "/ai-escalate") == {}
    view: Form = slack.of("views.open")[-1]["view"]
    return view


def typed(form: Form, kind: str = "", **fields: str) -> Form:
    """Return a form as somebody has filled it in: as it stands, or changed."""
    values: Form = {}
    for block in form["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            values[name] = {element["action_id"]: _state(element, fields.get(name))}
        elif block["type"] == "actions":
            values[KIND] = _kind_and_urgency(block, kind, fields.get(URGENT, ""))
    return {**form, "id": "V1", "hash": "h1", "type": "modal", "state": {"values": values}}


def _state(element: Form, wanted: str | None) -> Form:
    kind = element["type"]
    if kind == "static_select":
        options = {option["value"]: option for option in element["options"]}
        picked = options[wanted] if wanted else element.get("initial_option")
        return {"type": kind, "selected_option": picked}
    if kind == "datepicker":
        return {"type": kind, "selected_date": wanted or element.get("initial_date")}
    if kind == "users_select":
        return {"type": kind, "selected_user": wanted}
    value = element.get("initial_value") if wanted is None else wanted
    return {"type": kind, "value": value}


def _kind_and_urgency(block: Form, kind: str, urgent: str) -> Form:
    select, box = block["elements"]
    picked = {"value": kind} if kind else select["initial_option"]
    checked = box.get("initial_options", [])
    if urgent:
        checked = box["options"]
    return {KIND: {"selected_option": picked}, URGENT: {"selected_options": checked}}


def switched(
    workspace: Workspace, slack: FakeSlack, form: Form, kind: str = "", **fields: str
) -> Form:
    """Return the form as it is drawn anew once another kind, or something else, is picked."""
    filled = typed(form, kind, **fields)
    action_id = KIND if kind else "escalation_pick"
    action = {"type": "static_select", "action_id": action_id, "block_id": KIND}
    before = len(slack.of("views.update"))
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=filled)
    drawn = slack.of("views.update")
    assert len(drawn) == before + 1
    view: Form = drawn[-1]["view"]
    return view


def fields_of(form: Form) -> list[str]:
    """Return the names of what a form asks for."""
    return [block["block_id"] for block in form["blocks"] if block["type"] == "input"]


def begins_with(form: Form) -> dict[str, str]:
    """Return what a form's fields are filled with."""
    values = typed(form)["state"]["values"]
    found = {}
    for name in fields_of(form):
        (state,) = values[name].values()
        option = state.get("selected_option") or {}
        found[name] = option.get("value") or state.get("selected_date") or state.get("value") or ""
    return found


def preview_of(form: Form) -> str:
    """Return what a form says it would set off."""
    (block,) = [block for block in form["blocks"] if block.get("block_id") == "preview"]
    text: str = block["elements"][0]["text"]
    return text


def labels(blocks: list[Form]) -> list[str]:
    """Return what can be pressed, in order, with what is in the menu in brackets."""
    found: list[str] = []
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] == "overflow":
                found += [f"[{option['text']['text']}]" for option in element["options"]]
            else:
                found.append(element["text"]["text"])
    return found


def posted(slack: FakeSlack, channel_id: str = TOPIC, *, in_thread: bool = False) -> list[Form]:
    """Return what was posted in a channel, or to a person; in threads or outside of them."""
    return [
        params
        for params in slack.of("chat.postMessage")
        if params["channel"] == channel_id and bool(params.get("thread_ts")) is in_thread
    ]


def shown(workspace: Workspace, user: str, number: int = 1) -> list[Form]:
    blocks: list[Form] = workspace.command(f"show E-{number}", user, "/ai-escalate")["blocks"]
    return blocks


def window(slack: FakeSlack) -> Form:
    view: Form = slack.of("views.open")[-1]["view"]
    return {**view, "id": "V1", "hash": "h1", "type": "modal"}


def told_in_window(slack: FakeSlack) -> str:
    return all_text(slack.of("views.open")[-1]["view"])
