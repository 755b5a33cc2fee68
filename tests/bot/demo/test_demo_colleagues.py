"""The demo's colleagues file in later weeks, most in time, and never for the player."""

from datetime import timedelta

from bot.demo.colleagues import Colleagues
from sandbox.seed.organisation import load_history
from tests.factories import CALL_AT, CALL_ON, MONDAY_9AM, TEAM, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.reading import report_round

WEEK = timedelta(days=7)
KEYS = sorted({update.key for week in load_history().weeks for update in week.updates})
OWN = "U_DANA"


def test_in_the_second_week_most_file_some_late_and_the_player_s_is_left_alone(
    services: Services, clock: FakeClock, slack: FakeSlack
) -> None:
    several = [an_initiative(key, lead_id=f"U_{key}") for key in KEYS[1:]]
    settle_in(services, an_initiative(KEYS[0], lead_id=OWN), *several)
    colleagues = Colleagues(services, MONDAY_9AM, OWN)
    words = set()
    while clock.instant < CALL_AT + WEEK:
        sweep(services)
        deliver(services, slack)
        words.add(colleagues.next_words().partition(" files ")[2])
        due_at = colleagues.next_due()
        assert due_at is not None
        clock.move_to(max(due_at, clock.instant + timedelta(seconds=2)))

    first, second = (report_round(services, TEAM, CALL_ON + WEEK * n) for n in range(2))

    filed = [update for _, update in second.filed]
    assert first.filed == []
    assert len(KEYS) / 2 < len(filed) < len(KEYS)
    assert KEYS[0] not in {update.initiative_key for update in filed}
    assert 0 < sum(update.late for update in filed) < len(filed) / 2
    assert words & {update.initiative_key for update in filed}
