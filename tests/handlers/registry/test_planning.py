"""Milestones and dependencies, as somebody enters them in Slack."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from storage.models import Access, DependencyKind
from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_project import Form, opened, said
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.editing import save_entry
from workflows.registry.entries import read_history, show_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Services

MARCH_31 = date(2027, 3, 31)
Submit = Callable[..., Form]


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="Cash forecast"),
        an_initiative("OPS-01", name="Routes", department="Operations", lead_id="U_OLA"),
        an_initiative("HR-01", name="Screening", department="People", lead_id="U_OLA"),
        persons=[a_person(timezone="Pacific/Auckland"), a_person("U_OLA", name="Ola")],
    )


def typed(form: Form, **fields: str) -> Form:
    """Return a form as somebody submits it: text by text, pick by pick, as it stands or changed."""
    values: Form = {}
    for block in form["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], re.sub(r"_(new|\d+)$", "", block["block_id"])
        wanted = fields.get(name)
        if "options" in element:
            options = {option["value"]: option for option in element["options"]}
            picked = options[wanted] if wanted else element.get("initial_option")
            state: Form = {"selected_option": picked}
        else:
            state = {"value": wanted if wanted is not None else element.get("initial_value")}
        values[block["block_id"]] = {element["action_id"]: state}
    return {**form, "id": "V1", "hash": "h1", "state": {"values": values}}


def milestone(
    services: Services, key: str, committed_on: date, user: str = "U_LEAD", **more: date
) -> None:
    wanted = MilestoneWanted(None, "Live", committed_on, **more)
    save_milestone(services, actor(user), key, wanted)


def needs(services: Services, key: str, thing: str, user: str = "U_OLA", **more: object) -> None:
    kind = DependencyKind.MILESTONE if "/" in thing else DependencyKind.INITIATIVE
    wanted = DependencyWanted(kind=kind, thing=thing, **more)  # type: ignore[arg-type]
    save_dependency(services, actor(user), key, wanted)


def test_a_date_is_read_on_the_persons_calendar_and_shown_back_before_it_is_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = opened(workspace, slack, "milestone FIN-01")

    confirm = workspace.submit(
        typed(form, name="Pilot <live>", committed_on="end of Q1", forecast_on="in three weeks")
    )["view"]
    before = show_entry(services, actor(), "FIN-01").facts.milestones
    done = workspace.submit({**confirm, "id": "V2"})["view"]

    shown = all_text(confirm["blocks"])
    assert "Pilot &lt;live&gt; · committed Wednesday 31 March 2027" in shown
    # 9:00 in New York is past midnight in Auckland: three weeks from the 24th
    assert "forecast Tuesday 15 December 2026 (106 days early)" in shown
    assert before == ()
    assert "✅ Saved: FIN-01" in all_text(done["blocks"])
    (saved,) = show_entry(services, actor(), "FIN-01").facts.milestones
    assert (saved.number, saved.committed_on) == (1, MARCH_31)
    assert "*M1*  Pilot &lt;live&gt;" in said(workspace, "show FIN-01")


def test_a_date_that_can_mean_two_days_is_asked_about(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = opened(workspace, slack, "milestone FIN-01")

    again = workspace.submit(typed(form, name="Live", committed_on="3/4/2027"))["view"]
    confirm = workspace.submit(typed(again, committed_on="2027-04-03"))["view"]

    assert "which day is meant?" in all_text(again["blocks"])
    assert "Thursday 4 March 2027" in all_text(again["blocks"])
    assert "Saturday 3 April 2027" in all_text(confirm["blocks"])


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({"committed_on": "soon"}, "committed_on"),
        ({"committed_on": "31 March", "forecast_on": "31 April"}, "forecast_on"),
        ({"committed_on": "31 March", "reached_on": "in two days"}, "reached_on"),
    ],
)
def test_what_is_no_date_is_said_beside_its_field(
    workspace: Workspace, slack: FakeSlack, fields: dict[str, str], faulty: str
) -> None:
    form = opened(workspace, slack, "milestone FIN-01")

    answer = workspace.submit(typed(form, name="Live", **fields))

    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == [faulty]


def test_another_milestone_is_picked_moved_and_its_past_is_kept(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    milestone(services, "FIN-01", MARCH_31)
    form = opened(workspace, slack, "milestone FIN-01")
    action = {
        "type": "static_select",
        "action_id": "pick_milestone",
        "selected_option": {"value": "1"},
    }
    workspace._payload("block_actions", "U_LEAD", actions=[action], view={**form, "id": "V1"})
    picked = slack.of("views.update")[-1]["view"]
    ids = {block["block_id"] for block in picked["blocks"] if block["type"] == "input"}
    assert ids.isdisjoint(block.get("block_id") for block in form["blocks"])  # nothing typed stays

    confirm = workspace.submit(typed(picked, forecast_on="12 April 2027"))["view"]
    workspace.submit({**confirm, "id": "V2"})

    (moved,) = show_entry(services, actor(), "FIN-01").facts.milestones
    assert (moved.committed_on, moved.forecast_on) == (MARCH_31, date(2027, 4, 12))
    assert len(read_history(services, actor(), "FIN-01")[1]) == 2
    assert "(12 days late)" in said(workspace, "history FIN-01")


def test_a_moved_date_says_whom_it_hits_by_how_many_days(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    milestone(services, "FIN-01", MARCH_31)
    milestone(services, "OPS-01", date(2027, 5, 31), "U_OLA")
    save_entry(services, actor("U_OLA"), "HR-01", 0, {"target_on": "2027-07-01"})
    needs(services, "OPS-01", "FIN-01/M1", milestone=1, need_by=date(2027, 4, 5))
    needs(services, "HR-01", "OPS-01/M1", need_by=date(2027, 6, 1))
    form = opened(workspace, slack, "milestone FIN-01")
    action = {
        "type": "static_select",
        "action_id": "pick_milestone",
        "selected_option": {"value": "1"},
    }
    workspace._payload("block_actions", "U_LEAD", actions=[action], view={**form, "id": "V1"})
    picked = slack.of("views.update")[-1]["view"]

    confirm = workspace.submit(typed(picked, forecast_on="15 April 2027"))["view"]

    text = all_text(confirm["blocks"])
    assert "*2 commitments downstream*" in text
    assert "*OPS-01/M1*  10 days later, now Thursday 10 June 2027, ⚠️ 10 days after" in text
    assert "*HR-01*  9 days later" in text
    assert "*OPS-01* M1 needs *FIN-01/M1*" in said(workspace, "show FIN-01")


def test_a_dependency_that_is_promised_later_than_needed_is_shown_before_it_is_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    milestone(services, "OPS-01", MARCH_31, "U_OLA")
    form = opened(workspace, slack, "link FIN-01")

    fields = {"kind": "milestone", "thing": "ops-01/m1"}
    confirm = workspace.submit(typed(form, **fields, need_by="30 March 2027"))["view"]
    fits = workspace.submit(typed(form, **fields, need_by="31 March 2027"))["view"]
    workspace.submit({**confirm, "id": "V2"})

    assert "*Date at risk:*" in all_text(confirm["blocks"])
    assert "Wednesday 31 March 2027" in all_text(confirm["blocks"])
    assert "No conflicts found." in all_text(fits["blocks"])
    (saved,) = show_entry(services, actor(), "FIN-01").facts.dependencies
    assert (saved.kind, saved.thing) == (DependencyKind.MILESTONE, "OPS-01/M1")


def test_a_cycle_is_refused_with_its_path(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    needs(services, "OPS-01", "HR-01")
    needs(services, "HR-01", "FIN-01")
    form = opened(workspace, slack, "link FIN-01")

    answer = workspace.submit(typed(form, kind="initiative", thing="routes"))

    assert answer["errors"] == {
        "thing": "Then each would wait for the other: FIN-01 → OPS-01 → HR-01 → FIN-01."
    }
    assert show_entry(services, actor(), "FIN-01").facts.dependencies == ()


def test_a_cycle_that_somebody_else_closes_meanwhile_is_refused_when_it_is_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = opened(workspace, slack, "link FIN-01")
    confirm = workspace.submit(typed(form, kind="initiative", thing="OPS-01"))["view"]
    needs(services, "OPS-01", "FIN-01")

    done = workspace.submit({**confirm, "id": "V2"})["view"]

    assert "FIN-01 → OPS-01 → FIN-01" in all_text(done["blocks"])
    assert show_entry(services, actor(), "FIN-01").facts.dependencies == ()


def test_the_same_milestone_from_a_second_window_is_there_once(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    windows = [opened(workspace, slack, "milestone FIN-01") for _ in range(2)]
    fields = {"name": "Live", "committed_on": "31 March 2027"}
    confirmed = [workspace.submit(typed(one, **fields))["view"] for one in windows]
    first, second = (
        workspace.submit({**one, "id": f"V{number}"})["view"]
        for number, one in enumerate(confirmed, 2)
    )
    again = opened(workspace, slack, "milestone FIN-01")
    refused = workspace.submit({**typed(again, **fields), "id": "V9"})
    later = workspace.submit({**typed(again, **fields | {"name": "Live, too"}), "id": "V9"})

    assert "Saved" in all_text(first["blocks"])
    assert "This milestone is there already, as M1." in all_text(second["blocks"])
    assert refused["errors"] == {"name_new": "This milestone is there already, as M1."}
    assert later["view"]["callback_id"] == "milestone_confirm"
    assert [one.number for one in show_entry(services, actor(), "FIN-01").facts.milestones] == [1]


def test_the_same_dependency_from_a_second_window_is_there_once(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    windows = [opened(workspace, slack, "link FIN-01") for _ in range(2)]
    fields = {"kind": "initiative", "thing": "OPS-01", "need_by": "30 March 2027"}
    confirmed = [workspace.submit(typed(one, **fields))["view"] for one in windows]
    first, second = (
        workspace.submit({**one, "id": f"V{number}"})["view"]
        for number, one in enumerate(confirmed, 2)
    )
    again = opened(workspace, slack, "link FIN-01")
    refused = workspace.submit({**typed(again, **fields), "id": "V9"})
    later = workspace.submit({**typed(again, **fields | {"need_by": ""}), "id": "V9"})

    assert "Saved" in all_text(first["blocks"])
    assert "This dependency is there already." in all_text(second["blocks"])
    assert refused["errors"] == {"thing": "This dependency is there already."}
    assert later["view"]["callback_id"] == "link_confirm"  # by another day it is another
    assert len(show_entry(services, actor(), "FIN-01").facts.dependencies) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "initiative", "thing": "OPS-02"}, "Did you mean OPS-01"),
        ({"kind": "initiative", "thing": "FIN-01"}, "doesn't wait for itself"),
        ({"kind": "milestone", "thing": "OPS-01"}, "FIN-01/M2"),
        ({"kind": "milestone", "thing": "OPS-01/M3"}, "OPS-01 has no M3. It has none yet."),
    ],
)
def test_what_does_not_exist_can_not_be_depended_on(
    workspace: Workspace, slack: FakeSlack, fields: dict[str, str], says: str
) -> None:
    form = opened(workspace, slack, "link FIN-01")

    assert says in workspace.submit(typed(form, **fields))["errors"]["thing"]


def test_who_changes_data_and_who_reads_it_are_shown_to_each_other(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    reads = DependencyWanted(DependencyKind.DATA, "Customer master", access=Access.READS)
    save_dependency(services, actor("U_OLA"), "OPS-01", reads)
    form = opened(workspace, slack, "link FIN-01")

    data = {"kind": "data", "thing": " customer  MASTER"}
    changing = workspace.submit(typed(form, **data, access="changes"))["view"]
    reading = workspace.submit(typed(form, **data, access="reads"))["view"]

    assert "*OPS-01* reads Customer master" in all_text(changing["blocks"])
    assert "No conflicts found." in all_text(reading["blocks"])


@pytest.mark.parametrize(("need_by", "clashes"), [("31 March 2027", True), ("1 April 2027", False)])
def test_two_who_need_one_pool_in_the_same_days_are_shown_to_each_other(
    workspace: Workspace, slack: FakeSlack, services: Services, need_by: str, clashes: bool
) -> None:
    pool = DependencyWanted(
        DependencyKind.PLATFORM, "GPU pool", need_by=date(2027, 3, 1), until_on=MARCH_31
    )
    save_dependency(services, actor("U_OLA"), "OPS-01", pool)
    form = opened(workspace, slack, "link FIN-01")

    fields = {"kind": "platform", "thing": "gpu pool", "until_on": "30 June 2027"}
    confirm = workspace.submit(typed(form, **fields, need_by=need_by))["view"]

    text = all_text(confirm["blocks"])
    assert ("*OPS-01* needs GPU pool on Wednesday 31 March 2027, too" in text) == clashes


def test_a_dependency_is_removed_from_the_form(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    needs(services, "OPS-01", "FIN-01")
    form = opened(workspace, slack, "link OPS-01", "U_OLA")

    workspace.press("remove_dependency", "OPS-01 1", "U_OLA", view={**form, "id": "V1"})

    assert "needs *FIN-01*" in all_text(form["blocks"])
    told, *left = slack.of("views.update")[-1]["view"]["blocks"]
    assert "Removed: *OPS-01* needs *FIN-01*" in all_text([told])
    assert "needs *FIN-01*" not in all_text(left)
    assert show_entry(services, actor(), "OPS-01").facts.dependencies == ()


@pytest.mark.parametrize("word", ["milestone", "link"])
def test_nobody_else_plans_it(workspace: Workspace, word: str) -> None:
    assert "can change its entry" in said(workspace, f"{word} FIN-01", "U_OLA")


def test_who_may_not_any_more_is_told_when_the_confirmed_is_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = opened(workspace, slack, "milestone FIN-01")
    confirm = workspace.submit(typed(form, name="Live", committed_on="31 March"))["view"]
    save_entry(services, actor(), "FIN-01", 0, {"lead_id": "U_OLA"})

    done = workspace.submit({**confirm, "id": "V2"})["view"]

    assert "can change its entry" in all_text(done["blocks"])
    assert show_entry(services, actor(), "FIN-01").facts.milestones == ()


def test_a_fault_of_a_picked_milestone_stands_beside_its_own_field(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    milestone(services, "FIN-01", MARCH_31)
    form = opened(workspace, slack, "milestone FIN-01")
    action = {
        "type": "static_select",
        "action_id": "pick_milestone",
        "selected_option": {"value": "1"},
    }
    workspace._payload("block_actions", "U_LEAD", actions=[action], view={**form, "id": "V1"})
    picked = slack.of("views.update")[-1]["view"]

    answer = workspace.submit(typed(picked, forecast_on="31 April"))

    assert list(answer["errors"]) == ["forecast_on_1"]


def test_what_somebody_else_moved_while_the_window_was_open_is_not_written_over(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    milestone(services, "FIN-01", MARCH_31)
    form = opened(workspace, slack, "milestone FIN-01")
    action = {"type": "static_select", "action_id": "pick_milestone"}
    chosen = {**action, "selected_option": {"value": "1"}}
    workspace._payload("block_actions", "U_LEAD", actions=[chosen], view={**form, "id": "V1"})
    picked = slack.of("views.update")[-1]["view"]
    confirm = workspace.submit(typed(picked, forecast_on="12 April 2027"))["view"]
    theirs = MilestoneWanted(1, "Live", MARCH_31, forecast_on=date(2027, 5, 1))
    save_milestone(services, actor(), "FIN-01", theirs)

    answer = workspace.submit({**confirm, "id": "V2"})["view"]

    assert "M1 was changed while this window was open" in all_text(answer["blocks"])
    (kept,) = show_entry(services, actor(), "FIN-01").facts.milestones
    assert kept.forecast_on == date(2027, 5, 1)
