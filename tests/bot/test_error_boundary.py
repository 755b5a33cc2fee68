"""The one boundary: a person gets a sentence, the log gets the kind and the place."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltContext
from slack_sdk.errors import SlackApiError
from structlog.testing import capture_logs

from bot.errors import answer_error, sentence
from handlers.blocks.text import marked
from tests.factories import TEAM
from tests.fakes import FakeSlack, deliver
from workflows.errors import (
    ConfidenceMissingError,
    EntryInvalidError,
    NoInitiativeError,
    NotYoursError,
    SchemaMovedError,
    UpdateTooLongError,
    UserError,
)
from workflows.services import Services

SECRET = "what somebody wrote"
COMMAND = {"command": "/ai-status", "text": SECRET, "user_id": "U1"}
SUBMISSION = {
    "type": "view_submission",
    "view": {
        "callback_id": "update_form",
        "blocks": [{"type": "section"}, {"type": "input", "block_id": "progress"}],
    },
}


def answered(
    error: Exception,
    body: dict[str, Any],
    slack: FakeSlack | None = None,
    services: Services | None = None,
) -> Any:
    context = BoltContext(team_id=TEAM, user_id="U_LEAD", services=services)
    response = answer_error(error, body, slack or FakeSlack(), context)
    assert response is not None
    assert response.status == 200
    return json.loads(response.body) if response.body else None


def test_a_command_is_answered_privately_with_the_exact_sentence() -> None:
    answer = answered(NoInitiativeError(), COMMAND)

    assert answer["response_type"] == "ephemeral"
    assert answer["text"] == str(NoInitiativeError()).replace("&", "&amp;")


def test_a_bug_is_told_kindly_and_logged_without_what_was_written() -> None:
    with capture_logs() as logged:
        answer = answered(ValueError(SECRET), COMMAND)

    assert "What you filed before is safe" in answer["text"]
    assert SECRET not in answer["text"]
    (line,) = logged
    assert (line["event"], line["kind"], line["log_level"]) == (
        "listener_failed",
        "/ai-status",
        "error",
    )


def test_what_a_person_can_mend_is_no_error_in_the_log() -> None:
    with capture_logs() as logged:
        answered(NoInitiativeError(), COMMAND)

    assert logged == []


def test_a_form_stays_open_with_the_sentence_beside_its_first_field() -> None:
    answer = answered(UserError("No."), SUBMISSION)

    assert answer["response_action"] == "errors"
    assert answer["errors"] == {"progress": "Not filed: No. Your text is still here."}


@pytest.mark.parametrize(("kind", "method"), [("modal", "views.push"), ("home", "views.open")])
def test_a_click_in_a_window_is_answered_in_one(kind: str, method: str) -> None:
    slack = FakeSlack()
    body = {"type": "block_actions", "trigger_id": "t", "view": {"type": kind}}

    answered(NoInitiativeError(), body, slack)

    (shown,) = slack.of(method)
    assert "You have no updates to file" in str(shown["view"])


class _Gone(http.server.BaseHTTPRequestHandler):
    """Answers as Slack does under an address that is used up or too old."""

    def do_POST(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gone_url() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Gone) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_an_answer_that_slack_does_not_take_in_its_place_comes_as_a_message_once(
    services: Services, gone_url: str
) -> None:
    slack = FakeSlack()
    slack.answers["views.open"] = ["expired_trigger_id"] * 2
    too_late = {"type": "block_actions", "trigger_id": "t1"}
    used_up = {"type": "block_actions", "trigger_id": "t2", "response_url": gone_url}
    nobody = {"type": "block_actions", "trigger_id": "t3", "response_url": "http://127.0.0.1:1/"}

    for body in (too_late, used_up, nobody, too_late):
        answered(NoInitiativeError(), body, slack, services)
    for _ in range(3):
        deliver(services, slack)

    told = [message["channel"] for message in slack.of("chat.postMessage")]
    assert told == ["U_LEAD"]
    (message,) = slack.of("chat.postMessage")
    assert str(message["blocks"]).count("You have no updates to file") == 3


def test_an_answer_that_can_not_be_stored_either_is_logged_and_nothing_more(
    services: Services,
) -> None:
    slack = FakeSlack()
    slack.answers["views.open"] = ["expired_trigger_id"]

    def fail() -> Any:
        raise SchemaMovedError

    body = {"type": "block_actions", "trigger_id": "t"}
    with capture_logs() as logged:
        answered(NoInitiativeError(), body, slack, replace(services, transaction=fail))

    assert [line["event"] for line in logged] == ["error_by_message", "error_untold"]


def test_an_event_that_failed_is_left_to_be_delivered_again() -> None:
    body = {"type": "event_callback", "event": {"type": "user_change"}}

    assert answer_error(ValueError("x"), body, FakeSlack(), BoltContext()) is None


def slack_error(code: str) -> SlackApiError:
    return SlackApiError(code, {"ok": False, "error": code})


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (lambda: NotYoursError("FIN-01", ["U1", "U2"]), "Please ask <@U1> or <@U2>."),
        (lambda: UserError("<!channel> & co"), "&lt;!channel&gt; &amp; co"),
        (lambda: slack_error("expired_trigger_id"), "Nothing was lost; please try again."),
        (lambda: slack_error("internal_error"), "What you filed before is safe."),
    ],
)
def test_each_kind_of_error_has_its_sentence(error: Callable[[], Exception], expected: str) -> None:
    assert expected in marked(sentence(error())).wire


def form_of(*fields: str) -> dict[str, Any]:
    blocks = [{"type": "input", "block_id": field} for field in fields]
    return {"type": "view_submission", "view": {"blocks": blocks}}


def test_an_error_stands_beside_the_field_that_it_is_about() -> None:
    form = form_of("progress", "milestones", "confidence")

    too_long = answered(UpdateTooLongError(200, 3, 20, "milestones"), form)
    unsaid = answered(ConfidenceMissingError(), form)

    assert list(too_long["errors"]) == ["milestones"]
    assert list(unsaid["errors"]) == ["confidence"]


def test_each_fault_of_an_entry_stands_beside_its_own_field() -> None:
    error = EntryInvalidError({"target_on": "Before the start.", "name": "Too short.", "x": "No."})

    answer = answered(error, form_of("objective", "name_3", "target_on"))

    assert answer["errors"] == {
        "target_on": "Not done: Before the start. Your text is still here.",
        "name_3": "Not done: Too short. Your text is still here.",
        "objective": "Not done: No. Your text is still here.",
    }
