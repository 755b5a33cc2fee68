"""What a round owes: its duties in the order in which a batch of them is settled."""

from workflows.owing import Duty, Owed
from workflows.rounds import auditing
from workflows.rounds.digests import send_digests
from workflows.rounds.kinds import DIGEST, PROMPT, REMINDER, SUMMARY, RoundDuty
from workflows.rounds.planning import replan_asks
from workflows.rounds.run import ask, close_rounds, open_rounds

# A round that closes leaves nothing to ask.
OWED = Owed(
    "rounds",
    duties=(
        Duty(
            RoundDuty.OPEN,
            "the next round opens",
            settle=open_rounds,
            faults=auditing.openings,
            missing=("next round", "nothing will open it"),
        ),
        Duty(
            RoundDuty.CLOSE,
            "the round closes, and its summary goes to #ai-coordination",
            settle=close_rounds,
            faults=auditing.closings,
        ),
        Duty(
            RoundDuty.PROMPT,
            "a prompt",
            settle=ask,
            faults=auditing.asks,
            plan_anew=replan_asks,
        ),
        Duty(RoundDuty.REMINDER, "a reminder", settle=ask, faults=auditing.asks),
        Duty(RoundDuty.DIGEST, "a digest", settle=send_digests, faults=auditing.digests),
    ),
    outgoing=(PROMPT, REMINDER, SUMMARY, DIGEST),
)
