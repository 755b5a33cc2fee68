"""The words of a notification, found at the moment it is sent."""

from zoneinfo import ZoneInfo

from handlers.blocks import messages
from handlers.blocks.messages import Message
from handlers.people import zone_of
from storage.models import Notification, NotificationKind
from workflows import policies
from workflows.people import known_person, names_of
from workflows.services import Services
from workflows.updates.reading import RoundReport, report_departments, report_round


def render(services: Services, notification: Notification) -> Message | None:
    """Return the message as things stand now, or None when there is nothing left to say.

    A reminder of what was done a moment ago is not sent.
    """
    if notification.kind == NotificationKind.SUMMARY:
        return _summary(services, notification)
    if notification.kind == NotificationKind.DIGEST:
        return _digest(services, notification)
    return _ask(services, notification)


def _ask(services: Services, notification: Notification) -> Message | None:
    report = _report(services, notification)
    wanted = set(notification.initiative_keys)
    asked = [standing for standing in report.missing if standing.initiative.key in wanted]
    reminds = notification.kind == NotificationKind.REMINDER
    if not asked or report.round.closed_at is not None:
        return None
    build = messages.reminder if reminds else messages.prompt
    zone = _zone(services, notification)
    return build(report, asked, notification.recipient_id, zone)


def _summary(services: Services, notification: Notification) -> Message:
    report = _report(services, notification)
    document = policies.document_in_force(services, notification.workspace_id)
    return messages.summary(report, _names(services, report), document.call.zone)


def _digest(services: Services, notification: Notification) -> Message | None:
    assert notification.call_on is not None  # every digest is of a round
    report = report_departments(
        services, notification.workspace_id, notification.call_on, notification.recipient_id
    )
    if not report.standings:
        return None
    departments = sorted({standing.initiative.department for standing in report.standings})
    zone = _zone(services, notification)
    return messages.digest(report, departments, _names(services, report), zone)


def _report(services: Services, notification: Notification) -> RoundReport:
    assert notification.call_on is not None  # every message so far is of a round
    return report_round(services, notification.workspace_id, notification.call_on)


def _names(services: Services, report: RoundReport) -> dict[str, str]:
    authors = {update.author_id for _, update in report.filed}
    return names_of(services, report.round.workspace_id, authors)


def _zone(services: Services, notification: Notification) -> ZoneInfo:
    person = known_person(services, notification.workspace_id, notification.recipient_id)
    return zone_of(person)
