"""Which updates wait for somebody: asked of them, or begun by them, and not filed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage import drafts
from storage.models import Initiative, Round
from workflows import policies
from workflows.membership import is_member
from workflows.rounds.policy import prompt_at
from workflows.services import Actor, Services
from workflows.updates.drafting import UNASSIGNED
from workflows.updates.reading import my_week


class Begun(StrEnum):
    """How far an update is that isn't filed."""

    NO = "no"
    DRAFT = "draft"
    WORDS = "words"  # something was written, and may be about it


@dataclass(frozen=True)
class WaitingUpdate:
    """An update that waits for somebody."""

    initiative: Initiative
    round: Round
    since: datetime  # when it was asked for, or could be
    begun: Begun


def updates_waiting(services: Services, actor: Actor) -> list[WaitingUpdate]:
    """Return the updates of the present round that wait for somebody."""
    week = my_week(services, actor)
    if week.report is None or week.person is None or not is_member(week.person):
        return []
    round_, now = week.report.round, services.now()
    with services.reading() as reader:
        document = policies.of_version(reader, actor.workspace_id, round_.policy_version).document
        begun = drafts.keys_of(reader, actor.workspace_id, actor.user_id, round_.call_on)
    asked_at = prompt_at(document, round_.call_at, ZoneInfo(week.person.timezone))
    found = []
    for standing in week.report.missing:
        key, is_asked = standing.initiative.key, standing.asked == week.person
        if key in begun:
            state = Begun.DRAFT
        elif is_asked:
            state = Begun.WORDS if UNASSIGNED in begun else Begun.NO
        else:
            continue
        # It can be filed before anybody is asked.
        found.append(WaitingUpdate(standing.initiative, round_, min(asked_at, now), state))
    return found
