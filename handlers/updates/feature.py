"""Updates: filed in a form, or begun in words."""

from handlers.forms import FormWords
from handlers.telling import Feature, Telling, because, one_by_one
from handlers.updates import filing, heard, status, update_form, waiting
from handlers.updates.about_one import ABOUT_ONE
from handlers.updates.command import STATUS
from handlers.updates.words import greeted, offered, offered_before
from workflows.updates.kinds import DRAFTED, DRAFTED_MORE, GREETING

_WHY_OFFERED = because(
    "You answered a prompt in words, and your update wasn't filed yet. "
    "Nothing is filed until you do it."
)

FEATURE = Feature(
    "updates",
    commands=(STATUS,),
    forms=(
        FormWords(
            update_form.CALLBACK_ID,
            "Not filed",
            lambda view: f"Type `{STATUS.name} {update_form.form_key(view).key}` to go on.",
        ),
    ),
    about_one=ABOUT_ONE,
    waits=waiting.waits,
    listeners=(status.register, filing.register, heard.register),
    tellings=(
        Telling(
            GREETING,
            one_by_one(greeted),
            because("You wrote to me. I say this once a day, and whenever you ask."),
        ),
        *(
            Telling(offer, one_by_one(offered), _WHY_OFFERED, again=one_by_one(offered_before))
            for offer in (DRAFTED, DRAFTED_MORE)
        ),
    ),
)
