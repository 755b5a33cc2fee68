"""Entries of the registry: everyone reads them; who answers for an initiative writes its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from storage import entries, initiatives, people
from storage.models import Entry, EntryVersion, Initiative
from workflows import audit, policies
from workflows.errors import (
    EntryCrossedError,
    GuestError,
    NotYoursError,
    UnknownInitiativeError,
    UserError,
)
from workflows.registry.names import find_initiative
from workflows.registry.policy import Facts, changed, differences
from workflows.rounds.planning import replan_asks
from workflows.services import Actor, Services

HISTORY_LENGTH = 20  # versions


@dataclass(frozen=True)
class Known:
    """What the registry knows of one initiative."""

    initiative: Initiative
    facts: Facts
    deputy_ids: Sequence[str]
    department_lead_ids: Sequence[str]
    version: int  # 0: nobody has written here yet
    changed_at: datetime | None

    @property
    def people_ids(self) -> set[str]:
        """Return everybody who is named."""
        return {self.initiative.lead_id, *self.deputy_ids, *self.department_lead_ids}


@dataclass(frozen=True)
class Change:
    """One version of an entry: what it was before and since, by the fact's name."""

    version: int
    author_id: str
    changed_at: datetime
    differences: Mapping[str, tuple[Any, Any]]


def show_entry(services: Services, actor: Actor, wanted: str) -> Known:
    """Return what the registry knows of the initiative that somebody named.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as session:
        return _known(session, _find(session, actor.workspace_id, wanted))


def open_entry(services: Services, actor: Actor, wanted: str) -> Known:
    """Return an entry for somebody who is going to change it.

    Raises:
        UnknownInitiativeError: nothing is called so.
        NotYoursError, GuestError: they may not; kept in the audit log.
    """
    with services.reading() as session:
        initiative = _find(session, actor.workspace_id, wanted)
        refusal = _refusal(session, actor, initiative)
        if refusal is None:
            return _known(session, initiative)
    with services.transaction() as session:
        outcome = type(refusal).__name__
        audit.record(session, services.now(), actor, "open_entry", initiative.key, outcome)
    raise refusal


def save_entry(
    services: Services, actor: Actor, key: str, base_version: int, changes: Mapping[str, Any]
) -> Known:
    """Change facts of an entry, as its next version; where nothing differs there is none.

    `base_version` is the one that the form showed. What others changed since stays, unless both
    changed the same.

    Raises:
        EntryInvalidError: a fact can't be so.
        EntryCrossedError: somebody else has changed the same since.
        NotYoursError, GuestError: they may not; kept in the audit log.
    """
    now = services.now()
    with services.transaction() as session:
        initiative = initiatives.lock(session, actor.workspace_id, key)
        if initiative is None:
            raise UnknownInitiativeError(key, [])
        refusal = _refusal(session, actor, initiative)
        if refusal is None:
            _save(session, now, actor, initiative, base_version, changes)
            return _known(session, initiative)
        audit.record(session, now, actor, "save_entry", key, type(refusal).__name__)
    raise refusal


def read_history(services: Services, actor: Actor, wanted: str) -> tuple[Initiative, list[Change]]:
    """Return the newest changes of an entry, newest first.

    Raises:
        UnknownInitiativeError: nothing is called so.
    """
    with services.reading() as session:
        initiative = _find(session, actor.workspace_id, wanted)
        found = entries.versions(session, actor.workspace_id, initiative.key, HISTORY_LENGTH + 1)
    pairs = pairwise(found)
    return initiative, [
        Change(
            version.version,
            version.author_id,
            version.changed_at,
            differences(Facts.model_validate(before.facts), Facts.model_validate(version.facts)),
        )
        for version, before in pairs
    ]


def _save(
    session: Session,
    now: datetime,
    actor: Actor,
    initiative: Initiative,
    base_version: int,
    changes: Mapping[str, Any],
) -> None:
    entry = entries.get(session, actor.workspace_id, initiative.key)
    before = _facts(initiative, entry)
    version = entry.version if entry else 0
    shown = _as_of(session, initiative, base_version) or before
    mine = differences(shown, changed(shown, changes))
    after = changed(before, {name: new for name, (_, new) in mine.items()})
    wanted = differences(before, after)
    if crossed := sorted(wanted.keys() & differences(shown, before).keys()):
        latest = entries.versions(session, actor.workspace_id, initiative.key, 1)[0]
        raise EntryCrossedError(latest.author_id, crossed)
    if not wanted:
        return
    if entry is None:  # as it stood before anybody wrote here, for the history to begin with
        session.add(_version(initiative, 0, "", now, before))
    own = {"name": after.name, "stage": after.stage}
    for name, value in own.items():
        setattr(initiative, name, value)
    written = Entry(
        workspace_id=actor.workspace_id,
        initiative_key=initiative.key,
        version=version + 1,
        changed_at=now,
        **after.model_dump(exclude=set(own)),
    )
    entries.save(session, written, _version(initiative, version + 1, actor.user_id, now, after))
    audit.record(session, now, actor, "save_entry", f"{initiative.key} v{version + 1}")
    if "stage" in wanted:
        replan_asks(session, actor.workspace_id, now)


def _as_of(session: Session, initiative: Initiative, version: int) -> Facts | None:
    """Return the facts of an entry in one version; None where it was never written."""
    found = entries.get_version(session, initiative.workspace_id, initiative.key, version)
    return Facts.model_validate(found.facts) if found else None


def _version(
    initiative: Initiative, number: int, author_id: str, now: datetime, facts: Facts
) -> EntryVersion:
    return EntryVersion(
        workspace_id=initiative.workspace_id,
        initiative_key=initiative.key,
        version=number,
        author_id=author_id,
        changed_at=now,
        facts=facts.model_dump(mode="json"),
    )


def _find(session: Session, workspace_id: str, wanted: str) -> Initiative:
    by_key = initiatives.get(session, workspace_id, wanted)
    return by_key or find_initiative(initiatives.every(session, workspace_id), wanted)


def _known(session: Session, initiative: Initiative) -> Known:
    workspace_id, key = initiative.workspace_id, initiative.key
    entry = entries.get(session, workspace_id, key)
    leads = initiatives.department_leads(session, workspace_id)
    return Known(
        initiative,
        _facts(initiative, entry),
        initiatives.deputies_of(session, workspace_id, key),
        leads.get(initiative.department, []),
        entry.version if entry else 0,
        entry.changed_at if entry else None,
    )


def _facts(initiative: Initiative, entry: Entry | None) -> Facts:
    own = {"name": initiative.name, "stage": initiative.stage}
    written = entry.model_dump(include=set(Facts.model_fields)) if entry else {}
    return Facts.model_validate(written | own)


def _refusal(session: Session, actor: Actor, initiative: Initiative) -> UserError | None:
    """Return why somebody may not change an entry, or None if they may."""
    workspace_id = actor.workspace_id
    person = people.get(session, workspace_id, actor.user_id)
    if person is not None and person.guest:
        return GuestError()
    leads = initiatives.department_leads(session, workspace_id)
    answerable = [
        initiative.lead_id,
        *initiatives.deputies_of(session, workspace_id, initiative.key),
        *leads.get(initiative.department, []),
    ]
    manager_id = policies.in_force(session, workspace_id).document.people.programme_manager
    is_gone = person is not None and person.deactivated
    if is_gone or actor.user_id not in (*answerable, manager_id):
        return NotYoursError(
            initiative.key,
            answerable,
            f"The entry of {initiative.key} is written by those who answer for it.",
        )
    return None
