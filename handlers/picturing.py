"""Pictures on request: the dependency graph of an initiative, the milestones of the quarter."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from handlers.blocks.text import clip, escape
from workflows.registry.surroundings import quarter_of, surroundings
from workflows.services import Actor, Services

_MOST_WORDS = 3000  # characters of the text beside a picture
_MOST_ALT = 1000  # characters that Slack takes as an alternative text


@dataclass(frozen=True)
class Picture:
    """A picture, and the same in words."""

    file_name: str
    title: str
    png: bytes
    words: str


def draw_surroundings(services: Services, actor: Actor, wanted: str, _zone: ZoneInfo) -> Picture:
    """Return what an initiative needs and what needs it.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    # Imported when somebody asks: drawing takes fifty megabytes, and few processes draw.
    from handlers.pictures.drawing import graph_of
    from handlers.pictures.graph import draw_graph
    from handlers.pictures.words import tell_graph

    around = surroundings(services, actor, wanted)
    graph = graph_of(around)
    name = f"{around.focus}-dependencies.png"
    return Picture(name, graph.title, draw_graph(graph), tell_graph(graph))


def draw_quarter(services: Services, actor: Actor, wanted: str, zone: ZoneInfo) -> Picture:
    """Return the quarter's milestones, of all or of those that the words choose.

    Raises:
        FilterUnknownError: the words mean nothing.
    """
    from handlers.pictures.drawing import timeline_of
    from handlers.pictures.timeline import draw_timeline
    from handlers.pictures.words import tell_timeline

    today = services.now().astimezone(zone).date()
    quarter = quarter_of(services, actor, wanted, today)
    of = f", {wanted}" if wanted else ""
    title = f"{quarter.starts_on:%B} to {quarter.ends_on:%B %Y}{of}"
    timeline = timeline_of(quarter, title, today)
    words = tell_timeline(timeline)
    if (more := quarter.total - len(quarter.milestones)) > 0:
        words += f"\nand {more} more: name a department, a stage, or “mine”"
    return Picture("quarter.png", title, draw_timeline(timeline), words)


def send_picture(client: WebClient, actor: Actor, picture: Picture) -> None:
    """Put a picture into somebody's direct message, with the same in words."""
    place = client.conversations_open(users=actor.user_id)["channel"]["id"]
    client.files_upload_v2(
        channel=place,
        content=picture.png,
        filename=picture.file_name,
        title=clip(picture.title, 200),
        alt_txt=clip(picture.words, _MOST_ALT),
        initial_comment=clip(escape(picture.words), _MOST_WORDS),
    )
