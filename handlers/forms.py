"""What each form says when it can't be taken: every form brings its own words."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.blocks import which_form
from handlers.blocks.text import Block, Mrkdwn, marked
from handlers.inventory import columns_form
from handlers.registry import (
    conversation_form,
    entry_form,
    entry_view,
    link_form,
    milestone_form,
    overlap_view,
)
from handlers.updates import update_form
from handlers.updates.answers import COMMAND
from workflows.registry.editing import NEW

_View = Callable[[Block], str]


@dataclass(frozen=True)
class FormWords:
    """What one form says when it can't be taken."""

    refused: str  # what did not happen
    go_on: _View  # how somebody comes back to it when it has gone
    still_here: str = "Your text is still here."

    def beside_field(self, said: str) -> str:
        """Return what stands beside a field while the form is open, as plain text."""
        return f"{self.refused}: {said} {self.still_here}"

    def told_later(self, said: str, view: Block) -> Mrkdwn:
        """Return what is told when the form has gone."""
        return marked(f"It is {self.refused.lower()} yet: {said}\n{self.go_on(view)}")


def form_words(view: Block) -> FormWords:
    """Return the words of the form that a view shows."""
    return FORMS.get(str(view.get("callback_id")), _UNKNOWN)


def _to_entry(word: str, key_of: _View) -> _View:
    def go_on(view: Block) -> str:
        key = key_of(view)
        typed = "new" if key == NEW else f"{word} {key}"
        return f"Type `{entry_view.COMMAND} {typed}` to go on."

    return go_on


def _to_update(view: Block) -> str:
    return f"Type `{COMMAND} {update_form.form_key(view).key}` to go on."


_UNKNOWN = FormWords("Not done", lambda _: "Please open it again.")
FORMS = {
    which_form.CALLBACK_ID: FormWords("Not done", lambda _: "Please type the command again."),
    update_form.CALLBACK_ID: FormWords("Not filed", _to_update),
    entry_form.CALLBACK_ID: FormWords(
        "Not saved", _to_entry("edit", lambda view: entry_form.form_key(view).key)
    ),
    overlap_view.CALLBACK_ID: FormWords(
        "Not saved",
        _to_entry("overlaps", overlap_view.asked_about),
        "Your answers are still here.",
    ),
    milestone_form.CALLBACK_ID: FormWords(
        "Not saved", _to_entry("milestone", lambda view: milestone_form.form_key(view).key)
    ),
    milestone_form.CONFIRM_ID: FormWords(
        "Not saved", _to_entry("milestone", lambda view: milestone_form.confirmation(view).key)
    ),
    link_form.CALLBACK_ID: FormWords(
        "Not saved", _to_entry("link", lambda view: link_form.form_key(view).key)
    ),
    link_form.CONFIRM_ID: FormWords(
        "Not saved", _to_entry("link", lambda view: link_form.confirmation(view).key)
    ),
    conversation_form.CALLBACK_ID: FormWords(
        "Not linked", lambda _: "Choose *Link to an initiative* in the message's menu again."
    ),
    columns_form.CALLBACK_ID: FormWords(
        "Not checked again",
        lambda _: "Nothing was stored. Press the button below the file again.",
        "Your choices are still here.",
    ),
}
