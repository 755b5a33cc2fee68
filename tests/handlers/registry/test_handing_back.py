"""*Not mine*: whoever somebody else named lead gives it back, and those who named them hear it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage import initiatives
from storage.models import AuditEntry
from tests.factories import CLOSES_AT, MONDAY_9AM, TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.editing import save_entry
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.reading import present_round

PAM, OLA, HEAD = "U0PAM", "U_OLA", "U_HEAD"
BUTTON = "not_mine"


@pytest.fixture(autouse=True)
def _settled(services: Services, clock: FakeClock, adopt: Callable[..., None]) -> None:
    """On Saturday Pam, the programme manager, makes Ola lead of FIN-01; FIN-02 is hers."""
    adopt(people={"programme_manager": PAM})
    clock.move_to(MONDAY_9AM - timedelta(days=2))
    people = [a_person(PAM, name="Pam Reyes"), a_person(OLA, name="Ola Berg"), a_person(HEAD)]
    settle_in(
        services,
        an_initiative("FIN-01", name="R&D <forecast>", lead_id=None),
        an_initiative("FIN-02", lead_id=OLA),
        persons=people,
        department_leads={"Finance": [HEAD]},
    )
    save_entry(services, actor(PAM), "FIN-01", 0, {"lead_id": OLA})
    sweep(services)


def live_until(services: Services, clock: FakeClock, slack: FakeSlack, instant: Any) -> None:
    while clock.instant < instant:
        clock.move_to(min(instant, clock.instant + timedelta(hours=1)))
        sweep(services)
        deliver(services, slack)


def to(slack: FakeSlack, person: str) -> list[dict[str, Any]]:
    return [call for call in slack.of("chat.postMessage") if call["channel"] == person]


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    elements = [one for block in blocks for one in block.get("elements") or []]
    return [one["value"] for one in elements if one.get("action_id") == BUTTON]


def test_the_first_prompt_says_who_named_them_and_offers_to_give_it_back(
    services: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    live_until(services, clock, slack, MONDAY_9AM + timedelta(days=7))

    first, reminder, second = (call["blocks"] for call in to(slack, OLA))
    assert buttons(first) == ["FIN-01"]
    assert "Pam Reyes named you its lead." in all_text(first)
    assert (buttons(reminder), buttons(second)) == ([], [])


def test_given_back_it_is_nobody_s_and_whoever_named_them_is_told_once(
    workspace: Workspace, services: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    live_until(services, clock, slack, MONDAY_9AM)
    workspace.press(BUTTON, "FIN-01", OLA, response_url=None)
    workspace.press(BUTTON, "FIN-01", OLA, response_url=None)
    live_until(services, clock, slack, CLOSES_AT)

    with services.transaction() as session:
        assert initiatives.get_one(session, TEAM, "FIN-01").lead_id is None
        kept = session.exec(select(AuditEntry).where(AuditEntry.action == "hand_back")).all()
    (told,) = [call for call in to(slack, PAM) if "isn't theirs" in call["text"]]
    assert "Ola Berg says that FIN-01 isn't theirs." in all_text(told["blocks"])
    assert "R&amp;D &lt;forecast&gt; has no lead now" in all_text(told["blocks"])
    assert len(kept) == 1
    assert "isn't yours (any more)" in str(slack.of("views.open"))
    changed = slack.of("chat.update")[-1]
    assert "*FIN-01*" not in all_text(changed["blocks"])
    assert "FIN-02" in all_text(changed["blocks"])
    (reminder,) = to(slack, OLA)[1:]
    assert "*FIN-01*" not in all_text(reminder["blocks"])


@pytest.mark.parametrize(("who_left", "told"), [([PAM], HEAD), ([PAM, HEAD], None), ([], PAM)])
def test_where_whoever_named_them_has_left_the_department_lead_is_told(
    workspace: Workspace,
    services: Services,
    clock: FakeClock,
    slack: FakeSlack,
    who_left: list[str],
    told: str | None,
) -> None:
    live_until(services, clock, slack, MONDAY_9AM)
    for user_id in who_left:
        workspace.event(type="user_change", user={"id": user_id, "deleted": True})

    workspace.press(BUTTON, "FIN-01", OLA, response_url=None)
    live_until(services, clock, slack, MONDAY_9AM + timedelta(hours=1))

    heard = [p for p in (PAM, HEAD) if any("isn't theirs" in c["text"] for c in to(slack, p))]
    assert heard == ([told] if told else [])


def test_who_is_not_the_lead_gives_nothing_back(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    workspace.press(BUTTON, "FIN-02", PAM, response_url=None)

    with services.transaction() as session:
        assert initiatives.get_one(session, TEAM, "FIN-02").lead_id == OLA
    assert "isn't yours" in str(slack.of("views.open"))


def test_a_prompt_on_its_way_to_who_leads_it_no_more_is_not_sent(
    services: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    clock.move_to(MONDAY_9AM)
    sweep(services)  # decided, and not sent yet
    for key in ("FIN-01", "FIN-02"):
        version = 1 if key == "FIN-01" else 0
        save_entry(services, actor(PAM), key, version, {"lead_id": HEAD})
    deliver(services, slack)

    assert to(slack, OLA) == []
    standings = present_round(services, TEAM).standings
    assert {one.asked.user_id for one in standings if one.asked} == {HEAD}
