"""Who hears of an escalation: its card and thread, those whose turn it is, and how it ended."""

from collections.abc import Iterable

from storage import notifications
from storage.models import Escalation, EscalationKind
from workflows.escalations.kinds import CARD, LINE, OUTCOME, RECEDED, TO_PEOPLE, TOLD, TOLD_NOW
from workflows.escalations.places import place_of
from workflows.escalations.told import announced_to
from workflows.escalations.turn import Turn
from workflows.outbox.changes import show_again, show_home
from workflows.outbox.policy import is_person
from workflows.outbox.posting import Post, Recipient, post
from workflows.owing import Outgoing
from workflows.subjects import of_escalation, of_step


def card_key(escalation: Escalation) -> str:
    """Return the key of the post that shows an escalation, on which its thread hangs."""
    return f"escalation:E-{escalation.number}:{escalation.card}"


def announce(turn: Turn, clause: str) -> None:
    """Tell those whose turn it is, each once, but for whoever made it so.

    The committee is told by one post in its channel, where it has one.
    """
    one = turn.escalation
    channel_id = turn.policy.document.levels.steering.channel
    if one.kind is EscalationKind.BUDGET_OVERRUN:
        _tell_finance(turn, clause)
    told = announced_to(one, turn.standing, channel_id, turn.actor_id)
    if channel_id in told:
        tell(turn, TOLD_NOW, told, clause)
    else:
        tell_in_turn(turn, told, clause)


def tell_in_turn(turn: Turn, user_ids: Iterable[str], clause: str = "") -> None:
    """Tell people whose turn it is: in their working hours, or at once where it cannot wait."""
    tell(turn, TOLD_NOW if turn.escalation.cannot_wait else TOLD, user_ids, clause)


def _tell_finance(turn: Turn, clause: str) -> None:
    channel_id = turn.policy.document.levels.finance.channel
    people = [user_id for user_id in turn.standing.finance if user_id != turn.actor_id]
    tell_in_turn(turn, people if channel_id is None else [channel_id], clause)


def tell_receded(turn: Turn, clause: str) -> None:
    """Tell everybody who was told of a risk or an overrun that it is under its threshold again."""
    subject = of_escalation(turn.escalation.number)
    told = notifications.about(
        turn.session, turn.workspace_id, subject.kind, subject.key, TO_PEOPLE
    )
    readers = dict.fromkeys(row.recipient_id for row in told)
    tell(turn, RECEDED, [one for one in readers if one != turn.actor_id], clause)


def tell(turn: Turn, kind: Outgoing, user_ids: Iterable[str], clause: str = "") -> None:
    """Write to people about an escalation as it stands; what is moot when it is sent is not."""
    one = turn.escalation
    for user_id in user_ids:
        said = Post(
            kind,
            f"{kind.name}:E-{one.number}:{one.step}:{user_id}",
            of_escalation(one.number),
            clause=clause,
            policy_version=turn.policy.version,
        )
        post(turn.session, one.workspace_id, Recipient(user_id), said, turn.now)
        if is_person(user_id):
            show_home_to(turn, user_id)


def show_home_to(turn: Turn, user_id: str) -> None:
    """Have somebody's App Home shown anew: what waits for them is otherwise now."""
    one = turn.escalation
    show_home(turn.session, turn.workspace_id, user_id, f"E-{one.number}:{one.step}", turn.now)


def tell_outcome(turn: Turn) -> None:
    """Tell who opened it, who owns it and everybody who was asked what has become of it."""
    one = turn.escalation
    subject = of_escalation(one.number)
    asked = notifications.about(
        turn.session, one.workspace_id, subject.kind, subject.key, TO_PEOPLE
    )
    told = dict.fromkeys([one.opener_id, one.owner_id or "", *(row.recipient_id for row in asked)])
    tell(turn, OUTCOME, [user_id for user_id in told if user_id not in ("", turn.actor_id)])


def post_card(turn: Turn, clause: str) -> None:
    """Post what shows an escalation from now on, in the place of its kind."""
    one = turn.escalation
    key = card_key(one)
    said = Post(
        CARD,
        key,
        of_escalation(one.number),
        thread_key=key,
        clause=clause,
        policy_version=turn.policy.version,
    )
    place_id = place_of(one, turn.policy.document)
    post(turn.session, one.workspace_id, Recipient(place_id), said, turn.now)


def post_line(turn: Turn) -> None:
    """Post what the last step says into the thread."""
    one = turn.escalation
    root = card_key(one)
    said = Post(
        LINE,
        f"{root}:line:{one.step:05}",
        of_step(one.number, one.step),
        thread_key=root,
        policy_version=turn.policy.version,
    )
    place_id = place_of(one, turn.policy.document)
    post(turn.session, one.workspace_id, Recipient(place_id), said, turn.now)


def show_what_is_shown(turn: Turn) -> None:
    """Have the card, and what people were sent, brought up to date."""
    one = turn.escalation
    subject = of_escalation(one.number)
    shown = notifications.about(
        turn.session, one.workspace_id, subject.kind, subject.key, (CARD.name, *TO_PEOPLE)
    )
    for row in shown:
        show_again(turn.session, row, f"{row.key}:{one.step}", turn.now)
