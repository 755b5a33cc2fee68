"""An entry as rows: read as facts, and recorded as its next version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import entries, entry_versions, initiatives, people
from storage.models import (
    Dependency,
    Entry,
    EntryVersion,
    Initiative,
    Milestone,
    Person,
    SearchText,
    Stage,
)
from storage.reading import Reader, new_row
from storage.search_words import department_words, variants
from workflows.registry.facts import DependencyFacts, Facts, LinkFacts, MilestoneFacts
from workflows.stages import owes_updates

OWN = {"name", "department", "stage", "lead_id"}  # facts that the initiative's own row holds
_DATED = {"milestones", "dependencies"}  # facts that have rows of their own
_PARTS = {"deputy_ids", *_DATED}
_WRITTEN = set(Facts.model_fields) - OWN - _PARTS


@dataclass(frozen=True)
class Author:
    """Who makes a version, when, and with which import."""

    user_id: str
    now: datetime
    import_id: str | None = None


@dataclass(frozen=True)
class Known:
    """What the registry knows of one initiative."""

    initiative: Initiative
    facts: Facts
    version: int = 0  # 0: nobody has written here yet
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Next:
    """The next version of an entry."""

    key: str
    after: Facts
    before: Known | None = None  # None: it is new

    @property
    def number(self) -> int:
        """Return the number of this version."""
        return self.before.version + 1 if self.before else 1

    def changes(self, names: Collection[str]) -> bool:
        """Tell whether one of these facts is another than before."""
        return self.before is None or any(
            getattr(self.before.facts, name) != getattr(self.after, name) for name in names
        )


def read_known(reader: Reader, initiative: Initiative) -> Known:
    """Return what the registry knows of an initiative."""
    return read_all(reader, initiative.workspace_id, [initiative])[0]


def read_all(reader: Reader, workspace_id: str, found: Sequence[Initiative]) -> list[Known]:
    """Return what the registry knows of these initiatives, some hundreds at most, in order."""
    keys = [initiative.key for initiative in found]
    written = entries.among(reader, workspace_id, keys)
    deputies = initiatives.deputies(reader, workspace_id, keys)
    milestones = entries.milestones(reader, workspace_id, keys)
    dependencies = entries.dependencies(reader, workspace_id, keys)
    return [
        _known(
            initiative,
            written.get(initiative.key),
            {
                "deputy_ids": tuple(deputies.get(initiative.key, ())),
                "milestones": tuple(map(milestone_facts, milestones.get(initiative.key, ()))),
                "dependencies": tuple(map(dependency_facts, dependencies.get(initiative.key, ()))),
            },
        )
        for initiative in found
    ]


def record(session: Session, workspace_id: str, versions: Sequence[Next], by: Author) -> None:
    """Store entries as their next versions."""
    owned = [one for one in versions if one.changes({*OWN, "deputy_ids"})]
    initiatives.save_all(
        session,
        [_initiative(workspace_id, one, by.now) for one in owned],
        {one.key: one.after.deputy_ids for one in owned},
    )
    entries.save_all(session, [_entry(workspace_id, one, by.now) for one in versions])
    entry_versions.add_all(
        session, [row for one in versions for row in _versions(workspace_id, one, by)]
    )
    _record_parts(session, workspace_id, [one for one in versions if one.changes(_DATED)])
    answerable = {user_id for one in versions for user_id in people_of(one.after)}
    named = people.among(session, workspace_id, answerable)
    entries.save_search(session, [_search(workspace_id, one, named) for one in versions])


def people_of(facts: Facts) -> list[str]:
    """Return everybody who answers for an initiative, its lead first."""
    return [*([facts.lead_id] if facts.lead_id else []), *facts.deputy_ids]


def milestone_facts(row: Milestone) -> MilestoneFacts:
    """Return what a row says of a milestone."""
    return MilestoneFacts.model_construct(
        **row.model_dump(include=set(MilestoneFacts.model_fields))
    )


def dependency_facts(row: Dependency) -> DependencyFacts:
    """Return what a row says of a dependency."""
    return DependencyFacts.model_construct(
        **row.model_dump(include=set(DependencyFacts.model_fields))
    )


def _known(initiative: Initiative, entry: Entry | None, parts: Mapping[str, Any]) -> Known:
    # What is stored was checked when it was written; to check it again takes longer than reading.
    written = {name: getattr(entry, name) for name in _WRITTEN} if entry else {}
    written["links"] = tuple(LinkFacts.model_construct(**link) for link in written.get("links", ()))
    own = {name: getattr(initiative, name) for name in OWN} | {"stage": Stage(initiative.stage)}
    facts = Facts.model_construct(**written, **own, **parts)
    if entry is None:
        return Known(initiative, facts)
    return Known(initiative, facts, entry.version, entry.changed_at)


def _initiative(workspace_id: str, one: Next, now: datetime) -> Initiative:
    own = {name: getattr(one.after, name) for name in OWN}
    since = one.before.initiative.owes_since_at if one.before else None
    if not owes_updates(one.after.stage, one.after.lead_id):
        since = None
    elif one.before is None or not owes_updates(one.before.facts.stage, one.before.facts.lead_id):
        since = now
    return new_row(Initiative, workspace_id=workspace_id, key=one.key, owes_since_at=since, **own)


def _entry(workspace_id: str, one: Next, now: datetime) -> Entry:
    written = {name: getattr(one.after, name) for name in _WRITTEN}
    written["links"] = [link.model_dump() for link in one.after.links]
    return new_row(
        Entry,
        workspace_id=workspace_id,
        initiative_key=one.key,
        version=one.number,
        changed_at=now,
        **written,
    )


def _versions(workspace_id: str, one: Next, by: Author) -> list[EntryVersion]:
    fresh = _version(workspace_id, one.key, one.number, one.after, by)
    if one.before is None or one.before.version > 0:
        return [fresh]
    # As it stood before anybody wrote here, for the history to begin with.
    nobody = Author("", by.now, by.import_id)
    return [_version(workspace_id, one.key, 0, one.before.facts, nobody), fresh]


def _version(workspace_id: str, key: str, number: int, facts: Facts, by: Author) -> EntryVersion:
    return new_row(
        EntryVersion,
        workspace_id=workspace_id,
        initiative_key=key,
        version=number,
        author_id=by.user_id,
        changed_at=by.now,
        import_id=by.import_id,
        facts=facts.model_dump(mode="json"),
    )


def _record_parts(session: Session, workspace_id: str, versions: Sequence[Next]) -> None:
    known = {one.key for one in versions if one.before}
    entries.clear_parts(session, workspace_id, known)
    milestones, dependencies = [], []
    for one in versions:
        place: dict[str, Any] = {"workspace_id": workspace_id, "initiative_key": one.key}
        milestones += [
            new_row(Milestone, **place, **part.model_dump()) for part in one.after.milestones
        ]
        dependencies += [
            new_row(Dependency, **place, **part.model_dump()) for part in one.after.dependencies
        ]
    entries.add_parts(session, milestones, dependencies)


def _search(workspace_id: str, one: Next, known: Mapping[str, Person]) -> SearchText:
    facts = one.after
    named = [known[user_id].name for user_id in people_of(facts) if user_id in known]
    things = [part.thing for part in facts.dependencies]
    texts = {
        "name": facts.name,
        "people": "\n".join([*named, facts.stakeholders]),
        "purpose": "\n".join([facts.objective, facts.outcome, facts.topic]),
        "needs": "\n".join([facts.data, facts.skills, facts.compute, *things]),
        "department": department_words(facts.department, one.key),
    }
    return new_row(
        SearchText,
        workspace_id=workspace_id,
        initiative_key=one.key,
        **texts,
        variants=variants(texts.values()),
    )
