"""/ai-project new: entered in steps, kept while it is typed, compared with what there is."""

import pytest
from sqlmodel import select

from storage.models import DependencyKind, OverlapVerdict, Person, Verdict
from tests.factories import TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_project import Form, opened, said, typed
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.services import Services

DUPLICATES = "Finds invoices that suppliers sent twice, before they are paid"


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative("FIN-07", name="Cash forecast"),
        an_initiative("OPS-01", name="Invoice doubles", department="Operations", lead_id="U_OLA"),
        *(an_initiative(f"X-{n}", name=f"Study {n}", department="Research") for n in range(9)),
        persons=[
            a_person("U_GUEST", guest=True),
            a_person("U_GONE", name="Gil", deactivated=True),
            a_person("U_OLA", name="Ola <b>"),
        ],
    )
    save_entry(services, actor("U_OLA"), "OPS-01", 0, {"objective": DUPLICATES})


def submitted(
    workspace: Workspace, slack: FakeSlack, user: str = "U_LEAD", **facts: object
) -> Form:
    usual: Form = {"name": "Leave chatbot", "department": "Finance"}
    form = opened(workspace, slack, "new", user)
    return workspace.submit(typed(form, **(usual | facts)), user)


def answered(question: Form, verdict: str) -> Form:
    values = {
        block["block_id"]: {"choice": {"selected_option": {"value": verdict}}}
        for block in question["blocks"]
        if block["type"] == "input"
    }
    return {**question, "id": "V2", "hash": "h2", "state": {"values": values}}


def test_a_new_initiative_gets_the_next_key_of_its_department_and_goes_on_with_its_means(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    means = submitted(workspace, slack, objective="Answers questions about leave")["view"]
    plan = workspace.submit(typed(means, skills="One"))["view"]
    done = workspace.submit(typed(plan, impact_score="4"))["view"]

    known = show_entry(services, actor(), "FIN-08")
    assert (known.facts.name, known.facts.lead_id, known.version) == ("Leave chatbot", "U_LEAD", 3)
    assert (known.facts.skills, known.facts.impact_score) == ("One", 4)
    assert "Saved: *FIN-08 · Leave chatbot*" in all_text(done["blocks"])


@pytest.mark.parametrize("user", [{"id": "U_BOT", "is_bot": True}, {"id": "USLACKBOT"}])
@pytest.mark.parametrize("field", ["lead_id", "deputy_ids"])
def test_an_app_leads_nothing_and_deputises_for_nobody(
    workspace: Workspace, slack: FakeSlack, services: Services, user: Form, field: str
) -> None:
    slack.users[user["id"]] = {**user, "name": "Helper"}
    picked = user["id"] if field == "lead_id" else ["U_OLA", user["id"]]

    refused = submitted(workspace, slack, "U_LEAD", **{field: picked})
    again = submitted(workspace, slack, "U_LEAD", **{field: picked})

    assert refused["errors"] == {field: "Helper is an app, and apps file no updates."}
    assert again["errors"] == refused["errors"]
    with services.transaction() as session:
        assert session.get(Person, (TEAM, user["id"])) is None


def test_what_was_typed_is_there_again_until_it_is_entered(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = typed(opened(workspace, slack, "new"), name="Leave chatbot", topic="HR")
    action = {"type": "plain_text_input", "action_id": "field", "block_id": "topic"}
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=form)
    again = opened(workspace, slack, "new")
    other = opened(workspace, slack, "new", "U_OLA")
    workspace.submit(typed(again, department="Finance"))
    fresh = opened(workspace, slack, "new")

    assert "your draft" in all_text(again["blocks"])
    assert initial(again, "name") == "Leave chatbot"
    assert initial(again, "topic") == "HR"
    assert initial(other, "name") is None
    assert "your draft" not in all_text(other["blocks"])
    assert initial(fresh, "name") is None


def initial(form: Form, name: str) -> object:
    (block,) = [block for block in form["blocks"] if block.get("block_id") == name]
    return block["element"].get("initial_value")


def test_a_keystroke_after_the_step_was_saved_revives_nothing(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = typed(opened(workspace, slack, "edit FIN-07"), topic="Cash")
    workspace.submit(form)
    action = {"type": "plain_text_input", "action_id": "field", "block_id": "topic"}
    late = typed(form, topic="Cas")
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=late)

    assert initial(opened(workspace, slack, "edit FIN-07"), "topic") == "Cash"


def test_a_keystroke_after_a_new_one_was_entered_revives_nothing(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = typed(opened(workspace, slack, "new"), name="Leave chatbot", department="Finance")
    workspace.submit(form)
    action = {"type": "plain_text_input", "action_id": "field", "block_id": "name"}
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=form)

    assert initial(opened(workspace, slack, "new"), "name") is None


def test_a_new_one_submitted_twice_is_entered_once(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = typed(opened(workspace, slack, "new"), name="Leave chatbot", department="Finance")
    first, again = workspace.submit(form), workspace.submit(form)
    changed = workspace.submit(typed(form, name="Holiday chatbot", department="Finance"))
    question = submitted(workspace, slack, name="Double invoices", objective=DUPLICATES)["view"]
    for _ in range(2):
        workspace.submit(answered(question, "different"))

    assert again == first
    assert "You've already added this one" in all_text(changed["view"]["blocks"])
    assert show_entry(services, actor(), "FIN-08").facts.name == "Leave chatbot"
    assert show_entry(services, actor(), "FIN-09").facts.name == "Double invoices"
    with pytest.raises(Exception, match="FIN-10"):
        show_entry(services, actor(), "FIN-10")


def test_what_looks_alike_elsewhere_is_shown_before_anything_is_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    answer = submitted(workspace, slack, name="Double invoices", objective=DUPLICATES)

    text = all_text(answer["view"]["blocks"])
    assert "*OPS-01 · Invoice doubles*" in text
    assert "Ola &lt;b&gt;" in text
    assert "Both speak of " in text
    assert "invoice" in text
    with pytest.raises(Exception, match="FIN-08"):
        show_entry(services, actor(), "FIN-08")


@pytest.mark.parametrize(("verdict", "linked"), [("different", ()), ("link", ("OPS-01",))])
def test_what_was_said_of_it_is_remembered_and_a_link_is_a_dependency(
    workspace: Workspace, slack: FakeSlack, services: Services, verdict: str, linked: tuple[str]
) -> None:
    question = submitted(workspace, slack, name="Double invoices", objective=DUPLICATES)["view"]

    workspace.submit(answered(question, verdict))

    known = show_entry(services, actor(), "FIN-08")
    assert tuple(one.thing for one in known.facts.dependencies) == linked
    with services.transaction() as session:
        (kept,) = session.exec(select(OverlapVerdict)).all()
    assert (kept.first_key, kept.second_key) == ("FIN-08", "OPS-01")
    assert (kept.verdict, kept.author_id) == (Verdict(verdict), "U_LEAD")


def test_who_joins_another_enters_nothing_and_keeps_the_draft(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    question = submitted(workspace, slack, name="Double invoices", objective=DUPLICATES)["view"]

    done = workspace.submit(answered(question, "join"))["view"]

    assert "led by <@U_OLA>" in all_text(done["blocks"])
    assert initial(opened(workspace, slack, "new"), "name") == "Double invoices"
    with pytest.raises(Exception, match="FIN-08"):
        show_entry(services, actor(), "FIN-08")


@pytest.mark.parametrize(
    ("facts", "errors"),
    [
        ({"lead_id": "U_GONE"}, {"lead_id": "Gil has left the workspace."}),
        (
            {"deputy_ids": ["U_GUEST"]},
            {"deputy_ids": "Guest is a guest, and guests file no updates."},
        ),
        ({"name": "  "}, {"name": "This can't be empty."}),
    ],
)
def test_what_can_not_be_is_said_beside_its_field_and_nothing_is_entered(
    workspace: Workspace, slack: FakeSlack, facts: Form, errors: Form
) -> None:
    answer = submitted(workspace, slack, **facts)

    assert answer == {"response_action": "errors", "errors": errors}


def test_a_guest_enters_nothing(workspace: Workspace) -> None:
    assert "You're a guest here" in said(workspace, "new", "U_GUEST")


@pytest.mark.parametrize(
    ("verdict", "linked", "says"),
    [
        ("different", (), "Nobody will be asked about these again"),
        ("link", ("OPS-01",), "Nobody will be asked about these again"),
        ("join", (), "is led by <@U_OLA>"),
    ],
)
def test_of_an_initiative_that_is_there_it_is_asked_once(
    workspace: Workspace,
    slack: FakeSlack,
    services: Services,
    verdict: str,
    linked: tuple[str],
    says: str,
) -> None:
    save_entry(services, actor(), "FIN-07", 0, {"objective": DUPLICATES})
    question = opened(workspace, slack, "overlaps FIN-07")

    done = workspace.submit(answered(question, verdict))["view"]
    again = opened(workspace, slack, "overlaps FIN-07")

    assert "Other departments have something like *FIN-07*" in all_text(question["blocks"])
    assert says in all_text(done["blocks"])
    known = show_entry(services, actor(), "FIN-07")
    assert tuple(one.thing for one in known.facts.dependencies) == linked
    assert "No other department has anything like" in all_text(again["blocks"])


def test_a_link_that_would_close_a_circle_is_refused_and_nothing_is_kept(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    save_entry(services, actor(), "FIN-07", 0, {"objective": DUPLICATES})
    needs = DependencyWanted(DependencyKind.INITIATIVE, "FIN-07")
    save_dependency(services, actor("U_OLA"), "OPS-01", needs)
    question = opened(workspace, slack, "overlaps FIN-07")

    done = workspace.submit(answered(question, "link"))["view"]

    assert "FIN-07 → OPS-01 → FIN-07" in all_text(done["blocks"])
    with services.transaction() as session:
        assert session.exec(select(OverlapVerdict)).all() == []


def test_what_is_entered_for_somebody_else_is_said_first_then_what_can_not_be_done(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = typed(
        opened(workspace, slack, "new"), name="Chatbot", department="Operations", lead_id="U_OLA"
    )

    answer = workspace.submit(form)

    text = all_text(answer["view"]["blocks"])
    assert text.index("✅ Saved: *OPS-02 · Chatbot*") < text.index("The other steps are for")
    assert "<@U_OLA>" in text
    assert show_entry(services, actor(), "OPS-02").facts.lead_id == "U_OLA"
    assert "submit" not in answer["view"]


def test_handing_an_entry_to_somebody_else_is_said_to_be_saved(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = typed(opened(workspace, slack, "edit FIN-07"), lead_id="U_OLA")

    answer = workspace.submit(form)

    assert ", version 1 of its entry." in all_text(answer["view"]["blocks"])
    assert show_entry(services, actor(), "FIN-07").facts.lead_id == "U_OLA"
