"""The names of people, for sentences that say who can."""

from collections.abc import Sequence

from storage import people
from storage.reading import Reader
from workflows.membership import is_member

_MOST_NAMED = 5


def names_in_order(reader: Reader, workspace_id: str, user_ids: Sequence[str]) -> list[str]:
    """Return the names of the first few of these people who are there, in their order."""
    known = people.among(reader, workspace_id, user_ids)
    there = [known[user_id] for user_id in user_ids if is_member(known.get(user_id))]
    return [person.name for person in there[:_MOST_NAMED]]
