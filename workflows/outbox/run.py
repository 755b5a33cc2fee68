"""What happens to a message: claimed, sent, and what came of it recorded."""

from collections.abc import Collection, Sequence

from storage import notifications, outbox, pace, people
from storage.models import Notification
from workflows import policies
from workflows.calendars.calendar import calendar_of
from workflows.calendars.working_time import next_working_moment
from workflows.outbox.claiming import ABANDONED_AFTER, Claim, claim
from workflows.outbox.outcomes import Held, Outcomes, put_back, record
from workflows.outbox.policy import SLACK, Limits, waits_for_working_hours
from workflows.rounds.kinds import PROMPT, REMINDER
from workflows.services import Services


def workspaces_with_due(services: Services) -> Sequence[str]:
    """Return the ids of workspaces where a message waits to be sent; asked once for all."""
    now = services.now()
    with services.reading() as reader:
        return outbox.with_due(reader, now, now - ABANDONED_AFTER)


def exchange(
    services: Services,
    workspace_id: str,
    outcomes: Outcomes,
    most: int,
    limits: Limits = SLACK,
) -> list[Claim]:
    """Record what came of messages, and claim up to `most` others; one transaction for both."""
    now = services.now()
    with services.transaction() as session:
        # First of all, so that everybody takes rows in the same order and nobody deadlocks.
        pace.take_turn(session, workspace_id, now)
        record(session, workspace_id, outcomes, now, limits)
        return claim(session, workspace_id, now, most, limits) if most > 0 else []


def release(services: Services, workspace_id: str, keys: Collection[str]) -> None:
    """Let messages go by themselves: together with the others they would be too long."""
    with services.transaction() as session:
        for row in outbox.to_change(session, workspace_id, keys).values():
            put_back(row)


def held_until(
    services: Services, workspace_id: str, several: Sequence[Notification]
) -> dict[str, Held]:
    """Return until when messages are held, by their key, whose reader isn't at work now.

    A message that was due in working hours can be found outside them: Slack was down, or the bot.
    What makes messages due knows the policy's week; holidays are their reader's, and known here.
    Channels may always be written to.
    """
    waiting = [one for one in several if waits_for_working_hours(one)]
    if not waiting:
        return {}
    now = services.now()
    with services.reading() as reader:
        known = people.among(reader, workspace_id, {one.recipient_id for one in waiting})
        document = policies.in_force(reader, workspace_id).document
    calendars = {user_id: calendar_of(document, person) for user_id, person in known.items()}
    moments = {one: next_working_moment(one, now) for one in set(calendars.values())}
    read_by = {one.key: calendars.get(one.recipient_id) for one in waiting}
    return {
        key: Held(moments[calendar], calendar)
        for key, calendar in read_by.items()
        if calendar is not None and moments[calendar] > now
    }


def overtaken(services: Services, workspace_id: str, several: Sequence[Notification]) -> set[str]:
    """Return the keys of prompts that come so late that their reader has the reminder."""
    prompts = [one for one in several if one.kind == PROMPT.name]
    if not prompts:
        return set()
    with services.reading() as reader:
        reminded = notifications.readers_told(reader, workspace_id, REMINDER.name, prompts)
    return {
        one.key
        for one in prompts
        if (one.subject_key, one.recipient_id, one.instead_of_id) in reminded
    }
