"""Subcommands: each declared once, with what is typed and what it does.

The command's help, the words that are close to a wrong one and, by a test, the manifest's usage
hint and the README's table come from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.blocks.text import Block
from workflows.services import Actor, Services


@dataclass(frozen=True)
class Subcommand:
    """One way to use a command; `does` is mrkdwn that goes on from what is typed."""

    typed: str  # as “show KEY”; "": the command alone
    does: str
    beside: str = ""  # what else may be typed, as “or a name”
    hint: str = ""  # in what Slack shows while somebody types; "": it isn't there
    is_reading: bool = False  # for everybody, guests too

    @property
    def word(self) -> str:
        """Return the word that it begins with; "" where it begins with a key."""
        first = self.typed.partition(" ")[0]
        return "" if first.isupper() else first


# What goes on: services, actor, the key (or the words), the zone, the trigger; and the window.
Show = Callable[[Services, Actor, str, ZoneInfo, str], Block]


@dataclass(frozen=True)
class AboutOne:
    """A subcommand about one initiative; it asks which one is meant where the key is left out.

    One that `is_search` asks for words, and picks no initiative.
    """

    command: str
    word: str
    show: Show
    is_search: bool = False


@dataclass(frozen=True)
class Command:
    """A slash command and all its subcommands, in the order of its help."""

    name: str
    subcommands: tuple[Subcommand, ...]

    def help(self, *, reading_only: bool = False) -> str:
        """Return the lines of its help, as mrkdwn."""
        return "\n".join(
            self.line(one) for one in self.subcommands if one.is_reading or not reading_only
        )

    def line(self, one: Subcommand) -> str:
        """Return one line of the help, as mrkdwn."""
        typed = f"`{self.name} {one.typed}`" if one.typed else f"`{self.name}`"
        return f"{' '.join(filter(None, [typed, one.beside]))}  {one.does}"

    @property
    def words(self) -> Sequence[str]:
        """Return the words that it understands."""
        return list(dict.fromkeys(filter(None, [*(s.word for s in self.subcommands), "help"])))

    @property
    def usage_hint(self) -> str:
        """Return what Slack shows while somebody types."""
        return " | ".join([*(one.hint for one in self.subcommands if one.hint), "help"])
