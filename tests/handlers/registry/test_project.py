"""/ai-project: an entry shown, listed, changed in two steps."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from storage.models import Stage
from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.services import Services

Form = dict[str, Any]
LIVE = "<!channel> & <@U_LEAD> are live"


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="R&D <forecast>"),
        an_initiative("OPS-01", name="Routes", department="Operations", stage=Stage.PAUSED),
        *(an_initiative(f"HR-{n:02}", department="People", lead_id="U_HR") for n in range(1, 23)),
        persons=[a_person(name="Lena <b>")],
        department_leads={"Finance": ["U_HEAD"]},
    )


def said(workspace: Workspace, text: str, user: str = "U_HR") -> str:
    answer = workspace.command(text, user, "/ai-project")
    assert answer["response_type"] == "ephemeral"
    return all_text(answer["blocks"])


def opened(workspace: Workspace, slack: FakeSlack, text: str, user: str = "U_LEAD") -> Form:
    assert workspace.command(text, user, "/ai-project") == {}
    view: Form = slack.of("views.open")[-1]["view"]
    return view


def typed(form: Form, **facts: object) -> Form:
    """Return a form as somebody submits it, with these fields changed."""
    values: Form = {}
    for block in form["blocks"]:
        if block["type"] == "input":
            values[block["block_id"]] = {"field": _state(block, facts)}
    return {**form, "id": "V1", "hash": "h1", "state": {"values": values}}


def _state(block: Form, facts: dict[str, object]) -> Form:
    element, name = block["element"], block["block_id"]
    match element["type"]:
        case "static_select":
            options = {option["value"]: option for option in element["options"]}
            picked = options.get(str(facts.get(name))) or element.get("initial_option")
            return {"type": "static_select", "selected_option": picked}
        case "datepicker":
            day = facts.get(name, element.get("initial_date"))
            return {"type": "datepicker", "selected_date": day}
        case "users_select":
            lead = facts.get(name, element.get("initial_user"))
            return {"type": "users_select", "selected_user": lead}
        case "multi_users_select":
            several = facts.get(name, element.get("initial_users", []))
            return {"type": "multi_users_select", "selected_users": several}
    return {"type": element["type"], "value": facts.get(name, element.get("initial_value"))}


def test_everybody_reads_every_entry_as_it_was_typed(
    workspace: Workspace, services: Services
) -> None:
    changes = {
        "objective": LIVE,
        "budget_approved": 120_000,
        "currency": "EUR",
        "change_percent": 29,
        "impact_score": 4,
        "target_on": "2027-03-31",
    }
    save_entry(services, actor(), "FIN-01", 0, changes)

    answer = workspace.command("show FIN-01", "U_HR", "/ai-project")

    text = all_text(answer["blocks"])
    assert "*FIN-01 · R&amp;D &lt;forecast&gt;*" in text
    assert "Led by Lena &lt;b&gt; · department: Head" in text
    assert "approved 120,000 EUR" in text
    assert "29 % of the budget  ⚠️ below the floor of 30 %" in text
    assert "impact 4 of 5" in text
    assert "Wednesday 31 March 2027" in text
    (written,) = [block for block in answer["blocks"] if block["type"] == "rich_text"]
    assert LIVE in all_text(written)


def test_the_floor_itself_is_not_flagged(workspace: Workspace, services: Services) -> None:
    save_entry(services, actor(), "FIN-01", 0, {"change_percent": 30})

    assert "⚠️" not in said(workspace, "show FIN-01")


@pytest.mark.parametrize("text", ["FIN-01", "show FIN-01", "SHOW fin-01", "forecast"])
def test_an_entry_is_found_by_what_it_is_called(workspace: Workspace, text: str) -> None:
    assert "FIN-01" in said(workspace, text)


def test_an_unknown_word_gets_the_closest_and_the_help(workspace: Workspace) -> None:
    said_of_word, said_of_key = said(workspace, "shwo FIN-01"), said(workspace, "show FIN-11")

    assert "Did you mean `/ai-project show`?" in said_of_word
    assert "Did you mean FIN-01" in said_of_key
    assert "`/ai-project list`" in said_of_key


def test_a_list_is_read_page_by_page(workspace: Workspace, slack: FakeSlack) -> None:
    first = opened(workspace, slack, "list")
    (turning,) = [block for block in first["blocks"] if block["type"] == "actions"]
    (further,) = turning["elements"]

    workspace.press(further["action_id"], further["value"], view={**first, "id": "V1"})

    second = slack.of("views.update")[-1]["view"]
    assert "24 initiatives · page 1 of 3" in all_text(first["blocks"])
    assert "24 initiatives · page 2 of 3" in all_text(second["blocks"])
    keys = [button["value"] for button in buttons(first) + buttons(second)]
    assert keys == sorted(set(keys))
    assert len(keys) == 20


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("list paused", ["OPS-01"]),
        ("list operations", ["OPS-01"]),
        ("list oper", ["OPS-01"]),
        ("list mine", ["FIN-01", "OPS-01"]),
    ],
)
def test_a_list_is_of_a_stage_a_department_or_the_reader(
    workspace: Workspace, slack: FakeSlack, text: str, keys: list[str]
) -> None:
    assert [button["value"] for button in buttons(opened(workspace, slack, text))] == keys


def buttons(view: Form) -> list[Form]:
    return [block["accessory"] for block in view["blocks"] if "accessory" in block]


def test_a_list_by_words_that_mean_nothing_names_the_closest(workspace: Workspace) -> None:
    text = said(workspace, "list pilott")

    assert "There's no stage or department called “pilott”. Did you mean pilot?" in text


def test_from_the_list_an_entry_is_opened_on_top_and_edited_in_place(
    workspace: Workspace, slack: FakeSlack
) -> None:
    listed = opened(workspace, slack, "list mine")
    workspace.press("show_entry", "FIN-01", view={**listed, "id": "V1"})
    entry = slack.of("views.push")[-1]["view"]

    workspace.press("edit_entry", "FIN-01", view={**entry, "id": "V2"})

    assert slack.of("views.update")[-1]["view"]["callback_id"] == "entry_form"


def test_an_entry_is_changed_in_three_steps_each_kept_by_itself(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    purpose = opened(workspace, slack, "edit FIN-01")

    answer = workspace.submit(typed(purpose, objective=LIVE, stage="production"))
    plan = workspace.submit(typed(answer["view"]))["view"]
    done = workspace.submit(typed(plan, target_on="2027-03-31", budget_spent="5", impact_score="4"))

    assert answer["response_action"] == done["response_action"] == "update"
    assert ", version 2 of its entry" in all_text(done["view"]["blocks"])
    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.objective, facts.stage) == (LIVE, Stage.PRODUCTION)
    assert (facts.budget_spent, facts.impact_score) == (Decimal(5), 4)
    assert facts.target_on == date(2027, 3, 31)
    assert "*Stage*  pilot → production" in said(workspace, "history FIN-01")


def test_the_form_shows_what_is_known_and_what_is_emptied_is_gone(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    save_entry(
        services, actor(), "FIN-01", 0, {"budget_spent": 5, "skills": "Two", "readiness_score": 2}
    )
    means = workspace.submit(typed(opened(workspace, slack, "edit FIN-01")))["view"]

    plan = workspace.submit(typed(means, skills=None))["view"]
    workspace.submit(typed(plan, budget_spent=None))

    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.budget_spent, facts.skills, facts.readiness_score) == (None, "", 2)


def test_what_can_not_be_is_said_beside_its_field(workspace: Workspace, slack: FakeSlack) -> None:
    means = workspace.submit(typed(opened(workspace, slack, "edit FIN-01")))["view"]
    plan = workspace.submit(typed(means))["view"]

    answer = workspace.submit(typed(plan, starts_on="2027-03-31", target_on="2027-03-30"))

    assert answer == {
        "response_action": "errors",
        "errors": {"target_on": "This is before the start."},
    }


def test_who_was_slower_sees_the_form_again_with_all_that_was_typed(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = opened(workspace, slack, "edit FIN-01")
    save_entry(services, actor("U_HEAD"), "FIN-01", 0, {"topic": "Liquidity"})

    again = workspace.submit(typed(form, topic="Treasury", objective="Fewer"))["view"]
    saved = workspace.submit(typed(again))

    assert "*Head changed this while the form was open:* Topic." in all_text(again["blocks"])
    assert saved["response_action"] == "update"
    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.topic, facts.objective) == ("Treasury", "Fewer")


@pytest.mark.parametrize("text", ["edit FIN-01", "edit fin-01"])
def test_who_does_not_answer_for_it_is_told_who_does(workspace: Workspace, text: str) -> None:
    told = said(workspace, text)

    assert "can change its entry. Please ask <@U_LEAD> or <@U_HEAD>." in told


def test_a_long_history_fits_into_one_message(workspace: Workspace, services: Services) -> None:
    texts = ("objective", "outcome", "stakeholders", "data", "skills", "compute")
    for version in range(25):
        words = {part: f"{version} {part} & more " * 40 for part in texts}
        save_entry(services, actor(), "FIN-01", version, words)

    answer = workspace.command("history FIN-01", "U_HR", "/ai-project")

    assert "Earlier versions don't fit" in all_text(answer["blocks"])
    assert len(answer["blocks"]) <= 50
    assert len(all_text(answer["blocks"])) < 13_000
