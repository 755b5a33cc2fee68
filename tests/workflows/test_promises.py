from datetime import timedelta

from sqlmodel import select

from storage.models import Promise, PromiseKind, PromiseState
from tests.factories import CALL_ON, CLOSES_AT, a_filing, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.promises.run import audit_promises, list_promises
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update


def take_away(services: Services, key: str) -> None:
    with services.transaction() as session:
        session.delete(session.exec(select(Promise).where(Promise.key == key)).one())


def faults(services: Services) -> list[tuple[str, str]]:
    return [(finding.subject, finding.fault) for finding in audit_promises(services)]


def test_a_healthy_week_has_no_faults(
    services: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    opened = faults(services)
    file_update(services, actor(), a_filing())
    deliver(services, slack)
    filed = faults(services)
    clock.move_to(CLOSES_AT)
    sweep(services)

    assert (opened, filed, faults(services)) == ([], [], [])


def test_a_message_that_nobody_sends_is_found(services: Services, clock: FakeClock) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    clock.advance(hours=1)
    in_time = faults(services)
    clock.advance(seconds=1)

    assert in_time == []
    assert [subject for subject, _ in faults(services)] == [f"prompt:{CALL_ON}:FIN-01:U_LEAD"]


def test_what_the_sweep_does_not_touch_is_found(services: Services, clock: FakeClock) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    clock.move_to(CLOSES_AT + timedelta(days=400))  # however old

    found = dict(faults(services))

    assert "nothing has touched it" in found[f"close_round:{CALL_ON}"]
    assert "nothing has touched it" in found[f"reminder:{CALL_ON}:FIN-01"]


def test_a_round_that_nothing_will_close_or_open_is_found(services: Services) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    take_away(services, f"close_round:{CALL_ON}")
    take_away(services, "open_round:2026-12-02")

    assert faults(services) == [
        (f"round of {CALL_ON}", "nothing will close it"),
        ("next round", "nothing will open it"),
    ]


def test_promises_are_listed_by_state_kind_and_key(services: Services) -> None:
    settle_in(services, an_initiative(), an_initiative("OPS_1"))
    sweep(services)

    pending = list_promises(services, PromiseState.PENDING, PromiseKind.REMINDER)
    of_one = list_promises(services, containing="S_1")
    two = list_promises(services, limit=2)

    assert sorted(promise.initiative_key or "" for promise in pending) == ["FIN-01", "OPS_1"]
    assert {promise.initiative_key for promise in of_one} == {"OPS_1"}
    assert len(two) == 2
    assert two[0].due_at >= two[1].due_at
