"""What each form says when it can't be taken: every room brings its own forms' words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from handlers.blocks.text import Block, Mrkdwn, marked

View = Callable[[Block], str]


@dataclass(frozen=True)
class FormWords:
    """What one form, named by its callback id, says when it can't be taken."""

    callback_id: str
    refused: str  # what did not happen
    go_on: View  # how somebody comes back to it when it has gone
    still_here: str = "Your text is still here."

    def beside_field(self, said: str) -> str:
        """Return what stands beside a field while the form is open, as plain text."""
        return f"{self.refused}: {said} {self.still_here}"

    def told_later(self, said: str, view: Block) -> Mrkdwn:
        """Return what is told when the form has gone."""
        return marked(f"It is {self.refused.lower()} yet: {said}\n{self.go_on(view)}")


_UNKNOWN = FormWords("", "Not done", lambda _: "Please open it again.")


def form_words(view: Block) -> FormWords:
    """Return the words of the form that a view shows."""
    return forms().get(str(view.get("callback_id")), _UNKNOWN)


@cache
def forms() -> Mapping[str, FormWords]:
    """Return the words of each form, by its callback id."""
    # Imported here: the list names every room, and rooms declare their forms' words.
    from handlers.features import FEATURES

    return {one.callback_id: one for feature in FEATURES for one in feature.forms}
