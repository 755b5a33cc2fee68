from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from storage.models import EscalationKind
from tests.factories import TEAM, a_person, a_policy, actor, an_initiative, settle_in
from workflows import policies
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.registry.editing import save_entry
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Services

COE, COE_TOO, CHAIR, EXECUTIVE, FALLBACK, MANAGER = (
    *("U0COE", "U0COE2", "U0CHAIR", "U0EXEC"),
    *("U0FALLBACK", "U0MANAGER"),
)
TOPIC, STEERING = "C0TOPIC0001", "C0STEER0001"
LEVELS = {
    "coe": {"people": [COE, COE_TOO], "fallback": FALLBACK},
    "steering": {
        "people": [CHAIR, EXECUTIVE],
        "chair": CHAIR,
        "executives": {"Finance": EXECUTIVE},
        "fallback": FALLBACK,
    },
    "finance": {"people": ["U0MONEY"]},
}
SECTIONS = {
    "features": ["escalations"],
    "levels": LEVELS,
    "topics": {"data-access": {"title": "Data access", "channel": TOPIC}},
    "people": {"programme_manager": MANAGER},
}


@pytest.fixture
def company(services: Services) -> Services:
    """Two departments with leads, and everybody whom the levels name."""
    policies.adopt(services, TEAM, "Tests", a_policy(**SECTIONS))
    named = (COE, COE_TOO, CHAIR, EXECUTIVE, FALLBACK, MANAGER, "U0MONEY", "U0ANY")
    settle_in(
        services,
        an_initiative(),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        persons=[a_person(user_id) for user_id in named],
        deputies={"FIN-01": ["U_DEPUTY"]},
        department_leads={"Finance": ["U_HEAD"], "Operations": ["U_OPS"]},
    )
    return services


@pytest.fixture
def opened(company: Services) -> Callable[..., int]:
    """Open an escalation, a technical blocker by its lead unless said otherwise."""

    def open_one(user_id: str = "U_LEAD", **facts: object) -> int:
        usual: dict[str, object] = {
            "kind": EscalationKind.TECHNICAL_BLOCKER,
            "key": "FIN-01",
            "what": "No access to the ledger",
            "topic": "data-access",
        }
        wanted = Wanted(**(usual | facts))  # type: ignore[arg-type]
        return open_escalation(company, actor(user_id), wanted).number

    return open_one


@pytest.fixture
def planned(company: Services) -> Services:
    """The company, where FIN-01 has a milestone at the end of March and a budget of 100,000."""
    live = MilestoneWanted(None, "Live", date(2027, 3, 31))
    save_milestone(company, actor(), "FIN-01", live)
    save_entry(company, actor(), "FIN-01", 1, {"budget_approved": Decimal(100_000)})
    return company
