"""Who answers for each initiative: its lead, then its deputies in order."""

from collections.abc import Collection

from storage import initiatives, people
from storage.models import Person
from storage.reading import Reader


def answerable_people(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Person]]:
    """Return the lead and the deputies of each initiative that owes updates, by its key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    deputies = initiatives.deputies(reader, workspace_id, keys)
    ids = {
        initiative.key: [initiative.lead_id, *deputies.get(initiative.key, [])]
        for initiative in initiatives.asked(reader, workspace_id, keys)
        if initiative.lead_id
    }
    known = people.among(reader, workspace_id, {id_ for several in ids.values() for id_ in several})
    return {key: [known[id_] for id_ in several] for key, several in ids.items()}
