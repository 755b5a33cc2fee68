"""What the demo's page is told of the bot: parts, who hasn't filed, what comes next and to whom."""

from collections.abc import Callable

from bot.demo.told import told_of
from tests.factories import a_filing, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update


def test_parts_what_is_missing_and_what_comes_next(
    services: Services, clock: FakeClock, adopt: Callable[..., None]
) -> None:
    adopt(people={"programme_manager": "U0PAM"})
    settle_in(
        services,
        an_initiative("FIN-01"),
        an_initiative("FIN-02", lead_id="U_OTHER"),
        persons=[a_person("U0PAM")],
        department_leads={"Finance": ["U_HEAD"]},
    )
    sweep(services)
    file_update(services, actor("U_OTHER"), a_filing("FIN-02"))

    told = told_of(services)
    clock.advance(hours=23)  # past the daily check, before the reminder
    sweep(services)

    assert told.roles == {
        "U0PAM": "programme manager",
        "U_HEAD": "department lead of Finance",
        "U_LEAD": "lead of FIN-01 · not filed yet: FIN-01",
        "U_OTHER": "lead of FIN-02",
    }
    assert told.next_due == "the daily check"
    assert told_of(services).next_due == "a reminder to Lead"
