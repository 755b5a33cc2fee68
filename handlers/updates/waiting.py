"""What of the updates waits for somebody."""

from zoneinfo import ZoneInfo

from handlers.blocks.moments import moment_near, weekday
from handlers.blocks.text import Block, button, clip, fill
from handlers.contributed import Waiting
from handlers.updates.drafted import FILE_WORDS
from handlers.updates.notices import open_button
from workflows.services import Actor, Services
from workflows.updates.waiting import Begun, WaitingUpdate, updates_waiting

_SAID = {
    Begun.NO: "Not filed yet",
    Begun.DRAFT: "Draft, not filed yet",
    Begun.WORDS: "Not filed yet: is what you wrote to me about it?",
}


def waits(services: Services, actor: Actor, zone: ZoneInfo) -> list[Waiting]:
    """Return the updates that somebody has still to file."""
    now = services.now()
    found = []
    for one in updates_waiting(services, actor):
        due = moment_near(one.round.closes_at, zone, now)
        line = fill(
            "*{key}*  {name}\n{state} · the update for {day}'s call, {due}",
            key=one.initiative.key,
            name=clip(one.initiative.name, 150),
            day=weekday(one.round.call_at, zone),
            state=_SAID[one.begun],
            due=f"due {due}" if now < one.round.closes_at else f"was due {due}",
        )
        found.append(Waiting(one.since, line, _pressed(one)))
    return found


def _pressed(one: WaitingUpdate) -> Block:
    if one.begun is Begun.WORDS:
        return button("File", FILE_WORDS, one.initiative.key)
    return open_button(one.initiative, "File" if one.begun is Begun.DRAFT else "Fill in")
