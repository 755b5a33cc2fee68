"""The question whether open escalations go by a policy that has changed, and its two buttons."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.message import Message
from handlers.blocks.text import button, confirmed, listed, section
from handlers.escalations.words import name_of
from handlers.people import actor_in_zone
from storage.models import Notification
from workflows.escalations.moving_over import MOVED, decide, still_behind
from workflows.escalations.reading import read_number
from workflows.services import Services

MOVE, STAY = "move_escalations", "leave_escalations"
_MOST_NAMED = 10


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(MOVE)(press_move)
    app.action(STAY)(press_stay)


def press_move(
    ack: Ack, action: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Move them over; the message changes to how things stand."""
    _decide(action, context, client, services, is_moving=True)
    ack()


def press_stay(
    ack: Ack, action: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Leave them as they are; the message says so."""
    _decide(action, context, client, services, is_moving=False)
    ack()


def asked(services: Services, notification: Notification) -> Message | None:
    """Return the question; None if nothing is open under other rules, or a newer one is asked."""
    version = notification.policy_version
    is_newest, several = still_behind(services, notification.workspace_id, version)
    if not (is_newest and several):
        return None
    one = len(several) == 1
    which = listed([name_of(each) for each in several], _MOST_NAMED)
    said = (
        f"📜 *The policy has changed: version {version} is in force.* {which} "
        f"{'is' if one else 'are'} open, and {'goes' if one else 'go'} by the rules of when "
        f"{'it' if one else 'they'} began. Should {'it' if one else 'they'} go by the new ones?"
    )
    asking = (
        "Their clocks are then counted by the new policy, from when each came to its level; what "
        "has run out by that goes one level on at once."
    )
    move = button("Move them over", MOVE, f"{version}", primary=True)
    buttons = [
        confirmed(move, "Move them over?", asking, "Move"),
        button("Leave them as they are", STAY, f"{version}"),
    ]
    return Message(said, [section(said), {"type": "actions", "elements": buttons}])


def answered(_services: Services, notification: Notification) -> Message | None:
    """Return what was decided."""
    version = notification.policy_version
    said = f"📜 What was open before version {version} keeps the rules that it began under."
    if notification.words == MOVED:
        said = f"📜 What is open goes by version {version} of the policy now."
    return Message(said, [section(said)])


def _decide(
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    *,
    is_moving: bool,
) -> None:
    actor, _ = actor_in_zone(context, services, client)
    version = read_number(str(action.get("value") or ""), "") or 0  # no policy has this number
    decide(services, actor, version, is_moving=is_moving)
