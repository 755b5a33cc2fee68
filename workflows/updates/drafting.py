"""What somebody answers in words: kept as a draft of the update that they were asked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import asking, drafts, initiatives, notifications, people, updates
from storage.models import Draft, Initiative, Notification, Round
from workflows.kinds import posted_kinds
from workflows.membership import is_member
from workflows.outbox.changes import show_home
from workflows.outbox.posting import Post, Recipient, post
from workflows.rounds.current import current_round
from workflows.rounds.kinds import ASKS
from workflows.services import Actor, Services
from workflows.stages import AT_WORK
from workflows.subjects import of_person, of_round, round_of
from workflows.updates.kinds import DRAFTED, DRAFTED_MORE, GREETING
from workflows.updates.policy import TEXT_FIELDS, asks, is_small_talk

UNASSIGNED = ""  # the key of a draft whose initiative is still to be said


@dataclass(frozen=True)
class Heard:
    """A direct message to the bot."""

    channel_id: str
    ts: str
    text: str  # as it was typed
    thread_ts: str = ""


def hear_words(services: Services, actor: Actor, heard: Heard) -> None:
    """Keep an answer to a prompt as a draft, and offer to file it; greet whoever says else.

    It is done once, however often the message comes. Nothing is filed by it.
    """
    now = services.now()
    with services.transaction() as session:
        round_ = current_round(session, actor.workspace_id, now)
        about = _asked_about(session, actor, heard, round_) if round_ else []
        if round_ is None or not about or is_small_talk(heard.text):
            greet(session, actor, now, heard.ts if asks(heard.text) else f"{now:%Y-%m-%d}")
            return
        named = [one for one in about if _names(heard.text, one.key)]
        about = named if len(named) == 1 else about
        reply_key = f"drafted:{actor.user_id}:{heard.ts}"
        if notifications.get(session, actor.workspace_id, reply_key):
            return
        key = about[0].key if len(about) == 1 else UNASSIGNED
        is_added = _add_words(session, actor, key, round_.call_on, heard.text, now)
        reply = Post(
            DRAFTED_MORE if is_added else DRAFTED,
            reply_key,
            of_round(round_.call_on),
            initiative_keys=[one.key for one in about],
        )
        post(session, actor.workspace_id, Recipient(actor.user_id), reply, now)
        show_home(session, actor.workspace_id, actor.user_id, heard.ts, now)


def assign_words(services: Services, actor: Actor, key: str) -> None:
    """Make what somebody wrote without saying of what the draft of an initiative's update.

    That is the update of the present round, whichever the words were for: what was typed for it
    meanwhile stays.
    """
    now = services.now()
    with services.transaction() as session:
        words = drafts.hold(session, actor.workspace_id, actor.user_id, UNASSIGNED)
        mine = initiatives.of_person(session, actor.workspace_id, actor.user_id)
        round_ = current_round(session, actor.workspace_id, now)
        if words and round_ and key in {initiative.key for initiative in mine}:
            _add_words(session, actor, key, round_.call_on, words.answers["progress"], now)
            session.delete(words)


def greet(session: Session, actor: Actor, now: datetime, about: str) -> None:
    """Tell somebody who writes to the bot what it understands, once for what it is about.

    That is the day, or the message of whoever asks: they wait for an answer each time.
    """
    said = Post(GREETING, f"greeting:{actor.user_id}:{about}", of_person(actor.user_id))
    post(session, actor.workspace_id, Recipient(actor.user_id), said, now)


def words_kept(services: Services, reply: Notification, keys: Sequence[str]) -> str:
    """Return the words that a reply offers to file; empty where they were filed or let go.

    `keys` are the initiatives that it is about.
    """
    key = keys[0] if len(keys) == 1 else UNASSIGNED
    with services.reading() as reader:
        draft = drafts.get(reader, reply.workspace_id, reply.recipient_id, key)
    is_of_round = draft is not None and draft.call_on == round_of(reply)
    return draft.answers.get("progress", "") if draft and is_of_round else ""


def _asked_about(
    session: Session, actor: Actor, heard: Heard, round_: Round
) -> Sequence[Initiative]:
    """Return what the message can be about: asked of this person, and not filed yet."""
    if not is_member(people.get(session, actor.workspace_id, actor.user_id)):
        return []
    keys = _keys_asked(session, actor, heard, round_)
    filed = updates.of_round(session, actor.workspace_id, round_.call_on, keys)
    return [
        one
        for one in initiatives.of_person(session, actor.workspace_id, actor.user_id)
        if one.key in keys and one.key not in filed and one.stage in AT_WORK
    ]


def _keys_asked(session: Session, actor: Actor, heard: Heard, round_: Round) -> set[str]:
    """Return the initiatives of the prompt that is answered in its thread, or of the week's."""
    workspace_id = actor.workspace_id
    if heard.thread_ts:
        parts = notifications.in_post(
            session, workspace_id, heard.channel_id, heard.thread_ts, posted_kinds()
        )
        asked = asking.initiatives_of(session, workspace_id, [part.key for part in parts])
        if asked:
            return {key for keys in asked.values() for key in keys}
    of_all = asking.asked_in_round(session, workspace_id, round_.call_on, ASKS)
    return {key for key, user_ids in of_all.items() if actor.user_id in user_ids}


def _fresh(session: Session, actor: Actor, key: str) -> dict[str, str]:
    """Return the answers that the form begins with: what was filed last, without its progress."""
    last = updates.latest(session, actor.workspace_id, key) if key else None
    if last is None:
        return {}
    texts = {name: getattr(last, name) for name in TEXT_FIELDS}
    return {**texts, "progress": "", "confidence": last.confidence.value}


def _add_words(
    session: Session, actor: Actor, key: str, call_on: date, words: str, now: datetime
) -> bool:
    """Add words to the draft of an update, or begin one; return whether there was one."""
    before = drafts.hold(session, actor.workspace_id, actor.user_id, key)
    is_known = before is not None and before.call_on == call_on
    answers = before.answers if before and is_known else _fresh(session, actor, key)
    said = "\n".join(filter(None, [answers.get("progress", ""), words]))
    draft = Draft(
        workspace_id=actor.workspace_id,
        user_id=actor.user_id,
        initiative_key=key,
        call_on=call_on,
        answers={**answers, "progress": said},
        saved_at=now,
    )
    drafts.save(session, draft)
    return is_known


def _names(text: str, key: str) -> bool:
    """Return whether a text names an initiative by its key."""
    return re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text, re.IGNORECASE) is not None
