"""Verifying the audit log: the chain is followed from its beginning, in pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from storage import sealing
from storage.models import AuditEntry, AuditLink
from storage.reading import Reader
from workflows.audit_log.policy import hidden, names_in, text_of
from workflows.audit_log.walking import MOST_NAMED, Fault, Finding, Sealed, Walk
from workflows.services import Services

_PAGE_ROWS = 1000
_FEW_ROWS = 30  # where somebody has made one of a page unreadable
_MOST_UNSEALED = 20  # are named


class Absent(Enum):
    """Why there is no entry to a link."""

    GONE = auto()
    UNREADABLE = auto()  # somebody has put into it what none can hold


Found = AuditEntry | Absent


@dataclass(frozen=True)
class Verdict:
    """How the audit log of one workspace stands."""

    workspace_id: str
    sealed: int  # the place of the last link
    seal: str  # the last one
    findings: list[Finding]
    more: int  # that are not named
    unsealed: int
    unsealed_ids: list[str]  # of the first ones
    has_expected: bool  # the seal that was asked for is in the chain


def verify(services: Services, expected: str = "") -> list[Verdict]:
    """Follow the chain of each workspace, and tell what is changed, missing, moved or added.

    `expected` is a seal that somebody has kept elsewhere: only by one can it be told that the
    end of the log is missing, or that all of the chain was made anew.
    """
    with services.reading() as reader:
        known = sealing.known_workspaces(reader)
        return [_verify(reader, workspace_id, expected) for workspace_id in known]


def linked(
    reader: Reader, workspace_id: str
) -> Iterator[tuple[AuditLink, Found, Mapping[str, str]]]:
    """Yield the links in their order with their entries, and what stands for those they name."""
    position, people = 0, dict[str, str]()
    while page := _page(reader, workspace_id, position):
        entries = [entry for _, entry in page if isinstance(entry, AuditEntry)]
        named = {name for entry in entries for name in names_in(entry)}
        salts = sealing.salts(reader, workspace_id, named - people.keys())
        people |= {user_id: hidden(user_id, salt) for user_id, salt in salts.items()}
        for link, entry in page:
            yield link, entry, people
        position = page[-1][0].position


def _verify(reader: Reader, workspace_id: str, expected: str) -> Verdict:
    walk, has_expected = Walk(), False
    for link, entry, people in linked(reader, workspace_id):
        text = text_of(entry, people) if isinstance(entry, AuditEntry) else None
        is_there = entry is not Absent.GONE
        walk.take(Sealed(link.position, link.entry_id, link.hash, text, is_there=is_there))
        has_expected |= link.hash == expected
    unlinked, more = _unlinked(reader, workspace_id)
    unsealed_ids, unsealed = sealing.unsealed(reader, workspace_id, _MOST_UNSEALED)
    return Verdict(
        workspace_id,
        walk.position,
        walk.seal,
        walk.findings() + unlinked,
        walk.more + more,
        unsealed,
        unsealed_ids,
        has_expected,
    )


def _page(reader: Reader, workspace_id: str, position: int) -> list[tuple[AuditLink, Found]]:
    """Return the next links with their entries; one alone, where an entry can't be read."""
    for rows in (_PAGE_ROWS, _FEW_ROWS):
        try:
            page = sealing.links_after(reader, workspace_id, position, rows)
        except sealing.UNREADABLE:
            continue
        return [(link, entry or Absent.GONE) for link, entry in page]
    link = sealing.link_after(reader, workspace_id, position)
    return [(link, _entry(reader, link))] if link else []


def _entry(reader: Reader, link: AuditLink) -> Found:
    try:
        return sealing.entry_of(reader, link) or Absent.GONE
    except sealing.UNREADABLE:
        return Absent.UNREADABLE


def _unlinked(reader: Reader, workspace_id: str) -> tuple[list[Finding], int]:
    """Return what was put in beside the chain, or taken away before it was sealed."""
    lost = sealing.lost(reader, workspace_id, MOST_NAMED)
    added, count = sealing.added(reader, workspace_id, MOST_NAMED)
    findings = [Finding(Fault.MISSING, entry_id=entry_id) for entry_id in lost]
    findings += [Finding(Fault.ADDED, entry_id=entry_id) for entry_id in added]
    return findings, count - len(added)
