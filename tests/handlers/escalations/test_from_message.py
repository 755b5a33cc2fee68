"""*Escalate this*, in a message's menu: the form comes first, and the link follows."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.escalations.form_reading import form_key
from storage import escalations
from tests.factories import TEAM, a_person, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.test_done_twice import filled
from tests.handlers.updates.test_update_form import all_text
from tests.workflows.escalations.conftest import SECTIONS
from workflows.services import Services

Json = dict[str, Any]
URL = "https://example.slack.com/archives/C1/p1"


@pytest.fixture(autouse=True)
def _settled(services: Services, slack: FakeSlack, adopt: Callable[..., None]) -> None:
    adopt(**SECTIONS)
    settle_in(services, an_initiative(), persons=[a_person("U0OLA", name="Ola")])
    slack.answers["views.open"] = [{"view": {"id": "V1", "hash": "h1"}}]
    slack.answers["chat.getPermalink"] = [{"permalink": URL}]


def choose(workspace: Workspace, text: str | None, user: str = "U_LEAD") -> None:
    message = {"ts": "1.1"} | ({"text": text} if text is not None else {})
    told: Json = {"callback_id": "escalate_this", "channel": {"id": "C1"}, "message": message}
    workspace._payload("message_action", user, **told)


def stuck(view: Json) -> str:
    (block,) = [one for one in view["blocks"] if one.get("block_id") == "what"]
    return str(block["element"].get("initial_value", ""))


def test_the_form_opens_before_the_link_is_asked_for_and_takes_it_along(
    workspace: Workspace, slack: FakeSlack
) -> None:
    choose(workspace, "No access\nto the ledger")

    methods = [method for method, _ in slack.calls if method != "users.info"]
    assert methods == ["views.open", "chat.getPermalink", "views.update"]
    (changed,) = slack.of("views.update")
    assert (changed["view_id"], changed["hash"]) == ("V1", "h1")
    assert form_key(changed["view"]).link == URL
    assert stuck(changed["view"]) == stuck(slack.of("views.open")[0]["view"])
    assert stuck(changed["view"]) == "No access to the ledger"


def test_what_is_sent_keeps_the_link(
    workspace: Workspace, slack: FakeSlack, services: Services
) -> None:
    choose(workspace, "No access")
    form = filled({**slack.of("views.update")[0]["view"], "id": "V1", "hash": "h2"})

    answer = workspace.submit(form)

    assert "E-1 is open" in all_text(answer["view"])
    with services.reading() as reader:
        one = escalations.get(reader, TEAM, 1)
    assert one is not None
    assert (one.link, one.what) == (URL, "No access")


def test_a_message_that_the_bot_can_not_see_is_escalated_without_its_link(
    workspace: Workspace, slack: FakeSlack
) -> None:
    slack.answers["chat.getPermalink"] = ["channel_not_found"]

    choose(workspace, "No access")

    (opened,) = slack.of("views.open")
    assert stuck(opened["view"]) == "No access"
    assert slack.of("views.update") == []


def test_what_slack_marks_is_read_as_it_was_typed(workspace: Workspace, slack: FakeSlack) -> None:
    choose(workspace, "<@U0OLA> R&amp;D waits")

    assert stuck(slack.of("views.open")[0]["view"]) == "@Ola R&D waits"


@pytest.mark.parametrize(("length", "end"), [(300, "x"), (301, "…")])
def test_a_long_message_begins_the_form_and_is_cut(
    workspace: Workspace, slack: FakeSlack, length: int, end: str
) -> None:
    choose(workspace, "x" * length)

    what = stuck(slack.of("views.open")[0]["view"])
    assert (len(what), what[-1]) == (300, end)


def test_a_message_without_words_opens_an_empty_form(
    workspace: Workspace, slack: FakeSlack
) -> None:
    choose(workspace, None)

    assert stuck(slack.of("views.open")[0]["view"]) == ""


def test_where_it_is_not_switched_on_that_is_said(
    workspace: Workspace, slack: FakeSlack, adopt: Callable[..., None]
) -> None:
    adopt()

    choose(workspace, "No access")

    assert "aren't switched on here" in all_text(slack.of("views.open")[0]["view"])
    assert slack.of("chat.getPermalink") == []
