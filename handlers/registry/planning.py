"""Milestones and dependencies: read as typed, shown as they are understood, then saved."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from handlers.blocks.date_field import read_dates
from handlers.blocks.text import Block, plain
from handlers.blocks.windows import notice
from handlers.people import actor_of, meet, zone_of
from handlers.registry import link_form, milestone_form
from handlers.registry.entry_words import dependency_text, milestone_text
from handlers.views import change_view
from workflows.errors import EntryInvalidError
from workflows.policies import date_rules
from workflows.registry.editing import open_entry
from workflows.registry.linking import preview_dependency, save_dependency
from workflows.registry.milestones import MilestoneWanted, preview_milestone, save_milestone
from workflows.services import Actor, Services


def register(app: App) -> None:
    """Attach this module's listeners."""
    app.action(milestone_form.PICK)(pick_milestone)
    app.view(milestone_form.CALLBACK_ID)(read_milestone)
    app.view(milestone_form.CONFIRM_ID)(keep_milestone)
    app.view(link_form.CALLBACK_ID)(read_dependency)
    app.view(link_form.CONFIRM_ID)(keep_dependency)


def new_milestone_form(services: Services, actor: Actor, wanted: str) -> Block:
    """Return the form of a new milestone of the initiative that somebody named."""
    return milestone_form.build(open_entry(services, actor, wanted), None)


def new_link_form(services: Services, actor: Actor, wanted: str) -> Block:
    """Return the form of a dependency of the initiative that somebody named."""
    return link_form.build(open_entry(services, actor, wanted))


def pick_milestone(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
) -> None:
    """Show another milestone in the same window."""
    view = body["view"]
    entry = open_entry(services, actor_of(context), milestone_form.form_key(view).key)
    number = milestone_form.picked(action["selected_option"]["value"])
    change_view(client, view, milestone_form.build(entry, number))
    ack()


def read_milestone(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Show how the dates are read and whom they hit; what can mean two days is asked about."""
    actor, remembered = actor_of(context), milestone_form.form_key(view)
    name, suffix = milestone_form.parse_name(view), milestone_form.suffix_of(remembered.number)
    today = services.now().astimezone(zone_of(meet(actor, services, client))).date()
    rules = date_rules(services, actor.workspace_id)
    dates = read_dates(view, milestone_form.DATES, today, rules, suffix)
    reached_on = dates.days["reached_on"]
    faults = dict(dates.faults)
    if reached_on and reached_on > today:
        faults["reached_on"] = "This day hasn't come yet."
    if faults:
        errors = {f"{part}{suffix}": fault for part, fault in faults.items()}
        ack(response_action="errors", errors=errors)
        return
    committed_on = dates.days["committed_on"]
    if dates.doubtful or committed_on is None:
        entry = open_entry(services, actor, remembered.key)
        form = milestone_form.build(entry, remembered.number, dates, name)
        ack(response_action="update", view=form)
        return
    wanted = MilestoneWanted(
        remembered.number, name, committed_on, dates.days["forecast_on"], reached_on
    )
    try:
        preview = preview_milestone(services, actor, remembered.key, wanted)
    except EntryInvalidError as error:
        ack(
            response_action="errors",
            errors={milestone_form.name_block(remembered.number): str(error)},
        )
    else:
        ack(response_action="update", view=milestone_form.confirm(preview, wanted, today))


def keep_milestone(
    ack: Ack, view: dict[str, Any], context: BoltContext, services: Services
) -> None:
    """Save the milestone that was shown."""
    confirmed = milestone_form.confirmation(view)
    actor = actor_of(context)
    known = save_milestone(
        services, actor, confirmed.key, confirmed.wanted, confirmed.version or None
    )
    number = confirmed.wanted.number
    milestones = known.facts.milestones
    saved = next((one for one in milestones if one.number == number), milestones[-1])
    ack(response_action="update", view=_saved(f"{confirmed.key}  {milestone_text(saved)}"))


def read_dependency(
    ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient, services: Services
) -> None:
    """Show what speaks against a dependency; what can mean two days is asked about."""
    actor, key = actor_of(context), link_form.form_key(view).key
    today = services.now().astimezone(zone_of(meet(actor, services, client))).date()
    dates = read_dates(view, link_form.DATES, today, date_rules(services, actor.workspace_id))
    if dates.faults:
        ack(response_action="errors", errors=dict(dates.faults))
        return
    if dates.doubtful:
        form = link_form.build(open_entry(services, actor, key), dates, view)
        ack(response_action="update", view=form)
        return
    wanted = link_form.parse(view, dates)
    try:
        preview = preview_dependency(services, actor, key, wanted)
    except EntryInvalidError as error:
        faults = {
            name if name in link_form.DATES else "thing": says
            for name, says in error.faults.items()
        }
        ack(response_action="errors", errors=faults)
    else:
        ack(response_action="update", view=link_form.confirm(preview, wanted, today))


def keep_dependency(
    ack: Ack, view: dict[str, Any], context: BoltContext, services: Services
) -> None:
    """Save the dependency that was shown; somebody else's may close a cycle meanwhile."""
    confirmed = link_form.confirmation(view)
    try:
        known = save_dependency(services, actor_of(context), confirmed.key, confirmed.wanted)
    except EntryInvalidError as error:
        ack(response_action="update", view=notice(f"✋ {error}"))
        return
    saved = known.facts.dependencies[-1]
    ack(response_action="update", view=_saved(f"*{confirmed.key}* {dependency_text(saved)}"))


def _saved(words: str) -> Block:
    return {**notice(f"✅ Saved: {words}", title="Saved"), "close": plain("Done")}
