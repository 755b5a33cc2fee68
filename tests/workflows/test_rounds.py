from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import select

from storage.models import Notification, NotificationKind, Promise, PromiseState, Round, Stage
from tests.factories import (
    CALL_AT,
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_person,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from workflows.away import set_away
from workflows.due import next_due_at
from workflows.people import Profile, remember
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

TUESDAY_9AM = MONDAY_9AM + timedelta(days=1)


def messages(services: Services) -> list[Notification]:
    """Return what is said to people; App Homes and changed messages are not."""
    silent = (NotificationKind.HOME, NotificationKind.REFRESH)
    with services.transaction() as session:
        found = session.exec(select(Notification).order_by(Notification.key))
        return [notification for notification in found if notification.kind not in silent]


def told(services: Services) -> list[tuple[str, str, list[str]]]:
    return [(m.kind, m.recipient_id, m.initiative_keys) for m in messages(services)]


def promise(services: Services, key: str) -> Promise:
    with services.transaction() as session:
        return session.exec(select(Promise).where(Promise.key == key)).one()


def live_through(services: Services, clock: FakeClock, *, until: str) -> None:
    """Sweep at every instant that something is due, as a running bot would."""
    target = clock.instant.fromisoformat(until)
    while (due := next_promise_at(services)) is not None and due <= target:
        clock.move_to(max(due, clock.instant))
        sweep(services)
    clock.move_to(target)


def next_promise_at(services: Services) -> datetime | None:
    with services.transaction() as session:
        pending = select(Promise).where(Promise.state == PromiseState.PENDING)
        return min((p.due_at for p in session.exec(pending)), default=None)


def test_each_lead_is_asked_once_for_all_they_lead(services: Services, clock: FakeClock) -> None:
    settle_in(
        services,
        an_initiative("FIN-01", lead_id="U_LEAD"),
        an_initiative("FIN-02", lead_id="U_LEAD"),
        an_initiative("OPS-01", lead_id="U_OTHER"),
    )

    sweep(services)
    sweep(services)

    assert told(services) == [
        ("prompt", "U_LEAD", ["FIN-01", "FIN-02"]),
        ("prompt", "U_OTHER", ["OPS-01"]),
    ]


def test_nobody_is_asked_before_nine_on_their_own_clock(
    services: Services, clock: FakeClock
) -> None:
    lead = a_person("U_LEAD", timezone="America/Los_Angeles")
    settle_in(services, an_initiative(), persons=[lead])

    sweep(services)
    clock.move_to(MONDAY_9AM + timedelta(hours=3, seconds=-1))
    sweep(services)
    before = told(services)
    clock.move_to(MONDAY_9AM + timedelta(hours=3))
    sweep(services)

    assert (before, told(services)) == ([], [("prompt", "U_LEAD", ["FIN-01"])])


def test_a_paused_initiative_is_not_asked_for(services: Services) -> None:
    settle_in(
        services, an_initiative(stage=Stage.PAUSED), an_initiative("F-2", stage=Stage.RETIRED)
    )

    sweep(services)

    assert told(services) == []


def test_who_has_filed_is_neither_prompted_nor_reminded(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(MONDAY_9AM - timedelta(days=2))
    sweep(services)
    file_update(services, actor(), a_filing())

    live_through(services, clock, until=CLOSES_AT.isoformat())

    assert [m.kind for m in messages(services)] == [NotificationKind.SUMMARY]
    assert promise(services, f"prompt:{CALL_ON}:FIN-01").reason == "filed"


def test_who_is_missing_is_reminded_a_day_before_the_call(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative("FIN-01"), an_initiative("FIN-02"))
    sweep(services)
    file_update(services, actor(), a_filing("FIN-01"))
    clock.move_to(TUESDAY_9AM - timedelta(seconds=1))
    sweep(services)
    before = len(messages(services))

    clock.move_to(TUESDAY_9AM)
    sweep(services)

    assert before == 1
    assert told(services)[1] == ("reminder", "U_LEAD", ["FIN-02"])


def test_closing_tells_the_channel_and_each_department_lead_once(
    services: Services, clock: FakeClock
) -> None:
    settle_in(
        services,
        an_initiative("FIN-01", department="Finance"),
        an_initiative("OPS-01", department="Operations"),
        department_leads={"Finance": ["U_BOTH", "U_FIN"], "Operations": ["U_BOTH"]},
    )
    sweep(services)
    clock.move_to(CLOSES_AT - timedelta(seconds=1))
    sweep(services)
    before = {m.kind for m in messages(services)}

    clock.move_to(CLOSES_AT)
    sweep(services)
    sweep(services)

    assert NotificationKind.SUMMARY not in before
    closing = [m for m in messages(services) if m.kind in ("summary", "digest")]
    assert [(m.kind, m.recipient_id) for m in closing] == [
        ("digest", "U_BOTH"),
        ("digest", "U_FIN"),
        ("summary", COORDINATION),
    ]


def test_a_digest_waits_for_the_working_hours_of_its_reader(
    services: Services, clock: FakeClock
) -> None:
    reader = a_person("U_HEAD", timezone="Asia/Tokyo")
    settle_in(services, an_initiative(), persons=[reader], department_leads={"Finance": ["U_HEAD"]})
    sweep(services)

    clock.move_to(CLOSES_AT + timedelta(hours=5) - timedelta(seconds=1))  # nearly nine in Tokyo
    sweep(services)
    before = [kind for kind, *_ in told(services)]
    clock.advance(seconds=1)
    sweep(services)

    assert NotificationKind.DIGEST not in before
    assert NotificationKind.DIGEST in [kind for kind, *_ in told(services)]


def test_the_deputy_is_asked_while_the_lead_is_away(services: Services) -> None:
    lead = a_person("U_LEAD", away_until_on=date(2026, 12, 1))
    settle_in(services, an_initiative(), persons=[lead], deputies={"FIN-01": ["U_DEPUTY"]})

    sweep(services)

    assert told(services) == [("prompt", "U_DEPUTY", ["FIN-01"])]


def test_going_away_before_the_prompt_moves_it_to_the_deputy_s_clock(
    services: Services, clock: FakeClock
) -> None:
    deputy = a_person("U_DEPUTY", timezone="Europe/Berlin")
    settle_in(services, an_initiative(), persons=[deputy], deputies={"FIN-01": ["U_DEPUTY"]})
    clock.move_to(MONDAY_9AM - timedelta(days=1))
    sweep(services)

    set_away(services, actor("U_LEAD"), "1 December")

    assert promise(services, f"prompt:{CALL_ON}:FIN-01").due_at == MONDAY_9AM - timedelta(hours=6)


def test_a_lead_who_moves_mid_round_is_asked_on_the_new_clock(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(MONDAY_9AM - timedelta(days=1))
    sweep(services)

    remember(services, TEAM, Profile("U_LEAD", "Lead", "Asia/Kathmandu"))

    moved_to = promise(services, f"prompt:{CALL_ON}:FIN-01").due_at
    assert moved_to.isoformat() == "2026-11-24T03:15:00+00:00"


def test_after_an_outage_only_what_still_helps_is_sent(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(MONDAY_9AM - timedelta(days=1))
    sweep(services)

    clock.move_to(TUESDAY_9AM + timedelta(hours=1))  # down since Sunday
    sweep(services)

    assert told(services) == [("reminder", "U_LEAD", ["FIN-01"])]
    assert promise(services, f"prompt:{CALL_ON}:FIN-01").reason == "the reminder comes instead"


def test_a_round_that_was_slept_through_is_left_out_and_the_next_one_opens(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())

    clock.move_to(CALL_AT + timedelta(days=1))
    sweep(services)
    clock.move_to(MONDAY_9AM + timedelta(days=7))
    sweep(services)

    with services.transaction() as session:
        opened = [round_.call_on for round_ in session.exec(select(Round))]
    assert opened == [CALL_ON + timedelta(days=7)]
    assert told(services) == [("prompt", "U_LEAD", ["FIN-01"])]


def test_four_weeks_pass_with_one_prompt_reminder_and_summary_each(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})

    live_through(services, clock, until="2026-12-17T00:00:00+00:00")

    kinds = [m.kind for m in messages(services)]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "prompt": 4,
        "reminder": 4,
        "summary": 4,
        "digest": 4,
    }
    assert next_due_at(services) is not None  # the next opening


def test_a_policy_that_moves_the_call_moves_the_round_to_come(
    services: Services, clock: FakeClock, adopt: Callable[..., None]
) -> None:
    adopt(call={"weekday": "friday", "time": "10:00", "timezone": "Europe/Berlin"})

    wednesday = promise(services, f"open_round:{CALL_ON}")
    friday = promise(services, "open_round:2026-11-27")

    assert (wednesday.state, wednesday.reason) == (PromiseState.CANCELLED, "the policy has changed")
    assert (friday.state, friday.policy_version) == (PromiseState.PENDING, 2)


def test_a_round_under_way_keeps_the_policy_it_opened_under(
    services: Services, clock: FakeClock, adopt: Callable[..., None]
) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    adopt(call={"weekday": "thursday", "time": "15:00", "timezone": "America/New_York"})

    with services.transaction() as session:
        round_ = session.exec(select(Round)).one()
    assert (round_.closes_at, round_.policy_version) == (CLOSES_AT, 1)
    assert promise(services, f"reminder:{CALL_ON}:FIN-01").due_at == TUESDAY_9AM


def test_starting_again_promises_nothing_twice(services: Services) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    ensure_next_round(services, TEAM)
    sweep(services)

    assert len(messages(services)) == 1
