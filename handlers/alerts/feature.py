"""What the programme manager is told."""

from handlers.alerts.words import audit, standstill, undelivered
from handlers.telling import MANAGER, Feature, Telling, because, one_by_one
from workflows.alerts.kinds import AUDIT, STANDSTILL, UNDELIVERED

FEATURE = Feature(
    "alerts",
    tellings=(
        Telling(
            UNDELIVERED,
            one_by_one(undelivered),
            because(f"{MANAGER}, and Slack refuses one of my messages. I tell you once."),
        ),
        Telling(STANDSTILL, one_by_one(standstill), because(f"{MANAGER}, and I had got stuck.")),
        Telling(
            AUDIT,
            one_by_one(audit),
            because(
                f"{MANAGER}. I check once a day that nothing is forgotten, and write only when "
                "something would be."
            ),
        ),
    ),
)
