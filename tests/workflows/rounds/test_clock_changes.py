"""Whole weeks, swept as a running bot sweeps them, while clocks, people and policies change.

Tests named after a complaint are of that row of what users of comparable software hit.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from storage.models import Notification, Promise, PromiseState, Round
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
from workflows.people import remember
from workflows.policy_shapes import Weekday
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import file_update

pytestmark = pytest.mark.one_database

Adopt = Callable[..., None]

OPENS_AT = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)  # Friday, midnight in New York
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TUESDAY_9AM = MONDAY_9AM + timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
ALL_DAY = {"start": "00:00", "end": "23:59"}
ALL_WEEK = list(map(str, Weekday))
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
BERLIN, TOKYO, KATHMANDU = "Europe/Berlin", "Asia/Tokyo", "Asia/Kathmandu"
CHANGING_ZONES = [
    NEW_YORK,
    BERLIN,
    "America/Santiago",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
]
STEADY_ZONES = [KATHMANDU, "Pacific/Apia"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def outbox(services: Services) -> list[Notification]:
    with services.transaction() as session:
        found = list(session.exec(select(Notification)))
    return sorted(found, key=lambda m: (m.due_at, m.kind, m.recipient_id))


def asks(services: Services) -> list[tuple[str, str, datetime]]:
    return [
        (m.kind, m.recipient_id, m.due_at)
        for m in outbox(services)
        if m.kind in ("prompt", "reminder")
    ]


def counts(services: Services) -> dict[tuple[str, str], int]:
    return dict(Counter((str(m.kind), m.recipient_id) for m in outbox(services)))


def next_promise_at(services: Services) -> datetime | None:
    with services.transaction() as session:
        pending = select(Promise).where(Promise.state == PromiseState.PENDING)
        return min((promise.due_at for promise in session.exec(pending)), default=None)


def live_until(services: Services, clock: FakeClock, until: datetime) -> None:
    """Sweep at each instant at which something is due."""
    while (due := next_promise_at(services)) is not None and due <= until:
        clock.move_to(max(due, clock.instant))
        sweep(services)
    clock.move_to(until)


def sweep_every_ten_minutes(services: Services, clock: FakeClock, until: datetime) -> None:
    while clock.instant <= until:
        sweep(services)
        clock.advance(minutes=10)


def start_at(services: Services, clock: FakeClock, instant: datetime) -> None:
    """Move to an instant and start the bot there."""
    clock.move_to(instant)
    ensure_next_round(services, TEAM)
    sweep(services)


def lead_one_each(services: Services, zones: list[str]) -> dict[str, ZoneInfo]:
    """Settle a lead in each zone; return their zones by their user id."""
    leads = {f"U{number}": zone for number, zone in enumerate(zones)}
    settle_in(
        services,
        *(an_initiative(f"FIN-{user_id}", lead_id=user_id) for user_id in leads),
        persons=[a_person(user_id, timezone=zone) for user_id, zone in leads.items()],
    )
    return {user_id: ZoneInfo(zone) for user_id, zone in leads.items()}


@pytest.mark.parametrize(
    ("start", "weeks"),
    [
        ("2027-02-28 12:00", 6),  # New York, Berlin, then the south
        ("2027-08-29 12:00", 11),  # Santiago, Chatham, Sydney and Lord Howe, Berlin, New York
    ],
)
def test_complaint_5_a_clock_change_moves_no_prompt(
    services: Services, clock: FakeClock, start: str, weeks: int
) -> None:
    zones = lead_one_each(services, CHANGING_ZONES + STEADY_ZONES)
    start_at(services, clock, utc(start))

    live_until(services, clock, utc(start) + weeks * WEEK)

    asked = asks(services)
    wall_times = {due_at.astimezone(zones[user]).time() for _, user, due_at in asked}
    assert wall_times == {time(9)}
    for user, zone in zones.items():
        for kind in ("prompt", "reminder"):
            days = [at.astimezone(zone).date() for k, who, at in asked if (k, who) == (kind, user)]
            assert len(days) == weeks
            assert {later - day for day, later in pairwise(days)} == {WEEK}


@pytest.mark.parametrize(
    ("zone", "meant", "expected"),
    [
        (BERLIN, "2027-03-28 02:30", "2027-03-28 01:30"),  # left out: 03:30
        (BERLIN, "2027-10-31 02:30", "2027-10-31 00:30"),  # twice: the first
        (NEW_YORK, "2027-03-14 02:30", "2027-03-14 07:30"),
        (NEW_YORK, "2027-11-07 01:30", "2027-11-07 05:30"),
        ("Australia/Sydney", "2027-10-03 02:30", "2027-10-02 16:30"),
        ("Australia/Sydney", "2027-04-04 02:30", "2027-04-03 15:30"),
        ("America/Santiago", "2027-09-05 00:30", "2027-09-05 04:30"),
        ("America/Santiago", "2027-04-03 23:30", "2027-04-04 02:30"),
        ("Australia/Lord_Howe", "2027-10-03 02:10", "2027-10-02 15:40"),  # 02:40
        ("Australia/Lord_Howe", "2027-04-04 01:40", "2027-04-03 14:40"),
    ],
)
def test_complaint_5_the_prompt_of_an_hour_left_out_or_repeated_goes_once(
    services: Services,
    clock: FakeClock,
    adopt: Adopt,
    zone: str,
    meant: str,
    expected: str,
) -> None:
    call_on = utc(meant).date() + timedelta(days=2)
    settle_in(services, an_initiative(), persons=[a_person(timezone=zone)])
    clock.move_to(utc(expected) - 6 * HOUR)
    adopt(
        call={"weekday": str(Weekday.of(call_on)), "time": "15:00", "timezone": zone},
        working_days=ALL_WEEK,
        working_hours=ALL_DAY,
        round={"prompt_time": f"{utc(meant):%H:%M}"},
    )

    sweep_every_ten_minutes(services, clock, utc(expected) + 6 * HOUR)

    assert asks(services) == [("prompt", "U_LEAD", utc(expected))]


@pytest.mark.parametrize("sunday", ["2027-03-28", "2027-10-31"])
def test_complaint_6_a_week_swept_every_ten_minutes_over_a_change_tells_each_person_once(
    services: Services, clock: FakeClock, adopt: Adopt, sunday: str
) -> None:
    call_on = date.fromisoformat(sunday)
    settle_in(
        services,
        an_initiative(),
        persons=[a_person(user, timezone=BERLIN) for user in ("U_LEAD", "U_HEAD")],
        department_leads={"Finance": ["U_HEAD"]},
    )
    clock.move_to(datetime.combine(call_on - timedelta(days=4), time(12), UTC))
    adopt(
        call={"weekday": "sunday", "time": "02:30", "timezone": BERLIN},
        working_days=ALL_WEEK,
    )

    sweep_every_ten_minutes(
        services, clock, datetime.combine(call_on + timedelta(days=1), time(12), UTC)
    )

    assert counts(services) == {
        ("prompt", "U_LEAD"): 1,
        ("reminder", "U_LEAD"): 1,
        ("summary", COORDINATION): 1,
        ("digest", "U_HEAD"): 1,
    }
    (digest,) = (m for m in outbox(services) if m.kind == "digest")
    assert digest.due_at.astimezone(ZoneInfo(BERLIN)).time() == time(9)


def test_complaint_6_everybody_is_asked_on_their_own_clock(
    services: Services, clock: FakeClock
) -> None:
    lead_one_each(services, [LOS_ANGELES, BERLIN, TOKYO, KATHMANDU])
    start_at(services, clock, SUNDAY)

    live_until(services, clock, CLOSES_AT)

    assert asks(services) == [
        ("prompt", "U1", utc("2026-11-23 08:00")),
        ("prompt", "U0", utc("2026-11-23 17:00")),
        ("prompt", "U2", utc("2026-11-24 00:00")),
        ("prompt", "U3", utc("2026-11-24 03:15")),
        ("reminder", "U1", utc("2026-11-24 08:00")),
        ("reminder", "U0", utc("2026-11-24 17:00")),
        ("reminder", "U2", utc("2026-11-25 00:00")),
        ("reminder", "U3", utc("2026-11-25 03:15")),
    ]


@pytest.mark.parametrize(
    ("weekday", "zone", "expected"),
    [
        ("wednesday", BERLIN, ["2028-02-28 08:00", "2028-02-29 08:00"]),
        ("thursday", NEW_YORK, ["2028-02-29 14:00", "2028-03-01 14:00"]),
        ("tuesday", NEW_YORK, ["2028-02-25 14:00", "2028-02-28 14:00"]),
        ("friday", NEW_YORK, ["2026-12-30 14:00", "2026-12-31 14:00"]),
        ("friday", KATHMANDU, ["2026-12-31 03:15", "2027-01-01 03:15"]),
        ("monday", "Pacific/Chatham", ["2026-12-31 19:15", "2027-01-03 19:15"]),
        ("wednesday", "Pacific/Apia", ["2027-01-04 20:00", "2027-01-05 20:00"]),
    ],
)
def test_a_leap_day_and_the_end_of_a_year_are_days_like_others(
    services: Services,
    clock: FakeClock,
    adopt: Adopt,
    weekday: str,
    zone: str,
    expected: list[str],
) -> None:
    prompt_at, reminder_at = map(utc, expected)
    settle_in(services, an_initiative(), persons=[a_person(timezone=zone)])
    clock.move_to(prompt_at - HOUR)
    adopt(call={"weekday": weekday, "time": "15:00", "timezone": NEW_YORK})

    live_until(services, clock, reminder_at + 4 * HOUR)

    assert asks(services) == [
        ("prompt", "U_LEAD", prompt_at),
        ("reminder", "U_LEAD", reminder_at),
    ]


@pytest.mark.parametrize(
    ("home", "moved_at", "new_home", "expected"),
    [
        # Before the prompt.
        (NEW_YORK, "2026-11-22 15:00", TOKYO, ["2026-11-24 00:00", "2026-11-25 00:00"]),
        (NEW_YORK, "2026-11-23 13:59", TOKYO, ["2026-11-24 00:00", "2026-11-25 00:00"]),
        (NEW_YORK, "2026-11-22 15:00", LOS_ANGELES, ["2026-11-23 17:00", "2026-11-24 17:00"]),
        (NEW_YORK, "2026-11-22 15:00", KATHMANDU, ["2026-11-24 03:15", "2026-11-25 03:15"]),
        # To where the prompt's time is past: at once in the afternoon; in the evening the
        # reminder of the next morning is enough.
        (TOKYO, "2026-11-23 20:00", NEW_YORK, ["2026-11-23 20:00", "2026-11-24 14:00"]),
        (TOKYO, "2026-11-23 23:30", NEW_YORK, ["2026-11-24 14:00"]),
        # Between the prompt and the reminder.
        (NEW_YORK, "2026-11-23 15:00", TOKYO, ["2026-11-23 14:00", "2026-11-25 00:00"]),
        (NEW_YORK, "2026-11-23 15:00", LOS_ANGELES, ["2026-11-23 14:00", "2026-11-24 17:00"]),
        (NEW_YORK, "2026-11-23 15:00", BERLIN, ["2026-11-23 14:00", "2026-11-24 08:00"]),
        (BERLIN, "2026-11-23 09:00", "Pacific/Apia", ["2026-11-23 08:00", "2026-11-24 20:00"]),
        (TOKYO, "2026-11-24 01:00", LOS_ANGELES, ["2026-11-24 00:00", "2026-11-24 17:00"]),
        # To where the reminder's time is past, too.
        (TOKYO, "2026-11-24 20:00", BERLIN, ["2026-11-24 00:00", "2026-11-25 08:00"]),
        # After the reminder.
        (BERLIN, "2026-11-24 09:00", TOKYO, ["2026-11-23 08:00", "2026-11-24 08:00"]),
        (BERLIN, "2026-11-24 09:00", LOS_ANGELES, ["2026-11-23 08:00", "2026-11-24 08:00"]),
    ],
)
def test_complaint_6_who_moves_mid_round_is_asked_once_and_in_working_hours(
    services: Services,
    clock: FakeClock,
    home: str,
    moved_at: str,
    new_home: str,
    expected: list[str],
) -> None:
    settle_in(services, an_initiative(), persons=[a_person(timezone=home)])
    start_at(services, clock, OPENS_AT)
    live_until(services, clock, utc(moved_at))

    remember(services, TEAM, a_profile(timezone=new_home))
    live_until(services, clock, CLOSES_AT)

    asked = asks(services)
    assert [due_at for _, _, due_at in asked] == list(map(utc, expected))
    assert max(Counter(kind for kind, _, _ in asked).values()) == 1
    for _, _, due_at in asked:
        there = ZoneInfo(home if due_at < utc(moved_at) else new_home)
        assert time(9) <= due_at.astimezone(there).time() < time(18)


def test_who_moves_to_and_fro_is_prompted_once(services: Services, clock: FakeClock) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, SUNDAY)

    for hours, zone in enumerate([TOKYO, LOS_ANGELES, BERLIN, NEW_YORK, TOKYO, NEW_YORK] * 4):
        live_until(services, clock, SUNDAY + 2 * hours * HOUR)
        remember(services, TEAM, a_profile(timezone=zone))
        sweep(services)
    live_until(services, clock, CLOSES_AT)

    assert counts(services) == {
        ("prompt", "U_LEAD"): 1,
        ("reminder", "U_LEAD"): 1,
        ("summary", COORDINATION): 1,
    }


def test_a_policy_changed_in_mid_round_counts_from_the_next_round_on(
    services: Services, clock: FakeClock, adopt: Adopt
) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, SUNDAY)

    adopt(round={"prompt_time": "11:00", "reminder_time": "10:00"})
    live_until(services, clock, CLOSES_AT + WEEK)

    asked = [(m.kind, m.due_at, m.policy_version) for m in outbox(services) if m.kind != "summary"]
    assert asked == [
        ("prompt", MONDAY_9AM, 1),
        ("reminder", TUESDAY_9AM, 1),
        ("prompt", MONDAY_9AM + WEEK + 2 * HOUR, 2),
        ("reminder", TUESDAY_9AM + WEEK + HOUR, 2),
    ]
    with services.transaction() as session:
        versions = [round_.policy_version for round_ in session.exec(select(Round))]
    assert versions == [1, 2]


def test_a_policy_changed_before_the_round_opens_counts_for_it(
    services: Services, clock: FakeClock, adopt: Adopt
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(OPENS_AT - timedelta(seconds=1))
    adopt(round={"prompt_time": "11:00"})

    live_until(services, clock, MONDAY_9AM + 2 * HOUR)

    assert asks(services) == [("prompt", "U_LEAD", MONDAY_9AM + 2 * HOUR)]


@pytest.mark.parametrize("done_at", [OPENS_AT, MONDAY_9AM, TUESDAY_9AM, CLOSES_AT, CALL_AT + HOUR])
def test_complaint_7_a_clock_that_steps_back_an_hour_repeats_nothing(
    services: Services, clock: FakeClock, done_at: datetime
) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})
    start_at(services, clock, OPENS_AT - HOUR)
    live_until(services, clock, done_at)
    before = outbox(services)

    clock.move_to(done_at - HOUR)
    sweep_every_ten_minutes(services, clock, done_at)
    start_at(services, clock, done_at)

    assert outbox(services) == before
    with services.transaction() as session:
        assert len(session.exec(select(Round)).all()) == 1


@pytest.mark.parametrize("due_at", [MONDAY_9AM, TUESDAY_9AM, CLOSES_AT])
def test_complaint_7_two_sweeps_at_once_ask_once(
    services: Services, clock: FakeClock, due_at: datetime
) -> None:
    settle_in(
        services,
        an_initiative("FIN-01"),
        an_initiative("FIN-02"),
        department_leads={"Finance": ["U_HEAD"]},
    )
    start_at(services, clock, SUNDAY)
    live_until(services, clock, due_at - timedelta(seconds=1))
    before = counts(services)

    clock.move_to(due_at)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sweep, [services, services]))
    sweep(services)

    after = counts(services)
    assert after.keys() > before.keys()
    assert set(after.values()) == {1}


def test_complaint_7_two_that_open_the_round_at_once_open_one(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    clock.move_to(MONDAY_9AM)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sweep, [services, services]))
    sweep(services)

    assert counts(services) == {("prompt", "U_LEAD"): 1}


def test_complaint_7_a_bot_restarted_every_hour_repeats_nothing(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})

    for hours in range(24 * 5):
        start_at(services, clock, SUNDAY + hours * HOUR)

    assert counts(services) == {
        ("prompt", "U_LEAD"): 1,
        ("reminder", "U_LEAD"): 1,
        ("summary", COORDINATION): 1,
        ("digest", "U_HEAD"): 1,
    }


def test_complaint_7_after_weeks_of_outage_nothing_of_them_is_made_up_for(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())

    start_at(services, clock, MONDAY_9AM + 3 * WEEK)
    sweep(services)

    assert asks(services) == [("prompt", "U_LEAD", MONDAY_9AM + 3 * WEEK)]


@pytest.mark.parametrize(
    ("back_at", "expected"),
    [
        ("2026-11-23 14:00", [("prompt", "2026-11-23 14:00")]),
        ("2026-11-23 16:00", [("prompt", "2026-11-23 16:00")]),
        ("2026-11-23 22:59", [("prompt", "2026-11-23 22:59")]),  # before six in the evening
        ("2026-11-23 23:00", []),  # from then on the reminder is soon enough
        ("2026-11-24 14:00", [("reminder", "2026-11-24 14:00")]),
        ("2026-11-24 20:00", [("reminder", "2026-11-24 20:00")]),
        ("2026-11-24 23:00", []),  # tomorrow morning
        ("2026-11-25 14:00", [("reminder", "2026-11-25 14:00")]),
        ("2026-11-25 18:59", [("reminder", "2026-11-25 18:59")]),
        ("2026-11-25 19:00", []),  # the round is closed
    ],
)
def test_complaint_8_what_came_due_while_the_bot_was_down_is_sent_at_the_next_start(
    services: Services, clock: FakeClock, back_at: str, expected: list[tuple[str, str]]
) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, SUNDAY)

    start_at(services, clock, utc(back_at))

    assert asks(services) == [(kind, "U_LEAD", utc(due_at)) for kind, due_at in expected]


def test_complaint_8_a_closing_that_was_slept_through_is_told_at_the_next_start(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), department_leads={"Finance": ["U_HEAD"]})
    start_at(services, clock, SUNDAY)
    night_after = CALL_AT + 8 * HOUR

    start_at(services, clock, night_after)
    at_night = [(m.kind, m.recipient_id, m.due_at) for m in outbox(services)]
    clock.move_to(utc("2026-11-26 14:00"))
    sweep(services)

    digests = [m for m in outbox(services) if m.kind == "digest"]
    assert at_night == [("summary", COORDINATION, night_after)]
    assert [(m.recipient_id, m.due_at) for m in digests] == [("U_HEAD", utc("2026-11-26 14:00"))]


def test_complaint_8_a_prompt_a_few_seconds_late_is_a_prompt(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, MONDAY_9AM - timedelta(seconds=1))
    before = asks(services)

    clock.move_to(MONDAY_9AM + timedelta(seconds=7))
    sweep(services)

    assert before == []
    assert [kind for kind, _, _ in asks(services)] == ["prompt"]


@pytest.mark.parametrize(
    ("filed_at", "expected"),
    [
        (SUNDAY, []),
        (MONDAY_9AM - timedelta(seconds=1), []),
        (MONDAY_9AM, ["prompt"]),
        (TUESDAY_9AM - timedelta(seconds=1), ["prompt"]),
        (TUESDAY_9AM, ["prompt", "reminder"]),
    ],
)
def test_complaint_20_nothing_is_asked_of_who_did_it_already(
    services: Services, clock: FakeClock, filed_at: datetime, expected: list[str]
) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, SUNDAY)
    live_until(services, clock, filed_at)

    file_update(services, actor(), a_filing())
    live_until(services, clock, CLOSES_AT)

    assert [kind for kind, _, _ in asks(services)] == expected


def test_complaint_20_what_was_filed_stays_unasked_when_who_answers_changes(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative(), deputies={"FIN-01": ["U_DEPUTY"]})
    start_at(services, clock, SUNDAY)
    file_update(services, actor("U_DEPUTY"), a_filing())

    set_away(services, actor("U_LEAD"), "1 December")
    remember(services, TEAM, a_profile("U_DEPUTY", timezone=TOKYO))
    live_until(services, clock, CLOSES_AT)

    assert asks(services) == []


def test_complaint_22_an_answer_on_the_day_the_round_opens_counts_for_it(
    services: Services, clock: FakeClock
) -> None:
    settle_in(services, an_initiative())
    start_at(services, clock, OPENS_AT)

    filed = file_update(services, actor(), a_filing())
    live_until(services, clock, CLOSES_AT + WEEK)

    assert (filed.round.call_on, filed.update.late) == (CALL_ON, False)
    assert [due_at for _, _, due_at in asks(services)] == [MONDAY_9AM + WEEK, TUESDAY_9AM + WEEK]


@pytest.mark.parametrize(
    ("back_on", "prompted", "reminded"),
    [
        (date(2026, 11, 23), "U_LEAD", "U_LEAD"),
        (date(2026, 11, 24), "U_DEPUTY", "U_LEAD"),
        (date(2026, 11, 25), "U_DEPUTY", "U_DEPUTY"),
    ],
)
def test_complaint_22_the_deputy_is_asked_on_the_days_the_lead_is_away(
    services: Services, clock: FakeClock, back_on: date, prompted: str, reminded: str
) -> None:
    lead = a_person("U_LEAD", away_until_on=back_on)
    settle_in(services, an_initiative(), persons=[lead], deputies={"FIN-01": ["U_DEPUTY"]})
    start_at(services, clock, SUNDAY)

    live_until(services, clock, CLOSES_AT)

    assert asks(services) == [
        ("prompt", prompted, MONDAY_9AM),
        ("reminder", reminded, TUESDAY_9AM),
    ]


def test_complaint_22_where_the_deputy_is_away_too_the_next_is_asked(
    services: Services, clock: FakeClock
) -> None:
    away = [a_person(user, away_until_on=date(2026, 12, 1)) for user in ("U_LEAD", "U_DEPUTY")]
    deputies = {"FIN-01": ["U_DEPUTY", "U_SECOND"]}
    settle_in(services, an_initiative(), persons=away, deputies=deputies)
    start_at(services, clock, SUNDAY)

    live_until(services, clock, MONDAY_9AM)

    assert asks(services) == [("prompt", "U_SECOND", MONDAY_9AM)]
