"""What serves one workspace serves several: each is talked to by its own client."""

from collections.abc import Callable

import pytest

from bot.app import build_app, build_bolt
from bot.clients import Introduced
from bot.jobs.delivery import deliver_everywhere
from bot.jobs.sweeping import sweep_due
from bot.workspaces import Workspace, Workspaces
from storage import notifications
from storage.models import Notification, NotificationState
from tests.factories import TEAM, a_notification, a_person, a_policy, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace as Person
from workflows import policies
from workflows.heartbeat import last_sweep, tell_standstill
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

OTHER, GONE = "T_OTHER", "T_GONE"
MANAGER = "U0MANAGER"


class Two:
    """Two workspaces that are served, each with a Slack of its own."""

    def __init__(self, services: Services) -> None:
        self.slacks = {TEAM: FakeSlack(), OTHER: FakeSlack()}
        self.workspaces = Workspaces(
            Workspace(Introduced(team_id, team_id), slack, slack)
            for team_id, slack in self.slacks.items()
        )
        self.services = services

    def deliver(self) -> None:
        deliver_everywhere(self.services, self.workspaces, lambda: False)

    def sent(self, team_id: str, method: str = "chat.postMessage") -> int:
        return len(self.slacks[team_id].of(method))


@pytest.fixture
def two(services: Services, adopt: Callable[..., None]) -> Two:
    adopt(people={"programme_manager": MANAGER})
    settle_in(services, an_initiative(), persons=[a_person(MANAGER)])
    for team_id in (OTHER, GONE):
        policy = a_policy(people={"programme_manager": MANAGER})
        policies.adopt(services, team_id, team_id, policy)
        with services.transaction() as session:
            session.add(a_person(MANAGER, workspace_id=team_id))
            session.add(a_person("U_LEAD", workspace_id=team_id))
            session.flush()  # the initiative refers to them
            session.add(an_initiative(workspace_id=team_id))
        ensure_next_round(services, team_id)
    return Two(services)


def test_each_gets_its_own_messages_and_one_that_is_served_no_more_gets_none(
    services: Services, two: Two
) -> None:
    with services.transaction() as session:
        for team_id in (TEAM, OTHER, GONE):
            session.add(a_notification(key=f"n:{team_id}", workspace_id=team_id))

    two.deliver()

    assert (two.sent(TEAM), two.sent(OTHER)) == (1, 1)
    with services.reading() as reader:
        found = [notifications.get(reader, one, f"n:{one}") for one in (TEAM, OTHER, GONE)]
    assert [_state(one) for one in found] == [
        NotificationState.SENT,
        NotificationState.SENT,
        NotificationState.PENDING,
    ]


def _state(found: Notification | None) -> NotificationState:
    assert found is not None
    return found.state


def test_one_sweep_settles_all_and_beats_for_all(
    services: Services, two: Two, clock: FakeClock
) -> None:
    sweep_due(services)  # rounds open, leads are asked

    two.deliver()

    assert (two.sent(TEAM), two.sent(OTHER)) == (1, 1)
    beat = last_sweep(services)
    assert beat is not None and beat.beat_at == clock()


def test_a_standstill_is_told_in_each(services: Services, two: Two, clock: FakeClock) -> None:
    sweep_due(services)
    two.deliver()
    last = last_sweep(services)
    assert last is not None
    clock.advance(minutes=11)

    tell_standstill(services, last)
    two.deliver()

    for team_id, slack in two.slacks.items():
        told = [p for p in slack.of("chat.postMessage") if p["channel"] == MANAGER]
        assert len(told) == 1, team_id


def test_a_command_is_answered_in_the_workspace_it_came_from(services: Services, two: Two) -> None:
    sweep_due(services)
    person = Person(build_app(build_bolt(two.workspaces), services, two.workspaces))

    for team_id in (TEAM, OTHER):
        person.team = team_id
        person.command("FIN-01")

    assert (two.sent(TEAM, "views.open"), two.sent(OTHER, "views.open")) == (1, 1)


def test_somebody_of_a_workspace_that_is_not_served_is_turned_away(
    services: Services, two: Two
) -> None:
    person = Person(build_app(build_bolt(two.workspaces), services, two.workspaces))
    person.team = GONE

    answer = person.command("FIN-01")

    assert "members of the workspace I am installed in" in answer["text"]
    assert two.sent(TEAM, "views.open") == two.sent(OTHER, "views.open") == 0
