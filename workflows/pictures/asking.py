"""Pictures that somebody asks for: recorded now, drawn when they are sent."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.models import Notification, SubjectKind
from workflows.outbox.posting import Post, Recipient, post
from workflows.pictures.kinds import PICTURE
from workflows.registry.surroundings import quarter_of, surroundings
from workflows.services import Actor, Services
from workflows.subjects import Subject


class PictureOf(StrEnum):
    """What a picture can be of."""

    DEPENDENCIES = "dependencies"
    QUARTER = "quarter"


@dataclass(frozen=True)
class PictureRequest:
    """A picture as it was asked for."""

    of: PictureOf
    wanted: str  # a key; or which milestones of the quarter

    @classmethod
    def read(cls, notification: Notification) -> "PictureRequest":
        """Read what a message in the outbox is to show."""
        of, _, wanted = notification.subject_key.partition(" ")
        return cls(PictureOf(of), wanted)


def ask_for_surroundings(services: Services, actor: Actor, wanted: str, asked_by: str) -> None:
    """Have drawn what an initiative needs and what needs it; `asked_by` names the click, once.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    around = surroundings(services, actor, wanted)
    _ask(services, actor, PictureRequest(PictureOf.DEPENDENCIES, around.focus), asked_by)


def ask_for_quarter(
    services: Services, actor: Actor, wanted: str, today: date, asked_by: str
) -> None:
    """Have the quarter's milestones drawn, of all or of those that the words choose.

    Raises:
        FilterUnknownError: the words mean nothing.
    """
    quarter_of(services, actor, wanted, today)
    _ask(services, actor, PictureRequest(PictureOf.QUARTER, wanted), asked_by)


def picture_name(notification: Notification) -> str:
    """Return the name of a picture's file: by it a picture that was sent is found again."""
    asked = PictureRequest.read(notification)
    what = asked.wanted if asked.of is PictureOf.DEPENDENCIES else "milestones"
    digest = hashlib.sha256(notification.key.encode()).hexdigest()[:8]
    return f"{what}-{asked.of}-{digest}.png"


def _ask(services: Services, actor: Actor, asked: PictureRequest, asked_by: str) -> None:
    now = services.now()
    drawn = Post(
        PICTURE,
        f"picture:{actor.user_id}:{asked.of}:{asked_by}",
        Subject(SubjectKind.PICTURE, f"{asked.of} {asked.wanted}"),
    )
    with services.transaction() as session:
        post(session, actor.workspace_id, Recipient(actor.user_id), drawn, now)
