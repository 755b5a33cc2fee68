"""Conversations in Slack that are linked to an initiative."""

from sqlmodel import Session

from storage import initiatives
from storage.models import Initiative
from workflows.registry.editing import change_entry
from workflows.registry.entries import Shown, find
from workflows.registry.facts import MOST_LINKS, Facts
from workflows.registry.policy import with_changes
from workflows.registry.recording import Known
from workflows.services import Actor, Services


def linkable(services: Services, actor: Actor) -> list[Initiative]:
    """Return the initiatives that somebody answers for, their own first."""
    with services.reading() as reader:
        return list(initiatives.of_person(reader, actor.workspace_id, actor.user_id))


def link_conversation(services: Services, actor: Actor, wanted: str, url: str, words: str) -> Shown:
    """Add a conversation to an entry, once; of too many the oldest goes.

    Raises:
        UnknownInitiativeError: nothing is called so.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """
    with services.reading() as reader:
        key = find(reader, actor.workspace_id, wanted).key

    def change(_session: Session, known: Known) -> Facts:
        fresh = {"url": url, "words": words, "author_id": actor.user_id}
        others = [link.model_dump() for link in known.facts.links if link.url != url]
        return with_changes(known.facts, {"links": [*others, fresh][-MOST_LINKS:]})

    return change_entry(services, actor, key, change)
