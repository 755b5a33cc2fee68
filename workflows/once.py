"""What people submit is done once, however often it comes: pressed twice, or after a crash.

Whatever somebody does runs in `acting`, which marks what came in as done, in the transaction that
does it. There is no other way: the audit log, where every deed is entered, refuses one that was
done elsewhere on behalf of something that came in.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from storage import inbox
from workflows.errors import DoneBeforeError
from workflows.services import Actor, Services

_ACTING = "acting_for"  # in a session's notes: what came in and is being done


@contextmanager
def acting(services: Services, actor: Actor) -> Iterator[Session]:
    """Begin the transaction in which somebody does something; it is rolled back on an error.

    One submission does one thing: what else it leads to belongs into the same transaction.

    Raises:
        DoneBeforeError: the same submission has done it.
    """
    with services.transaction() as session:
        if actor.submission_id:
            if not inbox.mark_acted(session, actor.workspace_id, actor.submission_id):
                raise DoneBeforeError
            session.info[_ACTING] = actor.submission_id
        yield session


def require_acting(session: Session, actor: Actor) -> None:
    """Refuse what would be done again if its submission came again."""
    if actor.submission_id and session.info.get(_ACTING) != actor.submission_id:
        raise AssertionError("what somebody does belongs into workflows.once.acting")


def not_done(session: Session, actor: Actor) -> None:
    """Note that a submission was refused: sent again it is looked at again."""
    if actor.submission_id and session.info.get(_ACTING) == actor.submission_id:
        inbox.unmark_acted(session, actor.workspace_id, actor.submission_id)


def was_done(services: Services, actor: Actor) -> bool:
    """Tell whether a submission has done what it asks for."""
    with services.reading() as reader:
        item = inbox.get(reader, actor.workspace_id, actor.submission_id)
        return item is not None and item.acted
