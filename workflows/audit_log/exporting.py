"""The audit log given out: a line of JSON for each entry, with its seal."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from storage import sealing
from storage.models import AuditEntry, AuditLink
from storage.reading import Reader
from storage.whole_file import written_whole
from workflows.audit_log.policy import names_in
from workflows.audit_log.verifying import linked
from workflows.services import Services

_PAGE_ROWS = 1000


def export_log(services: Services, file: Path) -> int:
    """Write every entry, in the order of the chain and then what is not sealed; return how many.

    Raises:
        OSError: the file can't be written; nothing is left of it.
    """
    count = 0
    with services.reading() as reader, written_whole(file, ".rollcall-audit-") as out:
        for workspace_id in sealing.known_workspaces(reader):
            for line in _lines(reader, workspace_id):
                out.write(f"{line}\n".encode())
                count += 1
    return count


def _lines(reader: Reader, workspace_id: str) -> Iterator[str]:
    for link, entry, people in linked(reader, workspace_id):
        if isinstance(entry, AuditEntry):
            yield _line(entry, link, {name: people.get(name, "") for name in names_in(entry)})
    last: AuditEntry | None = None
    while page := sealing.unlinked_after(reader, workspace_id, last, _PAGE_ROWS):
        yield from (_line(entry, None, {}) for entry in page)
        last = page[-1]


def _line(entry: AuditEntry, link: AuditLink | None, people: Mapping[str, str]) -> str:
    """Return an entry with its place and seal, and what stands in the seal for those it names."""
    sealed = {
        "position": link.position if link else None,
        "seal": link.hash if link else None,
        "sealed_as": people,
    }
    return json.dumps(entry.model_dump(mode="json") | sealed, ensure_ascii=False)
