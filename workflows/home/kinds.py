"""What shows the App Home, by kind."""

from storage.models import Priority
from workflows.owing import Method, Outgoing

HOME = Outgoing(
    "home", "an App Home", priority=Priority.URGENT, method=Method.PUBLISH, is_alone=True
)
