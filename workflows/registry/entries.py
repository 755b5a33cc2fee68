"""Entries of the registry as everyone reads them: how they are, and how they came to be so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from storage import dependencies, entries, entry_versions, initiatives
from storage.models import Entry, Initiative
from storage.reading import Reader
from workflows import policies
from workflows.registry.facts import DependencyFacts, Facts
from workflows.registry.names import find_initiative
from workflows.registry.policy import differences, is_nudged
from workflows.registry.recording import Known, dependency_facts, people_of, read_known
from workflows.registry.rights import refusal_to_edit
from workflows.services import Actor, Services

HISTORY_LENGTH = 20  # versions


@dataclass(frozen=True)
class Shown(Known):
    """What the registry knows of one initiative, with the leads of its department."""

    department_lead_ids: Sequence[str] = ()
    needed_by: Sequence[tuple[str, DependencyFacts]] = ()  # the keys of others, and what they need
    may_edit: bool = False  # whoever asked

    @property
    def people_ids(self) -> set[str]:
        """Return everybody who is named."""
        return {*people_of(self.facts), *self.department_lead_ids}


@dataclass(frozen=True)
class Change:
    """One version of an entry: what it was before and since, by the fact's name."""

    version: int
    author_id: str
    changed_at: datetime
    differences: Mapping[str, tuple[Any, Any]]

    @property
    def people_ids(self) -> set[str]:
        """Return everybody who is named."""
        leads = [one for one in self.differences.get("lead_id", ()) if one]
        deputies = [one for several in self.differences.get("deputy_ids", ()) for one in several]
        return {self.author_id, *leads, *deputies}


def show_entry(services: Services, actor: Actor, wanted: str) -> Shown:
    """Return what the registry knows of the initiative that somebody named.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as reader:
        known = as_shown(reader, find(reader, actor.workspace_id, wanted))
        may_edit = refusal_to_edit(reader, actor, known.initiative) is None
        return replace(known, may_edit=may_edit)


def read_history(services: Services, actor: Actor, wanted: str) -> tuple[Initiative, list[Change]]:
    """Return the newest changes of an entry, newest first.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as reader:
        initiative = find(reader, actor.workspace_id, wanted)
        found = entry_versions.newest(
            reader, actor.workspace_id, initiative.key, HISTORY_LENGTH + 1
        )
    return initiative, [
        Change(
            version.version,
            version.author_id,
            version.changed_at,
            differences(Facts.model_validate(before.facts), Facts.model_validate(version.facts)),
        )
        for version, before in pairwise(found)
    ]


def stale_entries(services: Services, workspace_id: str, keys: Collection[str]) -> dict[str, Entry]:
    """Return those entries of these initiatives whose lead is to be nudged now, by their keys."""
    days = policies.document_in_force(services, workspace_id).registry.stale_days
    with services.reading() as reader:
        written = entries.among(reader, workspace_id, keys)
    now = services.now()
    return {key: one for key, one in written.items() if is_nudged(one.changed_at, now, days)}


def find(reader: Reader, workspace_id: str, wanted: str) -> Initiative:
    """Return the initiative that somebody named.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    by_key = initiatives.get(reader, workspace_id, wanted)
    return by_key or find_initiative(initiatives.every(reader, workspace_id), wanted)


def as_shown(reader: Reader, initiative: Initiative) -> Shown:
    """Return what the registry knows of an initiative."""
    known = read_known(reader, initiative)
    leads = initiatives.department_leads(reader, initiative.workspace_id)
    waiting = dependencies.dependencies_on(reader, initiative.workspace_id, initiative.key)
    return Shown(
        **vars(known),
        department_lead_ids=leads.get(known.facts.department, []),
        needed_by=[(row.initiative_key, dependency_facts(row)) for row in waiting],
    )
