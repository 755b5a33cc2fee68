"""Commands that say too little, or what nobody knows: asked or told what works, by the socket."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import FRIDAY
from tests.acceptance.rig import HEAD, LEAD, Rig, build_rig
from tests.factories import COORDINATION
from tests.waiting import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Json = dict[str, Any]


@pytest.fixture
def rig(tmp_path: Path, database_url: str) -> Iterator[Rig]:
    rig, server = build_rig(tmp_path, database_url, FRIDAY)
    with server:
        rig.start_on_socket()
        rig.import_company()
        yield rig
        rig.check_silence()
        rig.stop()


def window(rig: Rig, user: str, text: str) -> Json:
    """Type a command and return the window that it opens."""
    for view in reversed(rig.ask("views", user=user)["views"]):
        rig.do("close", user=user, view_id=view["id"])
    return rig.open_form(user, text)


def said(rig: Rig, user: str, text: str) -> str:
    """Type a command and return the private answer."""
    known = len(rig.ask("messages", channel=COORDINATION)["messages"])
    rig.do("command", user=user, channel=COORDINATION, text=text)
    answers = wait_until(lambda: rig.ask("messages", channel=COORDINATION)["messages"][known:])
    return str(answers[-1])


def picked(rig: Rig, user: str, asked: Json, key: str) -> Json:
    """Pick from the menu of one's own, and return the window that comes of it."""
    menu = next(block for block in asked["blocks"] if block.get("accessory"))
    option = next(one for one in menu["accessory"]["options"] if one["value"] == key)
    rig.do(
        "press",
        user=user,
        view_id=asked["id"],
        block_id=menu["block_id"],
        action_id=menu["accessory"]["action_id"],
        facts={"type": "static_select", "selected_option": option},
    )
    shown = rig.top_view(user)
    assert shown is not None
    return shown


def looked_up(rig: Rig, user: str, asked: Json, words: str) -> Json:
    """Type words into the window, and return what its submission brings."""
    rig.fill(user, asked, which_words=words)
    done: Json = rig.do("submit", user=user, view_id=asked["id"])
    return done


COMMANDS = {
    "/ai-project edit": "Registry entry",
    "/ai-project milestone": "Milestone",
    "/ai-project link": "Dependenc",
    "/ai-project overlaps": "anything like *FIN-01*",
    "/ai-project show": "FIN-01",
    "/ai-project history": "History",
    "/ai-project picture": "I'm drawing it",
}


def test_a_command_without_its_key_asks_which_and_goes_on_with_the_one_picked(rig: Rig) -> None:
    asked, shown = {}, {}
    for text in COMMANDS:
        which = window(rig, LEAD, text)
        asked[text] = which
        shown[text] = picked(rig, LEAD, which, "FIN-01")

    for text, words in COMMANDS.items():
        assert asked[text]["title"]["text"] == "Which initiative?", text
        assert words in str(shown[text]), text
    wait_until(lambda: rig.ask("messages", channel="D0LEAD")["messages"])  # the picture


def test_any_other_is_found_by_its_key_or_its_words(rig: Rig) -> None:
    by_words = looked_up(rig, HEAD, window(rig, HEAD, "/ai-status show"), "invoices")
    by_key = looked_up(rig, HEAD, window(rig, HEAD, "/ai-status history"), "fin-01")
    several = looked_up(rig, HEAD, window(rig, HEAD, "/ai-project show"), "finance")["views"][-1]
    nothing = looked_up(rig, HEAD, window(rig, HEAD, "/ai-project show"), "zebra")
    unsaid = looked_up(rig, HEAD, window(rig, HEAD, "/ai-project show"), "")
    found = looked_up(rig, HEAD, window(rig, HEAD, "/ai-project find"), "forecast")["views"][-1]

    assert "FIN-02" in str(by_words["views"][-1])
    assert "FIN-01" in str(by_key["views"][-1])
    choices = [block["accessory"]["value"] for block in several["blocks"] if "accessory" in block]
    assert sorted(choices) == ["FIN-01", "FIN-02"]
    assert "Nothing is called “zebra”" in str(nothing)
    assert "Type a key or a word of its name." in str(unsaid)
    assert found["title"]["text"] == "Found"
    assert "FIN-01" in str(found)


def test_unknown_words_say_what_would_work(rig: Rig) -> None:
    listed = said(rig, LEAD, "/ai-project list nonsense")
    misspelled = said(rig, LEAD, "/ai-project lits")
    stage = said(rig, LEAD, "/ai-project list pilto")
    status = said(rig, LEAD, "/ai-status hstory FIN-01")

    assert "Try a stage, a department or `mine`" in listed
    assert "`/ai-project find nonsense`" in listed
    assert "Did you mean `/ai-project list`?" in misspelled
    assert "Did you mean pilot?" in stage
    assert "Nothing found for “zzzqqq”" in str(window(rig, LEAD, "/ai-project find zzzqqq"))
    assert "You lead no initiatives." in str(window(rig, HEAD, "/ai-project list mine"))
    assert "Did you mean `/ai-status history`?" in status
