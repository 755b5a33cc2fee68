"""Whatever can be submitted or pressed, twice: the database is as after one.

The examples are compared with what the app listens to, so that a new form or button needs one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from slack_bolt import App
from sqlalchemy import Engine, select
from sqlmodel import SQLModel, col
from sqlmodel import update as change

from bot.receiving.inbox import Inbox, read_item
from handlers.features import FEATURES
from handlers.forms import forms
from storage import drafts
from storage.models import Act, Draft, EscalationKind, InboxItem, InboxState, Notification
from storage.reading import connection_of
from tests.factories import CALL_ON, TEAM, a_person, a_policy, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, only
from tests.handlers.conftest import Workspace, build_workspace
from tests.handlers.test_manifest import RecordingApp
from workflows import policies
from workflows.away import set_away
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.inbox import UNFINISHED_AFTER
from workflows.inventory import sent_files
from workflows.inventory.working import check_file, store_file, take_up
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.drafting import UNASSIGNED

Json = dict[str, Any]
ME = "U0PAM"
ROWS = "name,department,start\nTills,Retail,2027-02-28\n,Retail,\n"
DUPLICATES = "Find duplicate invoices before they are paid, by comparing suppliers and amounts"


@dataclass
class World:
    """A workspace where one person may do everything."""

    services: Services
    slack: FakeSlack
    app: Workspace
    folder: Path

    def opened(self, text: str, command: str = "/ai-project") -> Json:
        self.app.command(text, ME, command)
        view: Json = self.slack.of("views.open")[-1]["view"]
        return view | {"id": "V1", "hash": "h1", "type": "modal"}

    def answered(self, view: Json, **fields: object) -> Json:
        """Submit a form and return the window in its place."""
        answer = self.app.submit(filled(view, **fields), ME)
        assert answer["response_action"] == "update", answer
        return {**answer["view"], "id": "V1", "hash": "h2", "type": "modal"}

    def inventory(self, *, is_stored: bool = False) -> str:
        """Have an inventory sent and checked, and perhaps stored; return its id."""
        path = self.folder / "inventory.csv"
        path.write_text(ROWS)
        sent_files.receive(self.services, actor(ME), sent_files.SentFile("F1", "inventory.csv"))
        check_file(self.services, _taken(self.services), path, lambda _: {})
        if is_stored:
            sent_files.accept(self.services, actor(ME), "F1")
            store_file(self.services, _taken(self.services), path, lambda _: {})
        return "F1"


def _taken(services: Services) -> Any:
    file = take_up(services, [TEAM])
    assert file is not None
    return file


def filled(view: Json, **fields: object) -> Json:
    """Return a form as somebody submits it: as it stands, or with these fields changed."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    values = {}
    for block in inputs:
        element, name = block["element"], block["block_id"]
        values[name] = {element["action_id"]: _state(element, fields.get(name))}
    return {**view, "state": {"values": values}}


def _state(element: Json, wanted: Any) -> Json:
    kind = element["type"]
    if "options" in element:
        options = {option["value"]: option for option in element["options"]}
        picked = options[wanted] if wanted else element.get("initial_option")
        return {"type": kind, "selected_option": picked}
    names = {"users_select": "user", "multi_users_select": "users", "datepicker": "date"}
    if kind in names:
        part = names[kind]
        nobody: list[str] | None = [] if kind.startswith("multi") else None
        return {"type": kind, f"selected_{part}": wanted or element.get(f"initial_{part}", nobody)}
    return {"type": kind, "value": wanted or element.get("initial_value")}


Example = Callable[[World], Json]  # the payload, after all that has to be there


def submit(view: Json, **fields: object) -> Json:
    return {"type": "view_submission", "view": filled(view, **fields)}


def press(action_id: str, value: str, view: Json | None = None) -> Json:
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
    return _click(action, view)


def pick(action_id: str, value: str, view: Json | None = None) -> Json:
    chosen = {"type": "overflow", "selected_option": {"value": value}}
    return _click({**chosen, "action_id": action_id, "block_id": "b"}, view)


def type_in(action_id: str, view: Json) -> Json:
    action = {"type": "plain_text_input", "action_id": action_id, "block_id": "b"}
    return _click(action, filled(view))


def _click(action: Json, view: Json | None) -> Json:
    return {"type": "block_actions", "actions": [action]} | ({"view": view} if view else {})


def _milestone(world: World) -> Json:
    form = world.opened("milestone FIN-01")
    return world.answered(form, name_new="Live", committed_on="2027-03-31")


def _dependency(world: World) -> Json:
    form = world.opened("link FIN-01")
    return world.answered(form, kind="initiative", thing="OPS-01")


def _with_dependency(world: World) -> Json:
    world.app.submit(filled(_dependency(world)), ME)
    return world.opened("link FIN-01")


def _with_milestone(world: World) -> Json:
    world.app.submit(filled(_milestone(world)), ME)
    return world.opened("milestone FIN-01")


def _removal(world: World) -> str:
    send(world, press("remove_milestone", "FIN-01 1", _with_milestone(world)), "removal")
    button = world.slack.of("views.update")[-1]["view"]["blocks"][0]["accessory"]
    return str(button["value"])


def _conversation(world: World) -> Json:
    message = {"ts": "1.1", "text": "Who owns it?"}
    world.slack.answers["chat.getPermalink"] = [{"permalink": "https://example.slack.com/p1"}] * 3
    world.app._payload(
        "message_action",
        ME,
        callback_id="link_to_initiative",
        channel={"id": "C1"},
        message=message,
    )
    view: Json = world.slack.of("views.open")[-1]["view"]
    return {**view, "id": "V1", "hash": "h1"}


def _look_alikes(world: World) -> Json:
    form = world.opened("new")
    return world.answered(form, name="Double invoices", department="Finance", objective=DUPLICATES)


def _columns(world: World) -> Json:
    world.app.press("inventory_columns", world.inventory(), ME)
    view: Json = world.slack.of("views.open")[-1]["view"]
    return {**view, "id": "V1", "hash": "h1"}


def _back(world: World) -> Json:
    set_away(world.services, actor(ME), "Friday")
    return press("back_now", "now")


def _words(world: World) -> Json:
    draft = Draft(
        workspace_id=TEAM,
        user_id=ME,
        initiative_key=UNASSIGNED,
        call_on=CALL_ON,
        answers={"progress": "Live"},
        saved_at=world.services.now(),
    )
    with world.services.transaction() as session:
        drafts.save(session, draft)
    return press("file_words", "FIN-01")


def _prompt(world: World) -> str:
    with world.services.reading() as reader:
        kind = col(Notification.kind) == "prompt"
        return str(
            connection_of(reader)
            .execute(select(col(Notification.key)).where(kind))
            .scalars()
            .all()[0]
        )


def _blocker(world: World) -> int:
    """Have a technical blocker opened by somebody else, for this person to act on."""
    blocker = EscalationKind.TECHNICAL_BLOCKER
    wanted = Wanted(blocker, "FIN-01", what="No access", topic="data-access")
    return open_escalation(world.services, actor("U_OLA"), wanted).number


def _deed_form(world: World) -> Json:
    number = _blocker(world)
    world.app.press("escalation_act_resolve", f"resolve {number} 1", ME)
    view: Json = world.slack.of("views.open")[-1]["view"]
    return {**view, "id": "V1", "hash": "h1", "type": "modal"}


def _decision(world: World) -> str:
    """Have something decided by this person, who leads what it is about; return its name."""
    act_on(world.services, actor(ME), Deed(Act.RESOLVE, _blocker(world), 1, words="Granted"))
    return "D-1"


def _with_a_changed_policy(world: World) -> str:
    """Have something open as the policy changes; return the version that is in force then."""
    _blocker(world)
    later = {"blocker": {"coe_after_hours": 48}}
    policy = a_policy(people={"programme_manager": ME}, features=["escalations"], escalations=later)
    policies.adopt(world.services, TEAM, "Tests", policy)
    ensure_next_round(world.services, TEAM)  # as `apply` does
    with world.services.reading() as reader:
        return f"{policies.in_force(reader, TEAM).version}"


def _escalation_form(world: World) -> Json:
    form = world.opened("FIN-01", "/ai-escalate")
    return filled(form, what="No access")


VIEWS: dict[str, Example] = {
    "escalation_form": lambda w: submit(w.opened("FIN-01", "/ai-escalate"), what="No access"),
    "escalation_deed": lambda w: submit(_deed_form(w), words="Granted"),
    "update_form": lambda w: submit(w.opened("FIN-01", "/ai-status"), progress="Live",
                                    confidence="on_track"),
    "entry_form": lambda w: submit(w.opened("edit FIN-01"), name="Another name"),
    "overlap_question": lambda w: submit(_look_alikes(w), **{"OPS-01": "link"}),
    "milestone_form": lambda w: submit(w.opened("milestone FIN-01"), name_new="Live",
                                       committed_on="2027-03-31"),
    "milestone_confirm": lambda w: submit(_milestone(w)),
    "link_form": lambda w: submit(w.opened("link FIN-01"), kind="initiative", thing="OPS-01"),
    "link_confirm": lambda w: submit(_dependency(w)),
    "link_conversation": lambda w: submit(_conversation(w), own="FIN-01", words="Data"),
    "columns_form": lambda w: submit(_columns(w)),
    "which_initiative": lambda w: submit(w.opened("edit"), which_words="FIN-01"),
}  # fmt: skip
MORE_VIEWS: dict[str, Example] = {  # other ways through the same forms
    "a new initiative": lambda w: submit(w.opened("new"), name="Leave chatbot",
                                         department="Finance"),
    "a new one for somebody else": lambda w: submit(w.opened("new"), name="Leave chatbot",
                                                    department="Finance", lead_id="U_OLA"),
    "a pool, whose name is free": lambda w: submit(
        w.answered(w.opened("link FIN-01"), kind="platform", thing="GPU pool")
    ),
    "handed to somebody else": lambda w: submit(w.opened("edit FIN-01"), lead_id="U_OLA"),
}  # fmt: skip
ACTIONS: dict[str, Example] = {
    "open_escalation": lambda _: press("open_escalation", "FIN-01"),
    "escalation_kind": lambda w: pick("escalation_kind", "timeline_risk", _escalation_form(w)),
    "escalation_pick": lambda w: pick("escalation_pick", "FIN-01", _escalation_form(w)),
    "cannot_wait": lambda w: pick("cannot_wait", "now", _escalation_form(w)),
    "show_escalation": lambda w: press("show_escalation", f"E-{_blocker(w)}"),
    "^escalation_act_": lambda w: press(
        "escalation_act_acknowledge", f"acknowledge {_blocker(w)} 1"
    ),
    "escalation_more": lambda w: pick("escalation_more", f"hand_over {_blocker(w)} 1"),
    "show_decision": lambda w: press("show_decision", _decision(w), w.opened("list", "/ai-decide")),
    "^turn_decisions_": lambda w: press(
        "turn_decisions_next", "1 ", w.opened("list", "/ai-decide")
    ),
    "move_escalations": lambda w: press("move_escalations", _with_a_changed_policy(w)),
    "leave_escalations": lambda w: press("leave_escalations", _with_a_changed_policy(w)),
    "open_update": lambda _: press("open_update", "FIN-01"),
    "text": lambda w: type_in("text", w.opened("FIN-01", "/ai-status")),
    "show_entry": lambda w: press("show_entry", "FIN-01", w.opened("list")),
    "^turn_list_": lambda w: press("turn_list_next", "0 list ", w.opened("list")),
    "^open_registry_": lambda _: press("open_registry_0", "new"),
    "edit_entry": lambda _: press("edit_entry", "FIN-01"),
    "read_whole": lambda _: press("read_whole", "FIN-01"),
    "^turn_whole_": lambda w: press("turn_whole_next", "1 FIN-01", w.opened("list")),
    "field": lambda w: type_in("field", w.opened("edit FIN-01")),
    "pick_milestone": lambda w: pick("pick_milestone", "new", w.opened("milestone FIN-01")),
    "change_milestones": lambda _: press("change_milestones", "FIN-01"),
    "change_dependencies": lambda _: press("change_dependencies", "FIN-01"),
    "remove_milestone": lambda w: press("remove_milestone", "FIN-01 1", _with_milestone(w)),
    "undo_removal": lambda w: press("undo_removal", _removal(w), w.opened("link FIN-01")),
    "remove_dependency": lambda w: press("remove_dependency", "FIN-01 1", _with_dependency(w)),
    "read_round": lambda _: press("read_round", "2026-11-25"),
    "^turn_page_": lambda w: press("turn_page_next", "0 2026-11-25", w.opened("list")),
    "back_now": _back,
    "file_words": _words,
    "pick_mine": lambda w: pick("pick_mine", "FIN-01", w.opened("edit")),
    "^pick_found_": lambda w: press("pick_found_0", "FIN-01", w.opened("edit")),
    "^back_on_": lambda _: press("back_on_1", "2026-11-30"),
    "explain_message": lambda w: pick("explain_message", _prompt(w)),
    "store_inventory": lambda w: press("store_inventory", w.inventory()),
    "leave_inventory": lambda w: press("leave_inventory", w.inventory()),
    "undo_inventory": lambda w: press("undo_inventory", w.inventory(is_stored=True)),
    "inventory_columns": lambda w: press("inventory_columns", w.inventory()),
    "inventory_remarks": lambda w: press("inventory_remarks", w.inventory()),
    "not_mine": lambda _: press("not_mine", "FIN-01"),
}
EXAMPLES = VIEWS | MORE_VIEWS | ACTIONS
# They ask, show, or lead to the next window; what they do is done by another.
SHOWS_ONLY = {
    "milestone_form", "link_form", "open_update", "show_entry", "^turn_list_", "^open_registry_",
    "edit_entry", "change_milestones", "change_dependencies", "pick_milestone", "read_round",
    "^turn_page_", "explain_message", "which_initiative", "pick_mine", "^pick_found_",
    "inventory_columns", "inventory_remarks", "read_whole", "^turn_whole_", "open_escalation",
    "escalation_kind", "escalation_pick", "cannot_wait", "show_escalation", "escalation_more",
    "show_decision", "^turn_decisions_",
}  # fmt: skip


@pytest.fixture
def world(services: Services, slack: FakeSlack, tmp_path: Path) -> World:
    people = {"programme_manager": ME}
    topics = {"data-access": {"title": "Data access", "channel": "C0TOPIC0001"}}
    policy = a_policy(people=people, features=["escalations"], topics=topics)
    policies.adopt(services, TEAM, "Tests", policy)
    settle_in(
        services,
        an_initiative(name="Cash forecast", lead_id=ME),
        an_initiative("HR-01", name="Screening", department="People", lead_id=ME),
        an_initiative("OPS-01", name="Invoice doubles", department="Operations", lead_id="U_OLA"),
        persons=[a_person(ME), a_person("U_OLA", name="Ola")],
    )
    sweep(services)
    world = World(services, slack, build_workspace(services, slack), tmp_path)
    world.app.submit(filled(world.opened("edit OPS-01"), objective=DUPLICATES), ME)
    return world


def rows(engine: Engine) -> dict[str, list[Json]]:
    """Return everything that is stored, but for what came in and what was told of a crash."""
    with engine.connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    table.select().order_by(*table.primary_key)
                ).mappings()
                if row.get("kind") != "resumed"
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name != InboxItem.__tablename__
        }


def heard(kind: str) -> set[str]:
    app = RecordingApp()
    for feature in FEATURES:
        feature.register(cast(App, app))
    return {name.removeprefix("re.compile('").removesuffix("')") for name in app.heard[kind]}


def send(world: World, payload: Json, trigger_id: str) -> Json:
    content = {name: value for name, value in payload.items() if name != "type"}
    return world.app._payload(payload["type"], ME, trigger_id=trigger_id, **content)


def test_every_form_and_every_button_has_an_example_here() -> None:
    assert heard("view") == set(VIEWS) == set(forms())
    assert heard("action") == set(ACTIONS)


@pytest.mark.parametrize("again", ["the same comes again", "pressed again", "after a crash"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_complaint_1_done_twice_it_is_done_once(
    world: World, engine: Engine, clock: FakeClock, name: str, again: str
) -> None:
    payload = EXAMPLES[name](world)
    before = rows(engine)
    first = send(world, payload, "first")
    once = rows(engine)

    if again == "after a crash":
        leave_behind(world, payload, "first")
        clock.advance(seconds=UNFINISHED_AFTER.total_seconds())
        assert Inbox(world.app.app, only(world.app.app.client)).resume() == 1
    else:
        second = send(world, payload, "first" if again == "the same comes again" else "second")

    assert (once == before) == (name in SHOWS_ONLY)
    assert but_for_typing(rows(engine)) == but_for_typing(once)
    if again == "the same comes again":
        assert second == first
    if again == "pressed again" and payload["type"] == "view_submission":
        assert second == first


def leave_behind(world: World, payload: Json, trigger_id: str) -> None:
    """Have it as if somebody had died after doing it, and before it was noted that they had."""
    body = {"team": {"id": TEAM}, "user": {"id": ME}, "trigger_id": trigger_id, **payload}
    context: Any = {"team_id": TEAM, "user_id": ME}
    item = read_item(body, context, world.services)
    assert item is not None
    with world.services.transaction() as session:
        changed = session.execute(
            change(InboxItem)
            .where(col(InboxItem.key) == item.key)
            .values(state=InboxState.RECEIVED, answer=None, body=body)
        )
        assert changed.rowcount == 1  # type: ignore[attr-defined]


def but_for_typing(stored: dict[str, list[Json]]) -> dict[str, list[Json]]:
    """Leave out when a draft was saved: typing that comes again is later typing."""
    return {
        table: [{name: value for name, value in row.items() if name != "saved_at"} for row in found]
        for table, found in stored.items()
    }
