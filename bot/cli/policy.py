"""`rollcall policy`: a policy checked, and what it means for the coming weeks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.opening import clock_of
from bot.settings import read_settings, why_unreadable
from workflows.calendar import next_working_moment
from workflows.errors import PolicyInvalidError
from workflows.policy_document import PolicyDocument, placeholders, read_policy
from workflows.rounds.kinds import RoundDuty
from workflows.rounds.policy import RoundTimes, ask_at, coming_rounds

_ROUNDS = 3
_out = Console(soft_wrap=True, highlight=False)
_err = Console(stderr=True, soft_wrap=True, highlight=False)


def policy_command(
    file: Annotated[
        Path | None, typer.Argument(help="The policy, in YAML; POLICY_FILE where none is named.")
    ] = None,
) -> None:
    """Check a policy, and tell the dates that it makes."""
    settings = read_settings({"POLICY_FILE", "CLOCK_FILE"})
    file = file or settings.policy_file
    try:
        document = read_policy(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{file} can't be read: {why_unreadable(error)}.")
    except PolicyInvalidError as error:
        _refuse(f"{file}: it has faults, so none of it is in force.", error.faults)
    call = document.call
    said = f"the call is on {call.weekday.title()} at {call.time:%H:%M} {call.timezone}"
    _out.print(f"{file} is valid: {said}.", markup=False)
    for name in placeholders(document):
        _out.print(f"But {name} still holds the example's id: put your own there.", style="red")
    _out.print()
    for line in _dates(document, clock_of(settings)()):
        _out.print(line, markup=False)


def _dates(document: PolicyDocument, now: datetime) -> Sequence[str]:
    rounds = coming_rounds(document, now, _ROUNDS)
    zone = document.call.zone

    def asked(kind: RoundDuty) -> Callable[[RoundTimes], datetime]:
        return lambda times: next_working_moment(
            document, ask_at(document, kind, times.call_at, zone), zone
        )

    rows: dict[str, Callable[[RoundTimes], datetime]] = {
        "round opens": lambda times: times.opens_at,
        "prompt": asked(RoundDuty.PROMPT),
        "reminder": asked(RoundDuty.REMINDER),
        "round closes": lambda times: times.closes_at,
        "call": lambda times: times.call_at,
    }
    return [
        f"The next {_ROUNDS} rounds, on the clock of {zone.key}:",
        *(
            f"  {name:<12}"
            + "".join(f"   {at(one).astimezone(zone):%a %d %b %Y %H:%M}" for one in rounds)
            for name, at in rows.items()
        ),
        "Prompt and reminder come at these hours on each lead's own clock.",
    ]


def _refuse(sentence: str, faults: Sequence[str] = ()) -> NoReturn:
    _err.print(sentence, style="red", markup=False)
    for fault in faults:
        _err.print(f"  {fault}", markup=False)
    raise typer.Exit(1)
