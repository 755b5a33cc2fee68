"""What was stuck in the demo's past: an escalation of each kind, and what people did about them."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from storage import escalations
from storage.models import Act, EscalationKind
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Actor, Services


@dataclass(frozen=True)
class Past:
    """Something that somebody did: opened an escalation, or acted on one."""

    days_ago: int  # before the Monday on which the demo begins
    at: time  # UTC
    by: str  # email, before the @
    number: int  # of the escalation, here
    opens: Wanted | None = None
    act: Act | None = None
    words: str = ""
    forecast_in: int | None = None  # days from the demo's Monday

    def instant(self, present: datetime) -> datetime:
        """Return when it was."""
        day = present.date() - timedelta(days=self.days_ago)
        return datetime.combine(day, self.at, present.tzinfo)


def happen(
    services: Services, actor: Actor, past: Past, today: datetime, numbers: dict[int, int]
) -> None:
    """Have it happen, now; `numbers` are those that the bot gave, by those used here."""
    if past.opens is not None:
        opened = open_escalation(services, actor, _dated(past, past.opens, today))
        numbers[past.number] = opened.number
        return
    assert past.act is not None  # what opens nothing acts
    number = numbers[past.number]
    with services.reading() as reader:
        one = escalations.get(reader, actor.workspace_id, number)
    assert one is not None  # opened earlier
    act_on(services, actor, Deed(past.act, number, one.turned_on_step, words=past.words))


def _dated(past: Past, wanted: Wanted, today: datetime) -> Wanted:
    if past.forecast_in is None:
        return wanted
    return replace(wanted, forecast_on=today.date() + timedelta(days=past.forecast_in))


PAST = (
    Past(
        13,
        time(14, 20),
        "kavya.iyer",
        1,
        opens=Wanted(
            EscalationKind.TECHNICAL_BLOCKER,
            "TECH-02",
            what="The build servers refuse the translated code: their compiler is two years old.",
            needed="A build server with a current compiler, from infrastructure",
            since="last Thursday",
            topic="infrastructure",
        ),
    ),
    Past(
        13,
        time(18, 5),
        "kavya.iyer",
        1,
        act=Act.RESOLVE,
        words="Infrastructure lends one current build server until the old ones are replaced.",
    ),
    Past(
        5,
        time(15, 0),
        "henrike.vollmer",
        2,
        opens=Wanted(
            EscalationKind.RESOURCE_CONFLICT,
            "OPS-01",
            what="Both train in December, and the pool has four cards.",
            needed="All four cards for two weeks, or two cards for five",
            pool="The GPU pool",
            other="CARE-01",
        ),
    ),
    Past(
        4,
        time(14, 10),
        "beatriz.coutinho",
        3,
        opens=Wanted(
            EscalationKind.TECHNICAL_BLOCKER,
            "FIN-03",
            what="The ledger export stops at 10,000 lines, and a month has four times as many.",
            tried="Exporting week by week: the totals no longer match.",
            needed="An export without the limit, from whoever runs the ledger",
            since="the October closing",
            topic="data-access",
        ),
    ),
    Past(
        3,
        time(15, 30),
        "owen.prichard",
        4,
        opens=Wanted(
            EscalationKind.TIMELINE_RISK,
            "PPL-01",
            what="The works council has asked for a second reading in January.",
            needed="A date from the council that holds",
            milestone=1,
        ),
        forecast_in=40,
    ),
    Past(3, time(16, 40), "emeka.obi", 3, act=Act.ACKNOWLEDGE),
    Past(
        3,
        time(17, 15),
        "teresa.maldonado",
        2,
        act=Act.AGREE,
        words="Operations trains first, until 11 December; then Customer Care has all four cards.",
    ),
    Past(
        0,
        time(14, 45),
        "tomasz.wilk",
        5,
        opens=Wanted(
            EscalationKind.BUDGET_OVERRUN,
            "TECH-01",
            what="The second rack needs a power line of its own.",
            needed="68,000 more, or the rack waits until April",
            forecast=Decimal(708_000),
        ),
    ),
)
