"""Which initiative a command is about: one's own in a menu, any other by its key or words."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from handlers.blocks.text import Block, button, clip, context, plain, section
from storage.models import Initiative

CALLBACK_ID = "which_initiative"
MINE = "pick_mine"  # the menu
FOUND = "pick_found"  # the beginning of the ids of the buttons; their value is the key
WORDS = "which_words"
NOTHING_TYPED = "Type a key or a word of its name."
_MOST_OWN = 100  # options that a menu takes


class FormKey(BaseModel):
    """What the window remembers of itself."""

    command: str
    word: str


def build(
    asked: FormKey,
    mine: Sequence[Initiative],
    typed: str = "",
    found: Sequence[Initiative] | None = None,
) -> Block:
    """Return the window that asks; `found` is what the typed words may mean."""
    blocks: list[Block] = []
    if found is not None:
        blocks.append(context(f"“{clip(typed, 100)}” can be several. Which one is it?"))
        blocks += [
            section(_line(one), button("Choose", f"{FOUND}_{number}", one.key))
            for number, one in enumerate(found)
        ]
    elif mine:
        blocks.append(section("*Which initiative?*", _menu(mine)))
    blocks.append(_words("Or another one" if blocks else "Which one?", typed))
    return _window(asked, "Which initiative?", "Next", blocks)


def search(asked: FormKey) -> Block:
    """Return the window that asks for words to look for."""
    return _window(asked, "Find initiatives", "Find", [_words("What are you looking for?", "")])


def form_key(view: Block) -> FormKey:
    """Read what the window is asked for."""
    return FormKey.model_validate_json(view["private_metadata"])


def typed_words(view: Block) -> str:
    """Read the key or the words."""
    field: Any = view["state"]["values"].get(WORDS, {}).get(WORDS, {})
    return str(field.get("value") or "").strip()


def _window(asked: FormKey, title: str, submit: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "private_metadata": asked.model_dump_json(),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "blocks": blocks,
    }


def _line(initiative: Initiative) -> str:
    name, department = clip(initiative.name, 100), clip(initiative.department, 60)
    return f"*{initiative.key}*  {name} · {department}"


def _menu(mine: Sequence[Initiative]) -> Block:
    options = [
        {"text": plain(clip(f"{one.key} {one.name}", 75)), "value": one.key}
        for one in mine[:_MOST_OWN]
    ]
    return {
        "type": "static_select",
        "action_id": MINE,
        "placeholder": plain("Yours"),
        "options": options,
    }


def _words(label: str, typed: str) -> Block:
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": WORDS,
        "max_length": 200,
        "placeholder": plain("FIN-01, or words of its name or purpose"),
    }
    return {
        "type": "input",
        "block_id": WORDS,
        "label": plain(label),
        "optional": True,
        "element": element | ({"initial_value": typed} if typed else {}),
    }
