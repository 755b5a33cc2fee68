"""Who waits for a date that was moved is told once: by how much, and through whom."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from sandbox.limits import check_blocks
from storage.models import DependencyKind, Notification
from tests.factories import MONDAY_9AM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.registry.removing import put_back, remove_milestone
from workflows.services import Services

MARCH_3, MARCH_12, MARCH_20 = (date(2027, 3, day) for day in (3, 12, 20))


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    """TECH-01 is waited for by OPS-03, and that by FIN-02, whose lead has a slack of no day."""
    settle_in(
        services,
        an_initiative("TECH-01", name="Platform", department="Technology", lead_id="U_TEA"),
        an_initiative("OPS-03", name="Routes", department="Operations", lead_id="U_OLA"),
        an_initiative("FIN-02", name="Forecast", lead_id="U_FAY"),
        persons=[a_person(f"U_{name}") for name in ("TEA", "OLA", "FAY")],
        deputies={"TECH-01": ["U_FAY"]},
    )
    add(services, "TECH-01", "U_TEA", "Model ready", MARCH_3)
    add(services, "OPS-03", "U_OLA", "Routed", MARCH_20)
    add(services, "FIN-02", "U_FAY", "Go-live", MARCH_20)
    needs(services, "OPS-03", "U_OLA", "TECH-01/M1", MARCH_3)
    needs(services, "FIN-02", "U_FAY", "OPS-03/M1", MARCH_20)


def add(services: Services, key: str, user: str, name: str, day: date) -> None:
    save_milestone(services, actor(user), key, MilestoneWanted(None, name, day))


def needs(services: Services, key: str, user: str, thing: str, by: date) -> None:
    wanted = DependencyWanted(DependencyKind.MILESTONE, thing, milestone=1, need_by=by)
    save_dependency(services, actor(user), key, wanted)


def move(services: Services, day: date, user: str = "U_TEA", name: str = "Model ready") -> None:
    wanted = MilestoneWanted(1, name, MARCH_3, forecast_on=day)
    save_milestone(services, actor(user), "TECH-01", wanted)


def noted(services: Services) -> list[str]:
    """Return to whom a message is stored, sent or not."""
    with services.transaction() as session:
        kind = Notification.kind == "moved"
        rows = session.exec(select(Notification).where(kind).order_by(Notification.key))
        return [row.recipient_id for row in rows]


def posts(services: Services, slack: FakeSlack) -> dict[str, list[str]]:
    """Return what is said to whom of what is due by now."""
    deliver(services, slack)
    found: dict[str, list[str]] = {}
    for post in slack.of("chat.postMessage"):
        assert check_blocks(post["blocks"], "message") == []
        found.setdefault(post["channel"], []).append(all_text(post["blocks"]))
    return found


def test_who_is_hit_is_told_by_how_many_days_and_through_whom(
    services: Services, slack: FakeSlack
) -> None:
    move(services, MARCH_12)

    said = posts(services, slack)
    assert set(said) == {"U_OLA", "U_FAY"}
    assert (
        "TECH-01's *Model ready* moved to Friday 12 March 2027: your *Go-live* (FIN-02) is "
        "9 days late through OPS-03, now Monday 29 March 2027."
    ) in said["U_FAY"][0]
    assert "your *Routed* (OPS-03) is 9 days late, now Monday 29 March 2027." in said["U_OLA"][0]
    assert "Ask <@U_TEA>" in said["U_FAY"][0]


def test_one_person_is_told_of_all_their_dates_in_one_message(
    services: Services, slack: FakeSlack
) -> None:
    settle_in(services, an_initiative("HR-01", name="Hiring", lead_id="U_FAY"))
    add(services, "HR-01", "U_FAY", "Trained", MARCH_12)
    needs(services, "HR-01", "U_FAY", "TECH-01/M1", MARCH_3)

    move(services, MARCH_12)

    (said,) = posts(services, slack)["U_FAY"]
    assert "• your *Go-live* (FIN-02) is 9 days late through OPS-03" in said
    assert "• your *Trained* (HR-01) is 9 days late, now" in said


def test_whoever_saves_it_is_not_told_and_of_what_hits_nobody_nobody_is(
    services: Services,
) -> None:
    move(services, MARCH_3, name="Model is ready")
    nobody = noted(services)

    move(services, MARCH_12, user="U_FAY")  # the deputy, who is hit as well

    assert nobody == []
    assert noted(services) == ["U_OLA"]


def test_what_comes_before_it_is_needed_hits_nobody(services: Services) -> None:
    wanted = MilestoneWanted(1, "Routed", MARCH_20, forecast_on=MARCH_12)
    save_milestone(services, actor("U_OLA"), "OPS-03", wanted)  # eight days to spare

    wanted = MilestoneWanted(1, "Routed", MARCH_20, forecast_on=MARCH_20)
    save_milestone(services, actor("U_OLA"), "OPS-03", wanted)

    assert noted(services) == []


def test_the_same_dates_are_told_once(services: Services, slack: FakeSlack) -> None:
    for _ in range(2):
        move(services, MARCH_12)
    first = posts(services, slack)

    move(services, MARCH_12, name="Model ready, at last")

    assert posts(services, slack) == first
    assert {user: len(said) for user, said in first.items()} == {"U_OLA": 1, "U_FAY": 1}


def test_moved_twice_before_anybody_reads_it_is_one_message_of_how_it_stands(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM.replace(hour=3))  # the night before
    move(services, MARCH_20)
    move(services, MARCH_12)
    clock.move_to(MONDAY_9AM)

    said = posts(services, slack)

    assert {user: len(texts) for user, texts in said.items()} == {"U_OLA": 1, "U_FAY": 1}
    assert "9 days late" in said["U_FAY"][0]


def test_what_is_moved_back_before_anybody_reads_it_is_told_to_nobody(
    services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM.replace(hour=3))
    move(services, MARCH_20)
    move(services, MARCH_3)
    clock.move_to(MONDAY_9AM)

    assert posts(services, slack) == {}


def test_what_is_pulled_forward_again_is_told_too(services: Services, slack: FakeSlack) -> None:
    move(services, MARCH_12)
    posts(services, slack)

    move(services, MARCH_3)

    last = posts(services, slack)["U_FAY"][-1]
    assert "your *Go-live* (FIN-02) is expected 9 days earlier through OPS-03" in last
    assert "in time." in last


def test_what_waits_for_a_milestone_that_was_removed_is_told_and_told_of_the_undoing(
    services: Services, slack: FakeSlack
) -> None:
    move(services, MARCH_12)
    posts(services, slack)

    gone = remove_milestone(services, actor("U_TEA"), "TECH-01", 1)
    removed: Any = posts(services, slack)["U_OLA"][-1]
    put_back(services, actor("U_TEA"), "TECH-01", gone.known.version)

    assert "TECH-01's *Model ready* was removed: your *Routed* (OPS-03)" in removed
    assert "is 9 days late" in posts(services, slack)["U_OLA"][-1]
