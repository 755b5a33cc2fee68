"""Taking an inventory into the registry: all of it or nothing, and only what changed in the file.

The file is read twice. First each row is recognised, by digests that take little memory; then rows
are compared with what the registry knows and written, some hundreds at a time, in one transaction.
A fact counts as changed by the file if it differs from what the file said the last time, so that
what people changed in Slack since stays.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import uuid4

from sqlmodel import Session

from storage import entries, imports, initiatives, people
from storage.models import Import, Person
from workflows import audit
from workflows.errors import EntryInvalidError, ImportRefusedError
from workflows.inventory.alike import MOST_COMPARED, likest
from workflows.inventory.dates import DateOrder
from workflows.inventory.mapping import ImportMap, require_columns
from workflows.inventory.matching import Fingerprint, Matches, fingerprint, match
from workflows.inventory.report import Report
from workflows.inventory.rows import Candidate, Refusal, RowReader
from workflows.registry.commitments import load_graph
from workflows.registry.facts import Facts
from workflows.registry.keys import KeyMaker
from workflows.registry.look_alikes import describe, describe_all
from workflows.registry.policy import changed
from workflows.registry.recording import Author, Known, Next, read_all, record
from workflows.registry.similarity import Described
from workflows.rounds.planning import replan_asks
from workflows.services import Actor, Services
from workflows.tables.table import Table

_BATCH_ROWS = 500

Item = TypeVar("Item")
Progress = Callable[[int], None]  # is told how many rows have been dealt with


@dataclass(frozen=True)
class Source:
    """A table, and what its columns mean."""

    table: Table
    map: ImportMap
    order: DateOrder
    file_name: str


def check_inventory(
    services: Services, actor: Actor, source: Source, progress: Progress = lambda _: None
) -> Report:
    """Return what an import would do; nothing is stored.

    Raises:
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    with services.reading() as session:
        return _Run(session, actor, source, progress).check()


def take_inventory(
    services: Services, actor: Actor, source: Source, progress: Progress = lambda _: None
) -> Report:
    """Store what is new and what changed, in one transaction; refused rows are left out.

    Raises:
        ImportRefusedError: its dependencies would wait for each other in a circle.
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    with services.transaction() as session:
        return take_within(session, actor, source, services.now(), progress)


def take_within(
    session: Session,
    actor: Actor,
    source: Source,
    now: datetime,
    progress: Progress = lambda _: None,
) -> Report:
    """Store, as `take_inventory` does, in a transaction that others share.

    The session forgets the rows that it had read, so that a large file takes little memory.
    """
    by = Author(actor.user_id, now, uuid4().hex)
    initiatives.lock_keys(session, actor.workspace_id)
    report = _Run(session, actor, source, progress).write(by)
    if report.new or report.changed:
        _refuse_circles(session, actor.workspace_id)
        report.import_id = by.import_id or ""
        done = Import(
            workspace_id=actor.workspace_id,
            id=report.import_id,
            author_id=actor.user_id,
            imported_at=now,
            file_name=source.file_name[-255:],
            new=report.new,
            changed=report.changed,
        )
        imports.add(session, done)
        imports.note_growth(session)
        replan_asks(session, actor.workspace_id, now)
    counts = f"{report.new} new, {report.changed} changed"
    audit.record(session, now, actor, "import_inventory", counts)
    return report


class _Run:
    """One reading of a file against the registry, within one session."""

    def __init__(self, session: Session, actor: Actor, source: Source, progress: Progress) -> None:
        require_columns(source.map, source.table.headings)
        self._session, self._workspace_id = session, actor.workspace_id
        self._table, self._progress = source.table, progress
        known = _people(session, actor.workspace_id)
        self._reader = RowReader(source.map, source.table.headings, source.order, known)
        self._report = Report()

    def check(self) -> Report:
        """Return what would be done."""
        fresh: list[Described] = []
        for versions in self._versions(self._recognised()):
            if len(fresh) <= MOST_COMPARED:
                fresh += [describe(one.key, one.after) for one in versions if one.before is None]
            self._session.expunge_all()
        if len(fresh) <= MOST_COMPARED:
            known = describe_all(self._session, self._workspace_id)
            self._report.alike = likest(fresh, known)
        return self._report

    def write(self, by: Author) -> Report:
        """Store what is new or changed, batch by batch."""
        for versions in self._versions(self._recognised()):
            record(self._session, self._workspace_id, versions, by)
            self._session.expunge_all()  # a batch that was written needs no memory any more
        return self._report

    def _recognised(self) -> Matches:
        """Return which initiative each row is, without keeping the rows."""
        said = self._reader.said
        rows = [
            fingerprint(one.number, one.facts, said, one.key)
            for one in self._candidates()
            if isinstance(one, Candidate)
        ]
        matches = match(rows, list(self._known_prints()))
        self._report.missing = matches.missing
        return matches

    def _known_prints(self) -> Iterator[Fingerprint]:
        keys = [key for key, _ in initiatives.keys(self._session, self._workspace_id)]
        for batch in _batches(keys):
            for known, base in self._known(batch).values():
                yield fingerprint(known.initiative.key, base, self._reader.said)
            self._session.expunge_all()

    def _known(self, keys: Sequence[str]) -> dict[str, tuple[Known, Facts]]:
        """Return what is known of initiatives, and what a file said of them the last time."""
        found = initiatives.among(self._session, self._workspace_id, keys)
        imported = entries.last_imported(self._session, self._workspace_id, keys)
        return {
            known.initiative.key: (
                known,
                Facts.model_validate(imported[known.initiative.key])
                if known.initiative.key in imported
                else known.facts,
            )
            for known in read_all(self._session, self._workspace_id, found)
        }

    def _versions(self, matches: Matches) -> Iterator[list[Next]]:
        """Yield batches of what is new or changed, and count on the way."""
        keys = KeyMaker(initiatives.keys(self._session, self._workspace_id))
        done = 0
        for batch in _batches(self._candidates()):
            wanted = [matches.keys[one.number] for one in batch if one.number in matches.keys]
            known = self._known(wanted) if wanted else {}
            fresh = []
            for one in batch:
                if isinstance(one, Refusal):
                    self._report.refuse(one)
                elif (key := matches.keys.get(one.number)) is None:
                    fresh.append(self._new(one, keys))
                elif changed_one := self._changed(one, *known[key], one.number in matches.renamed):
                    fresh.append(changed_one)
            done += len(batch)
            self._progress(done)
            yield fresh

    def _candidates(self) -> Iterator[Candidate | Refusal]:
        return (self._reader.read(row) for row in self._table.rows())

    def _new(self, one: Candidate, keys: KeyMaker) -> Next:
        self._report.new += 1
        key = one.key or keys.next_key(one.facts.department, one.abbreviation)
        if one.notes:
            self._report.doubt(one.number, one.notes, key)
        return Next(key, one.facts)

    def _changed(self, one: Candidate, known: Known, base: Facts, is_renamed: bool) -> Next | None:
        key, current = known.initiative.key, known.facts
        changes, notes = {}, list(one.notes)
        for name in sorted(one.said):
            new, old, now = (getattr(facts, name) for facts in (one.facts, base, current))
            if new in (old, now):
                continue
            changes[name] = new
            if now != old:
                notes.append(f"{name}: changed here since the last import; the file's is taken")
        if is_renamed:
            notes.append(f"taken for {key} under a new name")
        if notes:
            self._report.doubt(one.number, notes, key)
        if not changes:
            self._report.same += 1
            return None
        try:
            after = changed(current, changes)
        except EntryInvalidError as error:  # the file's and what was written here don't go together
            self._report.refuse(Refusal(one.number, tuple(error.faults.values())))
            return None
        self._report.change(one.number, key, sorted(changes))
        return Next(key, after, known)


def _people(session: Session, workspace_id: str) -> dict[str, Person]:
    """Return people by user id, and by name where only one is called so."""
    known = people.every(session, workspace_id)
    called = Counter(person.name.casefold() for person in known)
    by_name = {name: one for one in known if called[name := one.name.casefold()] == 1}
    return by_name | {person.user_id: person for person in known}


def _refuse_circles(session: Session, workspace_id: str) -> None:
    graph = load_graph(session, workspace_id)
    circular = sorted(graph.commitments.keys() - graph.delays().keys())
    if circular:
        raise ImportRefusedError(
            [f"these would wait for each other in a circle: {', '.join(circular[:10])}"]
        )


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    ahead = iter(items)
    while batch := list(islice(ahead, _BATCH_ROWS)):
        yield batch
