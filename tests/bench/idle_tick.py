"""A second in which nothing is due, in a process that serves many workspaces.

Wall time and not CPU, so that what PostgreSQL does meanwhile counts as well. It is what `serve`
does each second: the sweep, the delivery, the files that people
sent, and the seals of the audit log.
"""

from statistics import fmean

from bot.app import build_app, build_bolt
from bot.clients import Introduced
from bot.jobs.heartbeat_url import Heart
from bot.jobs.scheduler import Jobs
from bot.receiving.inbox import Inbox
from bot.services import build_services
from bot.workspaces import Workspace, Workspaces
from storage.engine import connect
from tests.bench.bench import Bench
from tests.bench.databases import KINDS, tidy
from tests.bench.rows import Row, milliseconds
from tests.factories import MONDAY_9AM, a_policy
from tests.fakes import FakeClock
from workflows import policies
from workflows.rounds.planning import ensure_next_round

_WORKSPACES = 200
_TICKS_A_SECOND = 1


def measure_idle_ticks(bench: Bench) -> list[Row]:
    return [
        Row(
            f"idle tick of {_WORKSPACES} workspaces, of a core, {name}",
            _tick_ms(bench, kind) * _TICKS_A_SECOND / 10,
            "%",
            5,
            at_most=True,
        )
        for kind, name in KINDS.items()
    ]


def _tick_ms(bench: Bench, kind: str) -> float:
    engine = connect(bench.databases.fresh(kind))
    clock = FakeClock(MONDAY_9AM)
    services = build_services(engine, clock)
    client = bench.client()
    workspaces = Workspaces(
        Workspace(Introduced(f"T{number:04}", f"Workspace {number}"), client, client)
        for number in range(_WORKSPACES)
    )
    for workspace in workspaces:
        policies.adopt(services, workspace.id, workspace.introduced.name, a_policy())
        ensure_next_round(services, workspace.id)
    app = build_app(build_bolt(workspaces), services, workspaces)
    jobs = Jobs(services, workspaces, Inbox(app, workspaces), Heart(None))
    jobs.sweep()
    jobs.seal()
    tidy(engine)

    def tick() -> None:
        clock.advance(seconds=1)  # so that the sweep beats as often as it does in earnest
        jobs.sweep()
        jobs.deliver()
        jobs.work_on_files()
        jobs.seal()

    taken = [milliseconds(tick) for _ in range(bench.pick(300, 60))]
    engine.dispose()
    return fmean(taken)  # and not the median: one tick of fifteen beats, which is a write
