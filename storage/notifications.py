"""Messages that were decided on: stored, and found again."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Text, func
from sqlmodel import Session, col, select

from storage.insert import insert_like, insert_once
from storage.models import Notification, NotificationState
from storage.reading import Read, Reader, given, several

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)


_HERE = select(Notification).where(Notification.workspace_id == given("workspace_id"))
_KINDS = col(Notification.kind).in_(several("kinds"))
_IN_ORDER = (col(Notification.due_at), col(Notification.key))
_BY_KEY = Read(_HERE.where(Notification.key == given("key")))
_ASKED_IN_ROUND = Read(
    select(Notification.recipient_id, col(Notification.initiative_keys)).where(
        Notification.workspace_id == given("workspace_id"),
        Notification.call_on == given("call_on"),
        _KINDS,
    )
)
_ASKED_BETWEEN = Read(
    select(Notification.recipient_id, Notification.due_at, col(Notification.initiative_keys)).where(
        Notification.workspace_id == given("workspace_id"),
        col(Notification.recipient_id).in_(several("recipient_ids")),
        _KINDS,
        col(Notification.due_at) >= given("start"),
        col(Notification.due_at) < given("end"),
    )
)
_ASKED_AT = Read(
    select(Notification.due_at, col(Notification.initiative_keys))
    .where(
        Notification.workspace_id == given("workspace_id"),
        Notification.call_on == given("call_on"),
        _KINDS,
    )
    .order_by(col(Notification.due_at).desc())
)
_OF_ROUND = Read(
    _HERE.where(
        Notification.call_on == given("call_on"), Notification.kind == given("kind")
    ).order_by(col(Notification.key))
)
_AFTER = Read(
    _HERE.where(
        col(Notification.call_on).is_not_distinct_from(given("call_on")),
        Notification.kind == given("kind"),
        Notification.recipient_id == given("recipient_id"),
        # In the fallback channel there are those of several people.
        col(Notification.instead_of_id).is_not_distinct_from(given("instead_of_id")),
        col(Notification.state).not_in((NotificationState.CANCELLED, NotificationState.FAILED)),
    )
)
_READERS_TOLD = Read(
    select(col(Notification.call_on), Notification.recipient_id, Notification.instead_of_id).where(
        Notification.workspace_id == given("workspace_id"),
        Notification.kind == given("kind"),
        col(Notification.call_on).in_(several("calls_on")),
        col(Notification.recipient_id).in_(several("recipient_ids")),
        col(Notification.state).not_in((NotificationState.CANCELLED, NotificationState.FAILED)),
    )
)
_IN_POST = Read(
    _HERE.where(
        Notification.channel_id == given("channel_id"),
        Notification.ts == given("ts"),
        Notification.state == NotificationState.SENT,
        _KINDS,
    )
)
_UNSETTLED_BEFORE = Read(
    _HERE.where(
        col(Notification.state).in_(_UNSETTLED), col(Notification.due_at) < given("instant")
    ).order_by(*_IN_ORDER)
)
_NEXT_DUE_AT = Read(
    select(func.min(Notification.due_at)).where(col(Notification.state).in_(_UNSETTLED))
)
_WAITS_ABOUT = Read(
    select(Notification.key)
    .where(
        Notification.workspace_id == given("workspace_id"),
        Notification.recipient_id == given("recipient_id"),
        Notification.kind == given("kind"),
        Notification.state == NotificationState.PENDING,
        func.substr(Notification.about_key, 1, func.length(given("about", Text)))
        == given("about", Text),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Addressed:
    """Where one of many like messages differs from the others."""

    key: str
    recipient_id: str
    initiative_keys: list[str]
    owed_at: datetime


def enqueue(session: Session, notification: Notification) -> bool:
    """Store a message to send after the commit, unless its key asked for it before."""
    return insert_once(session, notification)


def enqueue_like(session: Session, message: Notification, several: Sequence[Addressed]) -> None:
    """Store many messages that differ only in whom they ask for what, each under its own key."""
    insert_like(session, message, [asdict(addressed) for addressed in several])


def asked_in_round(
    reader: Reader, workspace_id: str, call_on: date, kinds: Collection[str]
) -> dict[str, set[str]]:
    """Return by initiative key the ids of those who were asked for it; others have none."""
    wanted = {"workspace_id": workspace_id, "call_on": call_on, "kinds": kinds}
    asked: dict[str, set[str]] = defaultdict(set)
    for recipient_id, keys in _ASKED_IN_ROUND.all(reader, **wanted):
        for key in keys:
            asked[key].add(recipient_id)
    return asked


def asked_between(
    reader: Reader,
    workspace_id: str,
    recipient_ids: Collection[str],
    start: datetime,
    end: datetime,
    kinds: Collection[str],
) -> Sequence[tuple[str, datetime, list[str]]]:
    """Return whom a message due in a time asked, when it was due, and for which initiatives."""
    return _ASKED_BETWEEN.all(
        reader,
        workspace_id=workspace_id,
        recipient_ids=recipient_ids,
        start=start,
        end=end,
        kinds=kinds,
    )


def first_asked_at(
    reader: Reader, workspace_id: str, call_on: date, kinds: Collection[str]
) -> dict[str, datetime]:
    """Return when each initiative that was asked for in a round was so first, by its key."""
    rows = _ASKED_AT.all(reader, workspace_id=workspace_id, call_on=call_on, kinds=kinds)
    return {key: due_at for due_at, keys in rows for key in keys}


def about_initiative(
    reader: Reader, workspace_id: str, call_on: date, initiative_key: str, kind: str
) -> list[Notification]:
    """Return the messages of a kind that are about an initiative in a round."""
    found = _OF_ROUND.all(reader, workspace_id=workspace_id, call_on=call_on, kind=kind)
    return [one for one in found if initiative_key in one.initiative_keys]


def after(reader: Reader, prompt: Notification, kind: str) -> Sequence[Notification]:
    """Return the messages of a kind that a prompt's reader has been sent, or will be next."""
    return _AFTER.all(
        reader,
        workspace_id=prompt.workspace_id,
        call_on=prompt.call_on,
        kind=kind,
        recipient_id=prompt.recipient_id,
        instead_of_id=prompt.instead_of_id,
    )


def readers_told(
    reader: Reader, workspace_id: str, kind: str, prompts: Sequence[Notification]
) -> set[tuple[date | None, str, str]]:
    """Return to whom such messages were sent, or will be next, of those who get these prompts.

    Each by its round, its recipient and instead of whom that is.
    """
    return set(
        _READERS_TOLD.all(
            reader,
            workspace_id=workspace_id,
            kind=kind,
            calls_on={prompt.call_on for prompt in prompts},
            recipient_ids={prompt.recipient_id for prompt in prompts},
        )
    )


def get(reader: Reader, workspace_id: str, key: str) -> Notification | None:
    """Return one message."""
    return _BY_KEY.first(reader, workspace_id=workspace_id, key=key)


def to_change(session: Session, workspace_id: str, key: str) -> Notification | None:
    """Return one message to be changed."""
    return session.get(Notification, (workspace_id, key))


def in_post(
    reader: Reader, workspace_id: str, channel_id: str, ts: str, kinds: Collection[str]
) -> Sequence[Notification]:
    """Return the messages of these kinds that one post in Slack carries, in their words' order."""
    found = _IN_POST.all(
        reader, workspace_id=workspace_id, channel_id=channel_id, ts=ts, kinds=kinds
    )
    return sorted(found, key=lambda row: (row.carrier_key != "", row.due_at, row.key))


def unsettled_before(
    reader: Reader, workspace_id: str, instant: datetime
) -> Sequence[Notification]:
    """Return the messages that were due before an instant and are not settled yet."""
    return _UNSETTLED_BEFORE.all(reader, workspace_id=workspace_id, instant=instant)


def next_due_at(reader: Reader) -> datetime | None:
    """Return the instant of the earliest message that is not settled."""
    return _NEXT_DUE_AT.one(reader)


def waits_about(
    reader: Reader, workspace_id: str, kind: str, recipient_id: str, about: str
) -> bool:
    """Tell whether a message of a kind, about a row whose key begins so, still waits to be sent."""
    found = _WAITS_ABOUT.first(
        reader, workspace_id=workspace_id, kind=kind, recipient_id=recipient_id, about=about
    )
    return found is not None
