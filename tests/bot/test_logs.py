import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel
from slack_bolt import App
from slack_bolt.logger import get_bolt_logger

from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("rollcall")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    structlog.reset_defaults()


class Form(BaseModel):
    key: int


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_says_who_did_what_to_what(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.JSON)

    structlog.get_logger("rollcall.test").info("file_update", actor="U1", subject="FIN-01 v1")

    (line,) = lines(capsys)
    assert (line["event"], line["actor"], line["subject"]) == ("file_update", "U1", "FIN-01 v1")
    assert line["level"] == "info"
    assert "timestamp" in line


@pytest.mark.parametrize("form", list(LogFormat))
def test_complaint_25_tokens_stay_out_of_our_lines_and_of_the_libraries(
    capsys: pytest.CaptureFixture[str], form: LogFormat
) -> None:
    set_up_logs(LogLevel.DEBUG, form)

    structlog.get_logger("rollcall.test").info("connected with xoxb-12-secret", by="xapp-1-secret")
    logging.getLogger("elsewhere").error("refused: %s", "xoxp-3-secret")

    written = capsys.readouterr().err
    assert "secret" not in written
    assert written.count("[token]") == 2
    assert "refused: %s" in written


@pytest.mark.parametrize("form", list(LogFormat))
def test_an_exception_is_told_by_kind_and_place_and_never_by_its_words(
    capsys: pytest.CaptureFixture[str], form: LogFormat
) -> None:
    set_up_logs(LogLevel.INFO, form)

    try:
        Form.model_validate({"key": "what somebody wrote"})
    except ValueError as error:
        structlog.get_logger("rollcall.test").error("listener_failed", exc_info=error)
        logging.getLogger("elsewhere").exception("job failed")

    written = capsys.readouterr().err
    assert "what somebody wrote" not in written
    assert written.count("ValidationError at ") == 2
    assert "test_logs.py" in written


def test_what_libraries_say_below_a_warning_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogLevel.DEBUG, LogFormat.JSON)

    library = get_bolt_logger(App)  # Bolt gives it the root's level
    library.debug("body: what somebody wrote")
    library.setLevel(logging.DEBUG)
    library.info("Invalid request signature detected (body: what somebody wrote)")
    library.warning("slow")

    assert [line["event"] for line in lines(capsys)] == ["slow"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Unhandled request ({'type': 'command', 'text': 'a secret'})", "Unhandled request"),
        ("Failed to decode Slack API response: a secret", "Failed to decode Slack API response"),
        ("A line\nof a secret", "A line"),
        ('As "a secret" is not known', "As"),
    ],
)
@pytest.mark.parametrize("form", list(LogFormat))
def test_a_library_s_warning_ends_where_it_begins_to_quote(
    capsys: pytest.CaptureFixture[str], form: LogFormat, said: str, kept: str
) -> None:
    set_up_logs(LogLevel.DEBUG, form)

    logging.getLogger("slack_bolt.App").warning(said)

    written = capsys.readouterr().err
    assert kept in written
    assert "secret" not in written


def test_a_job_that_failed_is_told_by_the_library_s_own_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(LogLevel.INFO, LogFormat.JSON)

    logging.getLogger("apscheduler.executors").error('Job "%s" raised an exception', "a secret")

    assert [line["event"] for line in lines(capsys)] == ['Job "%s" raised an exception']
