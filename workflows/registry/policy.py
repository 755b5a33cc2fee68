"""What changed between two versions of an entry, and what is flagged. Pure: facts in, facts out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from workflows.registry.facts import Facts, checked

_WEEK = timedelta(days=7)
CHANGE_FLOOR = 30  # percent of the budget for change management; less is flagged


def with_changes(before: Facts, changes: Mapping[str, Any]) -> Facts:
    """Return the facts with these changes.

    Raises:
        EntryInvalidError: a sentence for each fact that can't be so.
    """
    return checked(before.model_dump() | dict(changes))


def differences(before: Facts, after: Facts) -> dict[str, tuple[Any, Any]]:
    """Return what differs, by the fact's name: what it was, and what it is.

    Of a text that was cut these may be the same: then the rest of it differs.
    """
    return {
        name: (getattr(before, name), getattr(after, name))
        for name in Facts.model_fields
        if name != "wholes" and before.whole(name) != after.whole(name)
    }


def is_nudged(changed_at: datetime, now: datetime, stale_days: int) -> bool:
    """Return whether a weekly message mentions that an entry is stale.

    Within the first week of its being so: of messages that go out once a week one does it.
    """
    stale_at = changed_at + timedelta(days=stale_days)
    return stale_at <= now < stale_at + _WEEK


def is_below_floor(facts: Facts) -> bool:
    """Return whether less is set aside for change management than the protocols' floor."""
    return facts.change_percent is not None and facts.change_percent < Decimal(CHANGE_FLOOR)
