"""Slack's way to refuse."""

from typing import Any


class SlackError(Exception):
    """A refusal with one of Slack's error codes; `details` stand beside it in the answer."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def invalid(code: str, faults: list[str]) -> SlackError:
    """Return a refusal that names its faults, as Slack does in response_metadata."""
    return SlackError(code, response_metadata={"messages": faults})
