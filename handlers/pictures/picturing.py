"""Pictures on request: the dependency graph of an initiative, the milestones of the quarter."""

import importlib
from dataclasses import dataclass
from threading import Lock

from slack_sdk import WebClient

from handlers.blocks.message import Message
from handlers.blocks.text import clip, cut, marked, section
from handlers.people import zone_of
from storage.models import Notification
from workflows.errors import UserError
from workflows.people import known_person
from workflows.pictures.asking import PictureOf, PictureRequest, picture_name
from workflows.registry.surroundings import quarter_of, surroundings
from workflows.services import Actor, Services

_MOST_WORDS = 3000  # characters of the text beside a picture
_IMPORTING = Lock()
_MOST_ALT = 1000  # characters that Slack takes as an alternative text


@dataclass(frozen=True)
class Picture:
    """A picture, and the same in words."""

    title: str
    png: bytes
    words: str


def prepare_drawing() -> None:
    """Import what draws, which takes seconds on a small machine, before somebody asks for it.

    One thread at a time: two that import matplotlib at once find half of it, and from then on
    nothing can be drawn until the bot starts anew.
    """
    with _IMPORTING:
        for name in ("drawing", "graph", "timeline", "words"):
            importlib.import_module(f"handlers.pictures.{name}")


def draw(services: Services, notification: Notification) -> Picture | None:
    """Return the picture that somebody asked for; None if its subject is gone meanwhile."""
    asked = PictureRequest.read(notification)
    actor = Actor(notification.workspace_id, notification.recipient_id)
    prepare_drawing()
    paint = _draw_surroundings if asked.of is PictureOf.DEPENDENCIES else _draw_quarter
    try:
        return paint(services, actor, asked.wanted)
    except UserError:
        return None


def send_picture(client: WebClient, notification: Notification, picture: Picture) -> str:
    """Put a picture into its asker's direct message, with the same in words; return where."""
    place = client.conversations_open(users=notification.recipient_id)["channel"]["id"]
    client.files_upload_v2(
        channel=place,
        content=picture.png,
        filename=picture_name(notification),
        title=clip(picture.title, 200),
        alt_txt=clip(picture.words, _MOST_ALT),
        initial_comment=cut(marked(picture.words), _MOST_WORDS).wire,
    )
    return str(place)


def in_words(picture: Picture) -> Message:
    """Return what a picture shows as a message, for where Slack takes no file."""
    said = "Slack didn't take the picture. This is what it shows:"
    return Message(text=said, blocks=[section(f"{said}\n{picture.words}")])


def _draw_surroundings(services: Services, actor: Actor, wanted: str) -> Picture:
    # Imported here: it takes fifty megabytes, and commands of the terminal draw nothing.
    from handlers.pictures.drawing import graph_of
    from handlers.pictures.graph import draw_graph
    from handlers.pictures.words import tell_graph

    graph = graph_of(surroundings(services, actor, wanted))
    return Picture(graph.title, draw_graph(graph), tell_graph(graph))


def _draw_quarter(services: Services, actor: Actor, wanted: str) -> Picture:
    from handlers.pictures.drawing import timeline_of
    from handlers.pictures.timeline import draw_timeline
    from handlers.pictures.words import tell_timeline

    zone = zone_of(known_person(services, actor.workspace_id, actor.user_id))
    today = services.now().astimezone(zone).date()
    quarter = quarter_of(services, actor, wanted, today)
    of = f", {wanted}" if wanted else ""
    title = f"{quarter.starts_on:%B} to {quarter.ends_on:%B %Y}{of}"
    timeline = timeline_of(quarter, title, today)
    words = tell_timeline(timeline)
    if (more := quarter.total - len(quarter.milestones)) > 0:
        words += f"\nand {more} more: name a department, a stage, or “mine”"
    return Picture(title, draw_timeline(timeline), words)
