"""Seals the audit log of each workspace so that one that can't be sealed stops no other."""

from collections.abc import Callable

import structlog

from bot import metrics
from workflows.audit_log.sealing import seal_batch, unsealed_workspaces
from workflows.errors import SchemaMovedError
from workflows.services import Services

_log = structlog.get_logger("rollcall.audit")


def seal_everywhere(services: Services, is_stopping: Callable[[], bool]) -> None:
    """Seal what was written, a batch of each workspace in turn, until nothing more can be."""
    while waiting := unsealed_workspaces(services):
        if is_stopping() or not sum(_seal(services, workspace_id) for workspace_id in waiting):
            return


def _seal(services: Services, workspace_id: str) -> int:
    try:
        return seal_batch(services, workspace_id)
    except SchemaMovedError:
        raise
    except Exception:  # noqa: BLE001  (the boundary: the others are sealed all the same)
        metrics.FAILURES.labels("seal").inc()
        _log.exception("seal_failed", workspace=workspace_id)
        return 0
