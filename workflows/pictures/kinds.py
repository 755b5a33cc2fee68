"""What is sent of pictures, by kind."""

from storage.models import Priority
from workflows.owing import Method, Outgoing

PICTURE = Outgoing(
    "picture", "a picture", priority=Priority.URGENT, method=Method.UPLOAD, is_alone=True
)
