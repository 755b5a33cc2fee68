"""A sweep of very many prompts that are due, against bare SQL and against APScheduler's own store.

The bare SQL claims, settles and inserts the same rows in one transaction and decides nothing. It
is written as one would for speed: one statement settles all, one `executemany` inserts all.
APScheduler gets the product's own engine (on SQLite: WAL), which is faster than what it would
open by itself, and jobs that do nothing.
"""

import pickle
import threading
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, text

from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, raw_postgres, raw_sqlite, tidy
from tests.bench.rows import Row, median_ratio, milliseconds
from tests.bench.seeds import open_round, promised, settled
from tests.factories import CALL_ON, MONDAY_9AM, TEAM
from workflows.sweep import sweep

_PATIENCE_SECONDS = 300.0
_CLAIM = (
    "SELECT p.key, p.subject_key, i.lead_id FROM promise p JOIN initiative i"
    " ON i.workspace_id = p.workspace_id AND i.key = p.subject_key"
    " WHERE p.workspace_id = {0} AND p.state = 'pending' AND p.due_at <= {0}"
    " ORDER BY p.due_at, p.key"
)
_INSERT = (
    "INSERT INTO notification (workspace_id, key, kind, recipient_id, subject_kind, subject_key,"
    " period_on, due_at, owed_at, clause, policy_version, state, attempts, channel_id, ts, error,"
    " words, instead_of_id, thread_key, priority, carrier_key)"
    " VALUES ({0}, {0}, 'prompt', {0}, 'round', {0}, {0}, {0}, {0},"
    " 'round.prompt_working_days_before', 1, 'pending', 0, '', '', '', '', '', '', 1, '')"
    " ON CONFLICT DO NOTHING"
)
_INSERT_SUBJECT = (
    "INSERT INTO notification_subject"
    " (workspace_id, notification_key, subject_kind, subject_key, position)"
    " VALUES ({0}, {0}, 'initiative', {0}, 0) ON CONFLICT DO NOTHING"
)


def measure_due_sweeps(bench: Bench) -> list[Row]:
    number = bench.pick(10_000, 500)
    return [row for kind in KINDS for row in _measure(bench, kind, number)]


def _measure(bench: Bench, kind: str, number: int) -> list[Row]:
    url = bench.databases.fresh(kind)
    engine = connect(url)
    services = settled(engine, number)
    open_round(engine)
    promised(engine, "prompt", number, MONDAY_9AM)
    bare = {"sqlite": bare_sqlite, "postgresql": bare_postgres}[kind](url)

    def measure() -> tuple[float, float, float]:
        return (
            _timed(engine, bare, number),
            _timed(engine, lambda: sweep(services), number),
            job_store_ms(engine, number),
        )

    taken = bench.repeat(measure)
    engine.dispose()
    to_bare = median_ratio((bare_ms, ours) for bare_ms, ours, _ in taken)
    to_theirs = median_ratio((theirs, ours) for _, ours, theirs in taken)
    bare_ms, ours_ms, theirs_ms = (median(times) for times in zip(*taken, strict=True))
    where = f"sweep of {number:,} due, {KINDS[kind]}"
    return [
        Row(f"{where}, to bare SQL", to_bare, "×", {"sqlite": 0.35, "postgresql": 0.6}[kind]),
        Row(
            f"{where}, APScheduler's store takes",
            to_theirs,
            "times",
            {"sqlite": 10, "postgresql": 20}[kind],
        ),
        Row(where, ours_ms, "ms"),
        Row(f"… bare SQL, {KINDS[kind]}", bare_ms, "ms"),
        Row(f"… APScheduler's store, {KINDS[kind]}", theirs_ms, "ms"),
    ]


def _timed(engine: Engine, work: Callable[[], object], number: int) -> float:
    """Return how long it takes to settle all that is due, which it has to do."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM notification"))
        connection.execute(text("DELETE FROM notification_subject"))
        connection.execute(text("UPDATE promise SET state = 'pending', settled_at = NULL"))
    tidy(engine)
    taken = milliseconds(work)
    with engine.begin() as connection:
        sent = connection.execute(text("SELECT count(*) FROM notification")).scalar_one()
        kept = connection.execute(text("SELECT count(*) FROM promise WHERE state = 'kept'"))
        assert sent == kept.scalar_one() == number
    return taken


def bare_sqlite(url: str) -> Callable[[], None]:
    connection = raw_sqlite(url)
    now = f"{MONDAY_9AM:%Y-%m-%d %H:%M:%S.%f}"

    def settle() -> None:
        connection.execute("BEGIN IMMEDIATE")
        due = connection.execute(_CLAIM.format("?"), (TEAM, now)).fetchall()
        connection.execute(
            "UPDATE promise SET state = 'kept', settled_at = ?"
            " WHERE workspace_id = ? AND state = 'pending' AND due_at <= ?",
            (now, TEAM, now),
        )
        connection.executemany(_INSERT.format("?"), _messages(due, str(CALL_ON), now))
        connection.executemany(_INSERT_SUBJECT.format("?"), _subjects(due))
        connection.execute("COMMIT")

    return settle


def bare_postgres(url: str) -> Callable[[], None]:
    connection = raw_postgres(url)

    def settle() -> None:
        with connection.transaction(), connection.cursor() as cursor:
            claim = _CLAIM.format("%s") + " FOR UPDATE OF p SKIP LOCKED"
            due = cursor.execute(claim.encode(), (TEAM, MONDAY_9AM)).fetchall()
            cursor.execute(
                "UPDATE promise SET state = 'kept', settled_at = %s"
                " WHERE workspace_id = %s AND key = ANY(%s)",
                (MONDAY_9AM, TEAM, [key for key, _, _ in due]),
            )
            messages = _messages(due, CALL_ON, MONDAY_9AM)
            cursor.executemany(_INSERT.format("%s").encode(), messages)
            cursor.executemany(_INSERT_SUBJECT.format("%s").encode(), _subjects(due))

    return settle


def _messages(due: list[Any], call_on: object, now: str | datetime) -> list[tuple[object, ...]]:
    return [
        (TEAM, f"{key}:{lead_id}", lead_id, str(call_on), call_on, now, now)
        for key, _, lead_id in due
    ]


def _subjects(due: list[Any]) -> list[tuple[str, str, str]]:
    return [(TEAM, f"{key}:{lead_id}", initiative_key) for key, initiative_key, lead_id in due]


class _Ran:
    """Counts the jobs that ran; APScheduler finds `run` by its name."""

    def __init__(self) -> None:
        self.left = 0
        self.all = threading.Event()
        self._lock = threading.Lock()

    def expect(self, number: int) -> None:
        self.left = number
        self.all.clear()

    def count(self) -> None:
        with self._lock:
            self.left -= 1
            if self.left == 0:
                self.all.set()


_ran = _Ran()


def run_job() -> None:
    _ran.count()


def job_store_ms(engine: Engine, number: int) -> float:
    """Return how long APScheduler takes for so many jobs in its own table that are due."""
    store = SQLAlchemyJobStore(engine=engine)
    scheduler = BackgroundScheduler(
        jobstores={"default": store}, job_defaults={"misfire_grace_time": None}, timezone="UTC"
    )
    scheduler.start(paused=True)
    past = datetime(2020, 1, 1)  # noqa: DTZ001  (APScheduler puts its own zone to it)
    scheduler.add_job(run_job, "date", run_date=past, id="0", max_instances=number)
    _multiply(engine, store.jobs_t, number)
    _ran.expect(number)

    def run_all() -> None:
        scheduler.resume()
        assert _ran.all.wait(_PATIENCE_SECONDS)

    taken = milliseconds(run_all)
    scheduler.shutdown(wait=True)  # it disposes of the engine's connections, too
    return taken


def _multiply(engine: Engine, table: Any, number: int) -> None:
    """Store the one job so many times, under other ids."""
    with engine.begin() as connection:
        job = connection.execute(table.select()).one()
        state = pickle.loads(job.job_state)
        rows = [
            {
                "id": str(each),
                "next_run_time": job.next_run_time,
                "job_state": pickle.dumps(state | {"id": str(each)}, pickle.HIGHEST_PROTOCOL),
            }
            for each in range(1, number)
        ]
        connection.execute(table.insert(), rows)
