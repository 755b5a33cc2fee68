"""Why somebody got a message: the clause of the policy, the facts, and the rows it came from."""

from dataclasses import dataclass

from storage import asking, initiatives, notifications, people, promises, rounds
from storage.models import Initiative, Notification, Person, Promise, Round
from workflows import policies
from workflows.errors import MessageUnknownError
from workflows.outbox.policy import is_person
from workflows.policies import Policy
from workflows.services import Actor, Services


@dataclass(frozen=True)
class Reason:
    """All that a message came from, as it was when it was decided."""

    message: Notification
    policy: Policy  # of the version it was decided under
    round: Round | None
    reader: Person | None
    asked: list[Initiative]  # whose update it asks for
    promises: list[Promise]  # that it keeps


def reason_of(services: Services, actor: Actor, key: str) -> Reason:
    """Return why a message was sent, to whoever it was sent to.

    Raises:
        MessageUnknownError: there is no such message, or it is somebody else's.
    """
    with services.reading() as reader:
        message = notifications.get(reader, actor.workspace_id, key)
        if message is None:
            raise MessageUnknownError
        if is_person(message.recipient_id) and message.recipient_id != actor.user_id:
            raise MessageUnknownError
        version = message.policy_version
        policy = (
            policies.of_version(reader, actor.workspace_id, version)
            if version
            else policies.in_force(reader, actor.workspace_id)
        )
        round_ = message.period_on and rounds.get(reader, actor.workspace_id, message.period_on)
        asked = asking.initiatives_of(reader, actor.workspace_id, [key])[key]
        return Reason(
            message=message,
            policy=policy,
            round=round_ or None,
            reader=people.get(reader, actor.workspace_id, actor.user_id),
            asked=list(initiatives.among(reader, actor.workspace_id, asked)),
            promises=list(promises.kept_by(reader, actor.workspace_id, key)),
        )
