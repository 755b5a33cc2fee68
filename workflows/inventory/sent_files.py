"""Inventories that the programme manager sends in a direct message: what people decide of them.

Reading a file takes seconds, and fetching it longer, so a click only notes what is to be done.
Whoever is free does it (`workflows/inventory/working.py`), and the message shows how it stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import inventory_files, notifications, people
from storage.models import FileState, InventoryFile, Notification, SubjectKind
from storage.reading import Reader
from workflows import audit
from workflows.errors import FileMovedOnError, NotProgrammeManagerError
from workflows.inventory.findings import Findings
from workflows.inventory.kinds import INVENTORY
from workflows.inventory.mapping import ImportMap, require_columns
from workflows.membership import is_member, programme_manager
from workflows.once import acting
from workflows.outbox.changes import show_again
from workflows.outbox.posting import Post, Recipient, post
from workflows.registry.rights import keeping_refusal
from workflows.services import Actor, Services
from workflows.subjects import Subject

_SUBJECT = "inventory"
Change = Callable[[Session, InventoryFile, datetime], None]


@dataclass(frozen=True)
class SentFile:
    """A file as Slack tells of it."""

    file_id: str
    name: str


def receive(services: Services, actor: Actor, sent: SentFile) -> None:
    """Have a file checked, or tell its sender why it won't be; once, however often it comes."""
    now = services.now()
    with services.transaction() as session:
        refusal = refusal_to_take(session, actor)
        file = InventoryFile(
            workspace_id=actor.workspace_id,
            file_id=sent.file_id,
            user_id=actor.user_id,
            name=sent.name[-255:],
            state=FileState.REFUSED if refusal else FileState.ARRIVED,
            due_at=now,
            reason=str(refusal or ""),
            arrived_at=now,
        )
        if not inventory_files.keep(session, file):
            return
        # A message may bring several files: of each it is kept that it arrived, and not that
        # the message is done.
        outcome = "not allowed" if refusal else FileState.ARRIVED.value
        audit.record(session, now, actor, "send_inventory", sent.file_id, outcome)
        if refusal:
            tell(session, file, now)


def accept(services: Services, actor: Actor, file_id: str) -> None:
    """Have a checked file stored.

    Raises:
        NotProgrammeManagerError: the actor may not; kept in the audit log.
        FileMovedOnError: it was decided already.
    """

    def change(_session: Session, file: InventoryFile, _now: datetime) -> None:
        if file.state is not FileState.CHECKED or not findings_of(file).can_be_stored:
            raise FileMovedOnError(file.state)
        file.state = FileState.ACCEPTED

    _change(services, actor, file_id, change)


def leave(services: Services, actor: Actor, file_id: str) -> None:
    """Have a checked file not stored.

    Raises:
        NotProgrammeManagerError, FileMovedOnError: as `accept`.
    """

    def change(_session: Session, file: InventoryFile, _now: datetime) -> None:
        if file.state is not FileState.CHECKED:
            raise FileMovedOnError(file.state)
        file.state = FileState.DECLINED

    _change(services, actor, file_id, change)


def withdraw(services: Services, actor: Actor, file_id: str) -> None:
    """Have a stored file undone.

    Raises:
        NotProgrammeManagerError, FileMovedOnError: as `accept`.
    """

    def change(_session: Session, file: InventoryFile, _now: datetime) -> None:
        if file.state is not FileState.STORED:
            raise FileMovedOnError(file.state)
        file.state = FileState.WITHDRAWN

    _change(services, actor, file_id, change)


def correct(services: Services, actor: Actor, file_id: str, columns: ImportMap) -> None:
    """Have a file checked again, with columns that mean what somebody says.

    Raises:
        MappingInvalidError: they lack what is needed.
        NotProgrammeManagerError, FileMovedOnError: as `accept`.
    """

    def change(_session: Session, file: InventoryFile, _now: datetime) -> None:
        if file.state is not FileState.CHECKED:
            raise FileMovedOnError(file.state)
        found = findings_of(file)
        said = columns
        if columns.sheet != found.map.sheet:  # whose columns nobody has seen yet
            said = ImportMap(sheet=columns.sheet)
        else:
            require_columns(columns, found.headings)
        file.state, file.columns = FileState.ARRIVED, said.model_dump(mode="json")

    _change(services, actor, file_id, change)


def correctable(services: Services, actor: Actor, file_id: str) -> Findings:
    """Return what was found of a file whose columns can still be corrected.

    Raises:
        NotProgrammeManagerError, FileMovedOnError: as `accept`.
    """
    file = sent_file(services, actor, file_id)
    if file.state is not FileState.CHECKED:
        raise FileMovedOnError(file.state)
    return findings_of(file)


def sent_file(services: Services, actor: Actor, file_id: str) -> InventoryFile:
    """Return a file to the programme manager.

    Raises:
        NotProgrammeManagerError: to nobody else; kept in the audit log.
        FileMovedOnError: there is no such file.
    """
    trying = keeping_refusal(services, actor, "open_inventory", file_id)
    with trying, services.reading() as reader:
        if refusal := refusal_to_take(reader, actor):
            raise refusal
        file = inventory_files.get(reader, actor.workspace_id, file_id)
    if file is None:
        raise FileMovedOnError(FileState.DECLINED)
    return file


def takes_inventories(services: Services, actor: Actor) -> bool:
    """Return whether somebody may take inventories in."""
    with services.reading() as reader:
        return refusal_to_take(reader, actor) is None


def file_told_of(services: Services, message: Notification) -> InventoryFile | None:
    """Return the file that a message of the bot's is about."""
    with services.reading() as reader:
        return inventory_files.get(reader, message.workspace_id, message.subject_key)


def findings_of(file: InventoryFile) -> Findings:
    """Return what was found in a file that has been checked."""
    return Findings.model_validate(file.findings)


def tell(session: Session, file: InventoryFile, now: datetime) -> None:
    """Have the sender told how a file stands: in one message, changed from then on."""
    key = f"{_SUBJECT}:{file.file_id}"
    if told := notifications.get(session, file.workspace_id, key):
        show_again(session, told, f"{key}:{file.changes}", now)
        return
    said = Post(INVENTORY, key, Subject(SubjectKind.INVENTORY_FILE, file.file_id))
    post(session, file.workspace_id, Recipient(file.user_id), said, now)


def _change(services: Services, actor: Actor, file_id: str, change: Change) -> None:
    """Let a change of state through if its actor may make it, and show it."""
    now = services.now()
    with acting(services, actor) as session:
        refusal = refusal_to_take(session, actor)
        file = inventory_files.to_change(session, actor.workspace_id, file_id)
        if file is None:
            raise FileMovedOnError(FileState.DECLINED)
        if refusal is None:
            change(session, file, now)
            file.due_at, file.attempts, file.changes = now, 0, file.changes + 1
            tell(session, file, now)
        audit.record(
            session,
            now,
            actor,
            f"inventory_{file.state}",
            file_id,
            "not allowed" if refusal else audit.DONE,
        )
    if refusal:
        raise refusal


def refusal_to_take(reader: Reader, actor: Actor) -> NotProgrammeManagerError | None:
    """Return why somebody may not take inventories in, or None if they may."""
    manager_id = programme_manager(reader, actor.workspace_id)
    person = people.get(reader, actor.workspace_id, actor.user_id)
    if actor.user_id == manager_id and is_member(person):
        return None
    manager = people.get(reader, actor.workspace_id, manager_id) if manager_id else None
    return NotProgrammeManagerError(manager.name if manager and is_member(manager) else "")
