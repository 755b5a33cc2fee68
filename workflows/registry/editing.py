"""Writing entries: opened, kept while they are typed, saved as the next version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlmodel import Session

from storage import entries, entry_versions, initiatives, locks, people
from storage.models import EntryDraft, Fact, Initiative, Stage
from storage.reading import Reader
from workflows import audit
from workflows.changes import changed
from workflows.errors import EntryCrossedError, EntryInvalidError, UnknownInitiativeError
from workflows.once import acting
from workflows.owing import What
from workflows.registry.entries import Shown, as_shown, find
from workflows.registry.facts import Facts
from workflows.registry.moved import note_moved
from workflows.registry.policy import differences, with_changes
from workflows.registry.recording import Author, Known, Next, read_known, record
from workflows.registry.rights import keep_refusal, refusal_to_edit
from workflows.services import Actor, Services

NEW = "*"  # stands for the key of an initiative that has none yet; no key is spelled so
_MOST_VERSIONS = 10_000
_FORECAST = {"milestones", "target_on", "budget_approved", "budget_forecast"}
_ASKED = {"stage", "lead_id", "deputy_ids"}  # who is asked for updates depends on these


@dataclass(frozen=True)
class OpenEntry:
    """An entry as the form begins with it."""

    key: str  # NEW for one that is being entered
    version: int
    facts: Facts | None  # None: it is new
    typed: Mapping[str, JsonValue]  # that was not saved yet, or that it begins with
    departments: Sequence[str]
    is_draft: bool = False  # somebody has typed that before


def open_entry(services: Services, actor: Actor, wanted: str) -> OpenEntry:
    """Return an entry for somebody who is going to change it.

    Raises:
        UnknownInitiativeError: nothing is called so.
        NotYoursError, GuestError: they may not; kept in the audit log.
    """
    with services.reading() as reader:
        initiative = find(reader, actor.workspace_id, wanted)
        refusal = refusal_to_edit(reader, actor, initiative)
        if refusal is None:
            known = read_known(reader, initiative)
            draft = entries.get_draft(reader, actor.workspace_id, actor.user_id, initiative.key)
            # What was typed into an older version may have been overtaken: it isn't put on top.
            typed = draft.typed if draft and draft.base_version == known.version else {}
            departments = initiatives.departments(reader, actor.workspace_id)
            return OpenEntry(
                initiative.key, known.version, known.facts, typed, departments, bool(typed)
            )
    keep_refusal(services, actor, "open_entry", initiative.key, refusal)
    raise refusal


def keep_typed(
    services: Services, actor: Actor, key: str, base_version: int, typed: Mapping[str, JsonValue]
) -> None:
    """Keep what somebody is typing, should the form be closed or lost.

    A keystroke that arrives after its step was saved revives nothing.
    """
    with services.transaction() as session:
        known = entries.get_draft(session, actor.workspace_id, actor.user_id, key)
        entry = entries.get(session, actor.workspace_id, key)
        saved = (known.base_version if known else 0) if key == NEW else (entry and entry.version)
        if base_version < (saved or 0):
            return
        entries.save_draft(
            session,
            EntryDraft(
                workspace_id=actor.workspace_id,
                user_id=actor.user_id,
                initiative_key=key,
                base_version=base_version,
                typed={**(known.typed if known else {}), **typed},
                saved_at=services.now(),
            ),
        )


def save_entry(
    services: Services, actor: Actor, key: str, base_version: int, changes: Mapping[str, Any]
) -> Shown:
    """Change facts of an entry, as its next version; where nothing differs there is none.

    `base_version` is the one that the form showed. What others changed since stays, unless both
    changed the same.

    Raises:
        EntryInvalidError: a fact can't be so.
        EntryCrossedError: somebody else has changed the same since.
        NotYoursError, GuestError: they may not; kept in the audit log.
    """
    return change_entry(
        services, actor, key, lambda session, known: _merged(session, known, base_version, changes)
    )


def change_entry(
    services: Services, actor: Actor, key: str, change: Callable[[Session, Known], Facts]
) -> Shown:
    """Put in place of an entry's facts what `change` makes of them, as its next version.

    Raises:
        UnknownInitiativeError: there is none of this key.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
        UserError: whatever `change` refuses.
    """
    with acting(services, actor) as session:
        locks.hold_registry(session, actor.workspace_id)
        initiative = initiatives.get(session, actor.workspace_id, key)
        if initiative is None:
            raise UnknownInitiativeError(key, [])
        refusal = refusal_to_edit(session, actor, initiative)
        if refusal is None:
            known = read_known(session, initiative)
            write(session, services.now(), actor, known, change(session, known))
            entries.discard_draft(session, actor.workspace_id, actor.user_id, key)
            return as_shown(session, initiative)
        audit.record(session, services.now(), actor, "save_entry", key, type(refusal).__name__)
    raise refusal


def write(session: Session, now: datetime, actor: Actor, before: Known, after: Facts) -> None:
    """Record an entry's next version, if it says anything else than the one before."""
    wanted = differences(before.facts, after)
    if not wanted:
        return
    require_fit(session, actor.workspace_id, after, wanted.keys())
    fresh = Next(before.initiative.key, after, before)
    record(session, actor.workspace_id, [fresh], Author(actor.user_id, now))
    facts = {"version": fresh.number} | {
        name: _told(name, new) for name, (_, new) in wanted.items()
    }
    audit.record(session, now, actor, "save_entry", f"{fresh.key} v{fresh.number}", facts=facts)
    note_moved(session, now, actor, before, after)
    if wanted.keys() & _FORECAST:
        changed(session, actor.workspace_id, What.FORECASTS, now, [fresh.key])
    if wanted.keys() & _ASKED:
        changed(session, actor.workspace_id, What.REGISTRY, now, [fresh.key])


def _told(name: str, value: object) -> Fact:
    """Return what the audit log keeps of a fact that changed: of what people wrote, only that."""
    if name == "lead_id":
        return audit.naming(value) if isinstance(value, str) else None
    return value.value if isinstance(value, Stage) else True


def highest_number(reader: Reader, workspace_id: str, key: str, part: str) -> int:
    """Return the highest number that a milestone or dependency of an entry ever had; 0: none.

    A number is never given again: others may wait for what had it.
    """
    written = entry_versions.newest(reader, workspace_id, key, _MOST_VERSIONS)
    return max((one["number"] for version in written for one in version.facts[part]), default=0)


def require_fit(
    reader: Reader, workspace_id: str, facts: Facts, names: Sequence[str] | Any
) -> None:
    """Refuse people who can't answer for an initiative, where these facts name them.

    Raises:
        EntryInvalidError: says who, and why.
    """
    faults = {}
    for name in {"lead_id", "deputy_ids"} & set(names):
        value = getattr(facts, name)
        wanted = [value] if isinstance(value, str) else list(value or ())
        known = people.among(reader, workspace_id, wanted)
        for user_id in wanted:
            person = known.get(user_id)
            if person is None:
                faults[name] = "I don't know this person yet. Please try again in a minute."
            elif person.deactivated:
                faults[name] = f"{person.name} has left the workspace."
            elif person.stranger:
                faults[name] = f"{person.name} belongs to another organisation."
            elif person.guest:
                faults[name] = f"{person.name} is a guest, and guests file no updates."
    if faults:
        raise EntryInvalidError(faults)


def _merged(session: Session, known: Known, base_version: int, changes: Mapping[str, Any]) -> Facts:
    """Return the facts with one person's changes to the version that they saw.

    Raises:
        EntryCrossedError: another has changed the same since.
    """
    before = known.facts
    shown = _as_of(session, known.initiative, base_version) or before
    mine = differences(shown, with_changes(shown, changes))
    after = with_changes(before, {name: new for name, (_, new) in mine.items()})
    both = differences(before, after).keys() & differences(shown, before).keys()
    if both:
        initiative = known.initiative
        latest = entry_versions.newest(session, initiative.workspace_id, initiative.key, 1)[0]
        raise EntryCrossedError(latest.author_id, sorted(both))
    return after


def _as_of(session: Session, initiative: Initiative, version: int) -> Facts | None:
    """Return the facts of an entry in one version; None where it was never written."""
    found = entry_versions.get(session, initiative.workspace_id, initiative.key, version)
    return Facts.model_validate(found.facts) if found else None
