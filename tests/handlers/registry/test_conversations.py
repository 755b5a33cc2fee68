"""The message shortcut, the doors of the App Home, and the nudge about a stale entry."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_project import Form, said
from tests.handlers.updates.test_update_form import all_text
from workflows.registry.entries import show_entry
from workflows.registry.policy import is_nudged
from workflows.services import Services

URL = "https://example.slack.com/archives/C1/p1"


@pytest.fixture(autouse=True)
def _settled(services: Services, slack: FakeSlack) -> None:
    settle_in(
        services,
        an_initiative(name="Cash <forecast>"),
        an_initiative("OPS-01", name="Routes", lead_id="U_OLA"),
        persons=[a_person("U_OLA", name="Ola"), a_person("U_ANY", name="Any")],
    )
    slack.answers["chat.getPermalink"] = [{"permalink": URL} for _ in range(3)]


def linking(workspace: Workspace, slack: FakeSlack, user: str = "U_LEAD") -> Form:
    workspace._payload(
        "message_action",
        user,
        callback_id="link_to_initiative",
        channel={"id": "C1"},
        message={"ts": "1.1", "text": "Who owns\nthe customer master?"},
    )
    view: Form = slack.of("views.open")[-1]["view"]
    return view


def filled(view: Form, own: str | None = None, other: str = "", words: str = "Data") -> Form:
    values: dict[str, Any] = {
        "own": {"own": {"selected_option": {"value": own} if own else None}},
        "other": {"other": {"value": other}},
        "words": {"words": {"value": words}},
    }
    return {**view, "id": "V1", "hash": "h1", "state": {"values": values}}


def test_a_message_is_linked_to_an_initiative_and_shown_with_it(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    view = linking(workspace, slack)

    done = workspace.submit(filled(view, own="FIN-01", words="Who owns | <it>?"))["view"]
    workspace.submit(filled(view, other="fin-01", words="Who owns it?"))

    assert "Who owns the customer master?" in str(view["blocks"])
    assert "Linked to *FIN-01 · Cash &lt;forecast&gt;*" in all_text(done["blocks"])
    (link,) = show_entry(services, actor(), "FIN-01").facts.links  # the same message, once
    assert (link.url, link.words, link.author_id) == (URL, "Who owns it?", "U_LEAD")
    assert f"<{URL}|Who owns it?>" in said(workspace, "show FIN-01")


def test_what_people_write_can_not_leave_the_link(workspace: Workspace, slack: FakeSlack) -> None:
    workspace.submit(filled(linking(workspace, slack), own="FIN-01", words="a | <!channel>"))

    assert f"<{URL}|a ¦ &lt;!channel&gt;>" in said(workspace, "show FIN-01")


@pytest.mark.parametrize(
    ("other", "says"),
    [("", "Pick one of yours above, or type a key or a name."), ("FIN-02", "Did you mean FIN-01")],
)
def test_what_is_unknown_is_said_beside_the_field(
    workspace: Workspace, slack: FakeSlack, other: str, says: str
) -> None:
    answer = workspace.submit(filled(linking(workspace, slack), other=other))

    assert says in answer["errors"]["other"]


def test_a_message_that_the_bot_can_not_see_is_said_with_what_to_do(
    workspace: Workspace, slack: FakeSlack
) -> None:
    slack.answers["chat.getPermalink"] = ["channel_not_found"]

    answer = workspace.submit(filled(linking(workspace, slack), own="FIN-01"))

    assert "invite me to its channel" in answer["errors"]["other"]


def test_who_does_not_answer_for_it_links_nothing(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    view = linking(workspace, slack)  # with a field of one's own

    answer = workspace.submit(filled(view, other="FIN-01"), "U_ANY")

    assert "can change its entry" in answer["errors"]["own"]
    assert show_entry(services, actor(), "FIN-01").facts.links == ()


@pytest.mark.parametrize(
    ("value", "title"),
    [("new", "Registry entry"), ("list mine", "Initiatives"), ("list", "Initiatives")],
)
def test_the_app_home_opens_the_registry(
    workspace: Workspace, slack: FakeSlack, value: str, title: str
) -> None:
    workspace.press("open_registry_1", value)

    assert slack.of("views.open")[-1]["view"]["title"]["text"] == title


@pytest.mark.parametrize(
    ("age", "nudged"),
    [
        (timedelta(days=7) - timedelta(seconds=1), False),
        (timedelta(days=7), True),
        (timedelta(days=14) - timedelta(seconds=1), True),
        (timedelta(days=14), False),
    ],
)
def test_an_entry_is_mentioned_in_the_first_week_of_its_being_stale(
    clock: FakeClock, age: timedelta, nudged: bool
) -> None:
    assert is_nudged(clock.instant - age, clock.instant, 7) is nudged
