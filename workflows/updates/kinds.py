"""What is sent about updates that are written in words, by kind."""

from storage.models import Priority
from workflows.owing import Outgoing

GREETING = Outgoing("greeting", priority=Priority.URGENT)
DRAFTED = Outgoing("drafted", priority=Priority.URGENT)
DRAFTED_MORE = Outgoing("drafted_more", priority=Priority.URGENT)  # added to a draft there was

OFFERS = (DRAFTED.name, DRAFTED_MORE.name)
