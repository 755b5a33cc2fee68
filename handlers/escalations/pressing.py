"""The buttons of an escalation, and the small forms that some of them open."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.windows import notice
from handlers.escalations import card, deed_form
from handlers.escalations.buttons import ACT, MORE, TERMS, WITH_FORM, Pressed, read_pressed
from handlers.people import actor_in_zone, actor_of, learn
from handlers.views import change_view, show_view
from handlers.waiting import keep_current
from storage.models import Act
from workflows.escalations.acting import act_on, require_may
from workflows.escalations.deeds import Deed
from workflows.escalations.errors import MovedOnError
from workflows.escalations.reading import show
from workflows.home.asking import ask_for_home
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(re.compile(f"^{ACT}_"))(press)
    app.action(MORE)(choose)
    app.view(deed_form.CALLBACK_ID)(send_form)


def press(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Do what a button says, or ask first what has to be said with it."""
    pressed = read_pressed(action.get("value") or "")
    try:
        _act(body, pressed, context, client, services)
    except MovedOnError:  # what it was pressed in is old
        _keep_current(body, context, client, services)
        if (body.get("view") or {}).get("type") == "home":
            ask_for_home(services, actor_of(context))
        raise
    _keep_current(body, context, client, services)
    ack()


def choose(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Do what was chosen from the menu."""
    chosen = (action.get("selected_option") or {}).get("value") or ""
    _act(body, read_pressed(str(chosen)), context, client, services)
    ack()


def send_form(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Do what a form says; what is in the way stands beside its field."""
    actor, _ = actor_in_zone(context, services, client)
    deed = deed_form.parse(view)
    if deed.person_id:
        learn(actor, services, client, [deed.person_id])
    one = act_on(services, actor, deed)
    said = deed_form.done_text(deed.act, one)
    ack(response_action="update", view=notice(said, title=f"E-{one.number}"))


def _keep_current(
    body: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Show anew what something was pressed in: the list of what waits, or one escalation."""
    actor, zone = actor_in_zone(context, services, client)
    keep_current(client, services, actor, zone, body)
    view = body.get("view") or {}
    if view.get("callback_id") == card.SHOWN:
        shown = show(services, actor, view["private_metadata"])
        change_view(client, view, card.shown_window(shown, actor.user_id))


def _act(
    body: dict[str, Any],
    pressed: Pressed,
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    actor, zone = actor_in_zone(context, services, client)
    act = Act.AGREE if pressed.word == TERMS else Act(pressed.word)
    if pressed.word != TERMS and act not in WITH_FORM:
        act_on(services, actor, Deed(act, pressed.number, pressed.seen_step))
        return
    require_may(services, actor, Deed(act, pressed.number, pressed.seen_step))
    shown = show(services, actor, f"E-{pressed.number}")
    today = services.now().astimezone(zone).date()
    view = deed_form.build(shown, act, pressed.seen_step, today)
    show_view(client, body, view)
