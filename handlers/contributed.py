"""What every feature contributes to places that are nobody's alone.

They are the list of what waits for somebody, and an initiative's entry. A feature declares its part
in its room (`Feature.waits`, `Feature.in_entry`); here it is put together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.text import Block, Text
from handlers.subcommands import Command
from workflows.services import Actor, Services


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for somebody, and the one press that does something about it."""

    since: datetime
    line: Text
    pressed: Block  # a button


@dataclass(frozen=True)
class InEntry:
    """What a feature adds to an initiative's entry: lines under a title, and buttons."""

    title: str
    lines: Sequence[Text] = ()
    doors: Sequence[Block] = ()


Waits = Callable[[Services, Actor, ZoneInfo], Sequence[Waiting]]
# The initiative's key is that of an entry that is shown: it is there.
AddsToEntry = Callable[[Services, Actor, str, ZoneInfo], InEntry | None]


def what_waits(services: Services, actor: Actor, zone: ZoneInfo) -> list[Waiting]:
    """Return all that waits for somebody, oldest first."""
    # Imported here, as below: the list names every room, and rooms show what is contributed.
    from handlers.features import FEATURES

    found = [
        one for feature in FEATURES if feature.waits for one in feature.waits(services, actor, zone)
    ]
    return sorted(found, key=lambda one: one.since)


def in_entry(services: Services, actor: Actor, key: str, zone: ZoneInfo) -> list[InEntry]:
    """Return what features add to an initiative's entry, in their order."""
    from handlers.features import FEATURES

    parts = [one.in_entry(services, actor, key, zone) for one in FEATURES if one.in_entry]
    return [part for part in parts if part is not None]


def every_command() -> list[Command]:
    """Return the commands of all features."""
    from handlers.features import FEATURES

    return [command for feature in FEATURES for command in feature.commands]
