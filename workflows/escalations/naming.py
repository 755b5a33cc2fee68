"""The names of people, for sentences that say who can."""

from collections.abc import Sequence

from storage import people
from storage.reading import Reader

_MOST_NAMED = 5


def names_in_order(reader: Reader, workspace_id: str, user_ids: Sequence[str]) -> list[str]:
    """Return the names of the first few of these people, in their order."""
    wanted = user_ids[:_MOST_NAMED]
    known = people.among(reader, workspace_id, wanted)
    return [known[user_id].name for user_id in wanted if user_id in known]
