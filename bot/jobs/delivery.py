"""Drains the outbox: urgent first, each lane at its pace, and nothing twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import monotonic

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import metrics
from bot.jobs.sending import Ready, find_posted, prepare, send
from bot.refusals import outcome_of
from bot.workspaces import Workspace, Workspaces
from workflows.outbox.claiming import Claim
from workflows.outbox.outcomes import Limited, Outcome, Sent, Unanswered, Unsent
from workflows.outbox.run import exchange, workspaces_with_due
from workflows.services import Services

_log = structlog.get_logger("rollcall.delivery")
_THREADS = 8
_COMPANY_SECONDS = 0.05  # to wait for other sends, so that one transaction records them all
_AHEAD = 128  # messages claimed at once, so that no thread waits for the next transaction
_FRESH_SECONDS = 2.0  # after that, what was prepared may no more be how things stand


@dataclass(frozen=True)
class Courier:
    """What sends in one workspace until it is told to stop.

    A message whose answer was lost is looked for in its channel, by its metadata, before it is
    sent again.
    """

    services: Services
    workspace: Workspace
    is_stopping: Callable[[], bool] = lambda: False
    threads: int = _THREADS
    ahead: int = _AHEAD


@dataclass(frozen=True)
class _Prepared:
    ready: Ready
    at: float  # seconds of the monotonic clock

    def unless_stale(self) -> Ready | None:
        return self.ready if monotonic() - self.at <= _FRESH_SECONDS else None


def deliver_everywhere(
    services: Services, workspaces: Workspaces, is_stopping: Callable[[], bool]
) -> None:
    """Send what is due, in whichever workspaces something is."""
    for workspace in workspaces.among(workspaces_with_due(services)):
        deliver_due(Courier(services, workspace, is_stopping))


def deliver_due(courier: Courier) -> int:
    """Send what is due and at its pace, and return how many messages were looked at.

    Told to stop, it ends after the messages under way, and puts back those not begun. A slow or
    dead channel takes one thread; what the others have sent is recorded, and the next claimed,
    meanwhile.
    """
    first = _exchange(courier, [], 0)
    return _drain(courier, first) if first else 0


def _drain(courier: Courier, first: Sequence[Claim]) -> int:
    count = 0
    under_way: dict[Future[Outcome], Claim] = {}
    with ThreadPoolExecutor(courier.threads, thread_name_prefix="delivery") as pool:
        claims = first
        while claims or under_way:
            count += len(claims)
            ready = _prepared(courier, claims)
            under_way |= {
                pool.submit(_deliver, courier, claim, ready.get(claim.carrier.key)): claim
                for claim in claims
            }
            wait(under_way, return_when=FIRST_COMPLETED)
            done, _ = wait(under_way, timeout=_COMPANY_SECONDS)
            if courier.is_stopping():
                done |= {future for future in under_way if future.cancel()}
            outcomes = [(under_way.pop(future), _outcome(future)) for future in done]
            claims = _exchange(courier, outcomes, len(under_way))
    return count


def _outcome(future: Future[Outcome]) -> Outcome:
    return Unsent() if future.cancelled() else future.result()


def _prepared(courier: Courier, claims: Sequence[Claim]) -> dict[str, _Prepared]:
    """Return what claims say, by the carrier's key; of those looked for first, nothing yet."""
    new = [claim for claim in claims if claim.carrier.attempts == 1]
    log = _log.bind(workspace=courier.workspace.id)
    try:
        ready = prepare(courier.services, new)
    except Exception:  # of one of them: each is prepared by itself, and fails by itself
        log.exception("batch_unprepared", messages=len(new))
        return {}
    at = monotonic()
    return {key: _Prepared(wording, at) for key, wording in ready.items()}


def _exchange(
    courier: Courier, outcomes: Sequence[tuple[Claim, Outcome]], under_way: int
) -> list[Claim]:
    most = 0 if courier.is_stopping() else courier.ahead - under_way
    workspace = courier.workspace
    return exchange(courier.services, workspace.id, outcomes, most, workspace.limits)


def _deliver(courier: Courier, claim: Claim, prepared: _Prepared | None) -> Outcome:
    """Send one message and return what came of it; nothing is raised past here."""
    carrier = claim.carrier
    log = _log.bind(workspace=carrier.workspace_id, key=carrier.key)
    try:
        outcome = _look_or_send(courier, claim, prepared)
    except SlackApiError as error:
        outcome = outcome_of(error, courier.services.now())
        log.info("message_unsent", outcome=type(outcome).__name__, error=outcome.code)
    except (SlackClientError, OSError) as error:
        outcome = Unanswered(type(error).__name__)
        log.warning("message_unanswered", error=type(error).__name__)
    except Exception as error:
        outcome = Unanswered(type(error).__name__)
        log.exception("message_broken")
    else:
        log.info(f"message_{type(outcome).__name__.lower()}")
    metrics.DELIVERIES.labels(type(outcome).__name__.lower()).inc()
    return outcome


def _look_or_send(courier: Courier, claim: Claim, prepared: _Prepared | None) -> Outcome:
    if claim.carrier.attempts > 1:
        try:
            found = find_posted(courier.services, courier.workspace.posting, claim.carrier)
        except SlackApiError as error:
            outcome = outcome_of(error, courier.services.now())
            # The looking is limited, and the message may be there: put back it would take others
            # along, and they would count as sent with it.
            return Unanswered(outcome.code) if isinstance(outcome, Limited) else outcome
        if found:
            _log.info("message_found", key=claim.carrier.key, attempts=claim.carrier.attempts)
            return Sent(*found)
    ready = prepared.unless_stale() if prepared else None
    return send(courier.services, courier.workspace.posting, claim, ready)
