"""What is sent about inventories, by kind."""

from storage.models import Priority
from workflows.owing import Outgoing

INVENTORY = Outgoing(
    "inventory", clause="people.programme_manager", priority=Priority.URGENT, is_alone=True
)
