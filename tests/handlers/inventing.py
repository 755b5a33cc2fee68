"""Invents arguments for what builds blocks: as large, as many and as hostile as rows can hold."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from annotated_types import MaxLen
from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo
from sqlmodel import SQLModel

from handlers.blocks.message import Message
from handlers.blocks.text import Mrkdwn, Text, button, mention, section
from handlers.contributed import InEntry, Waiting
from storage.models import Decision, Entry, Initiative
from workflows.decisions.reading import PER_PAGE as DECISIONS_PER_PAGE
from workflows.decisions.reading import DecisionPage
from workflows.inventory.fields import FIELDS
from workflows.inventory.findings import Findings, Outcome
from workflows.inventory.mapping import REQUIRED, ImportMap, Match
from workflows.policy_document import PolicyDocument, UpdateRules
from workflows.registry.entries import Change
from workflows.registry.facts import Facts
from workflows.registry.listing import LONGEST_QUESTION, PER_PAGE, ListKind, Page, Wanted
from workflows.registry.policy import differences

_LONGEST = 3000  # characters of what people write
_COUNTS = (0, 1, 2, 9, 70, 200)
_HOSTILE = ("&", "<", ">", "W", "word ", "<!channel> ", "*_~`", "é", "“x” ", "\n", "‮", "😀")
_NOW = datetime(2026, 11, 25, 12, 34, tzinfo=UTC)
_POLICY = PolicyDocument.model_validate(
    {
        "call": {"weekday": "wednesday", "time": "15:00", "timezone": "America/New_York"},
        "channels": {"coordination": "C0COORD0001"},
    }
)


class Inventor:
    """Invents values of types; the same seed invents the same."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._keys = 0
        self._depth = 0

    def arguments(self, hints: Mapping[str, Any]) -> dict[str, Any]:
        """Return a value for each parameter."""
        return {name: self.value(kind, name) for name, kind in hints.items()}

    def value(self, kind: Any, name: str = "", longest: int = _LONGEST) -> Any:
        """Return a value of a type that is called so."""
        if kind in _OWN:
            return _OWN[kind](self)
        origin, inner = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return self.value(self._random.choice(inner), name, longest)
        if origin is typing.Annotated:
            return self.value(inner[0], name, _longest_of(inner[1:], longest))
        if kind is str:
            return self.text(name, longest)
        return self._made(kind) if origin is None else self._several(origin, inner, name)

    def text(self, name: str, longest: int = _LONGEST) -> str:
        """Return a text; what is called a key or an id looks like one, and comes once."""
        if name.endswith(("key", "keys", "_id", "_ids", "file_id", "ts")):
            self._keys += 1
            return f"K{self._keys:04}"[:longest]
        if name == "url":
            return "https://x/" + "a" * 400
        letters = "".join(self._random.choice(_HOSTILE) for _ in range(self.picked((1, 3))))
        length = self._random.choice((1, 20, longest // 2, longest))
        return (letters * (length // len(letters) + 1))[:length].strip() or "W"

    def number(self) -> int:
        """Return a small or a large number."""
        return self._random.choice((0, 1, 2, 7, 71, 12345))

    def picked(self, several: Any) -> Any:
        """Return one of several."""
        return self._random.choice(list(several))

    def _several(self, origin: Any, inner: tuple[Any, ...], name: str) -> Any:
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {self.value(inner[0], name): self.value(inner[1], name) for _ in range(3)}
        if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
            return tuple(self.value(one, name) for one in inner)
        self._depth += 1
        count = self._random.choice(_COUNTS if self._depth == 1 else (0, 1, 2, 20))
        made = [self.value(inner[0], name) for _ in range(count)]
        self._depth -= 1
        return {tuple: tuple, set: set, frozenset: frozenset}.get(origin, list)(made)

    def _made(self, kind: Any) -> Any:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return self._random.choice(list(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._model(kind)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            parts = [one.name for one in dataclasses.fields(kind) if one.init]
            return kind(**{part: self.value(hints[part], part) for part in parts})
        raise NotImplementedError(kind)

    def _model(self, kind: type[BaseModel]) -> BaseModel:
        hints = typing.get_type_hints(kind)
        parts = {
            part: self.value(hints[part], part, _longest_of_field(field))
            for part, field in kind.model_fields.items()
        }
        # Rows and facts are taken as they are: what a database holds is not validated again.
        return kind(**parts) if issubclass(kind, SQLModel) else kind.model_construct(**parts)


def _longest_of(metadata: Any, usual: int) -> int:
    lengths = [one.max_length for one in metadata if isinstance(one, MaxLen)]
    lengths += [_longest_of(one.metadata, usual) for one in metadata if isinstance(one, FieldInfo)]
    return min([usual, *lengths])


def _longest_of_field(field: FieldInfo) -> int:
    return _longest_of(field.metadata, _LONGEST)


def _page(inventor: Inventor) -> Page:
    pages = inventor.picked((1, 40))
    initiatives = [inventor.value(Initiative) for _ in range(inventor.picked((0, 1, PER_PAGE)))]
    return Page(
        wanted=Wanted(inventor.value(ListKind), inventor.picked(("", "W" * LONGEST_QUESTION))),
        number=inventor.picked((0, pages - 1)),
        pages=pages,
        total=pages * PER_PAGE,
        initiatives=initiatives,
        entries={one.key: inventor.value(Entry) for one in initiatives},
        names={},
        read_as=inventor.text("read_as"),
    )


def _findings(inventor: Inventor) -> Findings:
    fields = [one.name for one in FIELDS]
    headings = [f"{place} {inventor.text('heading')}" for place in range(len(fields) + 90)]
    matches = [
        Match(name, heading, 80, True, inventor.text("example"))
        for name, heading in zip(fields, headings, strict=False)
    ]
    return Findings(
        described=inventor.text("described"),
        headings=headings,
        matches=matches,
        map=ImportMap(columns=dict(zip(fields[::2], headings[::2], strict=False))),
        said_by=inventor.text("said_by"),
        lacking=list(REQUIRED),
        is_order_unknown=inventor.value(bool),
        outcome=inventor.value(Outcome | None),
    )


def _change(inventor: Inventor) -> Change:
    before, after = inventor.value(Facts), inventor.value(Facts)
    return Change(inventor.number(), "U1", _NOW, differences(before, after))


def _waiting(inventor: Inventor) -> Waiting:
    pressed = button(inventor.text("label"), "press_it", "W" * 2000)
    return Waiting(_NOW, inventor.value(Text, "line"), pressed)


def _in_entry(inventor: Inventor) -> InEntry:
    doors = [button("Open", inventor.text("action_id"), "W" * 20) for _ in range(5)]
    return InEntry("Escalated", [inventor.value(Text, "line") for _ in range(70)], doors)


def _decision_page(inventor: Inventor) -> DecisionPage:
    pages = inventor.picked((1, 40))
    rows = [inventor.value(Decision) for _ in range(inventor.picked((0, 1, DECISIONS_PER_PAGE)))]
    return DecisionPage("FIN-01", inventor.picked((0, pages - 1)), pages, 400, rows, {})


_OWN: dict[Any, Callable[[Inventor], Any]] = {
    int: Inventor.number,
    bool: lambda inventor: inventor.picked((True, False)),
    float: lambda inventor: float(inventor.number()),
    type(None): lambda _: None,
    Any: lambda inventor: inventor.text("any"),
    object: lambda inventor: inventor.text("any"),
    bytes: lambda _: b"",
    Decimal: lambda inventor: inventor.picked((Decimal(0), Decimal("999999999999999.99"))),
    date: lambda inventor: date(2026, 11, 25) + timedelta(days=inventor.number()),
    datetime: lambda inventor: _NOW + timedelta(minutes=inventor.number()),
    time: lambda _: time(9),
    timedelta: lambda inventor: timedelta(minutes=inventor.number()),
    ZoneInfo: lambda inventor: ZoneInfo(inventor.picked(("Asia/Kathmandu", "America/New_York"))),
    Mrkdwn: lambda _: mention("U1"),
    Message: lambda inventor: Message(inventor.text("text"), [section(inventor.text("said"))]),
    PolicyDocument: lambda _: _POLICY,
    Change: _change,
    DecisionPage: _decision_page,
    Waiting: _waiting,
    InEntry: _in_entry,
    Page: _page,
    Findings: _findings,
    UpdateRules: lambda _: UpdateRules(),
    JsonValue: lambda inventor: inventor.text("typed"),
}
