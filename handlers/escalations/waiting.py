"""What of the escalations waits for somebody."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near, moment_near
from handlers.blocks.text import Block, Text, button, clip, fill
from handlers.contributed import Waiting
from handlers.escalations.buttons import ACT, LABELS, value_of
from handlers.escalations.list_view import SHOW
from handlers.escalations.words import MARKS, level_text, name_of
from storage.models import Act, Escalation
from workflows.escalations.policy import next_level
from workflows.escalations.waiting import Need, WaitingEscalation, escalations_waiting
from workflows.services import Actor, Services

_LONGEST_TERMS = 300  # characters that can be agreed to at a glance; longer ones are shown first
_ACTS = {
    Need.ANSWER: Act.CONFIRM,
    Need.AGREE: Act.AGREE,
    Need.ACKNOWLEDGE: Act.ACKNOWLEDGE,
}


def waits(services: Services, actor: Actor, zone: ZoneInfo) -> list[Waiting]:
    """Return the escalations that somebody has to do something about."""
    now = services.now()
    return [
        Waiting(one.since, waiting_line(one, zone, now), waiting_button(one))
        for one in escalations_waiting(services, actor)
    ]


def waiting_line(one: WaitingEscalation, zone: ZoneInfo, now: datetime) -> Text:
    """Return what is stuck, and what is asked of its reader."""
    escalation = one.escalation
    return fill(
        "{mark} *{name}* · *{key}*  {what}\n{asked}",
        mark=MARKS[escalation.kind],
        name=name_of(escalation),
        key=escalation.initiative_key,
        what=clip(" ".join(escalation.what.split()), 150),
        asked=_asked(one, zone, now),
    )


def waiting_button(one: WaitingEscalation) -> Block:
    """Return the one press: it answers, or shows what there is more to say of."""
    escalation = one.escalation
    act = _ACTS.get(one.need)
    if act is None or (act is Act.AGREE and len(escalation.terms) > _LONGEST_TERMS):
        return button("Show", SHOW, name_of(escalation))
    return button(LABELS[act], f"{ACT}_{act}", value_of(escalation, act))


def _asked(one: WaitingEscalation, zone: ZoneInfo, now: datetime) -> str:
    escalation = one.escalation
    today = now.astimezone(zone).date()
    since = day_near(one.since.astimezone(zone).date(), today)
    match one.need:
        case Need.ANSWER:
            return f"How is it going? I asked {since}."
        case Need.AGREE:
            return f"Terms since {since}: “{clip(escalation.terms, _LONGEST_TERMS)}”"
        case Need.ACKNOWLEDGE:
            return f"Not acknowledged yet, since {since}{_going_on(escalation, zone, now)}"
        case Need.OWN:
            return f"Yours since {since}{_going_on(escalation, zone, now)}"


def _going_on(escalation: Escalation, zone: ZoneInfo, now: datetime) -> str:
    level = next_level(escalation.kind, escalation.level)
    if escalation.moves_at is None or level is None:
        return ""
    when = moment_near(escalation.moves_at, zone, now)
    return f"; goes to {level_text(escalation.kind, level)} {when}"
