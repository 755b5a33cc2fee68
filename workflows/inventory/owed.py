"""What is sent about inventories."""

from workflows.inventory.kinds import INVENTORY
from workflows.owing import Owed

OWED = Owed("inventory", outgoing=(INVENTORY,))
