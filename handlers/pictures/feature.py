"""Pictures that people ask for."""

from handlers.blocks.message import Message
from handlers.pictures.picturing import draw, in_words
from handlers.telling import Feature, Telling, because, one_by_one
from storage.models import Notification
from workflows.pictures.kinds import PICTURE
from workflows.services import Services


def _picture(services: Services, notification: Notification) -> Message | None:
    picture = draw(services, notification)
    return in_words(picture) if picture else None


FEATURE = Feature(
    "pictures",
    tellings=(Telling(PICTURE, one_by_one(_picture), because("You asked for this picture.")),),
)
