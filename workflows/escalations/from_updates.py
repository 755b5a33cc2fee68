"""A blocker that an update names for the first time: asked about, and opened with the update."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from storage import escalations, updates
from storage.models import Escalation, EscalationKind, Update
from storage.reading import Reader
from workflows import policies
from workflows.escalations.opening import is_on, open_in, store
from workflows.escalations.policy import is_settled
from workflows.escalations.wanted import Wanted, latest_milestone, prepared
from workflows.policy_document import Switch
from workflows.services import Actor

_STEM = 5  # letters that two words have to share: “deploy” and “deployment”


@dataclass(frozen=True)
class Question:
    """Whom to ask about a new blocker."""

    topics: Mapping[str, str]  # titles by their names
    likely: str  # the topic that it seems to be about
    moves_at: datetime | None  # when the CoE hears, unless it is resolved


def question_about(
    reader: Reader, actor: Actor, update_of: tuple[str, str], before: Update | None, now: datetime
) -> Question | None:
    """Return whom to ask about a blocker; None if it is none, no news, or nobody can be asked.

    `update_of` is the initiative's key and the blocker's text; `before` the last update that said
    something about it.
    """
    key, text = update_of
    document = policies.in_force(reader, actor.workspace_id).document
    if Switch.ESCALATIONS not in document.features or not document.topics:
        return None
    if not is_news(text, before.blockers if before else ""):
        return None
    titles = {name: topic.title for name, topic in document.topics.items()}
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, key, what=text)
    found = prepared(reader, actor, wanted, now)
    return Question(titles, likely_topic(text, titles), found.escalation.moves_at)


def last_said(reader: Reader, workspace_id: str, key: str) -> Update | None:
    """Return the last version of an initiative's last update, which a blocker may be known from."""
    return updates.latest(reader, workspace_id, key)


def open_blocker(
    session: Session, actor: Actor, key: str, text: str, topic: str, now: datetime
) -> Escalation:
    """Open a technical blocker with the update that names it, in its transaction."""
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, key, what=text, topic=topic)
    return open_in(session, actor, wanted, now)


def open_off_track(session: Session, actor: Actor, key: str, now: datetime) -> Escalation | None:
    """Open a timeline risk for an initiative whose update says that it is off track.

    None where one is open, where no milestone is left to be late, or somebody may not.
    """
    workspace_id, kind = actor.workspace_id, EscalationKind.TIMELINE_RISK
    if not is_on(session, workspace_id):
        return None
    last = escalations.last_of_kind(session, workspace_id, key, kind)
    milestone = latest_milestone(session, workspace_id, key)
    if milestone is None or (last is not None and not is_settled(last)):
        return None
    said = f"This week's update says off track. “{milestone.name}” is the date at stake."
    wanted = Wanted(
        kind, key, what=said, milestone=milestone.number, forecast_on=milestone.forecast_on
    )
    return store(session, prepared(session, actor, wanted, now), actor, now)


def is_news(text: str, before: str) -> bool:
    """Return whether a blocker says anything that wasn't said before."""
    known, fresh = _words(before), _words(text)
    return bool(fresh) and fresh != known


def likely_topic(text: str, titles: Mapping[str, str]) -> str:
    """Return the topic whose name and title share most words with a text; the first of equals."""
    stems = {word[:_STEM] for word in _words(text)}

    def shared(name: str) -> int:
        words = {word[:_STEM] for word in _words(f"{name} {titles[name]}")}
        return len(words & stems)

    return max(titles, key=shared)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text.casefold()).split()
