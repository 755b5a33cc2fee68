"""Who answers for each initiative: its lead, then its deputies in order."""

from collections.abc import Collection, Sequence

from storage import initiatives, people
from storage.models import Initiative, Person
from storage.reading import Reader
from workflows.stages import AT_WORK


def owing_updates(reader: Reader, workspace_id: str) -> Sequence[Initiative]:
    """Return the initiatives that owe weekly updates."""
    return initiatives.led(reader, workspace_id, AT_WORK)


def answerable_people(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> dict[str, list[Person]]:
    """Return the lead and the deputies of each initiative that owes updates, by its key.

    `keys` are the only initiatives wanted; None: all of them.
    """
    deputies = initiatives.deputies(reader, workspace_id, keys)
    leads = initiatives.leads(reader, workspace_id, AT_WORK, keys)
    ids = {key: [lead_id, *deputies.get(key, ())] for key, lead_id in leads.items()}
    known = people.among(reader, workspace_id, {id_ for several in ids.values() for id_ in several})
    return {key: [known[id_] for id_ in several] for key, several in ids.items()}
