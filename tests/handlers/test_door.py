from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

from storage.models import AuditEntry, InboxItem, InboxState, Person
from tests.factories import TEAM, a_person, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.test_done_twice import filled
from workflows.services import Services
from workflows.sweep import sweep

OTHER = "T2"
Act = Callable[[Workspace, str], Any]
FORM = {"type": "modal", "callback_id": "update_form", "private_metadata": "", "blocks": []}

ACTS: dict[str, Act] = {
    "a command": lambda at, user: at.command("FIN-01", user),
    "a command of the registry": lambda at, user: at.command("edit FIN-01", user, "/ai-project"),
    "a click": lambda at, user: at.press("open_update", "FIN-01", user),
    "typing": lambda at, user: at.type(FORM, "progress", user),
    "a submission": lambda at, user: at.submit({**FORM, "id": "V1", "hash": "h"}, user),
    "a shortcut": lambda at, user: at._payload(
        "message_action", user, callback_id="link_conversation", message={"ts": "1"}
    ),
    "the App Home": lambda at, user: at.event(type="app_home_opened", user=user, tab="home"),
    "a message": lambda at, user: at.event(
        type="message", channel_type="im", user=user, text="hello", ts="1"
    ),
    "a file": lambda at, user: at.event(
        type="message",
        subtype="file_share",
        channel_type="im",
        user=user,
        files=[{"id": "F1", "name": "a.csv"}],
    ),
}
EVENTS = ("the App Home", "a message", "a file")
DONE_BY_THE_BOT = ("views.open", "views.push", "chat.postMessage")


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(services, an_initiative(), persons=[a_person("U_GONE", deactivated=True), a_person()])
    sweep(services)


def rows(services: Services, *kinds: type[SQLModel]) -> int:
    with services.transaction() as session:
        return sum(len(session.exec(select(kind)).all()) for kind in kinds)


def all_rows(services: Services) -> dict[str, int]:
    """Count the rows of every table but the audit log and the inbox."""
    tables = set(SQLModel.metadata.tables) - {"audit_entry", "audit_unsealed", "inbox_item"}
    with services.transaction() as session:
        return {
            name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in sorted(tables)
        }


def outcomes(services: Services) -> list[tuple[str, str]]:
    with services.transaction() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "enter")).all()
    return [(one.actor_id, one.outcome) for one in found]


@pytest.mark.parametrize("act", ACTS)
def test_somebody_that_slack_does_not_describe_is_told_so_and_nothing_is_done(
    workspace: Workspace, services: Services, slack: FakeSlack, act: str
) -> None:
    slack.answers["users.info"] = ["internal_error"]
    before = all_rows(services)

    answer = _done(workspace, act, "U_NEW")

    assert all_rows(services) == before
    assert outcomes(services) == [("U_NEW", "UnknownPersonError")]
    if act in ("the App Home", "a click", "typing", "a shortcut"):
        shown = [*slack.of("views.open"), *slack.of("views.push"), *slack.of("views.publish")]
        assert len(shown) == 1
        assert "couldn't look you up in Slack" in str(shown[0])
    elif act not in EVENTS:
        assert "couldn't look you up in Slack" in str(answer)
        assert not any(slack.of(method) for method in DONE_BY_THE_BOT)


@pytest.mark.parametrize("act", ["a message", "a file"])
def test_an_event_of_somebody_slack_did_not_describe_waits_in_the_inbox(
    workspace: Workspace, services: Services, slack: FakeSlack, act: str
) -> None:
    slack.answers["users.info"] = ["internal_error"]

    _done(workspace, act, "U_NEW")

    with services.transaction() as session:
        assert [one.state for one in session.exec(select(InboxItem))] == [InboxState.RECEIVED]


def test_asked_again_slack_describes_them_and_they_are_let_in(
    workspace: Workspace, slack: FakeSlack
) -> None:
    slack.answers["users.info"] = ["internal_error"]
    workspace.command("show FIN-01", "U_NEW")

    answer = workspace.command("show FIN-01", "U_NEW")

    assert answer["text"] == "Updates of FIN-01"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("user", ["U_NEW", "U_LEAD"])
def test_what_comes_from_another_workspace_is_refused_and_not_kept(
    workspace: Workspace, services: Services, slack: FakeSlack, act: str, user: str
) -> None:
    before = all_rows(services)
    workspace.team = OTHER

    answer = _done(workspace, act, user)

    assert all_rows(services) == before
    assert rows(services, InboxItem) == 0
    assert outcomes(services) == [(user, "StrangerError")]
    assert slack.of("users.info") == []
    if act not in EVENTS:
        said = f"{answer}{slack.calls}"
        assert "members of the workspace I am installed in" in said


@pytest.mark.parametrize("facts", [{"is_stranger": True}, {"team_id": OTHER}])
def test_whom_slack_describes_as_of_elsewhere_is_a_stranger_and_not_remembered(
    workspace: Workspace, services: Services, slack: FakeSlack, facts: dict[str, Any]
) -> None:
    slack.users["U_NEW"] = {"id": "U_NEW", **facts}

    answer = workspace.command("missing", "U_NEW")

    assert "members of the workspace I am installed in" in answer["text"]
    with services.transaction() as session:
        assert session.get(Person, (TEAM, "U_NEW")) is None


@pytest.mark.parametrize("facts", [{"is_stranger": True}, {"team_id": OTHER}])
def test_a_stranger_whom_somebody_picked_in_a_form_stays_outside(
    workspace: Workspace, slack: FakeSlack, facts: dict[str, Any]
) -> None:
    slack.users["U_NEW"] = {"id": "U_NEW", "name": "Sam", **facts}
    workspace.command("new", "U_LEAD", "/ai-project")
    form = slack.of("views.open")[-1]["view"] | {"id": "V1", "hash": "h1"}
    picked = filled(form, name="Tills", department="Finance", deputy_ids=["U_NEW"])

    refused = workspace.submit(picked, "U_LEAD")
    answer = workspace.command("show FIN-01", "U_NEW")

    assert refused["errors"] == {"deputy_ids": "Sam belongs to another organisation."}
    assert "members of the workspace I am installed in" in answer["text"]


def test_who_moved_to_another_organisation_is_let_in_no_more(
    workspace: Workspace, slack: FakeSlack
) -> None:
    user = {"id": "U_LEAD", "name": "Lena", "is_stranger": True}
    workspace.event(type="user_change", user=user)

    answer = workspace.command("show FIN-01", "U_LEAD")
    workspace.event(type="app_home_opened", user="U_LEAD", tab="home")

    assert "members of the workspace I am installed in" in answer["text"]
    (home,) = slack.of("views.publish")
    assert "members of the workspace I am installed in" in str(home)


def test_on_enterprise_grid_a_member_of_this_workspace_too_is_no_stranger(
    workspace: Workspace, slack: FakeSlack
) -> None:
    shared = {"teams": [OTHER, TEAM]}
    slack.users["U_NEW"] = {"id": "U_NEW", "team_id": "E1", "enterprise_user": shared}

    answer = workspace.command("missing", "U_NEW")

    assert "not filed yet" in answer["text"]


@pytest.mark.parametrize("act", [act for act in ACTS if act not in EVENTS])
def test_a_deactivated_account_gets_nothing_done(
    workspace: Workspace, services: Services, act: str
) -> None:
    before = all_rows(services)

    _done(workspace, act, "U_GONE")

    assert all_rows(services) == before
    assert outcomes(services) == [("U_GONE", "LeftError")]


def test_guests_read(workspace: Workspace, slack: FakeSlack) -> None:
    slack.users["U_NEW"] = {"id": "U_NEW", "is_restricted": True}

    answer = workspace.command("show FIN-01", "U_NEW")

    assert answer["text"] == "Updates of FIN-01"


def test_what_slack_tells_of_somebody_is_nobody_s_act(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    workspace.event(type="user_change", user={"id": "U_NEW", "tz": "Europe/Berlin"})
    workspace.event(type="message", user="U_BOT", bot_id="B1", channel_type="im", text="me")

    assert slack.of("users.info") == []
    assert outcomes(services) == []


def _done(workspace: Workspace, act: str, user: str) -> Any:
    workspace.statuses = (200, 503)
    return ACTS[act](workspace, user)
