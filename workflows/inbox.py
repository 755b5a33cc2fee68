"""What came in from Slack: kept before it is acknowledged, and taken up again after a crash."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from storage import inbox
from storage.models import (
    InboxItem,
    InboxKind,
    InboxState,
)
from workflows.answers.kinds import RESUMED
from workflows.outbox.posting import Post, Recipient, post
from workflows.services import Actor, Services
from workflows.subjects import of_person

UNFINISHED_AFTER = timedelta(seconds=60)  # far longer than anything takes to be dealt with
KEPT_FOR = timedelta(days=1)  # Slack redelivers for minutes
ANSWERED_WITHIN = timedelta(minutes=30)  # later, nobody remembers what they pressed
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Received:
    """What is to be done with what came in."""

    is_to_do: bool
    answer: dict[str, Any] | None = None  # that was given when it came before; None: none is known


def receive(services: Services, item: InboxItem) -> Received:
    """Keep what came in; return whether it is to be worked on now.

    An event that came before is dealt with, or will be: it is enough to acknowledge it. What a
    person did and was done gets the answer that it got. What was refused, or only shows
    something, is worked on each time, since they wait for an answer.
    """
    with services.transaction() as session:
        if inbox.keep(session, item):
            return Received(is_to_do=True)
        if item.kind == InboxKind.EVENT:
            return Received(is_to_do=False)
        known = inbox.get(session, item.workspace_id, item.key)
        if known is not None and known.acted and known.answer is not None:
            return Received(is_to_do=False, answer=known.answer)
        inbox.receive_again(session, item)
        return Received(is_to_do=True)


def finish(
    services: Services,
    workspace_id: str,
    key: str,
    state: InboxState = InboxState.DONE,
    answer: dict[str, Any] | None = None,
) -> None:
    """Note that what came in is dealt with; the answer is kept for what did something."""
    with services.transaction() as session:
        inbox.finish(session, workspace_id, key, state, answer)


def take_up(
    services: Services, workspace_ids: Collection[str], limit: int = 20
) -> Sequence[InboxItem]:
    """Return what a process that died has left in these workspaces, to be worked on again.

    An item that brought its process down again and again is given up, and a click or command that
    nobody waits for any more is dropped; a submission never is, it holds what somebody wrote.
    """
    now = services.now()
    with services.transaction() as session:
        found = inbox.claim_unfinished(session, workspace_ids, now, now - UNFINISHED_AFTER, limit)
        wanted = []
        for item in found:
            is_old = now - item.received_at > ANSWERED_WITHIN
            is_passing = item.kind in (InboxKind.CLICK, InboxKind.COMMAND)
            if item.attempts > MOST_ATTEMPTS or (is_old and is_passing) or item.body is None:
                inbox.finish(session, item.workspace_id, item.key, InboxState.FAILED)
            else:
                wanted.append(item)
        return wanted


def tell_by_message(services: Services, actor: Actor, about: str, words: str) -> None:
    """Answer somebody by a direct message, once for what it is `about`; `words` are mrkdwn."""
    now = services.now()
    with services.transaction() as session:
        key = f"answer:{actor.user_id}:{about}"
        answer = Post(RESUMED, key, of_person(actor.user_id), words=words)
        post(session, actor.workspace_id, Recipient(actor.user_id), answer, now)


def forget_finished(services: Services) -> None:
    """Forget what was dealt with a while ago."""
    with services.transaction() as session:
        inbox.forget(session, services.now() - KEPT_FOR)
