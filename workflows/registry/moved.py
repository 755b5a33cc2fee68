"""People whose dates a change moves are told of it, once, as of when they read it.

What is stored with the change is who is told and from which version on. The days are reckoned when
the message is sent: what was moved back until then is told to nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import entries, entry_versions, initiatives, notifications
from storage.models import Initiative, Notification, SubjectKind
from storage.reading import Reader
from workflows.membership import members_among
from workflows.outbox.posting import Post, Recipient, post
from workflows.registry.cascade import Commitment, Graph, Hit, Need, key_of
from workflows.registry.commitments import commitments_of, load_commitments
from workflows.registry.facts import Facts
from workflows.registry.kinds import MOVED
from workflows.registry.recording import Known, read_known
from workflows.services import Actor, Services
from workflows.subjects import of_version, version_of

_GONE = Commitment(None, None, is_reached=True)  # nobody waits for it


@dataclass(frozen=True)
class Move:
    """A commitment whose date was moved."""

    label: str  # what the milestone is called; "": the target of the initiative
    expected_on: date | None  # None: it was taken away


@dataclass(frozen=True)
class Effect:
    """What that does to a commitment of somebody's."""

    hit: Hit
    key: str
    label: str  # as of Move
    through: Sequence[str]  # the keys between the two


@dataclass(frozen=True)
class Slip:
    """All that one reader is told of a change."""

    initiative: Initiative  # whose dates were moved
    moves: Sequence[Move]
    effects: Sequence[Effect]  # the worst first


def note_moved(session: Session, now: datetime, actor: Actor, before: Known, after: Facts) -> None:
    """Have everybody told whose dates this change moves, but for whoever makes it.

    Somebody who is still to be told of an earlier one is told of both together.
    """
    key, workspace_id = before.initiative.key, actor.workspace_id
    old, new = commitments_of(key, before.facts), commitments_of(key, after)
    if old == new:
        return
    hits = [hit for hit, _ in _hits(session, workspace_id, key, old, new)]
    for user_id in _readers(session, workspace_id, hits) - {actor.user_id}:
        kind = SubjectKind.ENTRY_VERSION
        if notifications.waits_about(session, workspace_id, MOVED.name, user_id, kind, f"{key}@"):
            continue
        change = f"moved:{key}:v{before.version + 1}:{user_id}"
        said = Post(MOVED, change, of_version(key, before.version))
        post(session, workspace_id, Recipient(user_id), said, now)


def slip_told_of(services: Services, message: Notification) -> Slip | None:
    """Return what a message of the bot's tells its reader; None if nothing has moved by now."""
    key, version = version_of(message)
    reader_id = message.instead_of_id or message.recipient_id
    with services.reading() as reader:
        initiative = initiatives.get(reader, message.workspace_id, key)
        then = entry_versions.get(reader, message.workspace_id, key, version)
        if initiative is None or then is None:
            return None
        was, now = Facts.model_validate(then.facts), read_known(reader, initiative).facts
        old, new = commitments_of(key, was), commitments_of(key, now)
        found = _hits(reader, message.workspace_id, key, old, new)
        mine = [
            (hit, way)
            for hit, way in found
            if reader_id in _readers(reader, message.workspace_id, [hit])
        ]
        labels = _labels(reader, message.workspace_id, [hit.name for hit, _ in mine])
    if not mine:
        return None
    effects = [
        Effect(hit, key_of(hit.name), labels.get(hit.name, ""), _through(hit.name, way))
        for hit, way in mine
    ]
    return Slip(initiative, _moves(key, was, now), effects)


def _hits(
    reader: Reader,
    workspace_id: str,
    key: str,
    old: Mapping[str, Commitment],
    new: Mapping[str, Commitment],
) -> list[tuple[Hit, list[str]]]:
    """Return what the way from old to new hits downstream, each with its way to what was moved.

    The registry holds the new already.
    """
    commitments, needs = load_commitments(reader, workspace_id)
    own = {name: old.get(name, _GONE) for name in old.keys() | new.keys()}
    needs += [Need(key, name) for name in old.keys() - new.keys()]  # what has gone was waited for
    graph = Graph(commitments | own, needs)
    moved = {name: new.get(name, _GONE) for name in own if own[name] != new.get(name, _GONE)}
    hits = [hit for hit in graph.cascade(moved) if hit.projected_on and hit.name not in moved]
    ways = graph.ways(moved, [hit.name for hit in hits])
    return [(hit, ways[hit.name]) for hit in hits]


def _readers(reader: Reader, workspace_id: str, hits: Iterable[Hit]) -> set[str]:
    """Return who leads what is hit: where nobody does, who leads its department."""
    keys = {key_of(hit.name) for hit in hits}
    of_department = initiatives.department_leads(reader, workspace_id)
    readers: set[str] = set()
    for one in initiatives.among(reader, workspace_id, keys):
        lead = members_among(reader, workspace_id, [one.lead_id] if one.lead_id else [])
        readers.update(
            lead or members_among(reader, workspace_id, of_department.get(one.department, []))
        )
    return readers


def _labels(reader: Reader, workspace_id: str, names: Iterable[str]) -> dict[str, str]:
    keys = {key_of(name) for name in names}
    return {
        f"{key}/M{row.number}": row.name
        for key, rows in entries.milestones(reader, workspace_id, keys).items()
        for row in rows
    }


def _moves(key: str, was: Facts, now: Facts) -> list[Move]:
    old = {one.number: one for one in was.milestones}
    new = {one.number: one for one in now.milestones}
    moves = [
        Move(one.name, one.reached_on or one.forecast_on)
        for number, one in new.items()
        if commitments_of(key, was).get(f"{key}/M{number}")
        != commitments_of(key, now)[f"{key}/M{number}"]
    ]
    moves += [Move(one.name, None) for number, one in old.items() if number not in new]
    return moves + ([Move("", now.target_on)] if was.target_on != now.target_on else [])


def _through(name: str, way: Sequence[str]) -> list[str]:
    """Return the initiatives between the two ends of a way."""
    ends = {key_of(name), key_of(way[-1])}
    return [key for key in dict.fromkeys(map(key_of, way)) if key not in ends]
