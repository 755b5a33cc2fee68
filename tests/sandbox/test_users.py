"""users.*: who is there, and what an app may know of them."""

from itertools import chain

import pytest
from slack_sdk import WebClient

from tests.sandbox.conftest import ANA, BEN, BOT, CLEO, SCOPES, Stage, a_manifest, refused, running


def test_somebodys_profile_has_their_name_their_timezone_and_their_email(
    client: WebClient,
) -> None:
    user = client.users_info(user=ANA)["user"]

    assert (user["id"], user["real_name"]) == (ANA, "Ana Ruiz")
    assert (user["tz"], user["tz_offset"]) == ("Europe/Madrid", 3600)
    assert user["profile"]["email"] == "ana@example.com"
    assert not (user["deleted"] or user["is_bot"] or user["is_restricted"])


def test_without_its_scope_no_email_is_told() -> None:
    scopes = [scope for scope in SCOPES if scope != "users:read.email"]
    with running(a_manifest(scopes=scopes)) as stage:
        user = stage.client().users_info(user=ANA)["user"]

    assert "email" not in user["profile"]


def test_the_offset_is_that_of_the_workspaces_day(client: WebClient, stage: Stage) -> None:
    stage.act("clock", by_seconds=60 * 86_400)  # from March to May

    assert client.users_info(user=ANA)["user"]["tz_offset"] == 7200


def test_somebody_who_has_left_has_no_timezone_and_no_place(
    client: WebClient, stage: Stage
) -> None:
    stage.act("user", user=ANA, facts={"deleted": True})

    user = client.users_info(user=ANA)["user"]

    assert user["deleted"] is True
    assert "tz" not in user
    assert ANA not in client.conversations_members(channel="C0OPEN")["members"]


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted"])
def test_a_guest_is_told_as_one(client: WebClient, stage: Stage, kind: str) -> None:
    stage.act("user", user=BEN, facts={kind: True})

    user = client.users_info(user=BEN)["user"]

    assert user["is_restricted"] is True
    assert user["is_ultra_restricted"] is (kind == "is_ultra_restricted")


def test_the_app_is_a_bot(client: WebClient) -> None:
    assert client.users_info(user=BOT)["user"]["is_bot"] is True


def test_nobody_has_that_id(client: WebClient) -> None:
    assert refused(client.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_everybody_is_told_in_pages(client: WebClient) -> None:
    pages = [[user["id"] for user in page["members"]] for page in client.users_list(limit=2)]

    assert [len(page) for page in pages] == [2, 2]
    assert sorted(chain(*pages)) == sorted([ANA, BEN, CLEO, BOT])


def test_a_cursor_of_nobody_is_refused(client: WebClient) -> None:
    assert refused(client.users_list, cursor="next:2")["error"] == "invalid_cursor"


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_has_bounds(client: WebClient, limit: int) -> None:
    assert refused(client.users_list, limit=limit)["error"] == "invalid_limit"


def test_somebody_is_found_by_their_email_however_it_is_written(client: WebClient) -> None:
    assert client.users_lookupByEmail(email=" Ben@Example.com ")["user"]["id"] == BEN


def test_somebody_who_has_left_is_not_found_by_their_email(client: WebClient, stage: Stage) -> None:
    stage.act("user", user=BEN, facts={"deleted": True})

    answer = refused(client.users_lookupByEmail, email="ben@example.com")

    assert answer["error"] == "users_not_found"
