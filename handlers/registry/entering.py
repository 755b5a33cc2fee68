"""The form of the registry: opened, kept while it is typed, saved step by step."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.personal import EDIT
from handlers.blocks.text import Block, combine, fill, marked, mention, plain
from handlers.blocks.windows import notice
from handlers.people import actor_of, learn, meet
from handlers.registry import entry_form, entry_view, overlap_view
from handlers.views import change_view
from storage.models import Verdict
from workflows.errors import AlreadyEnteredError, EntryCrossedError, EntryInvalidError
from workflows.people import names_of
from workflows.registry.editing import NEW, keep_typed, open_entry, save_entry
from workflows.registry.entering import answer_overlaps, check_new, enter_initiative, open_new
from workflows.registry.entries import Shown, show_entry
from workflows.registry.fact_list import LABELS, PLAN, PURPOSE
from workflows.registry.look_alikes import LookAlike, find_look_alikes
from workflows.registry.rights import contacts, may_edit
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(EDIT)(press_edit)
    app.action(entry_form.FIELD)(follow_typing)
    app.view(entry_form.CALLBACK_ID)(save_form)
    app.view(overlap_view.CALLBACK_ID)(save_answers)


def edit_form(services: Services, actor: Actor, wanted: str) -> Block:
    """Return the form of the initiative that somebody named."""
    return entry_form.build(open_entry(services, actor, wanted), PURPOSE)


def new_form(services: Services, actor: Actor, _rest: str = "") -> Block:
    """Return the form of an initiative that is not entered yet."""
    return entry_form.build(open_new(services, actor), PURPOSE)


def press_edit(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Open the form from a button: in place of the window that it is in, or as a new one."""
    form = edit_form(services, actor_of(context), action["value"])
    view = body.get("view") or {}
    if view.get("type") == "modal":
        change_view(client, view, form)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=form)
    ack()


def follow_typing(ack: Ack, body: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Keep what is typed."""
    view = body["view"]
    remembered, typed = entry_form.form_key(view), entry_form.parse(view)
    keep_typed(services, actor_of(context), remembered.key, remembered.version, typed)
    ack()


def save_form(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Save one step; then the next, or the confirmation. What can't be is said beside its field."""
    actor, remembered = actor_of(context), entry_form.form_key(view)
    meet(actor, services, client)
    typed = entry_form.parse(view)
    apps = learn(actor, services, client, _named(typed))
    try:
        _refuse_apps(typed, apps)
        if remembered.key == NEW:
            fresh = _entered(services, actor, typed, remembered.version)
        else:
            known = save_entry(services, actor, remembered.key, remembered.version, typed)
            fresh = _next_step(services, actor, known, remembered.step)
    except EntryInvalidError as error:
        ack(response_action="errors", errors=error.faults)
    except AlreadyEnteredError as error:
        ack(response_action="update", view=notice(f"✋ {error}"))
    except EntryCrossedError as error:
        ack(response_action="update", view=_crossed(services, actor, view, error))
    else:
        ack(response_action="update", view=fresh)


def _named(typed: dict[str, Any], parts: tuple[str, ...] = ("lead_id", "deputy_ids")) -> list[str]:
    """Return the ids of those whom these fields of a form name."""
    held = [typed.get(part) or [] for part in parts]
    return [one for given in held for one in ([given] if isinstance(given, str) else given)]


def _refuse_apps(typed: dict[str, Any], apps: dict[str, str]) -> None:
    """Refuse what is no person: Slack offers apps among them.

    Raises:
        EntryInvalidError: says which.
    """
    faults = {
        part: f"{apps[user_id]} is an app, and apps file no updates."
        for part in ("lead_id", "deputy_ids")
        for user_id in _named(typed, (part,))
        if user_id in apps
    }
    if faults:
        raise EntryInvalidError(faults)


def save_answers(ack: Ack, view: dict[str, Any], context: BoltContext, services: Services) -> None:
    """Do what was said of the look-alikes: of an initiative that is there, or of a new one."""
    actor, key = actor_of(context), overlap_view.asked_about(view)
    verdicts = overlap_view.parse(view)
    joining = [other for other, verdict in verdicts.items() if verdict is Verdict.JOIN]
    if key != NEW:
        fresh = _answered(services, actor, key, verdicts, joining)
    elif joining:
        fresh = _joined(services, actor, joining, is_new=True)
    else:
        form = open_new(services, actor)
        facts = check_new(services, actor, form.typed)
        known = enter_initiative(services, actor, facts, verdicts, form.version)
        fresh = _next_step(services, actor, known, PURPOSE)
    ack(response_action="update", view=fresh)


def overlap_window(services: Services, actor: Actor, wanted: str) -> Block:
    """Return the question about what looks like an initiative that is there."""
    entry = open_entry(services, actor, wanted)
    assert entry.facts is not None  # what is named is there
    found = find_look_alikes(services, actor, entry.facts, entry.key)
    if not found:
        return notice(f"No other department has anything like *{entry.key}*.")
    return _question(services, actor, found, entry.key)


def _question(services: Services, actor: Actor, found: list[LookAlike], key: str) -> Block:
    leads = {one.initiative.lead_id for one in found if one.initiative.lead_id}
    names = names_of(services, actor.workspace_id, leads)
    return overlap_view.question(found, names, key)


def _answered(
    services: Services, actor: Actor, key: str, verdicts: dict[str, Verdict], joining: list[str]
) -> Block:
    try:
        answer_overlaps(services, actor, key, verdicts)
    except EntryInvalidError as error:
        return notice(f"✋ {error!s} Nothing was kept.")
    if joining:
        return _joined(services, actor, joining, is_new=False)
    return notice("✅ Thanks. Nobody will be asked about these again.", title="Kept")


def _entered(services: Services, actor: Actor, typed: dict[str, Any], version: int) -> Block:
    """Return the next step of what was just entered, or the question about what looks like it."""
    facts = check_new(services, actor, typed)
    keep_typed(services, actor, NEW, version, typed)
    found = find_look_alikes(services, actor, facts)
    if not found:
        known = enter_initiative(services, actor, facts, {}, version)
        return _next_step(services, actor, known, PURPOSE)
    return _question(services, actor, found, NEW)


def _next_step(services: Services, actor: Actor, known: Shown, step: int) -> Block:
    key, name = known.initiative.key, known.facts.name
    said = f"✅ Saved: *{key} · {name}*, version {known.version} of its entry."
    words = marked(said)
    if step < PLAN:
        if may_edit(services, actor, key):
            return entry_form.build(open_entry(services, actor, key), step + 1)
        people = contacts(services, known.initiative)
        who = combine(map(mention, people), ", ") if people else "nobody yet"
        words = combine(
            [words, fill("The other steps are for whoever is responsible: {who}.", who=who)]
        )
    return {**notice(words, title="Saved"), "close": plain("Done")}


def _joined(services: Services, actor: Actor, keys: list[str], *, is_new: bool) -> Block:
    others = [show_entry(services, actor, key).initiative for key in keys]
    words = combine(
        overlap_view.joined(one, contacts(services, one), is_new=is_new) for one in others
    )
    return notice(words, title="Joined")


def _crossed(services: Services, actor: Actor, view: Block, error: EntryCrossedError) -> Block:
    """Return the step again with all that was typed, saying who was faster."""
    remembered = entry_form.form_key(view)
    names = names_of(services, actor.workspace_id, {error.author_id})
    who = names.get(error.author_id, error.author_id)
    lines = ", ".join(LABELS[name] for name in error.names)
    notice = (
        f"✋ *{who} changed this while the form was open:* {lines}. What you typed is below, "
        "complete. Save again to put it in place of theirs; both versions are kept, and "
        f"`{entry_view.COMMAND} history {remembered.key}` shows them."
    )
    form = open_entry(services, actor, remembered.key)
    return entry_form.build(form, remembered.step, entry_form.parse(view), notice)
