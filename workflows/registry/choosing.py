"""Which initiative somebody means, where a command doesn't say."""

from collections.abc import Sequence

from storage import initiatives
from storage.models import Initiative
from workflows.errors import UnknownInitiativeError
from workflows.registry.entries import find
from workflows.registry.finding import find_by_words
from workflows.services import Actor, Services

_MOST_FOUND = 10


def own_initiatives(services: Services, actor: Actor) -> Sequence[Initiative]:
    """Return what somebody leads or is a deputy of, their own first."""
    with services.reading() as reader:
        return initiatives.of_person(reader, actor.workspace_id, actor.user_id)


def may_be_meant(services: Services, actor: Actor, wanted: str) -> Sequence[Initiative]:
    """Return the initiative of that key or name, else those that its words find, best first."""
    with services.reading() as reader:
        try:
            return [find(reader, actor.workspace_id, wanted)]
        except UnknownInitiativeError:
            found = find_by_words(reader, actor.workspace_id, wanted, _MOST_FOUND)
        known = initiatives.among(reader, actor.workspace_id, found.keys)
        return sorted(known, key=lambda one: list(found.keys).index(one.key))
