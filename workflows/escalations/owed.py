"""What is owed about escalations, in the order in which a batch of it is settled."""

from workflows.escalations import auditing
from workflows.escalations.due import chase_levels, check_back, raise_levels
from workflows.escalations.kinds import (
    ASKED,
    CARD,
    CHANGED,
    CHASED,
    LINE,
    OUTCOME,
    RECEDED,
    TOLD,
    TOLD_NOW,
    EscalationDuty,
)
from workflows.escalations.moving_over import ask_to_move_over
from workflows.escalations.people import replace_owners
from workflows.escalations.watching import watch_forecasts
from workflows.owing import Duty, Owed

# What goes one level on reminds nobody of the level before.
OWED = Owed(
    "escalations",
    duties=(
        Duty(
            EscalationDuty.RAISE,
            "an escalation goes one level on",
            settle=raise_levels,
            faults=auditing.settled_ones,
            plan_anew=replace_owners,
        ),
        Duty(
            EscalationDuty.CHASE,
            "whoever has to acknowledge an escalation is reminded",
            settle=chase_levels,
            faults=auditing.forgotten_ones,
            plan_anew=ask_to_move_over,
        ),
        Duty(
            EscalationDuty.CHECK,
            "an escalation's owner is asked how it goes",
            settle=check_back,
            faults=auditing.settled_ones,
            plan_anew=watch_forecasts,
        ),
    ),
    outgoing=(CARD, LINE, TOLD, TOLD_NOW, CHASED, ASKED, RECEDED, OUTCOME, CHANGED),
)
