"""Somebody's App Home, shown anew because what was pressed in it was old."""

from workflows.outbox.changes import show_home
from workflows.services import Actor, Services


def ask_for_home(services: Services, actor: Actor) -> None:
    """Have somebody's App Home shown as it is now, once for each press."""
    with services.transaction() as session:
        change = f"pressed:{actor.submission_id}"
        show_home(session, actor.workspace_id, actor.user_id, change, services.now())
