"""A policy's file as a command reads it, and what is said of it first."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from bot.settings import why_unreadable
from workflows.errors import PolicyInvalidError
from workflows.policy_document import PolicyDocument, placeholders, read_policy

out = Console(soft_wrap=True, highlight=False)
_err = Console(stderr=True, soft_wrap=True, highlight=False)


@dataclass(frozen=True)
class Written:
    """A policy as it stands in a file."""

    file: Path
    text: str
    document: PolicyDocument


def read_written(file: Path) -> Written:
    """Return a policy that can be put in force; say what is wrong with one that can't."""
    try:
        text = file.read_text(encoding="utf-8")
        return Written(file, text, read_policy(text))
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file} can't be read: {why_unreadable(error)}.")
    except PolicyInvalidError as error:
        refuse(f"{file}: it has faults, so none of it is in force.", error.faults)


def tell_valid(written: Written) -> None:
    """Say when the call is, and what is still the example's."""
    call = written.document.call
    said = f"the call is on {call.weekday.title()} at {call.time:%H:%M} {call.timezone}"
    out.print(f"{written.file} is valid: {said}.", markup=False)
    tell_placeholders(written.document)


def tell_placeholders(document: PolicyDocument) -> None:
    """Say which settings nobody has filled in."""
    for name in placeholders(document):
        out.print(f"But {name} still holds the example's id: put your own there.", style="red")


def tell_warnings(warnings: Sequence[str]) -> None:
    """Say what is allowed and likely to be a mistake."""
    for warning in warnings:
        out.print(f"Please look at {warning}.", markup=False, style="yellow")


def refuse(sentence: str, faults: Sequence[str] = ()) -> NoReturn:
    """Say what is wrong, and end with 1."""
    _err.print(sentence, style="red", markup=False)
    for fault in faults:
        _err.print(f"  {fault}", markup=False)
    raise typer.Exit(1)
