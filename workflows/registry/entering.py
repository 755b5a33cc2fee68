"""Entering a new initiative: what looks like it is shown first, and what was said is remembered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import entries, initiatives, locks, overlaps
from storage.models import DependencyKind, OverlapVerdict, Stage, Verdict
from workflows import audit
from workflows.changes import changed
from workflows.errors import AlreadyEnteredError
from workflows.membership import require_member
from workflows.once import acting
from workflows.owing import What
from workflows.registry.editing import NEW, OpenEntry, change_entry, require_fit
from workflows.registry.entries import Shown, as_shown
from workflows.registry.facts import DependencyFacts, Facts, checked
from workflows.registry.keys import KeyMaker
from workflows.registry.linking import DependencyWanted, with_dependency
from workflows.registry.recording import Author, Known, Next, record
from workflows.registry.rights import keeping_refusal
from workflows.services import Actor, Services

_NEW = "new"  # what the audit log calls an initiative that has no key yet


def open_new(services: Services, actor: Actor) -> OpenEntry:
    """Return the beginning of a new entry, with what its author had typed before.

    Raises:
        GuestError: guests read, and enter nothing.
    """
    with keeping_refusal(services, actor, "open_entry", _NEW), services.reading() as reader:
        require_member(reader, actor)
        draft = entries.get_draft(reader, actor.workspace_id, actor.user_id, NEW)
        departments = initiatives.departments(reader, actor.workspace_id)
    typed = draft.typed if draft else {}
    usual = {"lead_id": actor.user_id, "stage": Stage.PROPOSED.value}
    version = draft.base_version if draft else 0
    return OpenEntry(NEW, version, None, {**usual, **typed}, departments, bool(typed))


def check_new(services: Services, actor: Actor, typed: Mapping[str, Any]) -> Facts:
    """Return the facts of an initiative that is about to be entered.

    Raises:
        EntryInvalidError: a fact can't be so.
        GuestError: guests enter nothing.
    """
    facts = checked(_with_stage(typed))
    with keeping_refusal(services, actor, "check_entry", _NEW), services.reading() as reader:
        require_member(reader, actor)
        require_fit(reader, actor.workspace_id, facts, ["lead_id", "deputy_ids"])
    return facts


def enter_initiative(
    services: Services, actor: Actor, facts: Facts, verdicts: Mapping[str, Verdict], version: int
) -> Shown:
    """Store a new initiative under the next key of its department, and forget the draft.

    `verdicts` is what was said of those that look like it, by their key; one that is linked
    becomes a dependency. `version` is the form's, which enters one initiative only.

    Raises:
        AlreadyEnteredError: the form was submitted before.
        EntryInvalidError, GuestError: as in check_new.
    """
    now = services.now()
    trying = keeping_refusal(services, actor, "enter_initiative", _NEW)
    with trying, acting(services, actor) as session:
        require_member(session, actor)
        require_fit(session, actor.workspace_id, facts, ["lead_id", "deputy_ids"])
        locks.hold_registry(session, actor.workspace_id)
        draft = entries.get_draft(session, actor.workspace_id, actor.user_id, NEW)
        if draft is not None and version < draft.base_version:
            raise AlreadyEnteredError
        known = initiatives.keys(session, actor.workspace_id)
        key = KeyMaker(known).next_key(facts.department)
        linked = [other for other, verdict in verdicts.items() if verdict is Verdict.LINK]
        facts = facts.model_copy(update={"dependencies": _links(linked)})
        record(session, actor.workspace_id, [Next(key, facts)], Author(actor.user_id, now))
        remember_verdicts(session, actor, now, key, verdicts)
        entries.advance_draft(session, actor.workspace_id, actor.user_id, NEW, now)
        told = {other: verdict.value for other, verdict in verdicts.items()}
        audit.record(session, now, actor, "enter_initiative", key, facts=told)
        changed(session, actor.workspace_id, What.REGISTRY, now, [key])
        return as_shown(session, initiatives.get_one(session, actor.workspace_id, key))


def answer_overlaps(
    services: Services, actor: Actor, key: str, verdicts: Mapping[str, Verdict]
) -> None:
    """Keep what was said of an initiative and those that look like it; what is linked depends.

    Raises:
        EntryInvalidError: a link would close a circle; nothing is kept.
        NotYoursError, GuestError: the actor may not; kept in the audit log.
    """

    def change(session: Session, known: Known) -> Facts:
        now = services.now()
        remember_verdicts(session, actor, now, key, verdicts)
        told = {other: verdict.value for other, verdict in verdicts.items()}
        audit.record(session, now, actor, "answer_overlaps", key, facts=told)
        facts = known.facts
        linked = {one.thing for one in facts.dependencies}
        for other, verdict in verdicts.items():
            if verdict is Verdict.LINK and other not in linked:
                wanted = DependencyWanted(DependencyKind.INITIATIVE, other)
                facts = with_dependency(session, actor, key, facts, wanted)
        return facts

    change_entry(services, actor, key, change)


def remember_verdicts(
    session: Session, actor: Actor, now: datetime, key: str, verdicts: Mapping[str, Verdict]
) -> None:
    """Keep what somebody said of pairs, so that nobody is asked about them again."""
    for other, verdict in verdicts.items():
        first, second = sorted([key, other])
        overlaps.save(
            session,
            OverlapVerdict(
                workspace_id=actor.workspace_id,
                first_key=first,
                second_key=second,
                verdict=verdict,
                author_id=actor.user_id,
                given_at=now,
            ),
        )


def _links(keys: list[str]) -> tuple[DependencyFacts, ...]:
    return tuple(
        DependencyFacts(number=number, kind=DependencyKind.INITIATIVE, thing=key)
        for number, key in enumerate(keys, start=1)
    )


def _with_stage(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {"stage": "proposed"} | {name: value for name, value in typed.items() if value}
