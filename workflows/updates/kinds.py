"""What is sent about updates that are written in words, by kind."""

from storage.models import Priority
from workflows.owing import Outgoing

GREETING = Outgoing("greeting", priority=Priority.URGENT)
DRAFTED = Outgoing("drafted", priority=Priority.URGENT)
