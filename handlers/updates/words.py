"""The words of messages about updates, as things stand when they are sent."""

from handlers.blocks.message import Message, settled
from handlers.telling import reader_id, reader_zone
from handlers.updates import drafted
from handlers.updates.greeting import greeting
from storage.models import Notification
from workflows import policies
from workflows.outbox.reading import keys_asked
from workflows.people import known_person
from workflows.registry.choosing import own_initiatives
from workflows.services import Actor, Services
from workflows.subjects import round_of
from workflows.updates.drafting import words_kept
from workflows.updates.kinds import DRAFTED_MORE
from workflows.updates.reading import Ask, RoundReport, report_ask


def offered(services: Services, notification: Notification) -> Message | None:
    """Return what offers to file an answer in words; None where there is nothing to file."""
    keys = _keys(services, notification)
    report = _report(services, notification, keys)
    words = words_kept(services, notification, keys)
    if not report.missing or not words:
        return None
    return drafted.offered(
        report,
        words,
        reader_zone(services, notification),
        is_added=notification.kind == DRAFTED_MORE.name,
        is_assigned=len(keys) == 1,
    )


def offered_before(services: Services, notification: Notification) -> Message:
    """Return an offer as it stands: filed by now, let go, or still to be filed."""
    if offer := offered(services, notification):
        return offer
    report = _report(services, notification, _keys(services, notification))
    filed = [] if report.missing else [initiative.key for initiative, _ in report.filed]
    return drafted.filed(filed) if filed else settled()


def greeted(services: Services, notification: Notification) -> Message:
    """Return what answers somebody who writes to the bot."""
    workspace_id, user_id = notification.workspace_id, notification.recipient_id
    person = known_person(services, workspace_id, user_id)
    manager_id = policies.document_in_force(services, workspace_id).people.programme_manager
    return greeting(
        is_guest=person is not None and person.guest,
        is_manager=user_id == manager_id,
        files=bool(own_initiatives(services, Actor(workspace_id, user_id))),
    )


def _keys(services: Services, notification: Notification) -> list[str]:
    return keys_asked(services, notification.workspace_id, [notification])[notification.key]


def _report(services: Services, notification: Notification, keys: list[str]) -> RoundReport:
    ask = Ask(keys, reader_id(notification))
    return report_ask(services, notification.workspace_id, round_of(notification), ask)
