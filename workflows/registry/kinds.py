"""What is sent about the registry, by kind."""

from workflows.owing import Outgoing

MOVED = Outgoing("moved")
HANDED_BACK = Outgoing("handed_back")
