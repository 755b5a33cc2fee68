"""Until when messages are held whose readers are not at work."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.factories import COORDINATION, TEAM, a_notification, a_person, settle_in
from tests.fakes import FakeClock
from workflows.outbox.run import held_until
from workflows.services import Services

pytestmark = pytest.mark.one_database  # which days are holidays depends on none
HAS_US, HAS_NONE = {"country": "US"}, dict[str, str]()
# Thanksgiving, in New York from 05:00 to 05:00 UTC; working hours are from 14:00 to 23:00.
THANKSGIVING = "2026-11-26 15:00"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("places", "now", "expected"),
    [
        ((HAS_NONE, {}), THANKSGIVING, None),
        ((HAS_US, {}), "2026-11-25 22:59", None),
        ((HAS_US, {}), "2026-11-25 23:00", "2026-11-27 14:00"),
        ((HAS_US, {}), THANKSGIVING, "2026-11-27 14:00"),
        ((HAS_US, {}), "2026-11-27 13:59", "2026-11-27 14:00"),
        ((HAS_US, {}), "2026-11-27 14:00", None),
        ((HAS_NONE, {"country": "US"}), THANKSGIVING, "2026-11-27 14:00"),
        ((HAS_US, {"country": "DE"}), THANKSGIVING, None),  # theirs, not the policy's
        ((HAS_US, {"country": "US", "region": "DE"}), "2026-11-27 15:00", "2026-11-30 14:00"),
        ((HAS_US, {"country": "US", "region": "NY"}), "2026-11-27 15:00", None),
        # Epiphany: in Bavaria, not in Berlin.
        (({"country": "DE", "region": "BY"}, {}), "2027-01-06 15:00", "2027-01-07 14:00"),
        (({"country": "DE", "region": "BE"}, {}), "2027-01-06 15:00", None),
        # Friday and Saturday are free in Tel Aviv, Sunday is not.
        ((HAS_US, {"country": "IL"}), "2026-11-27 15:00", "2026-11-29 14:00"),
        ((HAS_US, {"country": "IL"}), "2026-11-29 15:00", None),
    ],
)
def test_a_message_is_held_over_its_reader_s_public_holidays(
    services: Services,
    clock: FakeClock,
    adopt: Callable[..., None],
    places: tuple[dict[str, str], dict[str, Any]],  # of the policy, and the reader's own
    now: str,
    expected: str | None,
) -> None:
    of_policy, of_person = places
    adopt(calendar=of_policy)
    settle_in(services, persons=[a_person("U_LEAD", **of_person)])
    clock.move_to(utc(now))

    held = held_until(services, TEAM, [a_notification(kind="moved", recipient_id="U_LEAD")])

    assert [one.until for one in held.values()] == ([utc(expected)] if expected else [])


def test_each_of_several_readers_has_their_own_calendar(
    services: Services, clock: FakeClock
) -> None:
    places = {"U_US": "US", "U_JP": "JP", "U_DE": "DE", "U_NOWHERE": None}
    settle_in(services, persons=[a_person(id_, country=place) for id_, place in places.items()])
    clock.move_to(utc(THANKSGIVING))
    several = [a_notification(key=id_, kind="moved", recipient_id=id_) for id_ in places]

    held = held_until(services, TEAM, several)

    assert set(held) == {"U_US"}


@pytest.mark.parametrize(
    ("kind", "recipient_id"),
    [("summary", COORDINATION), ("resumed", "U_LEAD"), ("moved", "U_STRANGER")],
)
def test_channels_answers_and_those_whom_nobody_knows_wait_for_nothing(
    services: Services,
    clock: FakeClock,
    adopt: Callable[..., None],
    kind: str,
    recipient_id: str,
) -> None:
    adopt(calendar=HAS_US)
    settle_in(services, persons=[a_person("U_LEAD")])
    clock.move_to(utc(THANKSGIVING))

    assert not held_until(services, TEAM, [a_notification(kind=kind, recipient_id=recipient_id)])
