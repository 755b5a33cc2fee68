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


def _to_entry(word: str, key_of: View) -> View:
    def go_on(view: Block) -> str:
        key = key_of(view)
        typed = "new" if key == NEW else f"{word} {key}"
        return f"Type `{entry_view.COMMAND} {typed}` to go on."

    return go_on


FORMS = (
    FormWords(
        entry_form.CALLBACK_ID,
        "Not saved",
        _to_entry("edit", lambda view: entry_form.form_key(view).key),
    ),
    FormWords(
        overlap_view.CALLBACK_ID,
        "Not saved",
        _to_entry("overlaps", overlap_view.asked_about),
        "Your answers are still here.",
    ),
    FormWords(
        milestone_form.CALLBACK_ID,
        "Not saved",
        _to_entry("milestone", lambda view: milestone_form.form_key(view).key),
    ),
    FormWords(
        milestone_form.CONFIRM_ID,
        "Not saved",
        _to_entry("milestone", lambda view: milestone_form.confirmation(view).key),
    ),
    FormWords(
        link_form.CALLBACK_ID,
        "Not saved",
        _to_entry("link", lambda view: link_form.form_key(view).key),
    ),
    FormWords(
        link_form.CONFIRM_ID,
        "Not saved",
        _to_entry("link", lambda view: link_form.confirmation(view).key),
    ),
    FormWords(
        conversation_form.CALLBACK_ID,
        "Not linked",
        lambda _: "Choose *Link to an initiative* in the message's menu again.",
    ),
)
