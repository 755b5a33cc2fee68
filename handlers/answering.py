"""Answering a command privately."""

from slack_bolt import Ack

from handlers.blocks.text import Block, Text, marked

Answer = tuple[Text, list[Block]]  # the text, and blocks in its place where there are any


def answer_privately(ack: Ack, answer: Answer) -> None:
    """Acknowledge a command with what only its sender reads."""
    text, blocks = answer
    ack(response_type="ephemeral", text=marked(text).wire, blocks=blocks or None)
