"""Reads the demo's organisation from the files next to this module, and moves it into a workspace.

People and channels go in here. The initiatives are imported by the bot itself, and the history is
played through it: what the demo shows has been through the same code as what a person types.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field

from sandbox.seed.reading import FOLDER, SeedEntry, SeedError, Text, read_seed
from sandbox.workspace import Channel, Message, User, UserGroup, Workspace

# Who to look for where a request goes beyond its initiative; all else is in the .yml files:
#   C0AICOORD01 #ai-coordination, of everybody; by subject C0DATAACC01 #data-access,
#   C0INFRA0001 #infrastructure, C0MODELDEP1 #model-deployment; C0STEERING1 #ai-steering, private.
#   The bot is in all of these, and not in C0GENERAL01 #general.
#   Steering committee, one for each department: U0STEPHEN01 (Finance), U0LUCIAFER1 (People),
#   U0MARGARET1 (Operations), U0CAROLINE1 (Customer Care), U0GWENMARSH (Legal & Compliance),
#   U0RAJEEVM01 (Technology).
#   S0AICOE0001 @ai-coe: U0EMEKAOBI1 (its head), U0INGRIDSO1, U0MARCUSTAN.
#   Finance: U0NATBROOKS, whom Finance's initiatives answer to. Programme manager: U0RUTHCAST1.

INITIATIVES_FILE = FOLDER / "initiatives.csv"  # as `rollcall import` takes it
DAY = timedelta(days=1)
SATURDAY = 5  # date.weekday()


@cache  # it looks through hundreds of files
def _zones() -> set[str]:
    return available_timezones()


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("not a timezone; write an IANA name such as Europe/Berlin")
    return name


def _wall_time(value: object) -> time:
    # YAML 1.1 reads an unquoted 15:00 as the number 900, so a number here is a missing quote.
    if not isinstance(value, str):
        raise ValueError('write the time in quotes, as "09:00"')  # noqa: TRY004  (for pydantic)
    return time.fromisoformat(value)


UserId = Annotated[str, Field(pattern=r"^U[A-Z0-9]{10}$")]
GroupId = Annotated[str, Field(pattern=r"^S[A-Z0-9]{10}$")]
ChannelId = Annotated[str, Field(pattern=r"^C[A-Z0-9]{10}$")]
Email = Annotated[str, Field(pattern=r"^[a-z.]+@[a-z.]+\.example$")]


class Person(SeedEntry):
    """Somebody with an account in the workspace."""

    id: UserId
    name: Text
    real_name: Text
    title: Text
    email: Email
    tz: Annotated[str, AfterValidator(_known_zone)]
    deleted: bool = False
    is_restricted: bool = False


class Remark(SeedEntry):
    """Something that a person once said."""

    sender: UserId = Field(alias="from")
    text: Text
    days_ago: int = Field(ge=1)  # working days before the workspace's today, in UTC for all
    time: Annotated[time, BeforeValidator(_wall_time)]  # on the sender's clock
    reactions: dict[str, list[UserId]] = Field(default_factory=dict)  # emoji name -> who


class Conversation(Remark):
    """What somebody said, and what others answered in its thread."""

    replies: list[Remark] = Field(default_factory=list)


class Place(SeedEntry):
    """A channel."""

    id: ChannelId
    name: Text
    topic: Text
    members: list[UserId] | Literal["everyone"]
    bot: bool
    is_private: bool = False
    messages: list[Conversation]


class Group(SeedEntry):
    """People under one handle."""

    id: GroupId
    handle: Text
    name: Text
    users: list[UserId] = Field(min_length=1)


class _PeopleFile(SeedEntry):
    people: list[Person]


class _ChannelsFile(SeedEntry):
    channels: list[Place]


class _GroupsFile(SeedEntry):
    groups: list[Group]


@dataclass(frozen=True)
class Organisation:
    """Who is there, where they talk, and who is called together."""

    people: list[Person]
    channels: list[Place]
    groups: list[Group]


class PastUpdate(SeedEntry):
    """An update as it was filed before the first look."""

    key: Annotated[str, Field(pattern=r"^[A-Z]{2,4}-\d\d$")]
    by: Email
    hours_before_close: float  # negative: late
    confidence: Literal["on_track", "at_risk", "off_track"]
    progress: Text
    milestones: str
    blockers: str
    needs: str

    @property
    def before_close(self) -> timedelta:
        """Return how long before its round closed it was filed; negative when late."""
        return timedelta(hours=self.hours_before_close)


class PastWeek(SeedEntry):
    """The updates of one round, the first filed first; a second one of a key is an edit."""

    week: int = Field(ge=0)  # how many calls ago; 1 is the last, 0 the one that is coming
    updates: list[PastUpdate]


class History(SeedEntry):
    """The rounds of the past weeks and the open one, the oldest first."""

    weeks: list[PastWeek]


def load_organisation(folder: Path = FOLDER) -> Organisation:
    """Read people.yml, channels.yml and groups.yml.

    Raises:
        SeedError: with every fault, its file and its field.
    """
    organisation = Organisation(
        read_seed(_PeopleFile, folder / "people.yml").people,
        read_seed(_ChannelsFile, folder / "channels.yml").channels,
        read_seed(_GroupsFile, folder / "groups.yml").groups,
    )
    _refuse_strangers(organisation)
    return organisation


def load_history(folder: Path = FOLDER) -> History:
    """Read history.yml, each week's updates in the order in which they were filed.

    Raises:
        SeedError: with every fault, its file and its field.
    """
    return read_seed(History, folder / "history.yml")


def seed_workspace(workspace: Workspace) -> None:
    """Move the organisation into a workspace: people, the bot, groups, channels, what was said.

    What was said is dated back from the workspace's present, and everybody has read it.
    Those who have left are still there, because nobody who has left can be imported: import
    the initiatives, then call `deactivate_leavers`.

    Raises:
        SeedError: with every fault of the files.
    """
    organisation = load_organisation()
    for person in organisation.people:
        workspace.users[person.id] = User(**person.model_dump(exclude={"deleted"}))
    bot_id = workspace.bot_user_id
    workspace.users[bot_id] = User(bot_id, "rollcall", "Rollcall", tz="Etc/UTC", is_bot=True)
    workspace.user_groups |= {one.id: _group(one, workspace) for one in organisation.groups}
    numbers = count(1)
    for place in organisation.channels:
        channel = _channel(place, organisation.people, workspace.bot_user_id)
        channel.messages = _messages(place, workspace, numbers)
        last_ts = channel.messages[-1].ts if channel.messages else "0"
        channel.read_up_to = dict.fromkeys(channel.members, last_ts)
        workspace.channels[place.id] = channel


def deactivate_leavers(workspace: Workspace) -> list[str]:
    """Deactivate who has left the organisation, as Slack does: out of every channel. Return ids."""
    leavers = [person.id for person in load_organisation().people if person.deleted]
    for user_id in leavers:
        workspace.users[user_id].deleted = True
        for channel in workspace.channels.values():
            channel.members.discard(user_id)
    return leavers


def _group(group: Group, workspace: Workspace) -> UserGroup:
    made = int(workspace.clock.now().timestamp())
    return UserGroup(
        group.id, group.handle, group.name, created=made, updated=made, users=tuple(group.users)
    )


def _channel(place: Place, people: list[Person], bot_user_id: str) -> Channel:
    everyone = {person.id for person in people}
    members = everyone if place.members == "everyone" else set(place.members)
    return Channel(
        id=place.id,
        name=place.name,
        members=members | {bot_user_id} if place.bot else members,
        is_private=place.is_private,
        topic=place.topic,
    )


def _messages(place: Place, workspace: Workspace, numbers: "count[int]") -> list[Message]:
    messages = []
    for conversation in place.messages:
        first = _message(conversation, workspace, next(numbers))
        messages.append(first)
        for reply in conversation.replies:
            messages.append(_message(reply, workspace, next(numbers), thread_ts=first.ts))
    return sorted(messages, key=lambda message: message.ts)


def _message(
    remark: Remark, workspace: Workspace, number: int, thread_ts: str | None = None
) -> Message:
    zone = ZoneInfo(workspace.users[remark.sender].tz)
    said_at = datetime.combine(
        _working_days_before(workspace.clock.now(), remark.days_ago), remark.time, zone
    )
    return Message(
        ts=f"{int(said_at.timestamp())}.{number:06d}",
        user_id=remark.sender,
        text=remark.text,
        thread_ts=thread_ts,
        reactions={emoji: list(ids) for emoji, ids in remark.reactions.items()},
    )


def _working_days_before(now: datetime, days: int) -> date:
    """Count back over working days, so that nobody is made to talk shop on a Sunday."""
    day = now.date()
    while days:
        day -= DAY
        days -= day.weekday() < SATURDAY
    return day


def _refuse_strangers(organisation: Organisation) -> None:
    """Refuse channels and groups that name somebody who isn't there."""
    known = {person.id for person in organisation.people}
    faults = [
        f"channels.yml, {place.name}: there is no {user_id} in people.yml"
        for place in organisation.channels
        for user_id in sorted(_named(place) - known)
    ]
    faults += [
        f"groups.yml, {group.handle}: there is no {user_id} in people.yml"
        for group in organisation.groups
        for user_id in sorted(set(group.users) - known)
    ]
    if faults:
        raise SeedError("\n".join(faults))


def _named(place: Place) -> set[str]:
    named = set() if place.members == "everyone" else set(place.members)
    for conversation in place.messages:
        for remark in (conversation, *conversation.replies):
            named |= {remark.sender, *(user for ids in remark.reactions.values() for user in ids)}
    return named
