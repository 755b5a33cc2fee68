import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel

from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
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
    assert written.count("[token]") == 3


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

    logging.getLogger("slack_sdk.web.base_client").debug("body: what somebody wrote")
    logging.getLogger("slack_sdk.web.base_client").warning("slow")

    assert [line["event"] for line in lines(capsys)] == ["slow"]
