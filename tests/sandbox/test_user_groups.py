"""User groups: who is told about them, what changes them, and how they look on the page."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.workspace import Json
from tests.sandbox.conftest import (
    ANA,
    BEN,
    CLEO,
    OPEN,
    SCOPES,
    App,
    Stage,
    a_manifest,
    a_section,
    connecting,
    refused,
    running,
)
from tests.sandbox.test_page import page
from tests.waiting import wait_until

COE, LEGAL = "S0COE", "S0LEGAL"
SUBTEAM_EVENTS = ["subteam_created", "subteam_updated", "subteam_members_changed"]


@pytest.fixture
def groups(stage: Stage) -> None:
    """Two groups; one is disabled."""
    stage.act("group", id=COE, handle="ai-coe", name="Center of Excellence", users=[ANA, BEN])
    stage.act("group", id=LEGAL, handle="legal", users=[CLEO], disabled=True)


def handles(client: WebClient, *, include_disabled: bool = False) -> list[str]:
    told = client.usergroups_list(include_disabled=include_disabled)
    return [group["handle"] for group in told["usergroups"]]


@pytest.mark.usefixtures("groups")
def test_a_group_is_told_by_its_handle_and_its_name(client: WebClient) -> None:
    [group] = client.usergroups_list()["usergroups"]

    assert (group["id"], group["handle"], group["name"]) == (COE, "ai-coe", "Center of Excellence")
    assert (group["is_usergroup"], group["date_delete"]) == (True, 0)
    assert group["date_create"] == group["date_update"] > 0
    assert not {"users", "user_count"} & set(group)


@pytest.mark.usefixtures("groups")
def test_members_and_their_number_are_told_if_so_asked(client: WebClient) -> None:
    [group] = client.usergroups_list(include_users=True, include_count=True)["usergroups"]

    assert (group["users"], group["user_count"]) == ([ANA, BEN], 2)


@pytest.mark.usefixtures("groups")
def test_disabled_groups_are_told_if_so_asked(client: WebClient, stage: Stage) -> None:
    assert stage.ask("state")["user_groups"] == {COE: "ai-coe", LEGAL: "legal"}
    assert handles(client) == ["ai-coe"]
    assert handles(client, include_disabled=True) == ["ai-coe", "legal"]


@pytest.mark.usefixtures("groups")
def test_the_members_of_a_group_are_asked_for_alone(client: WebClient) -> None:
    assert client.usergroups_users_list(usergroup=COE)["users"] == [ANA, BEN]


@pytest.mark.usefixtures("groups")
def test_the_members_of_a_disabled_group_are_told_if_so_asked(client: WebClient) -> None:
    told = client.usergroups_users_list(usergroup=LEGAL, include_disabled=True)

    assert told["users"] == [CLEO]
    answer = refused(client.usergroups_users_list, usergroup=LEGAL)
    assert answer["error"] == "no_such_subteam"


def test_a_group_that_never_was_is_refused(client: WebClient) -> None:
    answer = refused(client.usergroups_users_list, usergroup="S0NOBODY")

    assert answer["error"] == "no_such_subteam"


@pytest.mark.parametrize("method", ["usergroups.list", "usergroups.users.list"])
def test_an_argument_that_slack_does_not_know_is_refused(client: WebClient, method: str) -> None:
    answer = refused(client.api_call, method, json={"usergroup": COE, "cursor": "x"})

    assert answer["error"] == "invalid_arg_name"


def test_groups_take_a_scope_of_their_own() -> None:
    scopes = [scope for scope in SCOPES if scope != "usergroups:read"]
    with running(a_manifest(scopes=scopes)) as stage:
        client = stage.client()
        answers = [
            refused(client.usergroups_list),
            refused(client.usergroups_users_list, usergroup=COE),
        ]

    assert {answer["error"] for answer in answers} == {"missing_scope"}
    assert {answer["needed"] for answer in answers} == {"usergroups:read"}


@pytest.mark.usefixtures("groups")
def test_without_a_paid_plan_there_are_no_groups(client: WebClient, stage: Stage) -> None:
    stage.act("plan", user_groups=False)

    answers = [
        refused(client.usergroups_list),
        refused(client.usergroups_users_list, usergroup=COE),
    ]

    assert {answer["error"] for answer in answers} == {"plan_upgrade_required"}
    assert stage.act("group", id=COE, users=[])["error"] == "paid_teams_only"


@pytest.mark.usefixtures("groups")
def test_what_is_not_said_of_a_group_stays(client: WebClient, stage: Stage) -> None:
    stage.act("group", id=COE, users=[BEN, CLEO])
    stage.act("group", id=COE, name="AI Center of Excellence")

    [group] = client.usergroups_list(include_users=True)["usergroups"]

    assert (group["handle"], group["name"]) == ("ai-coe", "AI Center of Excellence")
    assert group["users"] == [BEN, CLEO]


@pytest.mark.usefixtures("groups")
def test_a_group_is_disabled_and_enabled_again(client: WebClient, stage: Stage) -> None:
    stage.act("group", id=COE, disabled=True)
    stage.act("group", id=LEGAL, disabled=False)

    told = client.usergroups_list(include_disabled=True)["usergroups"]

    assert [(group["id"], group["date_delete"] > 0) for group in told] == [
        (COE, True),
        (LEGAL, False),
    ]


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"id": "S0NEW"}, 409, "no_such_subteam"),
        ({"id": "S0NEW", "handle": "ai-coe"}, 409, "handle_already_exists"),
        ({"id": "S0NEW", "handle": "ana"}, 409, "handle_already_exists"),
        ({"id": "S0NEW", "handle": "open"}, 409, "handle_already_exists"),
        ({"id": COE, "users": ["U0NOBODY"]}, 409, "user_not_found"),
        ({"id": "C0NEW", "handle": "new"}, 400, "string_pattern_mismatch"),
        ({"id": "S0NEW", "handle": "New Group"}, 400, "string_pattern_mismatch"),
        ({"id": "S0NEW", "handle": "x" * 22}, 400, "string_too_long"),
        ({"id": COE, "colour": "red"}, 400, "extra_forbidden"),
    ],
)
def test_a_group_that_can_not_be_is_refused(
    stage: Stage, given: Json, status: int, error: str
) -> None:
    answer = stage.http.post("/driver/group", json=given)

    assert answer.status_code == status
    assert error in answer.json()["error"]
    assert set(stage.workspace.user_groups) == {COE, LEGAL}


def test_a_handle_has_21_characters_at_most(client: WebClient, stage: Stage) -> None:
    stage.act("group", id=COE, handle="x" * 21)

    assert handles(client) == ["x" * 21]


@pytest.fixture(scope="module")
def listening() -> Iterator[tuple[Stage, App]]:
    """A workspace whose app hears of groups."""
    manifest = a_manifest(events=["user_change", *SUBTEAM_EVENTS])
    with running(manifest) as stage, connecting(stage) as connect:
        yield stage, connect()


def told_of(listening: tuple[Stage, App], count: int, **given: object) -> list[Json]:
    """Change a group; return what the app hears until then, and then that nothing more came."""
    stage, app = listening
    app.requests.clear()
    stage.act("group", **given)
    stage.act("user", user=ANA, facts={"title": "Lead"})  # the last that is heard
    wait_until(lambda: len(app.requests) > count)
    events: list[Json] = [request.payload["event"] for request in app.requests]
    assert events.pop()["type"] == "user_change"
    return events


def test_the_app_hears_of_a_new_group(listening: tuple[Stage, App]) -> None:
    [event] = told_of(listening, 1, id="S0NEW", handle="newcomers", users=[ANA])

    assert event["type"] == "subteam_created"
    assert event["subteam"]["handle"] == "newcomers"
    assert (event["subteam"]["users"], event["subteam"]["user_count"]) == ([ANA], 1)


def test_the_app_hears_who_came_and_who_went(listening: tuple[Stage, App]) -> None:
    told_of(listening, 1, id=COE, handle="ai-coe", users=[ANA, BEN])

    whole, delta = told_of(listening, 2, id=COE, users=[BEN, CLEO])

    assert (whole["type"], whole["subteam"]["users"]) == ("subteam_updated", [BEN, CLEO])
    assert (delta["type"], delta["subteam_id"]) == ("subteam_members_changed", COE)
    assert (delta["added_users"], delta["added_users_count"]) == ([CLEO], 1)
    assert (delta["removed_users"], delta["removed_users_count"]) == ([ANA], 1)
    assert delta["date_previous_update"] <= delta["date_update"]


def test_a_name_or_an_end_changes_no_members(listening: tuple[Stage, App]) -> None:
    told_of(listening, 1, id=LEGAL, handle="legal", users=[CLEO])

    [named] = told_of(listening, 1, id=LEGAL, name="Legal & Compliance")
    [ended] = told_of(listening, 1, id=LEGAL, disabled=True)

    assert named["subteam"]["name"] == "Legal & Compliance"
    assert ended["type"] == "subteam_updated"
    assert ended["subteam"]["date_delete"] > 0


def test_what_changes_nothing_is_not_told(listening: tuple[Stage, App]) -> None:
    told_of(listening, 1, id="S0SAME", handle="same", users=[BEN])

    assert told_of(listening, 0, id="S0SAME", handle="same", users=[BEN, BEN]) == []


def test_without_its_scope_nothing_is_heard_of_groups() -> None:
    scopes = [scope for scope in SCOPES if scope != "usergroups:read"]
    manifest = a_manifest(scopes=scopes, events=["user_change", *SUBTEAM_EVENTS])
    with running(manifest) as stage, connecting(stage) as connect:
        assert told_of((stage, connect()), 0, id=COE, handle="ai-coe", users=[ANA]) == []


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("where", ["text", "mrkdwn", "rich text"])
def test_a_group_is_mentioned_by_its_handle(client: WebClient, stage: Stage, where: str) -> None:
    mention = f"<!subteam^{COE}>"
    spans = [{"type": "usergroup", "usergroup_id": COE}]
    section = {"type": "rich_text_section", "elements": spans}
    blocks = {
        "text": [],
        "mrkdwn": [a_section(mention)],
        "rich text": [{"type": "rich_text", "elements": [section]}],
    }[where]

    client.chat_postMessage(channel=OPEN, text=mention, blocks=blocks)

    assert '<span class="mention mention-me">@ai-coe</span>' in page(stage)
    stage.act("group", id=COE, users=[BEN])
    assert '<span class="mention">@ai-coe</span>' in page(stage)


@pytest.mark.usefixtures("groups")
def test_a_mention_goes_by_the_handle_of_today_and_by_what_it_says_where_there_is_none(
    client: WebClient, stage: Stage
) -> None:
    client.chat_postMessage(channel=OPEN, text=f"<!subteam^{COE}|@coe> and <!subteam^S0GONE|@old>")

    shown = page(stage)

    assert "@ai-coe" in shown
    assert ">@old<" in shown
