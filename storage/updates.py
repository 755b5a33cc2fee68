"""Updates, every version of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select, tuple_

from storage.insert import insert
from storage.models import Update
from storage.reading import LIMIT, Read, Reader, given
from storage.several import one_of

_HERE = select(Update).where(Update.workspace_id == given("workspace_id"))
_KEYS = one_of(col(Update.initiative_key), "keys")
_NEWEST_IN_ROUND = (
    select(Update.initiative_key, func.max(Update.version))
    .where(Update.workspace_id == given("workspace_id"), Update.call_on == given("call_on"))
    .group_by(col(Update.initiative_key))
)
_VERSION = tuple_(col(Update.initiative_key), col(Update.version))
_IN_ROUND = _HERE.where(Update.call_on == given("call_on"))
_ALL_OF_ROUND = Read(_IN_ROUND.where(_VERSION.in_(_NEWEST_IN_ROUND)))
_OF_ROUND = Read(_IN_ROUND.where(_VERSION.in_(_NEWEST_IN_ROUND.where(_KEYS))))
_IN_ROUNDS = _HERE.where(one_of(col(Update.call_on), "calls_on", is_of_days=True)).order_by(
    col(Update.call_on).desc(), col(Update.version).desc()
)
_ALL_OF_ROUNDS, _OF_ROUNDS = Read(_IN_ROUNDS), Read(_IN_ROUNDS.where(_KEYS))
_OF_ONE = _HERE.where(Update.initiative_key == given("key")).order_by(
    col(Update.call_on).desc(), col(Update.version).desc()
)
_HISTORY = Read(_OF_ONE.limit(LIMIT))
_LAST_IN_ROUND = Read(_OF_ONE.where(Update.call_on == given("call_on")).limit(1))
_LAST_BEFORE = Read(_OF_ONE.where(col(Update.call_on) < given("call_on")).limit(1))


def of_round(
    reader: Reader, workspace_id: str, call_on: date, keys: Collection[str] | None = None
) -> dict[str, Update]:
    """Return the last version of each initiative's update in a round, by initiative key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    if keys is None:
        found = _ALL_OF_ROUND.all(reader, workspace_id=workspace_id, call_on=call_on)
    else:
        found = _OF_ROUND.all(reader, workspace_id=workspace_id, call_on=call_on, keys=keys)
    return {update.initiative_key: update for update in found}


def of_rounds(
    reader: Reader,
    workspace_id: str,
    calls_on: Collection[date],
    keys: Collection[str] | None = None,
) -> dict[str, list[Update]]:
    """Return the last versions of the updates in some rounds, newest first, by initiative key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    if keys is None:
        rows = _ALL_OF_ROUNDS.all(reader, workspace_id=workspace_id, calls_on=calls_on)
    else:
        rows = _OF_ROUNDS.all(reader, workspace_id=workspace_id, calls_on=calls_on, keys=keys)
    found: dict[str, list[Update]] = defaultdict(list)
    for update in rows:
        of_one = found[update.initiative_key]
        if not of_one or of_one[-1].call_on != update.call_on:  # not an earlier version
            of_one.append(update)
    return found


def in_round(reader: Reader, workspace_id: str, key: str, call_on: date) -> Update | None:
    """Return the last version of one initiative's update in a round, if it was filed."""
    return _LAST_IN_ROUND.first(reader, workspace_id=workspace_id, key=key, call_on=call_on)


def before_call(reader: Reader, workspace_id: str, key: str, call_on: date) -> Update | None:
    """Return the last version of the last update that an initiative filed for an earlier call."""
    return _LAST_BEFORE.first(reader, workspace_id=workspace_id, key=key, call_on=call_on)


def latest(reader: Reader, workspace_id: str, key: str) -> Update | None:
    """Return the last version of an initiative's most recent update, if there is one."""
    return next(iter(history(reader, workspace_id, key, limit=1)), None)


def history(reader: Reader, workspace_id: str, key: str, limit: int) -> Sequence[Update]:
    """Return versions of an initiative's updates, newest first."""
    return _HISTORY.all(reader, workspace_id=workspace_id, key=key, limit=limit)


def add(session: Session, update: Update) -> None:
    """Store one more version."""
    insert(session, update)
