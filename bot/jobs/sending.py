"""How a message gets to Slack: posted, put in the place of an earlier one, or as App Home."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.jobs.places import channel_for, channel_to_read
from bot.refusals import code_of, outcome_of
from handlers.blocks.gathered import together
from handlers.blocks.message import Message
from handlers.home.showing import home_of
from handlers.pictures.picturing import draw, send_picture
from handlers.rendering import render, render_again
from storage.models import Notification
from workflows.kinds import outgoing_of
from workflows.outbox.changes import posted_with
from workflows.outbox.claiming import Claim
from workflows.outbox.outcomes import Held, Outcome, Overtaken, Refused, Sent
from workflows.outbox.run import held_until, overtaken, release
from workflows.outbox.threads import NotYet, Root, is_answer, root_of
from workflows.owing import Method
from workflows.pictures.asking import picture_name
from workflows.services import Actor, Services

EVENT_TYPE = "rollcall_notification"
_LOOKS_BACK = timedelta(hours=1)  # before the message was due: clocks differ
_MOST_PAGES = 10
_UNTIL_POSTED = timedelta(seconds=5)
_log = structlog.get_logger("rollcall.delivery")


@dataclass(frozen=True)
class Wording:
    """What a claim says in one post, and which of its messages that leaves out."""

    message: Message
    silent_keys: frozenset[str]
    unfit_keys: frozenset[str]


Ready = Wording | Held | Overtaken


def prepare(services: Services, claims: Sequence[Claim]) -> dict[str, Ready]:
    """Return what each claim says as things stand now, by its carrier's key, read for all at once.

    Those that are sent in a way of their own are not among them.
    """
    posts = [claim for claim in claims if outgoing_of(claim.carrier.kind).method not in _ALONE]
    if not posts:
        return {}
    workspace_id = posts[0].carrier.workspace_id
    held = held_until(services, workspace_id, [claim.carrier for claim in posts])
    going = [part for claim in posts if claim.carrier.key not in held for part in claim.parts]
    late = overtaken(services, workspace_id, going)
    spoken = render(services, [part for part in going if part.key not in late])
    return {
        claim.carrier.key: (
            held[claim.carrier.key]
            if claim.carrier.key in held
            else _wording(claim, {p.key: spoken[p.key] for p in claim.parts if p.key in spoken})
        )
        for claim in posts
    }


def send(services: Services, client: WebClient, claim: Claim, ready: Ready | None) -> Outcome:
    """Send a message, with the others that go with it, as it was prepared; else as of now."""
    carrier = claim.carrier
    if (send_alone := _ALONE.get(outgoing_of(carrier.kind).method)) is not None:
        return send_alone(services, client, carrier)
    wording = ready or prepare(services, [claim])[carrier.key]
    if not isinstance(wording, Wording):
        return wording
    if wording.unfit_keys:
        release(services, carrier.workspace_id, wording.unfit_keys)
    root = root_of(services, carrier) if is_answer(carrier) else None
    if isinstance(root, NotYet):
        return Held(services.now() + _UNTIL_POSTED)
    channel_id = channel_for(services, client, carrier, root)
    channel_id, ts = _post(client, carrier, wording.message, channel_id, root)
    return Sent(channel_id, ts, wording.silent_keys, wording.unfit_keys)


def _wording(claim: Claim, spoken: Mapping[str, Message]) -> Wording | Overtaken:
    if not spoken:
        return Overtaken()
    message, count = together(list(spoken.values()))
    silent_keys = frozenset(part.key for part in claim.parts if part.key not in spoken)
    return Wording(message, silent_keys, frozenset(list(spoken)[count:]))


def find_posted(
    services: Services, client: WebClient, notification: Notification
) -> tuple[str, str] | None:
    """Return channel id and ts of a message if an earlier attempt did post it."""
    method = outgoing_of(notification.kind).method
    if method in (Method.PUBLISH, Method.UPDATE):
        return None  # done twice they show the same
    root = root_of(services, notification) if is_answer(notification) else None
    channel_id = channel_to_read(services, client, notification, root)
    drawn = picture_name(notification) if method is Method.UPLOAD else None
    for posted in _said_since(client, channel_id, notification.due_at - _LOOKS_BACK, root):
        if _is_it(posted, notification.key, drawn):
            return channel_id, str(posted["ts"])
    return None


def _said_since(
    client: WebClient, channel_id: str, instant: datetime, root: Root | NotYet | None
) -> Iterator[dict[str, Any]]:
    """Yield what was said in a place, or in a thread of it, as far as Slack is asked for it."""
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        wanted: dict[str, Any] = {
            "channel": channel_id,
            "oldest": f"{instant.timestamp():.6f}",
            "limit": 200,
            "include_all_metadata": True,
            "cursor": cursor,
        }
        page = (
            client.conversations_replies(ts=root.ts, **wanted)
            if isinstance(root, Root)
            else client.conversations_history(**wanted)
        )
        yield from page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _is_it(posted: dict[str, Any], key: str, file_name: str | None) -> bool:
    """Return whether Slack's message is ours; a picture, without metadata, is known by its name."""
    payload = (posted.get("metadata") or {}).get("event_payload") or {}
    names = [file.get("name") for file in posted.get("files") or []]
    return payload.get("key") == key or (file_name is not None and file_name in names)


def _send_picture(services: Services, client: WebClient, carrier: Notification) -> Outcome:
    """Draw and send what somebody asked for; where Slack takes no files, say what it shows."""
    picture = draw(services, carrier)
    if picture is None:
        return Overtaken()
    try:
        return Sent(send_picture(client, carrier, picture), "")
    except SlackApiError as error:
        if not isinstance(outcome_of(error, services.now()), Refused):
            raise
        _log.warning("picture_refused", key=carrier.key, error=error.response["error"])
        message = render(services, [carrier]).get(carrier.key)
        if message is None:
            return Overtaken()
        return Sent(*_post(client, carrier, message, carrier.recipient_id))


def _post(
    client: WebClient,
    notification: Notification,
    message: Message,
    channel_id: str,
    root: Root | None = None,
) -> tuple[str, str]:
    """Post the message and return Slack's channel id and ts for it.

    An answer to what somebody has deleted meanwhile stands by itself.
    """

    def posted(thread_ts: str | None) -> SlackResponse:
        return client.chat_postMessage(
            channel=channel_id,
            text=message.wire_text,
            blocks=message.blocks,
            metadata=_metadata(notification.key),
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
        )

    try:
        answer = posted(root.ts if root else None)
    except SlackApiError as error:
        if root is None or code_of(error) != "thread_not_found":
            raise
        answer = posted(None)
    return str(answer["channel"]), str(answer["ts"])


def _publish_home(services: Services, client: WebClient, carrier: Notification) -> Outcome:
    actor = Actor(carrier.workspace_id, carrier.recipient_id)
    client.views_publish(user_id=actor.user_id, view=home_of(client, services, actor))
    return Sent("", "")


def _refresh(services: Services, client: WebClient, refresh: Notification) -> Outcome:
    """Show an earlier message as things stand now, with all that went with it."""
    parts = posted_with(services, refresh)
    if parts is None:
        return Held(services.now() + _UNTIL_POSTED)
    if not parts:
        return Overtaken()
    message, _ = together(render_again(services, parts))
    first = parts[0]
    try:
        client.chat_update(
            channel=first.channel_id,
            ts=first.ts,
            text=message.wire_text,
            blocks=message.blocks,
            metadata=_metadata(first.key),
        )
    except SlackApiError as error:
        if code_of(error) != "message_not_found":
            raise
        return Overtaken()  # somebody deleted it: there is nothing to keep true any more
    return Sent(first.channel_id, first.ts)


def _metadata(key: str) -> dict[str, object]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


_ALONE: dict[Method, Callable[[Services, WebClient, Notification], Outcome]] = {
    Method.PUBLISH: _publish_home,
    Method.UPDATE: _refresh,
    Method.UPLOAD: _send_picture,
}
