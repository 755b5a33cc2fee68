"""Answers of the app to a command or a click: at once, or by the response url."""

from typing import Any

from sandbox.api.method import checked_blocks
from sandbox.conversations import find_user, name_blocks, new_ts, say
from sandbox.slack_error import SlackError
from sandbox.tickets import ResponseUrl, Tickets
from sandbox.workspace import Channel, Json, Message, User, Workspace

_KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original",
    "thread_ts", "unfurl_links", "unfurl_media", "metadata", "mrkdwn",
}  # fmt: skip


def answer_in_place(workspace: Workspace, user: User, channel: Channel, answer: Any) -> None:
    """Show an app's answer where the command was typed: to its sender alone, unless it says so.

    Raises:
        SlackError: the answer is none that Slack would show.
    """
    if not answer:
        return
    said: Json = answer if isinstance(answer, dict) else {"text": str(answer)}
    if unknown := set(said) - _KNOWN:
        raise SlackError("invalid_arguments", unknown=sorted(unknown))
    say(
        workspace,
        channel,
        workspace.bot_user_id,
        str(said.get("text") or ""),
        blocks=checked_blocks(workspace, said.get("blocks")),
        thread_ts=said.get("thread_ts"),
        ephemeral_to=None if said.get("response_type") == "in_channel" else user.id,
    )


def answer_by_url(workspace: Workspace, tickets: Tickets, name: str, answer: Any) -> None:
    """Carry out what the app posted to a response url.

    Raises:
        SlackError: the url is used up or too old, or the answer is none that Slack would show.
    """
    if not isinstance(answer, dict):
        raise SlackError("invalid_payload")
    blocks = checked_blocks(workspace, answer.get("blocks"))
    given = tickets.use_response(name, workspace.clock.now())
    channel = workspace.channels[given.channel_id]
    clicked = _clicked(channel, given)
    if answer.get("delete_original") and clicked:
        channel.messages.remove(clicked)
    elif answer.get("replace_original") and clicked:
        clicked.text, clicked.blocks = str(answer.get("text") or ""), blocks
        name_blocks(clicked.blocks)
        clicked.edited_ts = new_ts(workspace)
    else:
        answer_in_place(workspace, find_user(workspace, given.user_id), channel, answer)


def _clicked(channel: Channel, given: ResponseUrl) -> Message | None:
    return next((m for m in channel.messages if m.ts == given.message_ts), None)
