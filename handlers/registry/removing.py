"""Milestones and dependencies taken away, and put back right there."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.text import Block
from handlers.people import actor_of
from handlers.registry import entry_view, link_form, milestone_form, removed
from handlers.registry.planning import new_link_form, new_milestone_form
from handlers.views import change_view
from workflows.registry.editing import open_entry
from workflows.registry.removing import put_back, remove_dependency, remove_milestone
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(entry_view.MILESTONES)(press_milestones)
    app.action(entry_view.DEPENDENCIES)(press_dependencies)
    app.action(milestone_form.REMOVE)(press_remove_milestone)
    app.action(link_form.REMOVE)(press_remove)
    app.action(removed.UNDO)(press_undo)


def press_milestones(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form of an entry's milestones."""
    _open(client, body, new_milestone_form(services, actor_of(context), action["value"]))
    ack()


def press_dependencies(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form of what an entry depends on."""
    _open(client, body, new_link_form(services, actor_of(context), action["value"]))
    ack()


def press_remove_milestone(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Take a milestone away, and offer to put it back."""
    key, number = _named(action)
    gone = remove_milestone(services, actor_of(context), key, number)
    change_view(client, body["view"], removed.window(gone))
    ack()


def press_remove(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Take a dependency away; offer to put it back above those that are left."""
    actor, (key, number) = actor_of(context), _named(action)
    gone = remove_dependency(services, actor, key, number)
    form = link_form.build(open_entry(services, actor, key), view=body["view"])
    change_view(client, body["view"], {**form, "blocks": [*removed.blocks(gone), *form["blocks"]]})
    ack()


def press_undo(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Put back what was taken away."""
    key, version = _named(action)
    put_back(services, actor_of(context), key, version)
    change_view(client, body["view"], removed.back(key))
    ack()


def _named(action: dict[str, Any]) -> tuple[str, int]:
    """Read a key and a number from a button."""
    key, number = action["value"].rsplit(" ", 1)
    return key, int(number)


def _open(client: WebClient, body: dict[str, Any], form: Block) -> None:
    """Show a form in place of the window that was pressed in, or as a new one."""
    view = body.get("view") or {}
    if view.get("type") == "modal":
        change_view(client, view, form)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=form)
