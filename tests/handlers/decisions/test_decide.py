"""/ai-decide: the decision log, read by everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from handlers.decisions.decision_view import waited_text
from storage import decisions
from storage.models import Act, Decision, EscalationKind, Level
from tests.factories import TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Answer, Workspace
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import COE, SECTIONS
from workflows.decisions.reading import PER_PAGE, decision_page
from workflows.escalations.acting import act_on
from workflows.escalations.deeds import Deed
from workflows.escalations.opening import open_escalation
from workflows.escalations.wanted import Wanted
from workflows.services import Services

COMMAND = "/ai-decide"


@pytest.fixture(autouse=True)
def _settled(services: Services, adopt: Callable[..., None]) -> None:
    adopt(**SECTIONS)
    settle_in(
        services,
        an_initiative(name="Cash <forecast>"),
        an_initiative("OPS-01", department="Operations", lead_id="U_OLA"),
        persons=[a_person(COE, name="Coe"), a_person("U_ANY")],
        department_leads={"Finance": ["U_HEAD"], "Operations": ["U_OPS"]},
    )


def enter(services: Services, number: int, key: str = "FIN-01", **facts: Any) -> None:
    """Enter a decision into the log, each a minute after the one before it."""
    at = services.now() + timedelta(minutes=number)
    usual: dict[str, Any] = {"what": f"Choice {number}", "level": Level.TACTICAL}
    row = Decision(
        workspace_id=TEAM,
        number=number,
        initiative_key=key,
        decided_by=COE,
        decided_at=at,
        **(usual | facts),
    )
    with services.transaction() as session:
        decisions.add(session, row)


def listed(workspace: Workspace, slack: FakeSlack, text: str = "list") -> Answer:
    assert workspace.command(text, "U_ANY", COMMAND) == {}
    view: Answer = slack.of("views.open")[-1]["view"]
    return view


def said(workspace: Workspace, text: str, user: str = "U_ANY") -> str:
    answer = workspace.command(text, user, COMMAND)
    assert answer["response_type"] == "ephemeral"
    return all_text(answer["blocks"])


def test_the_log_begins_with_the_newest_and_shows_each(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    enter(services, 1)
    enter(services, 2, "OPS-01", what="<Cheaper> & slower")

    view = listed(workspace, slack)

    words = all_text(view)
    assert "2 decisions, newest first" in words
    assert "*D-2* · *OPS-01*  &lt;Cheaper&gt; &amp; slower\nCoe, today" in words
    assert words.index("*D-2*") < words.index("*D-1*")
    pressed = [one["accessory"]["value"] for one in view["blocks"] if "accessory" in one]
    assert pressed == ["D-2", "D-1"]


def test_an_empty_log_says_what_will_be_in_it(workspace: Workspace, slack: FakeSlack) -> None:
    assert "Nothing was decided yet." in all_text(listed(workspace, slack))


def test_the_log_of_one_initiative_is_asked_for_by_its_key_or_name(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    enter(services, 1)
    enter(services, 2, "OPS-01")

    of_one = [all_text(listed(workspace, slack, f"list {word}")) for word in ("fin-01", "cash")]

    assert all("1 decision for FIN-01, newest first" in words for words in of_one)
    assert all("*D-2*" not in words for words in of_one)


@pytest.mark.parametrize(("count", "pages"), [(PER_PAGE, 1), (PER_PAGE + 1, 2)])
def test_a_page_has_ten_and_the_next_the_rest(services: Services, count: int, pages: int) -> None:
    for number in range(1, count + 1):
        enter(services, number)

    first, last = (decision_page(services, actor(), "", page) for page in (0, 99))

    assert (first.pages, last.number) == (pages, pages - 1)
    assert [one.number for one in first.decisions] == list(range(count, count - PER_PAGE, -1))
    assert last.decisions[-1].number == 1


def test_pages_are_turned_in_place(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    for number in range(1, PER_PAGE + 2):
        enter(services, number)
    view = listed(workspace, slack, "list FIN-01")
    (turn,) = view["blocks"][-1]["elements"]

    workspace.press(turn["action_id"], turn["value"], "U_ANY", view={**view, "id": "V1"})

    turned = slack.of("views.update")[-1]["view"]
    assert "11 decisions for FIN-01, newest first · page 2 of 2" in all_text(turned)
    assert "*D-1*" in all_text(turned)


def test_a_decision_tells_who_at_which_level_when_and_what_it_settled(
    workspace: Workspace, services: Services, clock: FakeClock
) -> None:
    wanted = Wanted(EscalationKind.TECHNICAL_BLOCKER, "FIN-01", what="No access")
    open_escalation(services, actor("U_LEAD"), wanted)
    act_on(services, actor("U_LEAD"), Deed(Act.ESCALATE, 1, 1))
    clock.advance(hours=5)
    act_on(services, actor(COE), Deed(Act.RESOLVE, 1, 2, words="Read access <for> a month"))

    words = said(workspace, "show D-1")

    assert "*FIN-01* Cash &lt;forecast&gt;" in words
    assert "*Decided:* Read access &lt;for&gt; a month" in words
    assert "Coe decided it on Monday 23 November, 14:00, at the level of the CoE." in words
    assert "It settled *E-1*, which had waited for 5 hours: No access" in words
    assert "`/ai-escalate show E-1`" in words
    assert "*Why:*" not in words


def test_a_rationale_is_told_where_there_is_one(workspace: Workspace, services: Services) -> None:
    enter(services, 1, rationale="It is the law")

    assert "*Why:* It is the law" in said(workspace, "show D-1")


@pytest.mark.parametrize("text", ["show D-1", "show 1", "D-1", "show d1"])
def test_a_decision_is_found_however_it_is_called(
    workspace: Workspace, services: Services, text: str
) -> None:
    enter(services, 1)

    assert "*Decided:* Choice 1" in said(workspace, text)


def test_a_decision_is_shown_on_top_of_its_list(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    enter(services, 1)
    view = listed(workspace, slack)

    workspace.press("show_decision", "D-1", "U_ANY", view={**view, "id": "V1"})

    assert slack.of("views.push")[-1]["view"]["title"]["text"] == "D-1"


@pytest.mark.parametrize("text", ["show D-2", "show", "show D-0", "show D-9999999999"])
def test_what_is_not_in_the_log_is_said(workspace: Workspace, text: str) -> None:
    assert "I can't find a decision called" in said(workspace, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("help", "`/ai-decide list`"),
        ("", "`/ai-decide show D-7`"),
        ("lst", "Did you mean `/ai-decide list`?"),
        ("list FIN-02", "I can't find an initiative called “FIN-02”. Did you mean FIN-01"),
    ],
)
def test_what_is_unknown_is_answered_with_the_help(
    workspace: Workspace, text: str, words: str
) -> None:
    assert words in said(workspace, text)


def test_a_guest_may_read_the_log(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    slack.users["U_GUEST"] = {"id": "U_GUEST", "name": "guest", "is_restricted": True}
    enter(services, 1)

    assert "*Decided:* Choice 1" in said(workspace, "show D-1", "U_GUEST")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=47, minutes=59), "47 hours"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_how_long_it_waited_is_told_in_one_unit(length: timedelta, words: str) -> None:
    assert waited_text(length) == words
