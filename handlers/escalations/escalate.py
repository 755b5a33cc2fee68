"""The /ai-escalate command, and the form of a new escalation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.answering import Answer, answer_privately
from handlers.blocks.personal import ANY, OPEN_ESCALATION
from handlers.blocks.text import Block
from handlers.blocks.windows import window
from handlers.escalations import card, escalation_form, form_reading, list_view, policy_view
from handlers.escalations.buttons import buttons
from handlers.escalations.command import ESCALATE
from handlers.escalations.preview import preview_lines
from handlers.people import actor_in_zone
from handlers.views import change_view, show_view
from storage.models import EscalationKind
from workflows.errors import FieldsInvalidError, UnknownInitiativeError
from workflows.escalations.choosing import Choices, as_far_as_known, choices
from workflows.escalations.opening import open_escalation
from workflows.escalations.reading import listed, policy_in_words, show
from workflows.registry.choosing import may_be_meant
from workflows.registry.names import closest_words
from workflows.services import Actor, Services


@dataclass(frozen=True)
class _Asked:
    """What a form is drawn for: as it is filled in so far."""

    kind: EscalationKind
    wanted: str  # an initiative's key or name; ANOTHER: it will be named
    typed: dict[str, str]
    link: str = ""
    is_urgent: bool | None = None  # None: as the policy preselects it
    is_named: bool = False  # the window asks for the initiative in words


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.command(ESCALATE.name)(answer_command)
    app.action(OPEN_ESCALATION)(press_open)
    app.action(form_reading.KIND)(redraw)
    app.action(form_reading.PICK)(redraw)
    app.action(form_reading.CANNOT_WAIT)(redraw)
    app.view(form_reading.CALLBACK_ID)(send_form)
    app.action(list_view.SHOW)(press_show)


def answer_command(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Answer a question privately, or open the form."""
    actor, zone = actor_in_zone(context, services, client)
    text = (command.get("text") or "").strip()
    word, _, rest = text.partition(" ")
    answer = _ANSWERS.get(word.casefold())
    try:
        if answer is not None:
            answer_privately(ack, answer(services, actor, rest.strip(), zone))
        else:
            view = new_form(services, actor, text, zone)
            client.views_open(trigger_id=command["trigger_id"], view=view)
            ack()
    except UnknownInitiativeError as error:
        sentence = _unknown(error)
        answer_privately(ack, (sentence, list_view.help_blocks(ESCALATE.help(), sentence)))


def new_form(
    services: Services, actor: Actor, wanted: str, zone: ZoneInfo, link: str = "", what: str = ""
) -> Block:
    """Return the form of a new escalation, a technical blocker until another kind is picked."""
    asked = _Asked(EscalationKind.TECHNICAL_BLOCKER, wanted, {"what": what}, link)
    return _drawn(services, actor, zone, asked)


def press_open(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form from a button: on top of the window that it is in, or as a new one."""
    actor, zone = actor_in_zone(context, services, client)
    key = action["value"] if action["value"] != ANY else ""
    view = new_form(services, actor, key, zone)
    show_view(client, body, view)
    ack()


def redraw(
    ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Show what another kind asks for, and what would be set off; nothing typed is lost."""
    actor, zone = actor_in_zone(context, services, client)
    view = body["view"]
    asked = _Asked(
        form_reading.kind_of(view),
        form_reading.picked_key(view),
        form_reading.typed_in(view),
        form_reading.form_key(view).link,
        form_reading.is_urgent(view),
        form_reading.is_named(view),
    )
    change_view(client, view, _drawn(services, actor, zone, asked))
    ack()


def send_form(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Open the escalation and show it, or say beside the field what is in the way."""
    actor, zone = actor_in_zone(context, services, client)
    wanted = form_reading.parse(view)
    try:
        key = _meant(services, actor, wanted.key)
        one = open_escalation(services, actor, form_reading.with_key(wanted, key))
    except FieldsInvalidError as error:
        errors = {form_reading.block_of(view, name): said for name, said in error.faults.items()}
        ack(response_action="errors", errors=errors)
        return
    shown = show(services, actor, f"E-{one.number}")
    done = window("Escalated", [*card.opened(shown, zone), *card.body(shown)])
    ack(response_action="update", view=done)


def press_show(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show one of a list in a window."""
    actor, _ = actor_in_zone(context, services, client)
    shown = show(services, actor, action["value"])
    view = card.shown_window(shown, actor.user_id)
    show_view(client, body, view)
    ack()


def _drawn(services: Services, actor: Actor, zone: ZoneInfo, asked: _Asked) -> Block:
    found, is_named = _choices(services, actor, asked)
    is_urgent = asked.is_urgent
    facts = escalation_form.Facts(
        kind=asked.kind,
        own=found.own,
        picked=None if is_named else found.picked,
        is_named=is_named or (not found.own and found.picked is None),
        topics=found.topics,
        milestones=found.milestones,
        typed=asked.typed,
        link=asked.link,
        cannot_wait=asked.kind in found.urgent_kinds if is_urgent is None else is_urgent,
    )
    known = as_far_as_known(services, actor, escalation_form.wanted_of(facts))
    lines = preview_lines(known, actor.user_id, zone) if known else []
    return escalation_form.build(escalation_form.with_preview(facts, lines))


def _choices(services: Services, actor: Actor, asked: _Asked) -> tuple[Choices, bool]:
    """Return what can be picked, and whether the initiative is still to be named in words."""
    is_named = asked.wanted == form_reading.ANOTHER or (asked.is_named and not asked.wanted)
    try:
        return choices(services, actor, "" if is_named else asked.wanted), is_named
    except UnknownInitiativeError:
        if not asked.is_named:
            raise
        return choices(services, actor, ""), True  # not a name yet: they are still typing it


def _meant(services: Services, actor: Actor, wanted: str) -> str:
    """Return the key of the initiative that is meant.

    Raises:
        FieldsInvalidError: none is, or several are.
    """
    if wanted in ("", form_reading.ANOTHER):
        raise FieldsInvalidError({form_reading.INITIATIVE: "Please say which initiative."})
    found = may_be_meant(services, actor, wanted)
    if len(found) == 1:
        return found[0].key
    said = f"Nothing is called “{wanted[:60]}”. Its key is surest, as in FIN-01."
    if found:
        closest = ", ".join(f"{one.key} ({one.name[:40]})" for one in found[:3])
        said = f"That can be {closest}. Please give the key."
    raise FieldsInvalidError({form_reading.INITIATIVE: said})


def _list(services: Services, actor: Actor, rest: str, zone: ZoneInfo) -> Answer:
    found = listed(services, actor, rest)
    return list_view.heading(found), list_view.listed(found, zone, services.now())


def _show(services: Services, actor: Actor, rest: str, _zone: ZoneInfo) -> Answer:
    shown = show(services, actor, rest)
    return card.heading_text(shown), [*card.history(shown), *buttons(shown, actor.user_id)]


def _policy(services: Services, actor: Actor, _rest: str, _zone: ZoneInfo) -> Answer:
    return "Who is told when", policy_view.paths(*policy_in_words(services, actor))


def _help(_services: Services, _actor: Actor, _rest: str, _zone: ZoneInfo) -> Answer:
    return "How to use it", list_view.help_blocks(ESCALATE.help())


_ANSWERS: dict[str, Callable[[Services, Actor, str, ZoneInfo], Answer]] = {
    "list": _list,
    "show": _show,
    "policy": _policy,
    "help": _help,
}


def _unknown(error: UnknownInitiativeError) -> str:
    words = closest_words(error.wanted.partition(" ")[0], ESCALATE.words)
    closest = [f"`{ESCALATE.name} {word}`" for word in words] or error.closest
    hint = f" Did you mean {' or '.join(closest)}?" if closest else ""
    return f"I can't find an initiative or command called “{error.wanted}”.{hint}"
