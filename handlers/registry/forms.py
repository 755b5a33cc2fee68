"""What the registry's forms say when they can't be taken."""

from handlers.blocks.text import Block
from handlers.forms import FormWords, View
from handlers.registry import (
    conversation_form,
    entry_form,
    entry_view,
    link_form,
    milestone_form,
    overlap_view,
)
from workflows.registry.editing import NEW


def _not_saved(
    callback_id: str, word: str, key_of: View, still_here: str = "Your text is still here."
) -> FormWords:
    """Return the words of a form that is opened again by a word of the command and a key."""

    def go_on(view: Block) -> str:
        key = key_of(view)
        typed = "new" if key == NEW else f"{word} {key}"
        return f"Type `{entry_view.COMMAND} {typed}` to go on."

    return FormWords(callback_id, "Not saved", go_on, still_here)


FORMS = (
    _not_saved(entry_form.CALLBACK_ID, "edit", lambda view: entry_form.form_key(view).key),
    _not_saved(
        overlap_view.CALLBACK_ID,
        "overlaps",
        overlap_view.asked_about,
        "Your answers are still here.",
    ),
    _not_saved(
        milestone_form.CALLBACK_ID, "milestone", lambda view: milestone_form.form_key(view).key
    ),
    _not_saved(
        milestone_form.CONFIRM_ID, "milestone", lambda view: milestone_form.confirmation(view).key
    ),
    _not_saved(link_form.CALLBACK_ID, "link", lambda view: link_form.form_key(view).key),
    _not_saved(link_form.CONFIRM_ID, "link", lambda view: link_form.confirmation(view).key),
    FormWords(
        conversation_form.CALLBACK_ID,
        "Not linked",
        lambda _: "Choose *Link to an initiative* in the message's menu again.",
    ),
)
