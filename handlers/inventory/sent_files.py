"""The buttons and windows of an inventory that the programme manager has sent."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.inventory import columns_form, inventory_view
from handlers.people import actor_of
from workflows.errors import MappingInvalidError
from workflows.inventory.sent_files import (
    accept,
    correct,
    correctable,
    findings_of,
    leave,
    sent_file,
    withdraw,
)
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(inventory_view.STORE)(press_store)
    app.action(inventory_view.LEAVE)(press_leave)
    app.action(inventory_view.UNDO)(press_undo)
    app.action(inventory_view.COLUMNS)(open_columns)
    app.action(inventory_view.REMARKS)(open_remarks)
    app.view(columns_form.CALLBACK_ID)(submit_columns)


def press_store(ack: Ack, action: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Have what was checked stored; the message shows how far that is."""
    accept(services, actor_of(context), action["value"])
    ack()


def press_leave(ack: Ack, action: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Have what was checked not stored."""
    leave(services, actor_of(context), action["value"])
    ack()


def press_undo(ack: Ack, action: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Have what was stored undone."""
    withdraw(services, actor_of(context), action["value"])
    ack()


def open_columns(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Ask what the columns mean."""
    findings = correctable(services, actor_of(context), action["value"])
    view = columns_form.build(action["value"], findings)
    client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def open_remarks(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show all that is to be said of the rows."""
    file = sent_file(services, actor_of(context), action["value"])
    if (findings := findings_of(file)).outcome is not None:
        view = inventory_view.remarks_window(file, findings)
        client.views_open(trigger_id=body["trigger_id"], view=view)
    ack()


def submit_columns(
    ack: Ack, view: dict[str, Any], context: BoltContext, services: Services
) -> None:
    """Have the file checked again with these columns."""
    actor, file_id = actor_of(context), view["private_metadata"]
    columns = columns_form.parse(view, correctable(services, actor, file_id))
    try:
        correct(services, actor, file_id, columns)
    except MappingInvalidError as error:
        ack(response_action="errors", errors={columns_form.FIRST: f"{error}."})
        return
    ack()
