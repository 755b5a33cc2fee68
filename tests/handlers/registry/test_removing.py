"""Milestones and dependencies taken away and put back, from the forms and the entry itself."""

from datetime import date

import pytest

from storage.models import DependencyKind
from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_planning import needs, typed
from tests.handlers.registry.test_project import Form, opened, said
from tests.handlers.updates.test_update_form import all_text
from workflows.errors import EntryInvalidError, NotYoursError
from workflows.registry.entries import read_history, show_entry
from workflows.registry.facts import DependencyFacts, MilestoneFacts
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.registry.removing import put_back, remove_dependency, remove_milestone
from workflows.services import Services

MARCH_31, JUNE_30 = date(2027, 3, 31), date(2027, 6, 30)


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="Cash forecast"),
        an_initiative("OPS-01", name="Routes", department="Operations", lead_id="U_OLA"),
        persons=[a_person(), a_person("U_OLA", name="Ola")],
    )
    for name, day in (("Model ready", MARCH_31), ("Live", JUNE_30)):
        save_milestone(services, actor(), "FIN-01", MilestoneWanted(None, name, day))


def milestones(services: Services) -> tuple[MilestoneFacts, ...]:
    return show_entry(services, actor(), "FIN-01").facts.milestones


def dependencies(services: Services) -> tuple[DependencyFacts, ...]:
    return show_entry(services, actor(), "FIN-01").facts.dependencies


def pressed(workspace: Workspace, slack: FakeSlack, button: Form, view: Form) -> Form:
    """Press a button in a window, and return the window as it is shown then."""
    shown = {**view, "id": "V1", "hash": "h", "type": "modal", "state": {"values": {}}}
    workspace.press(button["action_id"], button["value"], view=shown)
    fresh: Form = slack.of("views.update")[-1]["view"]
    return fresh


def buttons(view: Form) -> dict[str, Form]:
    found = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    found += [one for block in view["blocks"] for one in block.get("elements", ())]
    return {one["text"]["text"]: one for one in found if one.get("type") == "button"}


def form_of_milestone(workspace: Workspace, slack: FakeSlack, number: str) -> Form:
    form = opened(workspace, slack, "milestone FIN-01")
    action = {"type": "static_select", "action_id": "pick_milestone"}
    chosen = {**action, "selected_option": {"value": number}}
    workspace._payload("block_actions", "U_LEAD", actions=[chosen], view={**form, "id": "V1"})
    picked: Form = slack.of("views.update")[-1]["view"]
    return picked


def test_a_milestone_is_removed_from_its_form_and_put_back_right_there(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    needs(services, "OPS-01", "FIN-01/M1")
    before = milestones(services)
    form = form_of_milestone(workspace, slack, "1")

    gone = pressed(workspace, slack, buttons(form)["Remove M1"], form)
    left = milestones(services)
    back = pressed(workspace, slack, buttons(gone)["Undo"], gone)

    told = all_text(gone["blocks"])
    assert "Removed from *FIN-01*: *M1*  Model ready · Wednesday 31 March 2027" in told
    assert "OPS-01 waits for it" in told
    assert [one.number for one in left] == [2]
    assert "Undone" in all_text(back["blocks"])
    assert milestones(services) == before
    assert "Model ready" in said(workspace, "history FIN-01")


def test_a_new_one_has_no_button_to_remove_it(workspace: Workspace, slack: FakeSlack) -> None:
    assert not buttons(opened(workspace, slack, "milestone FIN-01"))


def test_a_dependency_is_removed_and_put_back_and_what_is_typed_stays(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    needs(services, "FIN-01", "OPS-01", "U_LEAD", milestone=2)
    form = opened(workspace, slack, "link FIN-01")
    filled = typed(form, kind="data", thing="Customers")

    workspace.press("remove_dependency", "FIN-01 1", view={**filled, "type": "modal"})
    left = dependencies(services)
    again = slack.of("views.update")[-1]["view"]
    pressed(workspace, slack, buttons(again)["Undo"], again)

    assert left == ()
    assert "Removed: *FIN-01* M2 needs *OPS-01*" in all_text(again["blocks"])
    assert "Customers" in str(again["blocks"])
    assert [(one.thing, one.milestone) for one in dependencies(services)] == [("OPS-01", 2)]


def test_the_same_dependency_is_entered_again_in_the_same_window(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = opened(workspace, slack, "link FIN-01")
    for _ in range(2):
        confirm = workspace.submit(typed(form, kind="initiative", thing="OPS-01"))["view"]
        workspace.submit({**confirm, "id": "V1", "hash": "h1"})
        number = dependencies(services)[-1].number
        workspace.press("remove_dependency", f"FIN-01 {number}", view={**form, "id": "V1"})

    confirm = workspace.submit(typed(form, kind="initiative", thing="OPS-01"))["view"]
    workspace.submit({**confirm, "id": "V1", "hash": "h1"})

    assert [(one.number, one.thing) for one in dependencies(services)] == [(3, "OPS-01")]


def test_what_waited_as_the_milestone_waits_as_the_initiative_until_it_is_undone(
    services: Services,
) -> None:
    wanted = DependencyWanted(DependencyKind.INITIATIVE, "OPS-01", milestone=1)
    save_dependency(services, actor(), "FIN-01", wanted)

    gone = remove_milestone(services, actor(), "FIN-01", 1)
    meanwhile = [one.milestone for one in dependencies(services)]
    put_back(services, actor(), "FIN-01", gone.known.version)

    assert meanwhile == [None]
    assert [one.milestone for one in dependencies(services)] == [1]


def test_a_number_is_never_given_again(services: Services) -> None:
    remove_milestone(services, actor(), "FIN-01", 2)

    save_milestone(services, actor(), "FIN-01", MilestoneWanted(None, "Handed over", JUNE_30))

    assert [one.number for one in milestones(services)] == [1, 3]


def test_removed_or_undone_twice_it_is_one_version_and_later_changes_stay(
    services: Services,
) -> None:
    gone = [remove_milestone(services, actor(), "FIN-01", 1) for _ in range(2)]
    moved = MilestoneWanted(2, "Live at last", JUNE_30)
    save_milestone(services, actor(), "FIN-01", moved)
    for _ in range(2):
        put_back(services, actor(), "FIN-01", gone[0].known.version)

    assert [one.is_gone_before for one in gone] == [False, True]
    assert [one.name for one in milestones(services)] == ["Model ready", "Live at last"]
    assert len(read_history(services, actor(), "FIN-01")[1]) == 5


def test_what_would_close_a_circle_by_now_is_not_put_back(services: Services) -> None:
    needs(services, "FIN-01", "OPS-01", "U_LEAD")
    gone = remove_dependency(services, actor(), "FIN-01", 1)
    needs(services, "OPS-01", "FIN-01")

    with pytest.raises(EntryInvalidError, match="each would wait for the other"):
        put_back(services, actor(), "FIN-01", gone.known.version)


def test_only_those_who_may_edit_see_the_buttons_and_may_remove(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    mine = workspace.command("show FIN-01", "U_LEAD", "/ai-project")
    others = workspace.command("show FIN-01", "U_OLA", "/ai-project")

    workspace.press("change_milestones", "FIN-01")
    with pytest.raises(NotYoursError):
        remove_milestone(services, actor("U_OLA"), "FIN-01", 1)

    assert {"Milestones", "Dependencies"} <= set(buttons(mine))
    assert not {"Milestones", "Dependencies"} & set(buttons(others))
    assert slack.of("views.open")[-1]["view"]["callback_id"] == "milestone_form"
    assert len(milestones(services)) == 2
