"""The update form: opened from a button or a command, kept while typing, filed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.moments import moment_near
from handlers.blocks.personal import OPEN_UPDATE
from handlers.blocks.text import Block
from handlers.people import actor_in_zone, actor_of, meet, zone_of
from handlers.updates import notices, update_form
from handlers.views import WindowQueue, change_view
from workflows.errors import (
    ProgressMissingError,
    UpdateCrossedError,
    UpdateTooLongError,
    UserError,
)
from workflows.outbox.reading import round_asked_for
from workflows.people import names_of
from workflows.services import Actor, Services
from workflows.updates.filing import Filed, Filing, file_update, rules_of_round
from workflows.updates.opening import DraftOf, keep_draft, open_form, question_now, reopen_form


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(OPEN_UPDATE)(press_open)
    app.action(update_form.TEXT)(follow_typing)
    app.view(update_form.CALLBACK_ID)(save_form)


def built_form(services: Services, actor: Actor, wanted: str, zone: ZoneInfo) -> Block:
    """Return the form of the initiative that somebody named."""
    return update_form.build(open_form(services, actor, wanted), zone, services.now())


def press_open(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form from a button: in place of the window that it is in, or as a new one.

    A button of a round that is over says so, and offers the present one.
    """
    actor = actor_of(context)
    fresh = open_form(services, actor, action["value"])
    asked_on = _asked_on(services, actor, body)
    if asked_on is not None and asked_on < fresh.round.call_on:
        form = notices.round_over(fresh.initiative, asked_on, fresh.round.call_on)
    else:
        zone = zone_of(meet(actor, services, client))
        form = update_form.build(fresh, zone, services.now())
    view = body.get("view") or {}
    if view.get("type") == "modal":
        change_view(client, view, form)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=form)
    ack()


def _asked_on(services: Services, actor: Actor, body: dict[str, Any]) -> date | None:
    """Return the day of the call that the message of a button asked for; None elsewhere."""
    place = body.get("container") or {}
    if place.get("type") != "message":
        return None
    posted = place.get("channel_id", ""), place.get("message_ts", "")
    return round_asked_for(services, actor.workspace_id, *posted)


def follow_typing(
    ack: Ack,
    body: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    windows: WindowQueue,
) -> None:
    """Keep what is typed, and say how long it takes to say.

    Slack tells of a keystroke half a second after it, so perhaps after the form was submitted and
    refused. Then it is no news, and the window is left alone: a change would take the error away.
    """
    view, (actor, zone) = body["view"], actor_in_zone(context, services, client)
    form = _draft_of(view)
    with windows.of(view):
        is_news = keep_draft(services, actor, form, update_form.typed_answers(view))
        rules = rules_of_round(services, actor.workspace_id, form.call_on)
        if is_news:
            asked = _question(services, actor, view, zone)
            timed = update_form.with_length(view, rules)
            fresh = update_form.with_question(timed or view, asked) or timed
            if fresh is not None:
                change_view(client, view, fresh)
    ack()


def _question(services: Services, actor: Actor, view: Block, zone: ZoneInfo) -> Block | None:
    """Return the question about the blocker as it is typed; None if it is no news."""
    blockers = update_form.typed_texts(view)["blockers"]
    question = question_now(services, actor, update_form.form_key(view).key, blockers)
    now = services.now()
    return update_form.blocker_question(question, zone, now) if question else None


def save_form(
    ack: Ack,
    view: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    windows: WindowQueue,
) -> None:
    """File the update and confirm it, or say next to the field what is in the way."""
    actor, zone = actor_in_zone(context, services, client)
    filing = update_form.parse(view)
    try:
        with windows.of(view):
            filed = _file(services, actor, view, filing)
    except ProgressMissingError as error:
        ack(response_action="errors", errors={"progress": str(error)})
    except UpdateTooLongError as error:
        ack(response_action="errors", errors={error.field: str(error)})
    except UpdateCrossedError as error:
        ack(response_action="update", view=_crossed(services, actor, filing, error, zone))
    else:
        ack(response_action="update", view=notices.filed(filed, zone))


def _file(services: Services, actor: Actor, view: dict[str, Any], filing: Filing) -> Filed:
    """File an update; what is refused is kept as a draft."""
    try:
        return file_update(services, actor, filing)
    except UserError:
        keep_draft(services, actor, _draft_of(view), update_form.typed_answers(view))
        raise


def _draft_of(view: dict[str, Any]) -> DraftOf:
    remembered = update_form.form_key(view)
    return DraftOf(remembered.key, remembered.call_on, remembered.base_version)


def _crossed(
    services: Services, actor: Actor, filing: Filing, error: UpdateCrossedError, zone: ZoneInfo
) -> Block:
    """Return the form again with all that was typed, saying who was faster."""
    names = names_of(services, actor.workspace_id, {error.author_id})
    who = names.get(error.author_id, error.author_id)
    who = "You" if error.author_id == actor.user_id else who
    when = moment_near(error.filed_at, zone, services.now())
    notice = (
        f"✋ *{who} filed an update {when}, while you had this form open.* Yours is below, "
        "untouched. File again to replace the other; both versions are kept, and "
        f"`/ai-status history {filing.key}` shows them."
    )
    form = reopen_form(services, actor, filing)
    return update_form.build(form, zone, services.now(), notice)
