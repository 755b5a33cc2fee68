"""The words of a round's messages, as things stand when they are sent."""

from collections.abc import Sequence

from handlers.blocks.message import Message
from handlers.registry.nudges import with_nudges
from handlers.rounds import messages, summary
from handlers.telling import reader_id, reader_zone
from storage.models import Notification
from workflows import policies
from workflows.outbox.reading import reminded_keys
from workflows.people import names_of
from workflows.registry.entries import stale_entries
from workflows.registry.handing_back import named_by_others
from workflows.rounds.kinds import PROMPT
from workflows.services import Actor, Services
from workflows.updates.filing import rules_of_round
from workflows.updates.reading import (
    RoundReport,
    report_departments,
    report_initiatives,
    report_round,
)


def prompt(services: Services, notification: Notification) -> Message | None:
    """Return what asks for updates; None if none is missing any more."""
    report = _report(services, notification, notification.initiative_keys)
    if not report.missing or report.round.closed_at is not None:
        return None
    reader, zone = reader_id(notification), reader_zone(services, notification)
    rules = rules_of_round(services, Actor(notification.workspace_id, reader), report.round.call_on)
    named = _named(services, notification)
    message = messages.prompt(report, report.missing, reader, zone, rules.minutes, named)
    keys = [standing.initiative.key for standing in report.missing]
    return with_nudges(message, stale_entries(services, notification.workspace_id, keys), zone)


def reminder(services: Services, notification: Notification) -> Message | None:
    """Return what reminds of updates; None if none is missing any more."""
    report = _report(services, notification, notification.initiative_keys)
    if not report.missing or report.round.closed_at is not None:
        return None
    zone = reader_zone(services, notification)
    return messages.reminder(report, report.missing, reader_id(notification), zone)


def asked_before(services: Services, notification: Notification) -> Message:
    """Return an ask as it stands; what its reader was reminded of is told by the reminder alone."""
    reminded = reminded_keys(services, notification)
    keys = [key for key in notification.initiative_keys if key not in reminded]
    if not keys:
        return messages.reminded()
    report = _report(services, notification, keys)
    zone, now = reader_zone(services, notification), services.now()
    authors = {update.author_id for _, update in report.filed}
    names = names_of(services, report.round.workspace_id, authors)
    named = _named(services, notification)
    return messages.asked_before(report, reader_id(notification), names, zone, now, named)


def summed_up(services: Services, notification: Notification) -> Message:
    """Return the summary of a round."""
    assert notification.call_on is not None  # every summary is of a round
    report = report_round(services, notification.workspace_id, notification.call_on)
    document = policies.document_in_force(services, notification.workspace_id)
    return summary.summary(report, document.call.zone, is_over=_is_over(services, report))


def digest(services: Services, notification: Notification) -> Message | None:
    """Return what a department lead reads of a round; None if nothing of theirs owes updates."""
    assert notification.call_on is not None  # every digest is of a round
    report = report_departments(
        services, notification.workspace_id, notification.call_on, reader_id(notification)
    )
    if not report.standings:
        return None
    departments = sorted({standing.initiative.department for standing in report.standings})
    zone = reader_zone(services, notification)
    return summary.digest(report, departments, zone, is_over=_is_over(services, report))


def _named(services: Services, notification: Notification) -> dict[str, str]:
    """Return the names of those who made the reader lead, where a prompt can be said to be wrong.

    Of an import it is empty.
    """
    if notification.kind != PROMPT.name or notification.instead_of_id:
        return {}
    authors = named_by_others(services, notification)
    names = names_of(services, notification.workspace_id, authors.values())
    return {key: names.get(author_id, "") for key, author_id in authors.items()}


def _report(services: Services, notification: Notification, keys: Sequence[str]) -> RoundReport:
    assert notification.call_on is not None  # every ask is of a round
    return report_initiatives(
        services, notification.workspace_id, notification.call_on, keys, reader_id(notification)
    )


def _is_over(services: Services, report: RoundReport) -> bool:
    return services.now() >= report.round.call_at
