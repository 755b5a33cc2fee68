"""A command that leaves out what it is about asks for it: an initiative, or words."""

import pytest

from tests.factories import an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Answer, Workspace
from workflows.services import Services

pytestmark = pytest.mark.one_database


@pytest.fixture
def settled(services: Services) -> None:
    settle_in(services, an_initiative("FIN-01"), an_initiative("FIN-02"))


def asked(slack: FakeSlack) -> tuple[str, str, str]:
    """Return what the window is called, what its field asks for and what sends it."""
    view: Answer = slack.of("views.open")[-1]["view"]
    return view["title"]["text"], view["blocks"][-1]["label"]["text"], view["submit"]["text"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("show", ("Which initiative?", "Or another one", "Next")),
        ("find", ("Find initiatives", "What are you looking for?", "Find")),
    ],
)
def test_what_is_left_out_is_asked_for(
    workspace: Workspace, slack: FakeSlack, word: str, expected: tuple[str, str, str]
) -> None:
    workspace.command(word, name="/ai-project")

    assert asked(slack) == expected
