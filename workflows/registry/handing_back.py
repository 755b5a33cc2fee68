"""Whoever was named lead of what isn't theirs hands it back, and those who named them are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from storage import asking, entry_versions, initiatives, locks, rounds
from storage.models import Initiative, Notification
from storage.reading import Reader
from workflows import audit
from workflows.errors import NotLeadError, UnknownInitiativeError
from workflows.membership import members_among, programme_manager, require_member
from workflows.once import acting
from workflows.outbox.changes import refresh_asks, show_home
from workflows.outbox.posting import Post, Recipient, post
from workflows.registry.editing import write
from workflows.registry.kinds import HANDED_BACK
from workflows.registry.policy import with_changes
from workflows.registry.recording import read_known
from workflows.registry.rights import keeping_refusal
from workflows.rounds.kinds import ASKS
from workflows.services import Actor, Services
from workflows.subjects import of_version, version_of

_LATELY = timedelta(days=15)  # of the two rounds before


@dataclass(frozen=True)
class HandedBack:
    """An initiative that its lead gave back."""

    initiative: Initiative
    lead_id: str  # who did


def named_by_others(
    services: Services, workspace_id: str, prompts: Sequence[Notification]
) -> dict[str, dict[str, str]]:
    """Return who named the readers of prompts lead of what they are asked for the first time.

    By the prompt's key and the initiative's, the id of whoever did; of an import its own name.
    """
    with services.reading() as reader:
        # Whoever was asked lately is not asked the first time: a year of asks is read for few.
        new = _asked_first(reader, workspace_id, prompts, _LATELY)
        new = _asked_first(reader, workspace_id, [one for one in prompts if one.key in new])
        wanted = {
            (prompt.recipient_id, key) for prompt in prompts for key in new.get(prompt.key, ())
        }
        authors = entry_versions.who_named(reader, workspace_id, wanted) if wanted else {}
    named: dict[str, dict[str, str]] = {prompt.key: {} for prompt in prompts}
    for prompt in prompts:
        for key in new.get(prompt.key, ()):
            author_id = authors.get((prompt.recipient_id, key), prompt.recipient_id)
            if author_id != prompt.recipient_id:
                named[prompt.key][key] = author_id
    return named


def _asked_first(
    reader: Reader,
    workspace_id: str,
    prompts: Sequence[Notification],
    within: timedelta | None = None,
) -> dict[str, set[str]]:
    """Return of which initiatives a prompt asks its reader first, by its key, where of any."""
    if not prompts:
        return {}
    due = [prompt.due_at for prompt in prompts]
    start = min(due) - within if within else datetime.min.replace(tzinfo=UTC)
    recipients = {prompt.recipient_id for prompt in prompts}
    asks = asking.asked_between(reader, workspace_id, recipients, start, max(due), ASKS)
    asked_at: dict[tuple[str, str], datetime] = {}
    for key, recipient_id, due_at in asks:
        asked_at[recipient_id, key] = min(asked_at.get((recipient_id, key), due_at), due_at)
    wanted = asking.initiatives_of(reader, workspace_id, [one.key for one in prompts])
    first = {
        prompt.key: {
            key
            for key in wanted[prompt.key]
            if asked_at.get((prompt.recipient_id, key), prompt.due_at) >= prompt.due_at
        }
        for prompt in prompts
    }
    return {key: keys for key, keys in first.items() if keys}


def hand_back(services: Services, actor: Actor, key: str) -> Initiative:
    """Take somebody's own name off an initiative, and have whoever named them told.

    That is the one who did, else a lead of the department, else the programme manager.

    Raises:
        UnknownInitiativeError: there is none of this key.
        NotLeadError: they don't lead it, or no more.
        UnknownPersonError, LeftError, GuestError: they are no member.
    """
    now = services.now()
    trying = keeping_refusal(services, actor, "hand_back", key)
    with trying, acting(services, actor) as session:
        require_member(session, actor)
        locks.hold_registry(session, actor.workspace_id)
        initiative = initiatives.get(session, actor.workspace_id, key)
        if initiative is None:
            raise UnknownInitiativeError(key, [])
        if initiative.lead_id != actor.user_id:
            raise NotLeadError(key)
        told = _whom_to_tell(session, actor, initiative)
        known = read_known(session, initiative)
        write(session, now, actor, known, with_changes(known.facts, {"lead_id": None}))
        audit.record(session, now, actor, "hand_back", key)
        for round_ in rounds.still_open(session, actor.workspace_id):
            refresh_asks(session, actor.workspace_id, round_.call_on, key, now)
        change = f"{key}:v{known.version + 1}"
        show_home(session, actor.workspace_id, actor.user_id, change, now)
        if told:
            said = Post(HANDED_BACK, f"handed_back:{change}", of_version(key, known.version + 1))
            post(session, actor.workspace_id, Recipient(told), said, now)
        return initiative


def _whom_to_tell(session: Session, actor: Actor, initiative: Initiative) -> str | None:
    workspace_id, key = initiative.workspace_id, initiative.key
    mine = (actor.user_id, key)
    named = entry_versions.who_named(session, workspace_id, {mine}).get(mine, "")
    leads = initiatives.department_leads(session, workspace_id).get(initiative.department, [])
    wanted = [named, *leads, programme_manager(session, workspace_id) or ""]
    others = [user_id for user_id in wanted if user_id != actor.user_id]
    return next(iter(members_among(session, workspace_id, others)), None)


def handed_back(services: Services, message: Notification) -> HandedBack | None:
    """Return what was handed back, and by whom; None if somebody leads it by now."""
    key, version = version_of(message)
    with services.reading() as reader:
        initiative = initiatives.get(reader, message.workspace_id, key)
        written = entry_versions.get(reader, message.workspace_id, key, version)
    if initiative is None or written is None or initiative.lead_id is not None:
        return None
    return HandedBack(initiative, written.author_id)
