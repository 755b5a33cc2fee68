"""Words through the real process: an answer to a prompt is a draft, other talk no concern."""

from typing import Any

import pytest
from sqlmodel import select

from storage.models import Draft, InboxItem, Notification
from tests.acceptance.rig import LEAD, Rig
from tests.acceptance.test_answers import MONDAY_MORNING
from tests.factories import COORDINATION
from tests.waiting import wait_until
from workflows.services import Actor
from workflows.updates.reading import show_updates

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LEAD_DM = "D0LEAD"
WORDS = "The <forecast> & its data are live"

Json = dict[str, Any]


@pytest.fixture
def prompted(rig: Rig) -> Rig:
    """The bot at work on a Monday, when Lena has been asked for her update."""
    rig.start_on_socket()
    rig.import_company()
    rig.move_clock_to(MONDAY_MORNING)
    wait_until(lambda: said_to_lead(rig))
    return rig


def said_to_lead(rig: Rig) -> list[Json]:
    return list(rig.ask("messages", channel=LEAD_DM)["messages"])


def button_of(message: Json) -> Json:
    """Return the first button of a message, with its block's id."""
    block = next(one for one in message["blocks"] if one.get("accessory", {}).get("value"))
    return {**block["accessory"], "block_id": block["block_id"]}


def stored(rig: Rig) -> list[list[str]]:
    """Return the names of all that is kept of what comes in, and of what it leads to."""
    with rig.services.transaction() as session:
        return [
            sorted(one.key for one in session.exec(select(InboxItem)).all()),
            sorted(one.initiative_key for one in session.exec(select(Draft)).all()),
            sorted(one.key for one in session.exec(select(Notification)).all()),
        ]


def envelopes(rig: Rig) -> int:
    """Count what the bot was handed over its socket."""
    return sum(one["envelopes"] for one in rig.ask("state")["sockets"])


def asked_of_slack(rig: Rig) -> list[str]:
    """Return the calls but those that look after people's profiles, which go on by themselves."""
    made = rig.ask("calls")["calls"]
    return [call["method"] for call in made if call["method"] != "users.info"]


def test_who_answers_the_prompt_in_words_files_them_with_two_clicks(prompted: Rig) -> None:
    prompted.do("message", user=LEAD, channel=LEAD_DM, text=WORDS)
    said = wait_until(lambda: len(said := said_to_lead(prompted)) == 3 and said)
    button = button_of(said[-1])

    notice = prompted.do(
        "press",
        user=LEAD,
        channel=LEAD_DM,
        ts=said[-1]["ts"],
        block_id=button["block_id"],
        action_id=button["action_id"],
        facts={"type": "button", "value": button["value"]},
    )["notice"]
    form = prompted.top_view(LEAD)
    assert (notice, button["text"]["text"]) == ("", "File"), prompted.log
    assert form is not None
    prompted.choose_on_track(LEAD, form)
    prompted.do("submit", user=LEAD, view_id=form["id"])

    assert said[-1]["text"] == "Kept as your draft of FIN-01."
    filed = show_updates(prompted.services, Actor(prompted.team_id, LEAD), "FIN-01").updates
    assert [update.progress for update in filed] == [WORDS]
    # The prompt and the offer say so, instead of asking on.
    wait_until(lambda: str(said_to_lead(prompted)).count("You're done for Wednesday.") >= 2)


def test_nothing_is_filed_by_words_alone(prompted: Rig) -> None:
    prompted.do("message", user=LEAD, channel=LEAD_DM, text=WORDS)

    wait_until(lambda: len(said_to_lead(prompted)) == 3)
    assert not show_updates(prompted.services, Actor(prompted.team_id, LEAD), "FIN-01").updates


def test_what_people_say_in_channels_is_dropped_before_anything_of_it_is_kept(
    prompted: Rig,
) -> None:
    # Somebody had the app hear more than it asks for.
    prompted.sandbox.manifest.events.append("message.channels")
    wait_until(lambda: not prompted.sandbox.events.unacknowledged)
    kept, asked, heard = stored(prompted), asked_of_slack(prompted), envelopes(prompted)

    prompted.do("message", user=LEAD, channel=COORDINATION, text=WORDS)
    wait_until(lambda: not prompted.sandbox.events.unacknowledged)

    assert envelopes(prompted) == heard + 1
    assert (stored(prompted), asked_of_slack(prompted)) == (kept, asked)
    assert WORDS not in prompted.log
