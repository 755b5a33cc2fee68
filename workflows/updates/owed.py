"""What is sent about updates."""

from workflows.owing import Owed
from workflows.updates.kinds import DRAFTED, DRAFTED_MORE, GREETING

OWED = Owed("updates", outgoing=(GREETING, DRAFTED, DRAFTED_MORE))
