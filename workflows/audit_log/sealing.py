"""Sealing the audit log: entries are written unchained, and chained afterwards, batch by batch.

What is still to be sealed stands in a table of its own, written with each entry. So nobody who
writes one waits for another, nothing is looked for among millions, and no entry is ever changed.
Whoever commits late is sealed later: the chain is in the order of sealing, not of `at`.
"""

from collections.abc import Iterable
from secrets import token_hex

import structlog
from sqlmodel import Session

from storage import locks, sealing
from storage.models import AuditEntry, AuditLink
from storage.reading import new_row
from workflows.audit_log.policy import START, hidden, names_in, seal_after, text_of
from workflows.services import Services

_BATCH_ENTRIES = 1000
_SALT_BYTES = 32
_log = structlog.get_logger("rollcall.audit")


def unsealed_workspaces(services: Services) -> list[str]:
    """Return the workspaces with entries that are not sealed yet, asked for all at once."""
    with services.reading() as reader:
        return sealing.waiting_workspaces(reader)


def seal_batch(services: Services, workspace_id: str) -> int:
    """Seal what has waited longest in a workspace; return how many entries were looked at.

    Safe on several replicas: they take turns in a workspace, and a place in the chain can be
    given only once.
    """
    with services.transaction() as session:
        locks.hold_seals(session, workspace_id)
        waiting = sealing.queued(session, workspace_id, _BATCH_ENTRIES)
        if not waiting:
            return 0  # another replica was faster
        last = sealing.last_link(session, workspace_id)
        linked = sealing.linked_among(session, waiting)
        links = _chained(session, last, [entry for entry in waiting if entry.id not in linked])
        sealing.add_links(session, links)
        sealing.forget_queued(session, waiting)
    if links:
        # Whoever keeps the log elsewhere has a witness of how the chain ended at the time.
        end = links[-1]
        _log.info("sealed", workspace=workspace_id, position=end.position, seal=end.hash)
    return len(waiting)


def hidden_people(session: Session, workspace_id: str, user_ids: set[str]) -> dict[str, str]:
    """Return what stands for people in the seals; who has no salt yet gets one."""
    salts = sealing.salts(session, workspace_id, user_ids)
    fresh = {user_id: token_hex(_SALT_BYTES) for user_id in sorted(user_ids - salts.keys())}
    sealing.add_salts(session, workspace_id, fresh)
    return {user_id: hidden(user_id, salt) for user_id, salt in (salts | fresh).items()}


def _chained(
    session: Session, last: AuditLink | None, entries: list[AuditEntry]
) -> list[AuditLink]:
    names = _names_in(entries)
    workspace_id = entries[0].workspace_id if entries else ""
    people = hidden_people(session, workspace_id, names)
    before, seal = (last.position, last.hash) if last else (0, START)
    links = []
    for position, entry in enumerate(entries, before + 1):
        seal = seal_after(seal, text_of(entry, people))
        place = {"workspace_id": workspace_id, "position": position}
        links.append(new_row(AuditLink, **place, entry_id=entry.id, hash=seal))
    return links


def _names_in(entries: Iterable[AuditEntry]) -> set[str]:
    return {name for entry in entries for name in names_in(entry)}
