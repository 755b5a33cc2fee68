"""Slack tells when a user group changes: one that holds a level is read again."""

from typing import Any

from slack_bolt import App, BoltContext

from workflows.escalations.holders import note_changed
from workflows.services import Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.event("subteam_members_changed")(follow_members)
    app.event("subteam_updated")(follow_group)


def follow_members(event: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Note that people came or went."""
    note_changed(services, context.team_id or "", str(event.get("subteam_id") or ""))


def follow_group(event: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Note that a group was renamed, switched off, or is otherwise now."""
    group = event.get("subteam")
    group_id = group.get("id") if isinstance(group, dict) else ""
    note_changed(services, context.team_id or "", str(group_id or ""))
