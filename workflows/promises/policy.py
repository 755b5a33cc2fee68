"""Decides whether what is owed is in order. Pure: rows and durations in."""

from collections.abc import Collection
from datetime import timedelta

from storage.models import Notification, Promise, PromiseKind, Round, Update

UNTOUCHED_AFTER = timedelta(minutes=5)  # far longer than a sweep of anything takes
UNSENT_AFTER = timedelta(hours=1)  # longer than Slack makes anybody wait on a bad day
_ASKS = (PromiseKind.PROMPT, PromiseKind.REMINDER)


def fault_of_promise(
    promise: Promise,
    waited: timedelta,
    round_: Round | None,
    filed: dict[str, Update],
    asked_keys: Collection[str],
) -> str | None:
    """Return what is wrong with a pending promise, or None.

    `waited` is how long it has been due while the bot ran, `round_` the one it is of, `filed` that
    round's updates and `asked_keys` the initiatives that owe one.
    """
    if waited > UNTOUCHED_AFTER:
        return f"has been due for {waited}, and nothing has touched it"
    match promise.kind:
        case PromiseKind.AUDIT:
            return None
        case PromiseKind.OPEN_ROUND:
            return "its round is open already" if round_ else None
        case PromiseKind.DIGEST:
            return None if round_ and round_.closed_at else "its round has not closed"
        case _:
            return _fault_in_round(promise, round_, filed, asked_keys)


def _fault_in_round(
    promise: Promise, round_: Round | None, filed: dict[str, Update], asked_keys: Collection[str]
) -> str | None:
    if round_ is None or round_.closed_at is not None:
        return "its round has closed" if round_ else "its round never opened"
    return _fault_of_ask(promise, filed, asked_keys) if promise.kind in _ASKS else None


def _fault_of_ask(
    promise: Promise, filed: dict[str, Update], asked_keys: Collection[str]
) -> str | None:
    if promise.initiative_key in filed:
        return "the update is filed already"
    return None if promise.initiative_key in asked_keys else "the initiative owes no updates"


def fault_of_round(round_: Round, pending_kinds: Collection[PromiseKind]) -> str | None:
    """Return what is wrong with an open round, or None; `pending_kinds` are its own promises'."""
    return None if PromiseKind.CLOSE_ROUND in pending_kinds else "nothing will close it"


def fault_of_notification(notification: Notification, waited: timedelta) -> str | None:
    """Return what is wrong with a message that is not settled, or None.

    `waited` is how long it has been due while the bot ran.
    """
    if waited <= UNSENT_AFTER:
        return None
    said = f", Slack said {notification.error}" if notification.error else ""
    return (
        f"has been due for {waited}, and is not sent after {notification.attempts} attempts{said}"
    )
