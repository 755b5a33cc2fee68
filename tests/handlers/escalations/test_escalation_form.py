"""The form of a new escalation: what it asks, what it says will happen, and what is in the way."""

import pytest

from storage.models import EscalationKind
from tests.factories import TEAM, a_policy, a_profile, actor
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.escalations.forms import (
    begins_with,
    fields_of,
    form_of,
    preview_of,
    switched,
    typed,
)
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import SECTIONS
from tests.workflows.escalations.doing import acts, audited, one, told
from workflows import policies
from workflows.people import remember
from workflows.registry.editing import save_entry
from workflows.services import Services

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("planned")]
BLOCKER, CONFLICT, RISK, OVERRUN = (kind.value for kind in EscalationKind)


def test_each_kind_asks_for_six_things_at_most(workspace: Workspace, slack: FakeSlack) -> None:
    form = form_of(workspace, slack)

    asked = {kind: fields_of(switched(workspace, slack, form, kind)) for kind in EscalationKind}

    assert asked == {
        BLOCKER: ["initiative", "what", "since", "tried", "needed", "topic"],
        CONFLICT: ["initiative", "pool", "other", "what", "tried", "needed"],
        RISK: ["initiative", "milestone_FIN-01", "forecast_on", "what", "tried", "needed"],
        OVERRUN: ["initiative", "forecast", "what", "tried", "needed"],
    }


def test_nothing_typed_is_lost_by_going_through_all_kinds(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = form_of(workspace, slack)
    said = {"what": "No access", "tried": "Asking", "needed": "A key"}

    form = switched(workspace, slack, form, CONFLICT, since="Monday", topic="-", **said)
    conflict = begins_with(form)
    form = switched(workspace, slack, form, RISK, pool="GPU pool", other="OPS-01")
    form = switched(workspace, slack, form, OVERRUN, forecast_on="2027-04-20")
    form = switched(workspace, slack, form, BLOCKER, forecast="120000")
    blocker = begins_with(form)
    form = switched(workspace, slack, form, CONFLICT)
    again = begins_with(form)
    form = switched(workspace, slack, form, RISK)
    risk = begins_with(form)
    overrun = begins_with(switched(workspace, slack, form, OVERRUN))

    key = {"initiative": "FIN-01"}
    assert conflict == key | said | {"pool": "", "other": ""}
    assert blocker == key | said | {"since": "Monday", "topic": "-"}
    assert again == key | said | {"pool": "GPU pool", "other": "OPS-01"}
    assert risk == key | said | {"milestone_FIN-01": "FIN-01/M1", "forecast_on": "2027-04-20"}
    assert overrun == key | said | {"forecast": "120000"}


def test_that_it_cannot_wait_stays_ticked(workspace: Workspace, slack: FakeSlack) -> None:
    form = form_of(workspace, slack)
    action = {"type": "checkboxes", "action_id": "cannot_wait", "block_id": "escalation_kind"}

    ticked = typed(form, cannot_wait="yes")
    workspace._payload("block_actions", "U_LEAD", actions=[action], view=ticked)
    drawn = slack.of("views.update")[-1]["view"]
    other = switched(workspace, slack, drawn, CONFLICT)

    for view in (drawn, other):
        (actions,) = [block for block in view["blocks"] if block["type"] == "actions"]
        assert actions["elements"][1]["initial_options"]
    assert "hear at once" in preview_of(switched(workspace, slack, other, other="OPS-01"))


@pytest.mark.parametrize("name", ["", "no such thing", "Initiative"])
def test_an_initiative_that_is_not_found_yet_does_not_get_in_the_way_of_another_kind(
    workspace: Workspace, slack: FakeSlack, name: str
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack), initiative="*")
    assert fields_of(form)[0] == "initiative_named"

    other = switched(workspace, slack, form, CONFLICT, initiative_named=name, what="It's stuck")

    assert fields_of(other)[:2] == ["initiative_named", "pool"]
    assert begins_with(other)["what"] == "It's stuck"
    assert preview_of(other) == " "


@pytest.mark.parametrize(
    ("zone", "when"),
    [
        ("America/New_York", "Tuesday 24 November, 09:00"),
        ("Europe/Berlin", "Tuesday 24 November, 15:00"),
        ("Asia/Tokyo", "Tuesday 24 November, 23:00"),
        ("Pacific/Auckland", "Wednesday 25 November, 03:00"),
    ],
)
def test_it_says_who_hears_and_what_happens_then_on_the_readers_clock(
    workspace: Workspace, slack: FakeSlack, services: Services, zone: str, when: str
) -> None:
    remember(services, TEAM, a_profile("U0ANY", timezone=zone))

    form = form_of(workspace, slack, user="U0ANY")

    said = preview_of(form)
    assert "<@U_LEAD> hears in their working hours" in said
    assert "The CoE: " in said
    assert when in said
    assert "unless resolved" in said


def test_a_conflict_says_both_and_the_day_a_week_from_now(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack), CONFLICT)

    said = preview_of(switched(workspace, slack, form, pool="GPU pool", other="OPS-01"))

    assert "<@U_HEAD> and <@U_OPS> hear" in said
    assert "The steering committee: Monday 30 November, 09:00" in said


@pytest.mark.parametrize(
    ("forecast_on", "says", "level"),
    [
        ("2027-04-14", "14 days late at worst (FIN-01/M1)", "<#C0COORD0001>"),
        ("2027-04-15", "15 days late at worst (FIN-01/M1)", "the steering committee"),
        ("2027-04-01", "1 day late at worst (FIN-01/M1)", "<#C0COORD0001>"),
    ],
)
def test_a_risk_says_its_impact_and_whose_it_becomes(
    workspace: Workspace, slack: FakeSlack, forecast_on: str, says: str, level: str
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack), RISK)

    said = preview_of(switched(workspace, slack, form, forecast_on=forecast_on))

    assert says in said
    assert f"Now: {level}" in said


def test_what_is_sent_is_open_and_shown(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = form_of(workspace, slack)

    done = workspace.submit(typed(form, what="No <access>", needed="A key"))

    assert done["response_action"] == "update"
    text = all_text(done["view"])
    assert "E-1 is open" in text
    assert "No &lt;access&gt;" in text
    assert one(services).topic == "data-access"
    assert one(services).needed == "A key"


def test_each_kind_can_be_sent(workspace: Workspace, slack: FakeSlack, services: Services) -> None:
    sent = {
        CONFLICT: {"pool": "GPU pool", "other": "ops-01"},
        RISK: {"forecast_on": "2027-04-20"},
        OVERRUN: {"forecast": "120000.50"},
    }
    for kind, fields in sent.items():
        user = "U_LEAD" if kind != CONFLICT else "U_HEAD"
        form = switched(workspace, slack, form_of(workspace, slack, user=user), kind)
        done = workspace.submit(typed(form, what="So it is", **fields), user)
        assert done["response_action"] == "update", done

    found = [one(services, number) for number in (1, 2, 3)]
    assert [each.kind for each in found] == list(sent)
    assert (found[0].other_key, found[0].pool) == ("OPS-01", "GPU pool")
    assert (found[1].milestone, found[1].impact_days) == (1, 20)
    assert f"{found[2].forecast}" == "120000.50"


@pytest.mark.parametrize(
    ("kind", "fields", "faulty"),
    [
        (BLOCKER, {"what": "  "}, ["what"]),
        (CONFLICT, {"what": "Both need it"}, ["other", "pool"]),
        (CONFLICT, {"what": "x", "pool": "GPU", "other": "nothing like it"}, ["other"]),
        (CONFLICT, {"what": "x", "pool": "GPU", "other": "FIN-01"}, ["other"]),
        (RISK, {"what": "x"}, ["forecast_on"]),
        (OVERRUN, {"what": "x"}, ["forecast"]),
        (OVERRUN, {"what": "x", "forecast": "110000"}, ["forecast"]),  # 10 % exactly
        (OVERRUN, {"what": "x", "forecast": "-1"}, ["forecast"]),
        (OVERRUN, {"what": "x", "forecast": "NaN"}, ["forecast"]),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    workspace: Workspace,
    slack: FakeSlack,
    services: Services,
    kind: str,
    fields: dict[str, str],
    faulty: list[str],
) -> None:
    form = form_of(workspace, slack)
    if kind != BLOCKER:
        form = switched(workspace, slack, form, kind)

    answer = workspace.submit(typed(form, **fields))

    assert answer["response_action"] == "errors"
    assert sorted(answer["errors"]) == faulty
    assert told(services, "escalation") == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Please say which initiative."),
        ("Nothing of the kind", "Nothing is called “Nothing of the kind”."),
        ("Initiative", "That can be"),
    ],
)
def test_an_initiative_that_is_not_clear_is_asked_for_where_it_is_named(
    workspace: Workspace, slack: FakeSlack, services: Services, name: str, says: str
) -> None:
    save_entry(services, actor("U_OLA"), "OPS-01", 0, {"objective": "Shorter routes"})
    form = switched(workspace, slack, form_of(workspace, slack), initiative="*")

    answer = workspace.submit(typed(form, initiative_named=name, what="Stuck"))

    assert list(answer["errors"]) == ["initiative_named"]
    assert answer["errors"]["initiative_named"].startswith(says)


def test_another_initiative_is_meant_by_its_name(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack), initiative="*")

    workspace.submit(typed(form, initiative_named="initiative ops-01", what="Stuck"))

    assert one(services).initiative_key == "OPS-01"


def test_who_may_not_is_told_beside_a_field_who_can_and_nothing_is_lost(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack, user="U0ANY"), RISK)

    answer = workspace.submit(typed(form, what="Late", forecast_on="2027-04-20"), "U0ANY")

    assert answer["response_action"] == "errors"
    (said,) = answer["errors"].values()
    assert "You can't open this kind of escalation here." in said
    assert "Lead, U0Manager or Deputy can." in said
    assert audited(services)[-1][1:] == ("escalation_open", "FIN-01", "NotAllowedError")


def test_a_second_risk_of_one_initiative_points_to_the_first(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack), RISK)
    filled = typed(form, what="Late", forecast_on="2027-04-20")
    workspace.submit(filled)

    again = workspace.submit({**filled, "id": "V2"})

    assert list(again["errors"]) == ["initiative"]
    assert "E-1 is open for this already." in again["errors"]["initiative"]
    assert len(acts(services)) == 1


def test_a_kind_without_milestones_says_how_to_add_one(
    workspace: Workspace, slack: FakeSlack
) -> None:
    form = switched(workspace, slack, form_of(workspace, slack, "OPS-01", "U_OLA"), RISK)

    answer = workspace.submit(typed(form, what="Late", forecast_on="2027-04-20"), "U_OLA")

    assert "/ai-project milestone OPS-01" in " ".join(answer["errors"].values())


def test_without_topics_nobody_is_asked_for_one(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    policies.adopt(services, TEAM, "Tests", a_policy(**SECTIONS | {"topics": {}}))

    form = form_of(workspace, slack)

    assert fields_of(form) == ["initiative", "what", "since", "tried", "needed"]


def test_what_cannot_wait_by_the_policy_is_ticked_beforehand(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    rules = {"escalations": {"cannot_wait": [BLOCKER]}}
    policies.adopt(services, TEAM, "Tests", a_policy(**SECTIONS | rules))

    form = form_of(workspace, slack, user="U0ANY")
    workspace.submit(typed(form, what="Stuck"), "U0ANY")

    assert "hears at once" in preview_of(form)
    assert one(services).cannot_wait
    assert told(services, "escalated_now") == [("escalated_now", "U_LEAD")]


def test_switched_off_says_so(workspace: Workspace, slack: FakeSlack, services: Services) -> None:
    form = form_of(workspace, slack)
    policies.adopt(services, TEAM, "Tests", a_policy(**SECTIONS | {"features": []}))

    answer = workspace.submit(typed(form, what="Stuck"))
    command = workspace.command("FIN-01", name="/ai-escalate")

    assert "Escalations aren't switched on here." in all_text(answer["errors"])
    assert "Escalations aren't switched on here." in all_text(command)


def test_guests_open_nothing(workspace: Workspace, services: Services) -> None:
    remember(services, TEAM, a_profile("U0GUEST", guest=True))

    answer = workspace.command("FIN-01", "U0GUEST", "/ai-escalate")

    assert "You're a guest here" in all_text(answer)
