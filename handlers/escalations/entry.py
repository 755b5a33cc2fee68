"""What escalations add to an initiative's entry: what is open, and the way to open one."""

from zoneinfo import ZoneInfo

from handlers.blocks.moments import day_near, moment_near
from handlers.blocks.personal import OPEN_ESCALATION
from handlers.blocks.text import Mrkdwn, button, clip, fill
from handlers.contributed import InEntry
from handlers.escalations.words import MARKS, level_text, name_of
from storage.models import Escalation
from workflows.escalations.in_short import open_of_initiative
from workflows.escalations.policy import next_level
from workflows.escalations.reading import Listed
from workflows.membership import is_member
from workflows.people import known_person
from workflows.services import Actor, Services


def in_entry(services: Services, actor: Actor, key: str, zone: ZoneInfo) -> InEntry | None:
    """Return what is open of an initiative; None where escalations are not switched on."""
    found = open_of_initiative(services, actor.workspace_id, key)
    if found is None:
        return None
    now = services.now()
    today = now.astimezone(zone).date()

    def line(one: Escalation) -> Mrkdwn:
        since = f"since {day_near(one.opened_at.astimezone(zone).date(), today)}"
        level = next_level(one.kind, one.level)
        if one.moves_at is not None and level is not None:
            when = moment_near(one.moves_at, zone, now)
            since += f", goes to {level_text(one.kind, level)} {when}"
        return fill(
            "{mark} *{name}* {what} · with {owner}, {since}",
            mark=MARKS[one.kind],
            name=name_of(one),
            what=clip(" ".join(one.what.split()), 60),
            owner=_owner(found, one),
            since=since,
        )

    may_open = is_member(known_person(services, actor.workspace_id, actor.user_id))
    doors = [button("Escalate", OPEN_ESCALATION, key)] if may_open else []
    return InEntry("Escalated", [line(one) for one in found.several], doors)


def _owner(found: Listed, one: Escalation) -> str:
    name = found.names.get(one.owner_id or "")
    return clip(name, 40) if name else level_text(one.kind, one.level)
