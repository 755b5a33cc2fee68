"""/healthz, /readyz and /metrics, on an address of their own."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.receiving.sockets import DEAF_AFTER_SECONDS
from workflows.backlog import Backlog, measure_backlog
from workflows.errors import SchemaMovedError
from workflows.heartbeat import is_fresh, last_sweep
from workflows.services import Services

_GAUGES = {
    "rollcall_promises_due": "Promises that are due now",
    "rollcall_promises_overdue": "Promises due for more than five minutes",
    "rollcall_oldest_promise_seconds": "For how long the oldest promise has been due",
    "rollcall_outbox_messages": "Messages that are due and not sent yet",
    "rollcall_oldest_message_seconds": "For how long the oldest message has been due",
    "rollcall_inbox_items": "What came in and is not dealt with yet",
    "rollcall_sweep_age_seconds": "Time since a sweep went through, on whichever replica",
    "rollcall_socket_age_seconds": "Time since Slack was last heard on the socket",
}


class Health:
    """How this process and what it depends on are."""

    def __init__(
        self,
        services: Services,
        socket_age: Callable[[], float | None] = lambda: None,
        deaf_after_seconds: float = DEAF_AFTER_SECONDS,
        is_open: Callable[[], bool] = lambda: True,
    ) -> None:
        self._services = services
        self.socket_age, self._deaf_after = socket_age, deaf_after_seconds
        self._is_open = is_open

    def faults(self) -> dict[str, str]:
        """Return what keeps this process from its work, by the part that is at fault."""
        try:
            with self._services.transaction():
                beat = last_sweep(self._services)
        except SchemaMovedError:
            return {"database": "migrated by a newer Rollcall"}
        except SQLAlchemyError as error:
            return {"database": type(error).__name__}
        faults = {}
        if beat is None or not is_fresh(beat, self._services.now()):
            faults["sweep"] = f"none since {beat.beat_at.isoformat()}" if beat else "none yet"
        age = self.socket_age()
        if age is not None and age > self._deaf_after:
            faults["slack"] = f"nothing heard for {age:.0f} s"
        elif not self._is_open():
            faults["slack"] = "the socket is being opened anew"
        return faults

    def backlog(self) -> Backlog:
        """Return what waits, and since when."""
        return measure_backlog(self._services)


class BacklogCollector(Collector):
    """Asks the database for what waits when the metrics are read."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield a gauge for each figure that is known."""
        backlog, age = self._health.backlog(), self._health.socket_age()
        figures = {f"rollcall_{name}": value for name, value in backlog.figures().items()}
        figures["rollcall_socket_age_seconds"] = age
        for name, said in _GAUGES.items():
            if (value := figures.get(name)) is not None:
                yield GaugeMetricFamily(name, said, value=value)


def build_health(health: Health) -> Starlette:
    """Return the web application, which reveals nothing of what people wrote."""
    backlog = CollectorRegistry()
    backlog.register(BacklogCollector(health))

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        faults = await run_in_threadpool(health.faults)
        return JSONResponse({"ready": not faults, "faults": faults}, 503 if faults else 200)

    async def metrics(_request: Request) -> Response:
        figures = await run_in_threadpool(
            lambda: generate_latest(REGISTRY) + generate_latest(backlog)
        )
        return Response(figures, media_type="text/plain; version=0.0.4")

    routes = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
    return Starlette(routes=routes)


@contextmanager
def serving_health(health: Health, listening: socket.socket | None) -> Iterator[None]:
    """Answer at a socket for as long as the block runs; None answers nowhere."""
    if listening is None:
        yield
        return
    config = uvicorn.Config(build_health(health), log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=5)
