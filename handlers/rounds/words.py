"""The words of a round's messages, as things stand when they are sent."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.registry.nudges import with_nudges
from handlers.rounds import messages, summary
from handlers.telling import reader_id, reader_zone, reader_zones
from storage.models import Notification
from workflows import policies
from workflows.escalations.in_short import in_short
from workflows.outbox.reading import keys_asked, reminded_keys
from workflows.people import names_of
from workflows.registry.entries import stale_entries
from workflows.registry.handing_back import named_by_others
from workflows.rounds.kinds import PROMPT
from workflows.services import Services
from workflows.subjects import round_of
from workflows.updates.filing import rules_of_round
from workflows.updates.reading import (
    Ask,
    RoundReport,
    report_ask,
    report_asks,
    report_departments,
    report_round,
)


def prompts(services: Services, several: Sequence[Notification]) -> dict[str, Message | None]:
    """Return what asks for updates, by the message's key; None if none is missing any more."""
    asking, reports, zones = _asking(services, several)
    if not asking:
        return dict.fromkeys(reports)
    workspace_id = asking[0].workspace_id
    named = _named(services, asking)
    missing = {
        one.key: [standing.initiative.key for standing in reports[one.key].missing]
        for one in asking
    }
    stale = stale_entries(
        services, workspace_id, {key for keys in missing.values() for key in keys}
    )
    minutes = {
        call_on: rules_of_round(services, workspace_id, call_on).minutes
        for call_on in {reports[one.key].round.call_on for one in asking}
    }

    def prompt(one: Notification) -> Message:
        report, zone = reports[one.key], zones[one.key]
        message = messages.prompt(
            report,
            report.missing,
            reader_id(one),
            zone,
            minutes[report.round.call_on],
            named[one.key],
        )
        return with_nudges(message, [stale[k] for k in missing[one.key] if k in stale], zone)

    return dict.fromkeys(reports) | {one.key: prompt(one) for one in asking}


def reminders(services: Services, several: Sequence[Notification]) -> dict[str, Message | None]:
    """Return what reminds of updates, by the message's key; None if none is missing any more."""
    asking, reports, zones = _asking(services, several)
    reminding = {
        one.key: messages.reminder(
            reports[one.key], reports[one.key].missing, reader_id(one), zones[one.key]
        )
        for one in asking
    }
    return dict.fromkeys(reports) | reminding


def asked_before(services: Services, notification: Notification) -> Message:
    """Return an ask as it stands; what its reader was reminded of is told by the reminder alone."""
    reminded = reminded_keys(services, notification)
    asked = keys_asked(services, notification.workspace_id, [notification])[notification.key]
    keys = [key for key in asked if key not in reminded]
    if not keys:
        return messages.reminded()
    ask = Ask(keys, reader_id(notification))
    report = report_ask(services, notification.workspace_id, round_of(notification), ask)
    zone, now = reader_zone(services, notification), services.now()
    authors = {update.author_id for _, update in report.filed}
    names = names_of(services, report.round.workspace_id, authors)
    named = _named(services, [notification])[notification.key]
    return messages.asked_before(report, reader_id(notification), names, zone, now, named)


def summed_up(services: Services, notification: Notification) -> Message:
    """Return the summary of a round."""
    report = report_round(services, notification.workspace_id, round_of(notification))
    document = policies.document_in_force(services, notification.workspace_id)
    return summary.summary(
        report,
        document.call.zone,
        is_over=_is_over(services, report),
        escalated=in_short(services, notification.workspace_id),
    )


def digest(services: Services, notification: Notification) -> Message | None:
    """Return what a department lead reads of a round; None if nothing of theirs owes updates."""
    report = report_departments(
        services, notification.workspace_id, round_of(notification), reader_id(notification)
    )
    if not report.standings:
        return None
    departments = sorted({standing.initiative.department for standing in report.standings})
    zone = reader_zone(services, notification)
    return summary.digest(
        report,
        departments,
        zone,
        is_over=_is_over(services, report),
        escalated=in_short(services, notification.workspace_id, departments),
    )


def _asking(
    services: Services, several: Sequence[Notification]
) -> tuple[list[Notification], dict[str, RoundReport], dict[str, ZoneInfo]]:
    """Return the asks with something left to ask for; the rounds of all, and the readers' zones."""
    in_round: dict[date, list[Notification]] = defaultdict(list)
    for notification in several:
        in_round[round_of(notification)].append(notification)
    workspace_id = several[0].workspace_id
    keys = keys_asked(services, workspace_id, several)
    reports: dict[str, RoundReport] = {}
    for call_on, those in in_round.items():
        asks = [Ask(keys[one.key], reader_id(one)) for one in those]
        found = report_asks(services, workspace_id, call_on, asks)
        reports |= {one.key: report for one, report in zip(those, found, strict=True)}
    asking = [
        one
        for one in several
        if reports[one.key].missing and reports[one.key].round.closed_at is None
    ]
    return asking, reports, reader_zones(services, workspace_id, asking) if asking else {}


def _named(services: Services, asks: Sequence[Notification]) -> dict[str, dict[str, str]]:
    """Return the names of those who made a reader lead, where a prompt can be said to be wrong.

    By the message's key and the initiative's; of an import it is empty.
    """
    named: dict[str, dict[str, str]] = {one.key: {} for one in asks}
    prompts = [one for one in asks if one.kind == PROMPT.name and not one.instead_of_id]
    if not prompts:
        return named
    workspace_id = prompts[0].workspace_id
    authors = named_by_others(services, workspace_id, prompts)
    ids = {author_id for of_one in authors.values() for author_id in of_one.values()}
    names = names_of(services, workspace_id, ids)
    return named | {
        prompt_key: {key: names.get(author_id, "") for key, author_id in of_one.items()}
        for prompt_key, of_one in authors.items()
    }


def _is_over(services: Services, report: RoundReport) -> bool:
    return services.now() >= report.round.call_at
