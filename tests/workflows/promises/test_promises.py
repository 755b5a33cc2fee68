from collections.abc import Callable
from datetime import timedelta

from sqlmodel import select

from storage.models import Notification, Promise, PromiseState
from tests.factories import (
    CALL_ON,
    CLOSES_AT,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_person,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.people import remember
from workflows.promises.run import audit_promises, list_promises
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

SECOND = timedelta(seconds=1)
TUESDAY_8AM = MONDAY_9AM + timedelta(hours=23)  # when the audit begins, in New York


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

    pending = list_promises(services, PromiseState.PENDING, "reminder")
    of_one = list_promises(services, containing="S_1")
    two = list_promises(services, limit=2)

    assert sorted(promise.subject_key for promise in pending) == ["FIN-01", "OPS_1"]
    assert {promise.subject_key for promise in of_one} == {"OPS_1"}
    assert len(two) == 2
    assert two[0].due_at >= two[1].due_at


def daily(services: Services) -> list[tuple[str, str]]:
    with services.transaction() as session:
        audits = session.exec(select(Promise).where(Promise.kind == "audit"))
        return sorted((promise.key, promise.state) for promise in audits)


def alerts(services: Services) -> list[Notification]:
    with services.transaction() as session:
        found = session.exec(select(Notification))
        return [one for one in found if one.kind == "audit"]


def test_the_audit_runs_once_a_day_and_is_silent_while_all_is_well(
    services: Services, clock: FakeClock, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    adopt(people={"programme_manager": "U0MANAGER"})
    settle_in(services, an_initiative())
    sweep(services)
    deliver(services, slack)
    clock.move_to(TUESDAY_8AM - SECOND)
    sweep(services)
    before = daily(services)
    clock.advance(seconds=1)

    sweep(services)
    sweep(services)

    assert before == [("audit:2026-11-24", "pending")]
    assert daily(services) == [("audit:2026-11-24", "kept"), ("audit:2026-11-25", "pending")]
    assert alerts(services) == []


def test_an_audit_is_promised_though_the_policy_was_changed_to_and_fro(
    services: Services, adopt: Callable[..., None]
) -> None:
    adopt(audit={"time": "17:00"})
    adopt(audit={"time": "08:00"})  # which has passed today
    adopt(audit={"time": "17:00"})

    assert [day for day, state in daily(services) if state == "pending"] == ["audit:2026-11-23"]


def test_complaint_16_what_the_daily_audit_finds_is_told_however_old_it_is(
    services: Services, clock: FakeClock, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    adopt(people={"programme_manager": "U0MANAGER"})
    settle_in(services, an_initiative(), persons=[a_person("U0MANAGER")])
    sweep(services)
    take_away(services, f"close_round:{CALL_ON}")
    clock.move_to(TUESDAY_8AM + timedelta(days=399))
    sweep(services)
    clock.advance(hours=1)  # nine in New York

    deliver(services, slack)

    (told,) = [p for p in slack.of("chat.postMessage") if p["channel"] == "U0MANAGER"]
    assert "nothing will close it" in str(told["blocks"])
    assert [state for _, state in daily(services)].count("pending") == 1


def test_an_alert_about_what_was_put_right_meanwhile_is_not_sent(
    services: Services, clock: FakeClock, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    adopt(people={"programme_manager": "U0MANAGER"})
    settle_in(services, an_initiative(), persons=[a_person("U0MANAGER")])
    sweep(services)
    deliver(services, slack)
    take_away(services, "open_round:2026-12-02")
    clock.move_to(TUESDAY_8AM)
    sweep(services)
    adopt(people={"programme_manager": "U0MANAGER"}, update={"words": 300})  # plans anew
    clock.advance(hours=1)

    deliver(services, slack)

    assert [one.state for one in alerts(services)] == ["cancelled"]
    assert "U0MANAGER" not in [p["channel"] for p in slack.of("chat.postMessage")]


def test_days_of_downtime_are_one_audit(
    services: Services, clock: FakeClock, adopt: Callable[..., None]
) -> None:
    clock.move_to(TUESDAY_8AM + timedelta(days=5))

    sweep(services)

    assert daily(services) == [("audit:2026-11-24", "late"), ("audit:2026-11-30", "pending")]


def test_a_digest_is_promised_and_cancelled_for_who_has_left(
    services: Services, clock: FakeClock
) -> None:
    head = a_person("U_HEAD", timezone="Asia/Tokyo")
    settle_in(services, an_initiative(), persons=[head], department_leads={"Finance": ["U_HEAD"]})
    sweep(services)
    clock.move_to(CLOSES_AT)  # night in Tokyo
    sweep(services)
    profile = a_profile("U_HEAD", timezone="Asia/Tokyo", deactivated=True)
    remember(services, TEAM, profile)
    clock.advance(hours=6)

    sweep(services)

    (digest,) = list_promises(services, kind="digest")
    assert (digest.recipient_id, digest.state) == ("U_HEAD", PromiseState.CANCELLED)
    assert digest.reason == "they have left"
