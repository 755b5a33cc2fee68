"""What somebody is told of what a restart interrupted."""

from typing import Any

from handlers.blocks.text import Mrkdwn, combine, marked, stored
from handlers.forms import form_words
from storage.models import InboxItem, InboxKind

_DONE = "It's done."
_PRESSED = ("button", "overflow")  # elements that are pressed; into others people type and pick


def words_of_resumed(item: InboxItem, answer: dict[str, Any], *, is_done: bool) -> Mrkdwn | None:
    """Return what to tell, None where nobody waits for an answer.

    `answer` is what Slack would have been answered; it is lost where something was done before.
    """
    body = item.body or {}
    if item.kind == InboxKind.EVENT or _is_typing(body):
        return None
    if item.kind == InboxKind.SUBMISSION:
        told = _answer_text(body, answer, is_done=is_done)
        return combine(["I restarted just as you pressed the button.", told])
    if item.kind == InboxKind.COMMAND:
        said = f"I restarted just as you typed `{body.get('command')}`."
        went = stored(answer.get("text") or _DONE) if is_done else marked("Please type it again.")
        return combine([said, went], " ")
    said = "I restarted just as you pressed a button."
    return marked(f"{said} {_DONE if is_done else 'Please press it again.'}")


def _answer_text(body: dict[str, Any], answer: dict[str, Any], *, is_done: bool) -> Mrkdwn:
    """Return the words of a window or of an error beside a field."""
    if errors := answer.get("errors"):
        view = body["view"]
        return form_words(view).told_later(str(next(iter(errors.values()))), view)
    fresh = answer.get("view") or {}
    if "submit" in fresh:  # another step, which waits in no window any more
        saved = "What you entered is saved." if is_done else "It isn't saved yet."
        return marked(f"{saved} {form_words(fresh).go_on(fresh)}")
    texts = [
        str(block["text"]["text"])
        for block in fresh.get("blocks") or []
        if block["type"] == "section"
    ]
    return stored(texts[0]) if texts else marked(_DONE)


def _is_typing(body: dict[str, Any]) -> bool:
    actions = body.get("actions") or []
    return bool(actions) and not any(action.get("type") in _PRESSED for action in actions)
