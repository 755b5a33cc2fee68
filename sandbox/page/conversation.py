"""What was said, as one person reads it: days, groups of one author, threads, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from textwrap import shorten

from markupsafe import Markup

from sandbox.page.dates import clock_time, day_name, moment_of, short_moment
from sandbox.page.emoji import reaction
from sandbox.page.files import Attached, attached
from sandbox.page.mrkdwn import Reader, mrkdwn
from sandbox.page.people import Face, face_of
from sandbox.page.places import visible_messages
from sandbox.page.surface import Surface, message_surface
from sandbox.workspace import Channel, File, Message, User, Workspace

_LONGEST_QUOTE = 80  # characters of a thread's first message, where a reply stands in the channel
_ONE_BREATH = timedelta(minutes=5)  # messages this close together stand under one name


@dataclass(frozen=True)
class Reaction:
    """An emoji under a message."""

    emoji: str
    count: int
    names: str
    is_mine: bool


@dataclass(frozen=True)
class Replies:
    """The line under a message that leads to its thread."""

    count: int
    last: str
    faces: list[Face]


@dataclass(frozen=True)
class Said:
    """One message, ready to be shown."""

    message: Message
    author: Face
    moment: datetime
    time: str
    text: Markup
    surface: Surface
    is_continued: bool  # the author stands above already
    is_first_new: bool
    is_ephemeral: bool
    replies: Replies | None
    root_text: str  # of the thread that it answers in, where it also stands in the channel
    reactions: list[Reaction]
    files: list[Attached]

    @property
    def thread_ts(self) -> str:
        """Return the thread that an answer to it goes to."""
        return self.message.thread_ts or self.message.ts


@dataclass(frozen=True)
class Day:
    """The messages of one day, under its name."""

    day: date
    name: str
    said: list[Said] = field(default_factory=list)


def days_of(
    workspace: Workspace, channel: Channel, user: User, reader: Reader, new_from: str
) -> list[Day]:
    """Return a channel's messages by day; what is later than `new_from` (a ts) is new."""
    shown = [m for m in visible_messages(channel, user.id) if m.is_top_level]
    teller = _Teller(workspace, channel, reader, first_new_ts(shown, user.id, new_from))
    return teller.tell(shown)


def thread_of(
    workspace: Workspace, channel: Channel, user: User, reader: Reader, thread_ts: str
) -> list[Said]:
    """Return a thread, its first message included; empty where there is none."""
    shown = [m for m in visible_messages(channel, user.id) if thread_ts in (m.ts, m.thread_ts)]
    if not any(message.ts == thread_ts for message in shown):
        return []
    teller = _Teller(workspace, channel, reader, first_new="", in_thread=True)
    return [said for day in teller.tell(shown) for said in day.said]


def first_new_ts(shown: Iterable[Message], user_id: str, new_from: str) -> str:
    """Return the ts of the first message that is new; nothing where all is known."""
    return next((m.ts for m in shown if m.ts > new_from and m.user_id != user_id), "")


class _Teller:
    """Holds what every message of one telling needs."""

    def __init__(
        self,
        workspace: Workspace,
        channel: Channel,
        reader: Reader,
        first_new: str,
        *,
        in_thread: bool = False,
    ) -> None:
        self._workspace, self._channel, self._reader = workspace, channel, reader
        self._first_new, self._in_thread = first_new, in_thread
        self._faces: dict[str, Face] = {}

    def tell(self, messages: list[Message]) -> list[Day]:
        days: list[Day] = []
        previous: Said | None = None
        today = self._reader.now.astimezone(self._reader.zone).date()
        for message in messages:
            said = self._said(message, previous)
            if not days or days[-1].day != said.moment.date():
                days.append(Day(said.moment.date(), day_name(said.moment.date(), today)))
            days[-1].said.append(said)
            previous = said
        return days

    def _said(self, message: Message, previous: Said | None) -> Said:
        moment = moment_of(message.ts, self._reader.zone)
        return Said(
            message=message,
            author=self._face(message.user_id),
            moment=moment,
            time=clock_time(moment),
            text=mrkdwn(message.text, self._reader),
            surface=message_surface(self._workspace, self._reader, self._channel.id, message),
            is_continued=self._continues(message, moment, previous),
            is_first_new=message.ts == self._first_new,
            is_ephemeral=message.ephemeral_to is not None,
            replies=None if self._in_thread else self._replies(message),
            root_text=self._root_text(message),
            reactions=self._reactions(message),
            files=[attached(self._reader.user_id, one) for one in self._files(message)],
        )

    def _continues(self, message: Message, moment: datetime, previous: Said | None) -> bool:
        if previous is None or message.ts == self._first_new:
            return False
        if message.is_reply and not (self._in_thread and previous.message.is_reply):
            return False  # a line stands between it and what is above
        return (
            previous.message.user_id == message.user_id
            and previous.is_ephemeral == (message.ephemeral_to is not None)
            and previous.moment.date() == moment.date()
            and moment - previous.moment < _ONE_BREATH
            and previous.replies is None
        )

    def _face(self, user_id: str) -> Face:
        if user_id not in self._faces:
            user = self._workspace.users.get(user_id) or User(user_id, user_id, user_id)
            self._faces[user_id] = face_of(user, self._reader.now)
        return self._faces[user_id]

    def _replies(self, message: Message) -> Replies | None:
        told = visible_messages(self._channel, self._reader.user_id)
        replies = [m for m in told if m.thread_ts == message.ts != m.ts]
        if not replies:
            return None
        now = self._reader.now.astimezone(self._reader.zone)
        authors = list(dict.fromkeys(reply.user_id for reply in replies))
        return Replies(
            count=len(replies),
            last=short_moment(moment_of(replies[-1].ts, self._reader.zone), now),
            faces=[self._face(user_id) for user_id in authors[:3]],
        )

    def _root_text(self, message: Message) -> str:
        """Return how the thread of a reply begins, where the reply stands outside of it."""
        if self._in_thread or not message.is_reply:
            return ""
        first = next((m for m in self._channel.messages if m.ts == message.thread_ts), None)
        words = mrkdwn(first.text, self._reader).striptags() if first else ""
        return shorten(words, _LONGEST_QUOTE, placeholder=" …") or "a message"

    def _files(self, message: Message) -> list[File]:
        return [self._workspace.files[file_id] for file_id in message.file_ids]

    def _reactions(self, message: Message) -> list[Reaction]:
        return [
            Reaction(
                emoji=reaction(name),
                count=len(user_ids),
                names=", ".join(self._reader.user_name(user_id) for user_id in user_ids),
                is_mine=self._reader.user_id in user_ids,
            )
            for name, user_ids in message.reactions.items()
        ]
