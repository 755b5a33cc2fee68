"""Taking an inventory into the registry: all of it or nothing, and only what changed in the file.

The rows are read, recognised and compared with what the registry knows before anything is locked;
then what differs is written in one transaction. Where somebody was faster, it is compared again
within. A fact counts as changed by the file if it differs from what the file said the last time, so
that what people changed in Slack since stays.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import uuid4

from sqlmodel import Session

from storage import entry_versions, imports, initiatives, locks, people
from storage.insert import NOT_STORABLE
from storage.models import Fact, Import, Person
from storage.reading import Reader
from workflows import audit
from workflows.changes import changed
from workflows.errors import EntryInvalidError, ImportRefusedError
from workflows.inventory.alike import MOST_COMPARED, likest
from workflows.inventory.dates import DateOrder
from workflows.inventory.mapping import ImportMap, require_columns
from workflows.inventory.matching import Fingerprint, fingerprint
from workflows.inventory.planning import Plan, applied, changes_of, planned
from workflows.inventory.report import Report
from workflows.inventory.rows import Aside, Candidate, Read, Refusal, RowReader
from workflows.owing import What
from workflows.registry.commitments import load_graph
from workflows.registry.facts import Facts
from workflows.registry.look_alikes import describe, describe_all
from workflows.registry.policy import differences
from workflows.registry.recording import Author, Known, Next, read_all, record
from workflows.registry.similarity import Described
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
    people: Mapping[str, str] = field(
        default_factory=dict
    )  # user ids by email in small letters, or id


@dataclass(frozen=True)
class Rows:
    """What the rows of a file say."""

    reads: Sequence[Read]
    said: frozenset[str]  # the facts that it has a column for


@dataclass(frozen=True)
class Prepared:
    """What a file changes in the registry as it was; batches by their first and last row."""

    rows: Rows
    report: Report
    batches: Sequence[tuple[tuple[int, int], Sequence[Next]]]
    mark: entry_versions.Mark


def check_inventory(
    services: Services, actor: Actor, source: Source, progress: Progress = lambda _: None
) -> Report:
    """Return what an import would do; nothing is stored.

    Raises:
        ImportRefusedError: its dependencies would wait for each other in a circle.
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    rows = read_rows(services, actor.workspace_id, source)
    with services.reading() as reader:
        return _Run(reader, actor.workspace_id, rows, progress).check()


def take_inventory(
    services: Services, actor: Actor, source: Source, progress: Progress = lambda _: None
) -> Report:
    """Store what is new and what changed, in one transaction; refused rows are left out.

    Raises:
        ImportRefusedError: rows can't be stored; says which, and why.
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    prepared = prepare_inventory(services, actor.workspace_id, source, progress)
    with services.transaction() as session:
        return take_within(session, actor, prepared, source.file_name, services.now())


def prepare_inventory(
    services: Services, workspace_id: str, source: Source, progress: Progress = lambda _: None
) -> Prepared:
    """Return what an import changes; nothing is held meanwhile, nor stored.

    Raises:
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    rows = read_rows(services, workspace_id, source)
    with services.reading() as reader:
        return _prepared(reader, workspace_id, rows, progress)


def _prepared(
    reader: Reader, workspace_id: str, rows: Rows, progress: Progress = lambda _: None
) -> Prepared:
    mark = entry_versions.mark(reader, workspace_id)
    run = _Run(reader, workspace_id, rows, progress)
    return Prepared(rows, run.report, list(run.versions()), mark)


def read_rows(services: Services, workspace_id: str, source: Source) -> Rows:
    """Return what the rows of a file say; nothing is held meanwhile.

    Raises:
        MappingInvalidError: no column holds what is needed.
        TableUnreadableError: the file turns out to be damaged.
    """
    require_columns(source.map, source.table.headings)
    with services.reading() as reader:
        known = _people(reader, workspace_id, source.people)
        departments = initiatives.departments(reader, workspace_id)
    table = source.table
    rows = RowReader(source.map, table.headings, source.order, known, table.sample(), departments)
    return Rows([rows.read(row) for row in table.rows()], rows.said)


def take_within(
    session: Session, actor: Actor, prepared: Prepared, file_name: str, now: datetime
) -> Report:
    """Store, as `take_inventory` does, in a transaction that others share."""
    by = Author(actor.user_id, now, uuid4().hex)
    locks.hold_registry(session, actor.workspace_id)
    if entry_versions.mark(session, actor.workspace_id) != prepared.mark:
        prepared = _prepared(session, actor.workspace_id, prepared.rows)
    _write(session, actor.workspace_id, prepared, by)
    report = prepared.report
    if report.new or report.changed:
        _refuse_circles(session, actor.workspace_id)
        report.import_id = by.import_id or ""
        done = Import(
            workspace_id=actor.workspace_id,
            id=report.import_id,
            author_id=actor.user_id,
            imported_at=now,
            file_name=file_name[-255:],
            new=report.new,
            changed=report.changed,
        )
        imports.add(session, done)
        imports.note_growth(session)
        keys = [one.key for _, versions in prepared.batches for one in versions]
        changed(session, actor.workspace_id, What.REGISTRY, now, keys)
    counts = f"{report.new} new, {report.changed} changed"
    facts: dict[str, Fact] = {
        "import_id": report.import_id,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
    }
    audit.record(session, now, actor, "import_inventory", counts, facts=facts)
    return report


def _write(session: Session, workspace_id: str, prepared: Prepared, by: Author) -> None:
    """Store what is new or changed, batch by batch.

    Raises:
        ImportRefusedError: the database refuses a batch; names its rows.
    """
    for (first, last), versions in prepared.batches:
        try:
            record(session, workspace_id, versions, by)
        except NOT_STORABLE:
            fault = f"rows {first} to {last} hold something that the database doesn't take"
            raise ImportRefusedError([fault]) from None


class _Run:
    """The rows of a file against the registry."""

    def __init__(self, reader: Reader, workspace_id: str, rows: Rows, progress: Progress) -> None:
        self._reader, self._workspace_id = reader, workspace_id
        self._rows, self._progress = rows, progress
        self.report = Report()

    def check(self) -> Report:
        """Return what would be done."""
        fresh: list[Described] = []
        for _, versions in self.versions():
            if len(fresh) <= MOST_COMPARED:
                fresh += [describe(one.key, one.after) for one in versions if one.before is None]
        if len(fresh) <= MOST_COMPARED:
            known = describe_all(self._reader, self._workspace_id)
            self.report.alike = likest(fresh, known)
        return self.report

    def _planned(self) -> Plan:
        """Return which initiative each row is, and what it depends on."""
        for one in self._rows.reads:
            if isinstance(one, Refusal):
                self.report.refuse(one)
            elif isinstance(one, Aside):
                self.report.set_aside(one)
        rows = [one for one in self._rows.reads if isinstance(one, Candidate)]
        known = list(self._known_prints())
        keys = initiatives.keys(self._reader, self._workspace_id)
        plan = planned(rows, self._rows.said, known, keys)
        if "dependencies" in self._rows.said:
            plan.add_dependencies(load_graph(self._reader, self._workspace_id))
        for refusal in plan.refusals:
            self.report.refuse(refusal)
        self.report.missing = plan.matches.missing
        return plan

    def _known_prints(self) -> Iterator[Fingerprint]:
        keys = [key for key, _ in initiatives.keys(self._reader, self._workspace_id)]
        for batch in _batches(keys):
            for known, base in self._known(batch).values():
                facts = base or known.facts
                yield fingerprint(known.initiative.key, facts, self._rows.said)

    def _known(self, keys: Sequence[str]) -> dict[str, tuple[Known, Facts | None]]:
        """Return what is known of initiatives, and what a file said of them the last time."""
        found = initiatives.among(self._reader, self._workspace_id, keys)
        imported = entry_versions.last_imported(self._reader, self._workspace_id, keys)
        return {
            known.initiative.key: (
                known,
                Facts.model_validate(imported[known.initiative.key])
                if known.initiative.key in imported
                else None,
            )
            for known in read_all(self._reader, self._workspace_id, found)
        }

    def versions(self) -> Iterator[tuple[tuple[int, int], list[Next]]]:
        """Yield batches of what is new or changed with their first and last row; count them."""
        plan, done = self._planned(), 0
        for batch in _batches(plan.rows):
            wanted = [plan.matches.keys[one.number] for one in batch if plan.is_known(one)]
            known = self._known(wanted) if wanted else {}
            fresh = []
            for one in batch:
                key = plan.keys[one.number]
                if not plan.is_known(one):
                    fresh.append(self._new(one, key))
                elif after := self._changed(one, *known[key], one.number in plan.matches.renamed):
                    fresh.append(after)
            done += len(batch)
            self._progress(done)
            yield (batch[0].number, batch[-1].number), fresh

    def _new(self, one: Candidate, key: str) -> Next:
        self.report.new += 1
        if one.notes:
            self.report.doubt(one.number, one.notes, key)
        return Next(key, one.facts)

    def _changed(
        self, one: Candidate, known: Known, base: Facts | None, is_renamed: bool
    ) -> Next | None:
        key, current = known.initiative.key, known.facts
        changes, notes = changes_of(one, base, current)
        if is_renamed:
            notes.append(f"taken to be {key} under a new name")
        try:
            after, says = applied(current, changes)
        except EntryInvalidError as error:
            self.report.refuse(Refusal(one.number, tuple(error.faults.values())))
            return None
        if notes or says:
            self.report.doubt(one.number, [*notes, *says], key)
        names = differences(current, after)
        if not names:
            self.report.same += 1
            return None
        self.report.change(one.number, key, sorted(names))
        return Next(key, after, known)


def _people(reader: Reader, workspace_id: str, emails: Mapping[str, str]) -> dict[str, Person]:
    """Return people by user id, by email, and by name where only one is called so."""
    known = people.every(reader, workspace_id)
    called = Counter(person.name.casefold() for person in known)
    by_name = {name: one for one in known if called[name := one.name.casefold()] == 1}
    by_id = {person.user_id: person for person in known}
    return by_name | by_id | {mail: by_id[user] for mail, user in emails.items() if user in by_id}


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
