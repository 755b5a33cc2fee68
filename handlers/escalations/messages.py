"""The words of each message about an escalation, as things stand when it is sent."""

from handlers.blocks.message import Message
from handlers.blocks.text import Text, context, fill, mention, section
from handlers.escalations import card
from handlers.escalations.words import level_text, line_of, name_of
from handlers.telling import reader_id
from storage.models import Act, EscalationState, Level, Notification
from workflows.escalations.policy import is_settled
from workflows.escalations.reading import Shown, shown_by
from workflows.escalations.rights import may
from workflows.outbox.policy import is_person
from workflows.services import Services
from workflows.subjects import step_of


def card_of(services: Services, notification: Notification) -> Message | None:
    """Return the card."""
    shown = shown_by(services, notification)
    return card.card(shown) if shown else None


def line(services: Services, notification: Notification) -> Message | None:
    """Return one line of the thread."""
    shown = shown_by(services, notification)
    number = step_of(notification)
    step = next((step for step in shown.steps if step.step == number), None) if shown else None
    if shown is None or step is None:
        return None
    said = line_of(shown, step)
    return Message(said, [section(said)])


def told(services: Services, notification: Notification) -> Message | None:
    """Return what somebody is told whose turn it is; None if it has gone on since."""
    shown = shown_by(services, notification)
    if shown is None or _has_gone_on(shown, notification):
        return None
    return card.told(shown, _why(shown, reader_id(notification)), reader_id(notification))


def told_again(services: Services, notification: Notification) -> Message | None:
    """Return how things stand, for somebody who was told of it before."""
    shown = shown_by(services, notification)
    if shown is None:
        return None
    reader = reader_id(notification)
    one = shown.escalation
    if one.owner_id == reader and not is_settled(one):
        return card.told(shown, _yours(shown), reader)
    if not _has_gone_on(shown, notification):
        return card.told(shown, _why(shown, reader), reader)
    last = next(step for step in reversed(shown.steps) if step.step <= one.turned_on_step)
    return card.told(shown, line_of(shown, last), reader)


def chased(services: Services, notification: Notification) -> Message | None:
    """Return what reminds a level, or tells who stands in; None if somebody sees to it."""
    shown = shown_by(services, notification)
    if shown is None or _is_answered(shown):
        return None
    one, reader = shown.escalation, reader_id(notification)
    level = level_text(one.kind, one.level)
    if one.state is EscalationState.ACKNOWLEDGED and one.owner_id:
        why: Text = fill(
            "🔔 *Nothing has been heard of {name} for a while.* {owner} owns it. "
            "Can you find out how it goes?",
            name=name_of(one),
            owner=mention(one.owner_id),
        )
    elif reader in shown.told:
        why = f"🔔 *{name_of(one)} is still waiting for you.* Please acknowledge it, or pass it on."
    else:
        holds_it = may(one, Act.ACKNOWLEDGE, shown.standing, reader)
        can = "Can you find somebody, or take it up yourself?" if holds_it else "Can you find them?"
        why = f"🔔 *Still waiting for {level} to acknowledge {name_of(one)}.* {can}"
    return card.told(shown, why, reader)


def asked(services: Services, notification: Notification) -> Message | None:
    """Return the question to a silent owner; None if something was heard since."""
    shown = shown_by(services, notification)
    if shown is None or _is_answered(shown):
        return None
    one = shown.escalation
    if one.owner_id != reader_id(notification):
        return None
    why = f"💬 *How is {name_of(one)} going?* Resolved, still on it, or time to hand it over?"
    return card.asked(shown, why, reader_id(notification))


def receded(services: Services, notification: Notification) -> Message | None:
    """Return that a risk or an overrun is under its threshold; None if it isn't, by now."""
    shown = shown_by(services, notification)
    if shown is None or shown.escalation.alerts or is_settled(shown.escalation):
        return None
    why = f"📉 *{name_of(shown.escalation)} is under its threshold again.* It stays open for now."
    return card.told(shown, why, reader_id(notification))


def outcome(services: Services, notification: Notification) -> Message | None:
    """Return what became of an escalation; None if it was reopened since."""
    shown = shown_by(services, notification)
    if shown is None or not is_settled(shown.escalation):
        return None
    settling = (Act.RESOLVE, Act.AGREE, Act.WITHDRAW)
    last = next(step for step in reversed(shown.steps) if step.act in settling)
    blocks = [section(line_of(shown, last)), *card.body(shown)]
    blocks.append(context(f"`/ai-escalate show {name_of(shown.escalation)}` tells it all."))
    return Message(card.heading_text(shown), blocks)


def _why(shown: Shown, reader: str) -> Text:
    """Return what is asked of somebody, said first."""
    one = shown.escalation
    if not is_person(reader):
        people = [mention(user_id) for user_id in shown.told]
        who = fill("{first}", first=people[0]) if people else "The committee"
        for another in people[1:]:
            who = fill("{who}, {another}", who=who, another=another)
        return fill("⬆️ {who}: *this needs a decision of the steering committee.*", who=who)
    if one.owner_id == reader:
        return _yours(shown)
    if one.level is Level.OPERATIONAL:
        return "📣 *This needs you and the other department.* Please find a way together."
    level = level_text(one.kind, one.level)
    return f"⬆️ *This is with {level} now.* Please acknowledge it if you can take it."


def _yours(shown: Shown) -> Text:
    one = shown.escalation
    if one.state is EscalationState.ACKNOWLEDGED:
        return f"👀 *You're on {name_of(one)}.* Resolve it when it's done."
    return f"📣 *{name_of(one)} is yours.* Please acknowledge it, so that the others know."


def _has_gone_on(shown: Shown, notification: Notification) -> bool:
    """Return whether something has turned it since the message was asked for."""
    step = int(notification.key.split(":")[2])
    return is_settled(shown.escalation) or shown.escalation.turned_on_step > step


def _is_answered(shown: Shown) -> bool:
    """Return whether its level has acknowledged it, and answered since it was asked."""
    one = shown.escalation
    if is_settled(one):
        return True
    is_seen = one.state is EscalationState.ACKNOWLEDGED
    return is_seen and (one.asked_at is None or one.active_at > one.asked_at)
