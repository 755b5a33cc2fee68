"""The dates that a policy makes of the coming weeks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from workflows.calendar import next_working_moment
from workflows.policy_document import PolicyDocument
from workflows.rounds.kinds import RoundDuty
from workflows.rounds.policy import RoundTimes, ask_at, coming_rounds

_ROUNDS = 3


def dates_of(document: PolicyDocument, now: datetime) -> Sequence[str]:
    """Return in lines when the next rounds open, ask, remind and close."""
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
