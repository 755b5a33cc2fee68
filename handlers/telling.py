"""How each kind of message is told: its words, its words once more, and why it came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from slack_bolt import App

from handlers.blocks.message import Message
from handlers.blocks.text import Text
from handlers.contributed import AddsToEntry, Waits
from handlers.forms import FormWords
from handlers.people import zone_of
from handlers.subcommands import AboutOne, Command
from storage.models import Notification
from workflows.owing import Outgoing
from workflows.people import known_person, people_among
from workflows.services import Services
from workflows.why import Reason

Words = Callable[[Services, Sequence[Notification]], Mapping[str, Message | None]]
Group = Callable[[Services, Notification], tuple[Sequence[str], str]]
Why = Callable[[Reason, ZoneInfo], list[Text]]

MANAGER = "You're the programme manager (`people.programme_manager`)"


@dataclass(frozen=True)
class Telling:
    """What one kind of message says.

    `group` are the people that a message to a group brings together, found when it is sent, and the
    channel that it goes to where they can't be. `words` are found for several at once, by their
    keys, as things stand when they are sent; None where there is nothing left to say. `again` are
    those of a message that stands in Slack already.
    """

    kind: Outgoing
    words: Words
    why: Why
    again: Words | None = None
    group: Group | None = None


@dataclass(frozen=True)
class Feature:
    """All that one feature hears and says in Slack; it has the name of its room on each floor."""

    name: str
    listeners: tuple[Callable[[App], None], ...] = ()  # each attaches those of one module
    tellings: tuple[Telling, ...] = ()
    commands: tuple[Command, ...] = ()
    about_one: tuple[AboutOne, ...] = ()
    forms: tuple[FormWords, ...] = ()
    waits: Waits | None = None  # what of it waits for somebody
    in_entry: AddsToEntry | None = None  # what it adds to an initiative's entry

    def register(self, app: App) -> None:
        """Attach its listeners."""
        for attach in self.listeners:
            attach(app)


def one_by_one(build: Callable[[Services, Notification], Message | None]) -> Words:
    """Return what finds the words of several messages, each by itself."""

    def words(services: Services, several: Sequence[Notification]) -> Mapping[str, Message | None]:
        return {notification.key: build(services, notification) for notification in several}

    return words


def because(sentence: str) -> Why:
    """Return a reason that is the same for each message of a kind."""
    return lambda _reason, _zone: [sentence]


def reader_id(notification: Notification) -> str:
    """Return whom the words are for, even where others read them."""
    return notification.instead_of_id or notification.recipient_id


def reader_zones(
    services: Services, workspace_id: str, several: Sequence[Notification]
) -> dict[str, ZoneInfo]:
    """Return the timezones of whom the words are for, by the messages' keys."""
    readers = {notification.key: reader_id(notification) for notification in several}
    known = people_among(services, workspace_id, readers.values())
    return {key: zone_of(known.get(user_id)) for key, user_id in readers.items()}


def reader_zone(services: Services, notification: Notification) -> ZoneInfo:
    """Return the timezone of whom the words are for."""
    return zone_of(known_person(services, notification.workspace_id, reader_id(notification)))
