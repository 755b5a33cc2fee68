"""What an escalation would set off, in one line each, before it is sent."""

from zoneinfo import ZoneInfo

from handlers.blocks.text import Mrkdwn, Text, fill, listed, mention, moment_text
from handlers.escalations.words import level_text
from storage.models import EscalationKind, Level
from workflows.escalations.places import brought_together, place_of
from workflows.escalations.policy import next_level
from workflows.escalations.rights import whom_to_tell
from workflows.escalations.wanted import Preview

_MOST_HIT = 5


def preview_lines(found: Preview, reader_id: str, zone: ZoneInfo) -> list[Text]:
    """Return who will be told now, and what happens when nobody answers."""
    one = found.escalation
    lines: list[Text] = [_now(found, reader_id)]
    if found.impact is not None and found.impact.days:
        days = found.impact.days
        late = f"{days} {'day' if days == 1 else 'days'} late at worst ({found.impact.name})"
        hit = listed(list(found.impact.hit), _MOST_HIT) if found.impact.hit else ""
        lines.append(f"⏳ {late}{f'; it reaches {hit}, whose leads are told' if hit else ''}.")
    level = next_level(one.kind, one.level)
    if one.moves_at is not None and level is not None:
        who = level_text(one.kind, level)
        when = moment_text(one.moves_at, zone)
        lines.append(f"⏰ {who[0].upper()}{who[1:]}: {when}, unless resolved.")
    return lines


def _now(found: Preview, reader_id: str) -> Mrkdwn:
    one, document = found.escalation, found.policy.document
    place: Text = mention(place_of(one, document))
    if one.kind is EscalationKind.RESOURCE_CONFLICT:
        together = brought_together(found.standing)
        usual = mention(document.channels.coordination)
        place = "a group message with both department leads" if together else usual
    told = [user_id for user_id in whom_to_tell(one, found.standing) if user_id != reader_id]
    names = [mention(user_id) for user_id in told[:3]]
    who: Text = ""
    for name in names:
        who = fill("{who}{between}{name}", who=who, between=" and " if who else "", name=name)
    if one.level is Level.STRATEGIC:
        return fill("📣 Now: the steering committee, and {place}.", place=place)
    if not names:
        return fill("📣 Now: {place}. You own it.", place=place)
    hear = "hears" if len(names) == 1 else "hear"
    when = "at once" if one.cannot_wait else "in their working hours"
    return fill("📣 Now: {place}; {who} {hear} {when}.", place=place, who=who, hear=hear, when=when)
