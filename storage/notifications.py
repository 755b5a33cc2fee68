"""Messages that were decided on: stored, and found again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, func, or_, update
from sqlmodel import Session, col, select

from storage import asking
from storage.batch import insert_like
from storage.insert import insert_once
from storage.models import Notification, NotificationState, SubjectKind
from storage.reading import Read, Reader, given
from storage.several import one_of

_UNSETTLED = (NotificationState.PENDING, NotificationState.SENDING)


_HERE = select(Notification).where(Notification.workspace_id == given("workspace_id"))
_KINDS = one_of(col(Notification.kind), "kinds")
_IN_ORDER = (col(Notification.due_at), col(Notification.key))
_BY_KEY = Read(_HERE.where(Notification.key == given("key")))
_AFTER = Read(
    _HERE.where(
        Notification.subject_kind == SubjectKind.ROUND,
        Notification.subject_key == given("round_key"),
        Notification.kind == given("kind"),
        Notification.recipient_id == given("recipient_id"),
        # In the fallback channel there are those of several people.
        col(Notification.instead_of_id).is_not_distinct_from(given("instead_of_id")),
        col(Notification.state).not_in((NotificationState.CANCELLED, NotificationState.FAILED)),
    )
)
_READERS_TOLD = Read(
    select(Notification.subject_key, Notification.recipient_id, Notification.instead_of_id).where(
        Notification.workspace_id == given("workspace_id"),
        Notification.kind == given("kind"),
        Notification.subject_kind == SubjectKind.ROUND,
        one_of(col(Notification.subject_key), "round_keys"),
        one_of(col(Notification.recipient_id), "recipient_ids"),
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
_ABOUT = Read(
    _HERE.where(
        Notification.subject_kind == given("subject_kind"),
        Notification.subject_key == given("subject_key"),
        _KINDS,
    ).order_by(*_IN_ORDER)
)
_ABOUT_SEVERAL = Read(
    _HERE.where(
        Notification.subject_kind == given("subject_kind"),
        one_of(col(Notification.subject_key), "keys"),
        _KINDS,
    ).order_by(*_IN_ORDER)
)
_WAITS_ABOUT = Read(
    select(Notification.key)
    .where(
        Notification.workspace_id == given("workspace_id"),
        Notification.recipient_id == given("recipient_id"),
        Notification.kind == given("kind"),
        Notification.state == NotificationState.PENDING,
        Notification.subject_kind == given("subject_kind"),
        func.substr(Notification.subject_key, 1, func.length(given("beginning", Text)))
        == given("beginning", Text),
    )
    .limit(1)
)


# The names of parameters must not be those of columns: they would be set.
_CANCEL_ABOUT = (
    update(Notification)
    .where(
        col(Notification.workspace_id) == given("of_workspace"),
        col(Notification.state) == NotificationState.PENDING,
        or_(
            col(Notification.subject_key) == given("its_subject"),
            func.substr(Notification.subject_key, 1, func.length(given("its_steps", Text)))
            == given("its_steps", Text),
        ),
    )
    .values(state=NotificationState.CANCELLED)
)


@dataclass(frozen=True)
class Addressed:
    """What one of many similar messages has of its own."""

    key: str
    recipient_id: str
    owed_at: datetime


def enqueue(
    session: Session, notification: Notification, initiative_keys: Sequence[str] = ()
) -> bool:
    """Store a message to send after the commit, unless its key asked for it before.

    `initiative_keys` are what it asks for, in the order of its words.
    """
    is_new = insert_once(session, notification)
    if is_new and initiative_keys:
        asking.add(session, notification.workspace_id, {notification.key: initiative_keys})
    return is_new


def enqueue_like(
    session: Session, message: Notification, several: Mapping[Addressed, Sequence[str]]
) -> None:
    """Store many messages, each under its key, that differ only in whom they ask and for what."""
    insert_like(session, message, [vars(addressed) for addressed in several])
    asked = {addressed.key: keys for addressed, keys in several.items()}
    asking.add(session, message.workspace_id, asked)


def after(reader: Reader, prompt: Notification, kind: str) -> Sequence[Notification]:
    """Return the messages of a kind that a prompt's reader has been sent, or will be next."""
    return _AFTER.all(
        reader,
        workspace_id=prompt.workspace_id,
        round_key=prompt.subject_key,
        kind=kind,
        recipient_id=prompt.recipient_id,
        instead_of_id=prompt.instead_of_id,
    )


def readers_told(
    reader: Reader, workspace_id: str, kind: str, prompts: Sequence[Notification]
) -> set[tuple[str, str, str]]:
    """Return to whom such messages were sent, or will be next, of those who get these prompts.

    Each by its round's key, its recipient and instead of whom that is.
    """
    return set(
        _READERS_TOLD.all(
            reader,
            workspace_id=workspace_id,
            kind=kind,
            round_keys={prompt.subject_key for prompt in prompts},
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


def about(
    reader: Reader,
    workspace_id: str,
    subject_kind: SubjectKind,
    subject_key: str,
    kinds: Collection[str],
) -> Sequence[Notification]:
    """Return the messages of these kinds about one subject, earliest first."""
    return _ABOUT.all(
        reader,
        workspace_id=workspace_id,
        subject_kind=subject_kind,
        subject_key=subject_key,
        kinds=kinds,
    )


def cancel_about(session: Session, workspace_id: str, subject_key: str) -> None:
    """Have nothing said about a subject, or a step of it, that isn't under way yet."""
    session.execute(
        _CANCEL_ABOUT,
        {
            "of_workspace": workspace_id,
            "its_subject": subject_key,
            "its_steps": f"{subject_key}@",
        },
    )


def about_several(
    reader: Reader,
    workspace_id: str,
    subject_kind: SubjectKind,
    keys: Collection[str],
    kinds: Collection[str],
) -> Sequence[Notification]:
    """Return the messages of these kinds about some subjects of a kind, earliest first."""
    return _ABOUT_SEVERAL.all(
        reader, workspace_id=workspace_id, subject_kind=subject_kind, keys=keys, kinds=kinds
    )


def unsettled_before(
    reader: Reader, workspace_id: str, instant: datetime
) -> Sequence[Notification]:
    """Return the messages that were due before an instant and are not settled yet."""
    return _UNSETTLED_BEFORE.all(reader, workspace_id=workspace_id, instant=instant)


def next_due_at(reader: Reader) -> datetime | None:
    """Return the instant of the earliest message that is not settled."""
    return _NEXT_DUE_AT.one(reader)


def waits_about(
    reader: Reader,
    workspace_id: str,
    kind: str,
    recipient_id: str,
    subject_kind: SubjectKind,
    beginning: str,
) -> bool:
    """Tell whether a message about a subject whose key begins so still waits to be sent."""
    found = _WAITS_ABOUT.first(
        reader,
        workspace_id=workspace_id,
        kind=kind,
        recipient_id=recipient_id,
        subject_kind=subject_kind,
        beginning=beginning,
    )
    return found is not None
