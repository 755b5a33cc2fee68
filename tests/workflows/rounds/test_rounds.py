from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from storage.models import Notification, Promise, PromiseState, Round, Stage
from tests.factories import (
    CALL_AT,
    CALL_ON,
    CLOSES_AT,
    COORDINATION,
    MONDAY_9AM,
    TEAM,
    a_filing,
    a_person,
    a_profile,
    actor,
    an_initiative,
    settle_in,
)
from tests.fakes import FakeClock
from workflows.away import set_away
from workflows.due import next_due_at
from workflows.outbox.reading import keys_asked
from workflows.people import Profile, remember
from workflows.registry.editing import save_entry
from workflows.registry.entering import enter_initiative
from workflows.registry.entries import show_entry
from workflows.registry.facts import checked
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep, sweep_batch
from workflows.updates.filing import file_update
from workflows.updates.reading import Standing, my_week, present_round

Adopt = Callable[..., None]
TUESDAY_9AM = MONDAY_9AM + timedelta(days=1)


def messages(services: Services) -> list[Notification]:
    """Return what is said to people; App Homes and changed messages are not."""
    silent = ("home", "refresh")
    with services.transaction() as session:
        found = session.exec(select(Notification).order_by(Notification.key))
        return [notification for notification in found if notification.kind not in silent]


def told(services: Services) -> list[tuple[str, str, list[str]]]:
    asked = asked_for(services)
    return [(m.kind, m.recipient_id, asked[m.key]) for m in messages(services)]


def asked_for(services: Services) -> dict[str, list[str]]:
    return keys_asked(services, TEAM, messages(services))


def promise(services: Services, key: str) -> Promise:
    with services.transaction() as session:
        return session.exec(select(Promise).where(Promise.key == key)).one()


def rounds(services: Services) -> list[Round]:
    with services.transaction() as session:
        return sorted(session.exec(select(Round)), key=lambda round_: round_.call_on)


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

    assert [m.kind for m in messages(services)] == ["summary"]
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

    assert "summary" not in before
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

    assert "digest" not in before
    assert "digest" in [kind for kind, *_ in told(services)]


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


@pytest.mark.parametrize(
    "minutes_after_closing", [0, 1, 59, 60, 61], ids=lambda minutes: f"{minutes}_min"
)
def test_a_bot_that_starts_between_the_closing_and_the_call_waits_for_the_next_round(
    services: Services, clock: FakeClock, minutes_after_closing: int
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(CLOSES_AT + timedelta(minutes=minutes_after_closing))
    ensure_next_round(services, TEAM)

    batches = [sweep_batch(services) for _ in range(3)]

    assert batches[-1] == 0
    assert rounds(services) == []
    assert promise(services, "open_round:2026-12-02").state == PromiseState.PENDING


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


@pytest.mark.parametrize(
    ("weekday", "next_on"),
    [("monday", date(2026, 11, 30)), ("friday", date(2026, 12, 4)), ("sunday", date(2026, 12, 6))],
)
def test_a_call_moved_within_its_week_has_no_second_round_in_that_week(
    services: Services, clock: FakeClock, adopt: Adopt, weekday: str, next_on: date
) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    adopt(call={"weekday": weekday, "time": "15:00", "timezone": "America/New_York"})
    live_through(services, clock, until=f"{next_on}T20:00:00+00:00")

    assert [round_.call_on for round_ in rounds(services)] == [CALL_ON, next_on]
    prompts = [m.period_on for m in messages(services) if m.kind == "prompt"]
    assert prompts == [CALL_ON, next_on]


def test_a_call_moved_later_on_its_day_leaves_the_open_round_its_times(
    services: Services, clock: FakeClock, adopt: Adopt
) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    adopt(call={"weekday": "wednesday", "time": "17:00", "timezone": "America/New_York"})
    live_through(services, clock, until=(CALL_AT + timedelta(hours=1)).isoformat())
    ensure_next_round(services, TEAM)  # between the old hour of the call and the new one
    live_through(services, clock, until="2026-12-03T00:00:00+00:00")

    times = [(round_.call_on, round_.closes_at, round_.call_at) for round_ in rounds(services)]
    later = timedelta(days=7, hours=2)
    assert times == [
        (CALL_ON, CLOSES_AT, CALL_AT),
        (CALL_ON + timedelta(days=7), CLOSES_AT + later, CALL_AT + later),
    ]


def test_a_lead_back_early_is_asked_though_the_deputy_was(
    services: Services, clock: FakeClock
) -> None:
    lead = a_person("U_LEAD", away_until_on=date(2026, 12, 1))
    settle_in(services, an_initiative(), persons=[lead], deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    clock.advance(hours=2)

    set_away(services, actor("U_LEAD"), None)
    sweep(services)
    live_through(services, clock, until=CLOSES_AT.isoformat())

    asked = [(m.kind, m.recipient_id) for m in messages(services) if m.kind != "summary"]
    assert asked == [("prompt", "U_DEPUTY"), ("prompt", "U_LEAD"), ("reminder", "U_LEAD")]


def test_a_lead_back_in_the_evening_is_asked_in_the_morning_and_once(
    services: Services, clock: FakeClock
) -> None:
    lead = a_person("U_LEAD", away_until_on=date(2026, 12, 1))
    settle_in(services, an_initiative(), persons=[lead], deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    clock.move_to(MONDAY_9AM + timedelta(hours=9))

    set_away(services, actor("U_LEAD"), None)
    live_through(services, clock, until=CLOSES_AT.isoformat())

    asked = [(m.kind, m.recipient_id) for m in messages(services) if m.kind != "summary"]
    assert asked == [("prompt", "U_DEPUTY"), ("reminder", "U_LEAD")]


def test_a_lead_who_goes_and_comes_back_is_not_asked_again(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)

    for until in ("1 December", None, "1 December", None):
        clock.advance(minutes=10)
        set_away(services, actor("U_LEAD"), until)
        sweep(services)

    assert told(services) == [
        ("prompt", "U_DEPUTY", ["FIN-01"]),
        ("prompt", "U_LEAD", ["FIN-01"]),
    ]


def test_a_prompted_lead_who_was_away_at_the_reminder_is_not_asked_again(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    sweep(services)
    set_away(services, actor("U_LEAD"), "1 December")
    live_through(services, clock, until=(TUESDAY_9AM + timedelta(hours=1)).isoformat())

    set_away(services, actor("U_LEAD"), None)
    live_through(services, clock, until=CLOSES_AT.isoformat())

    asked = [(m.kind, m.recipient_id) for m in messages(services) if m.kind != "summary"]
    assert asked == [
        ("prompt", "U_DEPUTY"),
        ("prompt", "U_LEAD"),
        ("reminder", "U_DEPUTY"),
    ]


def test_who_takes_back_being_away_at_once_is_not_asked_again_for_a_part(
    services: Services,
) -> None:
    both = [an_initiative("FIN-01"), an_initiative("FIN-02")]
    settle_in(services, *both, deputies={"FIN-02": ["U_DEPUTY"]})
    sweep(services)

    set_away(services, actor("U_LEAD"), "1 December")
    set_away(services, actor("U_LEAD"), None)
    sweep(services)

    assert told(services) == [("prompt", "U_LEAD", ["FIN-01", "FIN-02"])]


def test_an_initiative_that_two_were_to_be_asked_for_is_named_once(services: Services) -> None:
    lead = a_person("U_LEAD", away_until_on=date(2026, 12, 1))
    deputies = {"FIN-01": ["U_DEPUTY", "U_SECOND"]}
    settle_in(services, an_initiative(), persons=[lead], deputies=deputies)
    sweep(services)

    set_away(services, actor("U_DEPUTY"), "1 December")  # it would be U_SECOND's turn
    set_away(services, actor("U_LEAD"), None)
    sweep(services)

    assert told(services) == [
        ("prompt", "U_DEPUTY", ["FIN-01"]),
        ("prompt", "U_LEAD", ["FIN-01"]),
    ]


def resume(services: Services, key: str = "FIN-01") -> None:
    """Take an initiative up again that was paused."""
    version = show_entry(services, actor(), key).version
    save_entry(services, actor(), key, version, {"stage": "pilot"})


@pytest.fixture
def paused(services: Services) -> Services:
    settle_in(services, an_initiative("FIN-01", stage=Stage.PAUSED), an_initiative("OPS-01"))
    sweep(services)
    return services


def test_what_is_taken_up_after_the_prompt_is_asked_for_on_the_next_morning_and_once(
    paused: Services, clock: FakeClock
) -> None:
    clock.move_to(MONDAY_9AM + timedelta(hours=2))

    resume(paused)
    sweep(paused)
    at_once = told(paused)
    live_through(paused, clock, until=CLOSES_AT.isoformat())

    assert at_once == [("prompt", "U_LEAD", ["OPS-01"])]
    keys = asked_for(paused)
    asked = [(m.kind, keys[m.key], m.due_at) for m in messages(paused) if m.period_on]
    assert ("prompt", ["FIN-01"], TUESDAY_9AM) in asked
    assert ("reminder", ["OPS-01"], TUESDAY_9AM) in asked
    assert [s.initiative.key for s in present_round(paused, TEAM).missing] == ["FIN-01", "OPS-01"]


@pytest.mark.parametrize(
    ("taken_up_at", "missing"),
    [
        (TUESDAY_9AM + timedelta(hours=14, seconds=59), ["FIN-01", "OPS-01"]),  # Tuesday there
        (TUESDAY_9AM + timedelta(hours=15), ["OPS-01"]),
        (CLOSES_AT + timedelta(minutes=1), ["OPS-01"]),
    ],
)
def test_what_is_taken_up_too_late_to_be_asked_for_is_not_missing(
    paused: Services, clock: FakeClock, taken_up_at: datetime, missing: list[str]
) -> None:
    live_through(paused, clock, until=taken_up_at.isoformat())
    resume(paused)

    live_through(paused, clock, until=(CALL_AT + timedelta(hours=1)).isoformat())

    report = present_round(paused, TEAM)
    assert [standing.initiative.key for standing in report.missing] == missing
    assert len(report.standings) == len(missing)
    (week,) = [s for s in my_own(paused) if s.initiative.key == "FIN-01"]
    assert week.is_owed is ("FIN-01" in missing)


def test_what_was_taken_up_too_late_is_asked_for_in_the_next_round(
    paused: Services, clock: FakeClock
) -> None:
    live_through(paused, clock, until=(CLOSES_AT + timedelta(minutes=1)).isoformat())
    resume(paused)

    live_through(paused, clock, until=(MONDAY_9AM + timedelta(days=7)).isoformat())

    assert ("prompt", "U_LEAD", ["FIN-01", "OPS-01"]) in told(paused)


def test_what_was_prompted_for_before_it_was_paused_for_an_hour_is_reminded_of(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    sweep(services)
    clock.advance(hours=1)
    save_entry(services, actor(), "FIN-01", 0, {"stage": "paused"})
    clock.advance(hours=1)
    resume(services)

    live_through(services, clock, until=CLOSES_AT.isoformat())

    asked = [(m.kind, m.recipient_id) for m in messages(services) if m.kind != "summary"]
    assert asked == [("prompt", "U_LEAD"), ("reminder", "U_LEAD")]


def test_what_is_entered_or_imported_after_the_closing_is_not_missing(
    paused: Services, clock: FakeClock
) -> None:
    live_through(paused, clock, until=(CLOSES_AT + timedelta(minutes=1)).isoformat())
    facts = checked({"name": "New", "department": "Finance", "stage": "pilot", "lead_id": "U_LEAD"})
    key = enter_initiative(paused, actor(), facts, {}, 0).initiative.key

    report = present_round(paused, TEAM)

    assert key not in [standing.initiative.key for standing in report.standings]
    assert file_update(paused, actor(), a_filing(key)).update.late


def my_own(services: Services) -> Sequence[Standing]:
    report = my_week(services, actor()).report
    assert report is not None
    return report.standings


def test_starting_again_promises_nothing_twice(services: Services) -> None:
    settle_in(services, an_initiative())
    sweep(services)

    ensure_next_round(services, TEAM)
    sweep(services)

    assert len(messages(services)) == 1


def test_complaint_14_whoever_stands_in_is_asked_when_the_lead_leaves_and_the_log_says_why(
    services: Services, clock: FakeClock
) -> None:
    lead = a_person("U_LEAD", timezone="America/New_York")
    settle_in(
        services,
        an_initiative("FIN-01"),
        an_initiative("FIN-02"),
        persons=[lead],
        deputies={"FIN-01": ["U_DEPUTY"]},
    )
    clock.move_to(MONDAY_9AM - timedelta(hours=1))
    sweep(services)
    remember(services, TEAM, a_profile("U_LEAD", deactivated=True))
    clock.move_to(MONDAY_9AM)

    sweep(services)

    assert told(services) == [("prompt", "U_DEPUTY", ["FIN-01"])]
    nobody = promise(services, f"prompt:{CALL_ON}:FIN-02")
    assert (nobody.state, nobody.reason) == (
        PromiseState.CANCELLED,
        "nobody is there to be asked",
    )
