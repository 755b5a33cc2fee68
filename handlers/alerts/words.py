"""The words of alerts, as things stand when they are sent."""

from handlers.alerts import alerts
from handlers.blocks.message import Message
from handlers.telling import reader_zone
from storage.models import Notification, SubjectKind
from workflows.heartbeat import last_sweep, name_standstill
from workflows.outbox.reading import failed_notification, failed_promise
from workflows.promises.run import audit_workspace
from workflows.services import Services


def undelivered(services: Services, notification: Notification) -> Message | None:
    """Return what says which message Slack refuses; None if it has gone meanwhile."""
    failed = failed_notification(services, notification.workspace_id, notification.subject_key)
    return alerts.undelivered(failed) if failed else None


def standstill(services: Services, notification: Notification) -> Message | None:
    """Return what says that nothing is decided any more; None if sweeps go through again."""
    beat = last_sweep(services)
    if beat is None or name_standstill(beat) != notification.key:
        return None
    return alerts.standstill(beat, reader_zone(services, notification))


def audit(services: Services, notification: Notification) -> Message | None:
    """Return what says which promise has failed, or what the daily audit has found."""
    if notification.subject_kind is SubjectKind.PROMISE:
        promise = failed_promise(services, notification.workspace_id, notification.subject_key)
        return alerts.unsettled(promise.key, promise.reason) if promise else None
    findings = audit_workspace(services, notification.workspace_id)
    return alerts.audited(findings) if findings else None
