"""An escalation as people see it: what is stuck, who has it, and where it goes next."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.text import (
    Block,
    Mrkdwn,
    Text,
    button,
    clip,
    combine,
    context,
    fill,
    fitting,
    hyperlink,
    mention,
    moment_text,
    moment_token,
    section,
)
from handlers.blocks.windows import window
from handlers.escalations.buttons import ACT, LABELS, buttons, value_of
from handlers.escalations.words import (
    KINDS,
    MARKS,
    STATES,
    forecast_text,
    level_text,
    line_of,
    name_of,
    since_text,
)
from storage.models import Act, Entry, EscalationKind, EscalationState, Initiative, Level
from workflows.escalations.policy import is_settled
from workflows.escalations.reading import Shown

SHOWN = "escalation_shown"  # the window's callback id; nothing is sent with it
_LONGEST = 900  # characters of each text: a card is one screen of a phone
_MOST_STEPS = 30
_SCORES = {"impact": "impact_score", "alignment": "alignment_score", "readiness": "readiness_score"}
_TWO_PLACES = Decimal("0.01")


def card(shown: Shown) -> Message:
    """Return the card, as everybody in its channel sees it."""
    return Message(heading_text(shown), [*body(shown), *buttons(shown)])


def told(shown: Shown, why: Text, reader_id: str) -> Message:
    """Return what one person, or the committee's channel, is told; `why` is said first."""
    only = reader_id if reader_id.startswith(("U", "W")) else ""
    blocks = [section(why), *body(shown), *buttons(shown, only)]
    return Message(combine([why, heading_text(shown)], " · "), blocks)


def asked(shown: Shown, why: Text, reader_id: str) -> Message:
    """Return the question to its owner, with the answer that costs one press first."""
    act, one = Act.CONFIRM, shown.escalation
    still = button(LABELS[act], f"{ACT}_{act}", value_of(one, act))
    rows = buttons(shown, reader_id)
    first: list[Block] = [{**row, "elements": [still, *row["elements"]]} for row in rows]
    return Message(why, [section(why), *body(shown), *first])


def opened(shown: Shown, zone: ZoneInfo) -> list[Block]:
    """Return what somebody reads who has just opened it."""
    one = shown.escalation
    said = f"✅ *{name_of(one)} is open.* Everything that happens is in its thread."
    if one.moves_at is not None and (level := shown.next_level):
        when = moment_text(one.moves_at, zone)
        said += f" Unless it is resolved, it goes to {level_text(one.kind, level)} on {when}."
    return [section(said)]


def history(shown: Shown) -> list[Block]:
    """Return the card with all that has happened, for one reader."""
    lines: list[Text] = [
        fill("{at}  {line}", at=moment_token(step.at, shown.zone), line=line_of(shown, step))
        for step in shown.steps
    ]
    return [*body(shown), *([section(fitting(lines, _MOST_STEPS))] if lines else [])]


def shown_window(shown: Shown, reader_id: str) -> Block:
    """Return the window with one, all that has happened, and what its reader can do about it."""
    name = name_of(shown.escalation)
    shows = window(name, [*history(shown), *buttons(shown, reader_id)])
    return {**shows, "callback_id": SHOWN, "private_metadata": name}


def heading_text(shown: Shown) -> str:
    """Return what a notification on a phone shows."""
    one = shown.escalation
    return f"{name_of(one)} {KINDS[one.kind]}, {one.initiative_key}: {clip(one.what, 150)}"


def body(shown: Shown) -> list[Block]:
    """Return what is stuck, who has it, and where it goes next."""
    one, initiative = shown.escalation, shown.initiative
    heading = fill(
        "{mark} *{name} · {kind}*\n*{key}* {title}",
        mark="✅" if one.state is EscalationState.RESOLVED else MARKS[one.kind],
        name=name_of(one),
        kind=KINDS[one.kind],
        key=initiative.key,
        title=clip(initiative.name, 150),
    )
    return [
        section(heading),
        section(combine(_facts(shown), "\n")),
        *_conflict(shown),
        context(combine(_status(shown), " · ")),
    ]


def _facts(shown: Shown) -> list[Text]:
    one = shown.escalation
    facts: list[Text] = [clip(one.what, _LONGEST)]
    if said := forecast_text(one, shown.entry):
        facts.append(fill("*{said}*", said=said))
    if one.needed:
        facts.append(fill("*Needed:* {text}", text=clip(one.needed, _LONGEST)))
    if one.tried:
        facts.append(fill("*Tried:* {text}", text=clip(one.tried, _LONGEST)))
    if since := since_text(one):
        facts.append(since)
    if one.link.startswith("https://"):
        facts.append(hyperlink(one.link, "The message it began with"))
    if is_settled(one):
        facts += _outcome(shown)
    return facts


def _outcome(shown: Shown) -> list[Text]:
    settling = (Act.RESOLVE, Act.AGREE, Act.WITHDRAW)
    last = next((step for step in reversed(shown.steps) if step.act in settling), None)
    if last is None or not last.words:
        return []
    label = "Why" if last.act is Act.WITHDRAW else "Decided"
    return [fill("*{label}:* {text}", label=label, text=clip(last.words, _LONGEST))]


def _status(shown: Shown) -> list[Text]:
    """Return state, owner, level and clock, in this order."""
    one = shown.escalation
    if is_settled(one):
        at = moment_token(one.settled_at, shown.zone) if one.settled_at else ""
        return [fill("*{state}* {at}", state=STATES[one.state], at=at)]
    is_one_s = one.owner_id and one.kind is not EscalationKind.RESOURCE_CONFLICT
    owner: Text = level_text(one.kind, one.level)
    if one.owner_id and (is_one_s or one.level is not Level.OPERATIONAL):
        owner = mention(one.owner_id)
    parts: list[Text] = [
        fill("*{state}*", state=STATES[one.state]),
        fill("with {owner}", owner=owner),
    ]
    if is_one_s:
        parts.append(f"level: {level_text(one.kind, one.level)}")
    if one.moves_at is not None and (level := shown.next_level):
        parts.append(
            fill(
                "goes to {level} {at}, unless {settled}",
                settled="you agree" if shown.rivals else "resolved",
                level=level_text(one.kind, level),
                at=moment_token(one.moves_at, shown.zone),
            )
        )
    if one.snoozed_until_at is not None and one.snoozed_until_at > shown.now:
        parts.append(
            fill("no reminders until {at}", at=moment_token(one.snoozed_until_at, shown.zone))
        )
    return parts


def _conflict(shown: Shown) -> list[Block]:
    """Return what two initiatives compete for, how they score, and what is proposed."""
    one = shown.escalation
    if not shown.rivals:
        return []
    lines: list[Text] = [fill("*Both need:* {pool}", pool=one.pool)]
    lines += [_score(initiative, entry) for initiative, entry in shown.rivals]
    lines.append(_recommended(shown))
    blocks = [section(combine(lines))]
    if one.terms and not is_settled(one):
        yes = ", ".join(shown.name(each.user_id) for each in shown.agreed)
        said = fill(
            "*Proposed ({number}):* {terms}\nAgreed so far: {yes}",
            number=str(one.terms_number),
            terms=clip(one.terms, _LONGEST),
            yes=yes or "nobody",
        )
        blocks.append(section(said))
    return blocks


def _score(initiative: Initiative, entry: Entry | None) -> Mrkdwn:
    """Return an initiative's line of the prioritization matrix, with its arithmetic."""
    scores = {name: getattr(entry, fact, None) for name, fact in _SCORES.items()}
    key = f"*{initiative.key}* ({clip(initiative.department, 60)})"
    lacking = [name for name, score in scores.items() if score is None]
    if lacking:
        return fill("• {key}: not scored yet ({what})", key=key, what=", ".join(lacking))
    worth = " + ".join(f"{name} {score}" for name, score in scores.items())
    return fill("• {key}: ({worth}) / 3 = {mean}", key=key, worth=worth, mean=f"{_mean(entry)}")


def _mean(entry: Entry | None) -> Decimal | None:
    """Return the mean of the three scores, or None where one is missing."""
    scores = [getattr(entry, fact, None) for fact in _SCORES.values()]
    if any(score is None for score in scores):
        return None
    total = sum((Decimal(score) for score in scores if score is not None), Decimal(0))
    return (total / len(scores)).quantize(_TWO_PLACES)


def _recommended(shown: Shown) -> Text:
    means = [(_mean(entry), initiative.key) for initiative, entry in shown.rivals]
    scored = [(mean, key) for mean, key in means if mean is not None]
    if len(scored) < len(means) or len(scored) < 2:
        return "The matrix can't recommend anything yet: scores are missing."
    (first, key), (second, _) = sorted(scored, reverse=True)[:2]
    if first == second:
        return "The matrix sees them equal; people decide."
    return fill("The matrix recommends *{key}* first; people decide.", key=key)
