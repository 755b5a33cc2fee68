"""What answers somebody who wrote instead of filling in the form: their words, ready to file."""

from zoneinfo import ZoneInfo

from handlers.blocks.message import Message
from handlers.blocks.moments import weekday
from handlers.blocks.sizes import first_blocks
from handlers.blocks.text import button, clip, context, listed, section
from handlers.updates.notices import open_button
from handlers.updates.update_form import LONGEST_INPUT
from storage.models import Initiative
from workflows.updates.reading import RoundReport

FILE_WORDS = "file_words"  # a button where it has to be said what the words are about
_MOST_ASKED, _ASKED_CHARACTERS = 20, 5000


def offered(
    report: RoundReport, words: str, zone: ZoneInfo, *, is_added: bool, is_assigned: bool = True
) -> Message:
    """Return the message that offers to file what somebody wrote.

    `is_assigned`: it is known what the words are about.
    """
    asked = [standing.initiative for standing in report.missing]
    left = context("Nothing is filed until you do.")
    if len(words) > LONGEST_INPUT:
        left = context(
            f"A field takes {LONGEST_INPUT:,} characters, and this is {len(words):,}: what is "
            "over that isn't in the form. Nothing is filed until you do."
        )
    if len(asked) > 1:
        said = "Which of your updates is this for?"
        lines = [[section(_name(one), button("File", FILE_WORDS, one.key))] for one in asked]
        choice = first_blocks(lines, _MOST_ASKED, _ASKED_CHARACTERS, _more)
        return Message(said, [section(f"✍️ *{said}*"), *choice, left])
    initiative = asked[0]
    where = "Added to" if is_added else "Kept as"
    said = f"{where} your draft of {initiative.key}."
    call = weekday(report.round.call_at, zone)
    file = open_button(initiative, "File", primary=True)
    if not is_assigned:  # the others were filed meanwhile
        file = button("File", FILE_WORDS, initiative.key, primary=True)
    return Message(
        said,
        [
            section(f"✍️ *{said}* File it, and you're done for {call}."),
            section(_name(initiative), file),
            left,
        ],
    )


def filed(keys: list[str]) -> Message:
    """Return what is left of an offer once all is filed: the prompt shows how it stands."""
    said = f"✅ {listed(keys, _MOST_ASKED)} {'is' if len(keys) == 1 else 'are'} filed."
    return Message(
        said, [section(f"{said} To change anything, press *Edit* in the message above.")]
    )


def _name(initiative: Initiative) -> str:
    return f"*{initiative.key}*  {clip(initiative.name, 150)}"


def _more(count: int) -> str:
    return f"And {count} more: write it again, and begin with its key."
