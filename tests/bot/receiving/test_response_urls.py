"""An address to answer at is used under Slack's own host, and nowhere else."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.receiving.response_urls import is_slacks, without_foreign
from tests.bot.receiving.door import CountingSlack, opened
from tests.factories import TEAM

SLACK, OWN = "https://slack.com/api/", "http://127.0.0.1:8765/api/"


@pytest.mark.parametrize(
    ("url", "api_url"),
    [
        ("https://hooks.slack.com/actions/T1/2/3", SLACK),
        ("https://slack.com/response/1", SLACK),
        ("https://hooks.slack-gov.com/actions/T1", "https://slack-gov.com/api/"),
        ("https://hooks.slack.com/actions/T1", OWN),
        ("http://127.0.0.1:8765/response/1", OWN),
        ("http://127.0.0.1:9999/response/1", OWN),  # its other server
    ],
)
def test_slack_s_own_addresses_are_used(url: str, api_url: str) -> None:
    assert is_slacks(url, api_url)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/actions/T1",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com.evil.example/",
        "https://hooks.slack.com@evil.example/",
        "https://hooks.slack.com:x@evil.example/",
        "https://evil.example\\@hooks.slack.com/",
        "https://evil.example#@hooks.slack.com/",
        "https://hooks.slack.com:99999999/",
        "https://evilhooks.slack.com.",
        "https://hooks.slack.com\n.evil.example/",
        "https://hooks.slаck.com/",  # a Cyrillic letter
        "file:///etc/passwd",
        "//hooks.slack.com/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1",
        "",
        None,
        5,
        ["https://hooks.slack.com/"],
    ],
)
def test_others_are_not(url: object) -> None:
    assert not is_slacks(url, SLACK)


def test_a_foreign_address_is_left_out_and_all_else_is_kept() -> None:
    body = {
        "type": "view_submission",
        "response_url": "https://evil.example/",
        "response_urls": [{"response_url": "https://hooks.slack.com/1"}, {"response_url": "x"}],
    }

    assert without_foreign(body, SLACK) == {"type": "view_submission"}


def test_a_signed_click_is_answered_at_slack_s_host_only(
    sqlite_template: Path, tmp_path: Path
) -> None:
    (tmp_path / "rollcall.db").write_bytes(sqlite_template.read_bytes())
    elsewhere = CountingSlack()
    with opened(f"sqlite:///{tmp_path / 'rollcall.db'}") as door:
        action = {"action_id": "open_update", "type": "button", "value": "NONE-01"}
        click = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U1"},
            "trigger_id": "1.2.abc",
            "actions": [action],
        }
        own = f"{door.slack.url}/response/1"
        foreign = elsewhere.url.replace("127.0.0.1", "localhost")
        for url in (own, foreign):
            body = {**click, "response_url": url}
            assert door.signed(urlencode({"payload": json.dumps(body)}).encode()) == 200

        assert "/response/1" in door.slack.asked
    elsewhere.stop()
    assert elsewhere.asked == []
