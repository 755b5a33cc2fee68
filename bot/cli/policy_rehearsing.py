"""`rollcall policy rehearse`: the past weeks as they were, and as another policy would have it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from handlers.escalations.words import KINDS, level_text
from storage.models import Act, Escalation
from workflows.escalations.rehearsing import Rehearsal, Rehearsed
from workflows.escalations.replay import Telling

Named = Callable[[str], str]
_BOTH, _ONLY_WAS, _ONLY_WOULD = "as it was", "was", "would be"
_ACTS = {
    Act.OPEN: "opened",
    Act.RAISE: "goes to {level}",
    Act.ESCALATE: "somebody escalates it to {level}",
    Act.HAND_OVER: "handed over",
    Act.REOPEN: "reopened",
    Act.CHASE: "nobody has acknowledged it",
    Act.CHECK: "its owner is asked how it goes",
}


def lines_of(found: Rehearsal, zone: ZoneInfo) -> Iterator[str]:
    """Give what happened and what would have, line by line, on the clock of the call."""

    def named(user_id: str) -> str:
        return found.names.get(user_id, user_id)

    since = found.since.astimezone(zone)
    several = _counted(len(found.several), "escalation")
    yield f"Since {since:%a %d %b %Y}: {several}. Nothing is sent, and nothing is stored."
    for one in found.several:
        yield ""
        yield _heading(one.escalation, zone)
        for mark, telling in _compared(one):
            yield f"  {mark:<10}{_line(one.escalation, telling, zone, named)}"
        if not one.would_have:
            yield "  It would not have been opened."
    yield from _counts(found, named)


def _compared(one: Rehearsed) -> list[tuple[str, Telling]]:
    """Return every turn in the order of time, and whether it was, would be, or both."""
    was, would = set(one.happened), set(one.would_have)
    turns = sorted(was | would, key=lambda each: (each.at, each.act, each.told))
    marks = {(True, True): _BOTH, (True, False): _ONLY_WAS, (False, True): _ONLY_WOULD}
    return [(marks[each in was, each in would], each) for each in turns]


def _heading(one: Escalation, zone: ZoneInfo) -> str:
    opened = f"{one.opened_at.astimezone(zone):%a %d %b %Y %H:%M}"
    return f"E-{one.number}, {KINDS[one.kind].lower()} of {one.initiative_key}, opened {opened}"


def _line(one: Escalation, telling: Telling, zone: ZoneInfo, named: Named) -> str:
    what = _ACTS[telling.act].format(level=level_text(one.kind, telling.level))
    told = ", ".join(named(user_id) for user_id in telling.told) or "nobody"
    return f"{telling.at.astimezone(zone):%a %d %b %H:%M}  {what}: tells {told}"


def _counts(found: Rehearsal, named: Named) -> Iterator[str]:
    """Say how often each is told, those first for whom most changes."""
    was = _told(turn for one in found.several for turn in one.happened)
    would = _told(turn for one in found.several for turn in one.would_have)
    everybody = sorted(was | would, key=lambda one: (-abs(would[one] - was[one]), named(one)))
    if everybody:
        yield ""
        yield "How often each would be told:"
    for user_id in everybody:
        times, before = _counted(would[user_id], "time"), was[user_id]
        yield f"  {named(user_id)}: {times}" + (
            "" if before == would[user_id] else f", was {before}"
        )


def _told(turns: Iterable[Telling]) -> Counter[str]:
    return Counter(user_id for turn in turns for user_id in turn.told)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
