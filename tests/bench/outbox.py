"""The outbox against a stub of Slack that takes whatever comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, islice
from statistics import median
from time import perf_counter

from slack_sdk import WebClient
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from bot.clock import utc_now
from bot.jobs.delivery import Courier, deliver_due
from bot.jobs.sending import EVENT_TYPE
from handlers.blocks.message import Message
from handlers.rendering import render
from storage.engine import connect
from storage.models import Notification
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, tidy
from tests.bench.rows import Row, median_ratio
from tests.bench.seeds import Prompt, lead_of, open_round, prompted, settled
from tests.factories import MONDAY_9AM
from tests.fakes import served_by
from workflows.outbox.policy import SLACK, UNLIMITED, Limits
from workflows.services import Services

_CHANNELS = 500
_RENDERED = 10  # different messages that the bare loop posts, one after the other
_TICK_SECONDS = 1.0


# No workspace cap, which is far lower.
BY_CHANNEL = replace(UNLIMITED, channel=SLACK.channel)


def drain(
    services: Services, client: WebClient, is_stopping: Callable[[], bool], limits: Limits
) -> None:
    """Send what is due."""
    deliver_due(Courier(services, served_by(client, limits), is_stopping))


def measure_outbox(bench: Bench) -> list[Row]:
    return [row for kind in KINDS for row in _measure(bench, kind)]


def measure_channels(bench: Bench) -> list[Row]:
    """Measure how near the outbox comes to one message a second in each of many channels."""
    seconds = bench.pick(10, 2)
    rows = []
    for kind, name in KINDS.items():
        achieved = _keep_up(bench, kind, seconds)
        label = f"{_CHANNELS} channels kept at one a second, {name}"
        rows.append(Row(label, achieved, "messages/s", _CHANNELS))
    return rows


def _measure(bench: Bench, kind: str) -> list[Row]:
    number = bench.pick(1000, 200)
    engine = connect(bench.databases.fresh(kind))
    services, client = settled(engine, number), bench.client()
    open_round(engine)
    prompted(engine, [Prompt(n, lead_of(n), MONDAY_9AM) for n in range(number)])
    rendered = _rendered(services)
    seconds = bench.pick(2.5, 0.6)
    pairs = []
    for _ in range(bench.repetitions):
        ours = _drained_a_second(engine, services, client, seconds)
        pairs.append((ours, _posted_a_second(client, rendered, seconds)))
    engine.dispose()
    ratio = median_ratio(pairs)
    return [
        Row(f"outbox of {number:,} prompts to a bare posting loop, {KINDS[kind]}", ratio, "×", 0.4),
        Row(f"… outbox, {KINDS[kind]}", median(ours for ours, _ in pairs), "messages/s"),
        Row(f"… bare loop, {KINDS[kind]}", median(bare for _, bare in pairs), "messages/s"),
    ]


def _drained_a_second(
    engine: Engine, services: Services, client: WebClient, seconds: float
) -> float:
    """Return the messages sent a second, until all are or the time is over."""
    with engine.begin() as connection:
        again = "UPDATE notification SET state = 'pending', attempts = 0, claimed_at = NULL"
        connection.execute(text(again))
    tidy(engine)
    begun = perf_counter()
    drain(services, client, lambda: perf_counter() - begun > seconds, UNLIMITED)
    taken = perf_counter() - begun
    return _count_sent(engine) / taken


def _count_sent(engine: Engine) -> int:
    with engine.connect() as connection:
        sent = connection.execute(text("SELECT count(*) FROM notification WHERE state = 'sent'"))
        return int(sent.scalar_one())


def _rendered(services: Services) -> list[tuple[Notification, Message]]:
    with services.transaction() as session:
        several = _some(session)
    words = render(services, several)
    found = [(one, words.get(one.key)) for one in several]
    return [(one, message) for one, message in found if message is not None]


def _some(session: Session) -> list[Notification]:
    return list(session.exec(select(Notification).limit(_RENDERED)))


def _posted_a_second(
    client: WebClient, rendered: list[tuple[Notification, Message]], seconds: float
) -> float:
    """Return how many of the same messages the same client posts a second, and nothing else."""
    begun, posted = perf_counter(), 0
    for notification, message in islice(cycle(rendered), 1000):
        client.chat_postMessage(
            channel=notification.recipient_id,
            text=message.wire_text,
            blocks=message.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": notification.key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        posted += 1
        if perf_counter() - begun > seconds:
            break
    return posted / (perf_counter() - begun)


def _keep_up(bench: Bench, kind: str, seconds: int) -> float:
    """Return the messages sent a second while each channel has one more due every second."""
    engine = connect(bench.databases.fresh(kind))
    now = utc_now()
    services = replace(settled(engine, _CHANNELS, now), now=utc_now)
    call_at = now + timedelta(days=2)
    open_round(engine, call_at.date(), call_at)
    client, begun, begun_at = bench.client(), perf_counter(), utc_now()
    due = [
        Prompt(
            n,
            f"C0{n:09}",
            begun_at + timedelta(seconds=second),
            call_on=call_at.date(),
            instead_of_id=lead_of(n),  # the fallback's: a channel answers for nothing itself
        )
        for second in range(seconds)
        for n in range(_CHANNELS)
    ]
    prompted(engine, due)

    def is_over() -> bool:
        return perf_counter() - begun > seconds

    while not is_over():
        drain(services, client, is_over, BY_CHANNEL)
    sent = _count_sent(engine)
    engine.dispose()
    return sent / seconds
