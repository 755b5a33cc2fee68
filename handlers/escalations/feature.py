"""Escalations."""

from handlers.escalations import (
    deed_form,
    entry,
    escalate,
    form_reading,
    from_message,
    groups,
    messages,
    moving_over,
    pressing,
    waiting,
)
from handlers.escalations.command import ESCALATE
from handlers.forms import FormWords
from handlers.telling import MANAGER, Feature, Telling, because, one_by_one
from workflows.escalations.kinds import (
    ASKED,
    CARD,
    CHANGED,
    CHASED,
    LINE,
    OUTCOME,
    RECEDED,
    TOLD,
    TOLD_NOW,
)
from workflows.escalations.places import parties_of

_AGAIN = f"Type `{ESCALATE.name} list` to go on."
_YOURS = because(
    "Something is escalated to you: you own it, or hold the level that it has come to."
)

FEATURE = Feature(
    "escalations",
    commands=(ESCALATE,),
    waits=waiting.waits,
    in_entry=entry.in_entry,
    forms=(
        FormWords(form_reading.CALLBACK_ID, "Not escalated", lambda _: f"Type `{ESCALATE.name}`."),
        FormWords(deed_form.CALLBACK_ID, "Not done", lambda _: _AGAIN),
    ),
    listeners=(
        escalate.register,
        from_message.register,
        pressing.register,
        groups.register,
        moving_over.register,
    ),
    tellings=(
        Telling(
            CARD,
            one_by_one(messages.card_of),
            because("Somebody escalated this, and this is the place for it."),
            group=parties_of,
        ),
        Telling(
            LINE,
            one_by_one(messages.line),
            because("Something happened to an escalation."),
            group=parties_of,
        ),
        Telling(TOLD, one_by_one(messages.told), _YOURS, again=one_by_one(messages.told_again)),
        Telling(TOLD_NOW, one_by_one(messages.told), _YOURS, again=one_by_one(messages.told_again)),
        Telling(
            CHASED,
            one_by_one(messages.chased),
            because("Nobody has acknowledged an escalation, and you are next to be told."),
            again=one_by_one(messages.told_again),
        ),
        Telling(
            ASKED,
            one_by_one(messages.asked),
            because("You own an escalation, and nothing was heard of it for a while."),
            again=one_by_one(messages.told_again),
        ),
        Telling(
            RECEDED,
            one_by_one(messages.receded),
            because("You were told of a risk or an overrun: you hear when it recedes, too."),
            again=one_by_one(messages.told_again),
        ),
        Telling(
            OUTCOME,
            one_by_one(messages.outcome),
            because("You escalated this, or were asked about it: you hear what came of it."),
        ),
        Telling(
            CHANGED,
            one_by_one(moving_over.asked),
            because(f"{MANAGER}, and a changed policy leaves it to you what is open goes by."),
            again=one_by_one(moving_over.answered),
        ),
    ),
)
