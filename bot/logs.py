"""Logging: structured, and without tokens or what people wrote."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import LogFormat, LogLevel

_TOKEN = re.compile(r"x(?:ox[a-z]|app)-[\w-]+")
_OURS = "rollcall"
_QUOTES = re.compile(r"[({\[<\"':\n]")
_FRAMES = 8  # the innermost ones: enough to find the line
# What a database driver says of a failed statement holds its parameters, so people's words.
_PARAMETERS = re.compile(r"\[parameters: .*?\](?=\n|$)|^DETAIL: .*$", re.DOTALL | re.MULTILINE)


def set_up_logs(level: LogLevel, form: LogFormat) -> None:
    """Send every log line, the libraries' too, through one chain to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_exception,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact,
                _renderer(form),
            ],
            pass_foreign_args=True,
            foreign_pre_chain=[keep_own_words, *shared],
        )
    )
    handler.addFilter(lambda line: _is_ours(line) or line.levelno >= logging.WARNING)
    # LOG_LEVEL is for our own lines. Below a warning libraries write whole requests, tokens and
    # texts included; and Bolt gives each of its loggers the root's level, whatever theirs is.
    logging.basicConfig(handlers=[handler], level=max(_number(level), logging.WARNING), force=True)
    logging.getLogger(_OURS).setLevel(level.value)
    # Bolt finds the token in the environment, too, and warns that it has no use for it.
    logging.getLogger("slack_bolt.App").addFilter(
        lambda line: not line.getMessage().endswith(("will be ignored.", "will be unused."))
    )
    # A tick that finds the last one still at work is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def keep_own_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut a library's line where it begins to quote: what it worked on, what people wrote."""
    words = str(event["_record"].msg)
    is_template = bool(event.pop("positional_args", ()))  # what fills it is left out
    event["event"] = words if is_template else _QUOTES.split(words, maxsplit=1)[0].strip()
    return event


def name_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and where it came from.

    Its message stays out: it may quote what people wrote (a pydantic error does, and so does
    a database's).
    """
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told
    error = error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["exception"] = " caused by ".join(_brief(link) for link in _chain(error))
    return event


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take tokens and statement parameters out of every value."""
    return {key: _clean(value) if isinstance(value, str) else value for key, value in event.items()}


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _brief(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames)]
    code = getattr(error, "sqlstate", None)
    return f"{type(error).__name__}{f' {code}' if code else ''} at {' < '.join(places) or 'start'}"


def _clean(text: str) -> str:
    return _PARAMETERS.sub("[parameters kept out]", _TOKEN.sub("[token]", text))


def _is_ours(line: logging.LogRecord) -> bool:
    return line.name.partition(".")[0] == _OURS


def _number(level: LogLevel) -> int:
    return logging.getLevelNamesMapping()[level.value]


def _renderer(form: LogFormat) -> Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
