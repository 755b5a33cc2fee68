"""The words of a notification, found at the moment it is sent."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from handlers.alerts import alerts
from handlers.blocks import gathered
from handlers.blocks.message import Message
from handlers.inventory import inventory_view
from handlers.people import zone_of
from handlers.pictures.picturing import draw, in_words
from handlers.registry import moved
from handlers.registry.nudges import with_nudges
from handlers.rounds import messages, summary
from handlers.updates import drafted
from storage.models import Notification, NotificationKind
from workflows import policies
from workflows.heartbeat import last_sweep, name_standstill
from workflows.inventory.sent_files import file_told_of, findings_of
from workflows.lateness import late_by, standstill_at
from workflows.outbox.reading import failed_notification, failed_promise, reminded_keys
from workflows.people import known_person, names_of
from workflows.promises.run import audit_workspace
from workflows.registry.choosing import own_initiatives
from workflows.registry.entries import stale_entries
from workflows.registry.handing_back import handed_back, named_by_others
from workflows.registry.moved import slip_told_of
from workflows.registry.rights import contacts
from workflows.services import Actor, Services
from workflows.updates.drafting import ADDED, words_kept
from workflows.updates.filing import rules_of_round
from workflows.updates.reading import (
    RoundReport,
    report_departments,
    report_initiatives,
    report_round,
)

_ASKED = (NotificationKind.PROMPT, NotificationKind.REMINDER, NotificationKind.DRAFTED)


def render(services: Services, notification: Notification) -> Message | None:
    """Return the message as things stand now, or None when there is nothing left to say.

    A reminder of what was done a moment ago is not sent.
    """
    message = _words(services, notification)
    if message is None:
        return None
    message = _with_its_marks(message, notification)
    late = late_by(notification.owed_at, services.now())
    if late is None:
        return message
    beat = standstill_at(last_sweep(services, notification.workspace_id), notification.owed_at)
    return gathered.with_lateness(message, late, beat, _zone(services, notification))


def render_again(services: Services, sent: Notification) -> Message:
    """Return a message that was sent, as things stand now: what it asked for may be done."""
    message = _asked_before(services, sent) if sent.kind in _ASKED else _words(services, sent)
    return _with_its_marks(message or messages.settled(), sent)


def _with_its_marks(message: Message, notification: Notification) -> Message:
    """Return the message with what it carries of itself: whom it was for, and why."""
    if notification.instead_of_id:
        message = gathered.instead_of(message, notification.instead_of_id)
    return gathered.with_menu(message, notification.key)


def _words(services: Services, notification: Notification) -> Message | None:
    return _BUILDERS.get(notification.kind, _alert)(services, notification)


def _ask(services: Services, notification: Notification) -> Message | None:
    report = _asked_report(services, notification, notification.initiative_keys)
    reminds = notification.kind == NotificationKind.REMINDER
    if not report.missing or report.round.closed_at is not None:
        return None
    reader_id, zone = _reader_id(notification), _zone(services, notification)
    if reminds:
        return messages.reminder(report, report.missing, reader_id, zone)
    actor = Actor(notification.workspace_id, reader_id)
    rules = rules_of_round(services, actor, report.round.call_on)
    named = _named(services, notification)
    message = messages.prompt(report, report.missing, reader_id, zone, rules.minutes, named)
    keys = [standing.initiative.key for standing in report.missing]
    stale = stale_entries(services, notification.workspace_id, keys)
    return with_nudges(message, stale, zone)


def _drafted(services: Services, notification: Notification) -> Message | None:
    report = _asked_report(services, notification, notification.initiative_keys)
    words = words_kept(services, notification)
    if not report.missing or not words:
        return None
    return drafted.offered(
        report,
        words,
        _zone(services, notification),
        is_added=notification.about_key == ADDED,
        is_assigned=len(notification.initiative_keys) == 1,
    )


def _greeting(services: Services, notification: Notification) -> Message:
    workspace_id, user_id = notification.workspace_id, notification.recipient_id
    person = known_person(services, workspace_id, user_id)
    manager_id = policies.document_in_force(services, workspace_id).people.programme_manager
    return messages.greeting(
        is_guest=person is not None and person.guest,
        is_manager=user_id == manager_id,
        files=bool(own_initiatives(services, Actor(workspace_id, user_id))),
    )


def _asked_before(services: Services, notification: Notification) -> Message:
    """Return an ask as it stands; what its reader was reminded of is told by the reminder alone."""
    told = reminded_keys(services, notification)
    keys = [key for key in notification.initiative_keys if key not in told]
    if not keys:
        return messages.reminded()
    report = _asked_report(services, notification, keys)
    if notification.kind == NotificationKind.DRAFTED:
        filed = [] if report.missing else [initiative.key for initiative, _ in report.filed]
        offer = _drafted(services, notification)
        return offer or (drafted.filed(filed) if filed else messages.settled())
    zone, now = _zone(services, notification), services.now()
    names = _names(services, report)
    named = _named(services, notification)
    return messages.asked_before(report, _reader_id(notification), names, zone, now, named)


def _summary(services: Services, notification: Notification) -> Message:
    assert notification.call_on is not None  # every summary is of a round
    report = report_round(services, notification.workspace_id, notification.call_on)
    document = policies.document_in_force(services, notification.workspace_id)
    return summary.summary(report, document.call.zone, is_over=_is_over(services, report))


def _digest(services: Services, notification: Notification) -> Message | None:
    assert notification.call_on is not None  # every digest is of a round
    report = report_departments(
        services, notification.workspace_id, notification.call_on, _reader_id(notification)
    )
    if not report.standings:
        return None
    departments = sorted({standing.initiative.department for standing in report.standings})
    zone = _zone(services, notification)
    return summary.digest(report, departments, zone, is_over=_is_over(services, report))


def _inventory(services: Services, notification: Notification) -> Message | None:
    file = file_told_of(services, notification)
    if file is None:
        return None
    return inventory_view.told(file, findings_of(file) if file.findings else None)


def _picture(services: Services, notification: Notification) -> Message | None:
    picture = draw(services, notification)
    return in_words(picture) if picture else None


def _moved(services: Services, notification: Notification) -> Message | None:
    slip = slip_told_of(services, notification)
    return moved.told(slip, contacts(services, slip.initiative)) if slip else None


def _alert(services: Services, notification: Notification) -> Message | None:
    workspace_id = notification.workspace_id
    if notification.kind == NotificationKind.UNDELIVERED:
        failed = failed_notification(services, workspace_id, notification.about_key)
        return alerts.undelivered(failed) if failed else None
    if notification.kind == NotificationKind.STANDSTILL:
        beat = last_sweep(services, workspace_id)
        is_still = beat is not None and name_standstill(beat) == notification.key
        return alerts.standstill(beat, _zone(services, notification)) if beat and is_still else None
    if notification.about_key:
        promise = failed_promise(services, workspace_id, notification.about_key)
        return alerts.unsettled(promise.key, promise.reason) if promise else None
    findings = audit_workspace(services, workspace_id)
    return alerts.audited(findings) if findings else None


def _named(services: Services, notification: Notification) -> dict[str, str]:
    """Return the names of those who made the reader lead, where a prompt can be said to be wrong.

    Of an import it is empty.
    """
    if notification.kind != NotificationKind.PROMPT or notification.instead_of_id:
        return {}
    authors = named_by_others(services, notification)
    names = names_of(services, notification.workspace_id, authors.values())
    return {key: names.get(author_id, "") for key, author_id in authors.items()}


def _handed_back(services: Services, notification: Notification) -> Message | None:
    initiative = handed_back(services, notification)
    if initiative is None:
        return None
    lead_id = notification.about_key
    names = names_of(services, notification.workspace_id, [lead_id])
    return messages.handed_back(initiative, names.get(lead_id, lead_id))


def _asked_report(
    services: Services, notification: Notification, keys: Sequence[str]
) -> RoundReport:
    assert notification.call_on is not None  # every ask is of a round
    reader_id = _reader_id(notification)
    return report_initiatives(
        services, notification.workspace_id, notification.call_on, keys, reader_id
    )


def _reader_id(notification: Notification) -> str:
    """Return whom the words are for, even where others read them."""
    return notification.instead_of_id or notification.recipient_id


def _is_over(services: Services, report: RoundReport) -> bool:
    return services.now() >= report.round.call_at


def _names(services: Services, report: RoundReport) -> dict[str, str]:
    authors = {update.author_id for _, update in report.filed}
    return names_of(services, report.round.workspace_id, authors)


def _zone(services: Services, notification: Notification) -> ZoneInfo:
    person = known_person(services, notification.workspace_id, _reader_id(notification))
    return zone_of(person)


_BUILDERS: dict[NotificationKind, Callable[[Services, Notification], Message | None]] = {
    NotificationKind.PROMPT: _ask,
    NotificationKind.REMINDER: _ask,
    NotificationKind.SUMMARY: _summary,
    NotificationKind.DIGEST: _digest,
    NotificationKind.RESUMED: lambda _, notification: messages.resumed(notification.words),
    NotificationKind.INVENTORY: _inventory,
    NotificationKind.PICTURE: _picture,
    NotificationKind.GREETING: _greeting,
    NotificationKind.DRAFTED: _drafted,
    NotificationKind.MOVED: _moved,
    NotificationKind.HANDED_BACK: _handed_back,
}
