"""What is sent about the registry."""

from workflows.owing import Owed
from workflows.registry.kinds import HANDED_BACK, MOVED

OWED = Owed("registry", outgoing=(MOVED, HANDED_BACK))
