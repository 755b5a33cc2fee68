"""Every element that Block Kit puts before a person, used in a real Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sandbox import windows
from sandbox.clock import SandboxClock
from sandbox.conversations import direct_message, say
from sandbox.manifest import read_manifest
from sandbox.page.routes import page_routes
from sandbox.sandbox import Sandbox, build_sandbox
from sandbox.server import SandboxServer, listen, url_of
from tests.acceptance.rig import HEAD, LEAD, ROOT, a_workspace
from tests.acceptance.test_browser import browser  # noqa: F401  (a fixture)
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.browser
Json = dict[str, Any]


@dataclass
class Transport:
    """Stands in for the app: notes what it is told, and answers what it was given to answer."""

    told: list[Json] = field(default_factory=list)
    answer: Any = None

    async def deliver(self, kind: str, payload: Json, attempt: int = 0) -> Any:
        self.told.append(payload)
        return self.answer

    def pressed(self) -> Json:
        """Return what was pressed last."""
        actions = [payload["actions"][0] for payload in self.told if "actions" in payload]
        action: Json = actions[-1]
        return action


@dataclass
class Desk:
    """Somebody's browser, and the workspace behind it."""

    page: Page
    transport: Transport
    server: SandboxServer
    sandbox: Sandbox

    @property
    def modal(self) -> Locator:
        """Return the window on the screen."""
        return self.page.locator("dialog.modal")

    def field(self, label: str) -> Locator:
        """Return a field of the window by its label."""
        return self.modal.get_by_label(re.compile(f"^{label}"))

    def show_modal(self, *blocks: Json) -> None:
        view = {
            "type": "modal",
            "title": plain("Elements"),
            "submit": plain("Send"),
            "blocks": list(blocks),
        }
        workspace = self.sandbox.workspace
        self.server.do(lambda: windows.open_modal(workspace, LEAD, view))
        self.page.goto(f"/as/{LEAD}/C0COORD0001")

    def show_message(self, *blocks: Json) -> None:
        workspace, bot_id = self.sandbox.workspace, self.sandbox.workspace.bot_user_id
        channel = self.server.do(lambda: direct_message(workspace, LEAD, bot_id))
        self.server.do(lambda: say(workspace, channel, bot_id, "text", blocks=list(blocks)))
        self.page.goto(f"/as/{LEAD}/{channel.id}")

    def submit(self) -> Json:
        """Submit the window and return what the app was told was filled in, by action_id."""
        self.modal.get_by_role("button", name="Send").click()
        expect(self.modal).to_have_count(0)
        values = self.transport.told[-1]["view"]["state"]["values"]
        return {action_id: state for block in values.values() for action_id, state in block.items()}


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:  # noqa: F811
    transport, listening = Transport(), listen()
    sandbox = build_sandbox(
        a_workspace(SandboxClock()),
        read_manifest(ROOT / "manifest.yml"),
        url_of(listening),
        transport=transport,
    )
    with SandboxServer(sandbox, listening, page_routes(sandbox, LEAD)) as server:
        context = browser.new_context(base_url=server.url)
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        yield Desk(context.new_page(), transport, server, sandbox)
        context.close()


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]


def field_of(kind: str, label: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": kind, **more}
    return {"type": "input", "label": plain(label), "element": element, "optional": True}


def test_typed_fields_send_what_was_typed(desk: Desk) -> None:
    desk.show_modal(
        field_of("plain_text_input", "Words", multiline=True),
        field_of("email_text_input", "Email"),
        field_of("url_text_input", "Address"),
        field_of("number_input", "Number", is_decimal_allowed=False),
    )
    desk.field("Words").fill("two\nlines & <b>")
    desk.field("Email").fill("lena@firm.example")
    desk.field("Address").fill("https://firm.example")
    desk.field("Number").fill("42")

    sent = desk.submit()

    assert sent["plain_text_input"]["value"] == "two\nlines & <b>"
    assert sent["email_text_input"]["value"] == "lena@firm.example"
    assert sent["url_text_input"]["value"] == "https://firm.example"
    assert sent["number_input"]["value"] == "42"


def test_pickers_send_dates_and_times_in_one_s_own_zone(desk: Desk) -> None:
    desk.show_modal(
        field_of("datepicker", "Day"),
        field_of("timepicker", "Time"),
        field_of("datetimepicker", "Moment"),
    )
    desk.field("Day").fill("2026-11-27")
    desk.field("Time").fill("14:30")
    desk.field("Moment").fill("2026-11-27T09:00")

    sent = desk.submit()

    assert sent["datepicker"]["selected_date"] == "2026-11-27"
    assert sent["timepicker"]["selected_time"] == "14:30"
    assert sent["datetimepicker"]["selected_date_time"] == 1795788000  # 14:00 UTC: New York


def test_choices_send_what_was_chosen(desk: Desk) -> None:
    two = options("red", "blue")
    desk.show_modal(
        field_of("static_select", "Colour", options=two),
        field_of("radio_buttons", "Radio", options=options("on", "off")),
        field_of("checkboxes", "Boxes", options=options("left", "right")),
        field_of("users_select", "Person"),
        field_of("conversations_select", "Place"),
    )
    desk.field("Colour").select_option("blue")
    desk.modal.get_by_label("Off").check()
    desk.modal.get_by_label("Left").check()
    desk.field("Person").select_option(HEAD)
    desk.field("Place").select_option("C0COORD0001")

    sent = desk.submit()

    assert sent["static_select"]["selected_option"]["value"] == "blue"
    assert sent["radio_buttons"]["selected_option"]["value"] == "off"
    assert [one["value"] for one in sent["checkboxes"]["selected_options"]] == ["left"]
    assert sent["users_select"]["selected_user"] == HEAD
    assert sent["conversations_select"]["selected_conversation"] == "C0COORD0001"


def test_several_are_picked_from_a_menu(desk: Desk) -> None:
    desk.show_modal(
        field_of("multi_static_select", "Colours", options=options("red", "blue", "green")),
        field_of("multi_users_select", "People"),
    )
    menus = desk.page.locator("details.picker")
    menus.nth(0).locator("summary").click()
    menus.nth(0).get_by_label("Red").check()
    menus.nth(0).get_by_label("Green").check()
    menus.nth(1).locator("summary").click()
    menus.nth(1).get_by_label("Heda Moor").check()
    expect(menus.nth(0).locator(".chip")).to_have_text(["Red", "Green"])

    sent = desk.submit()

    chosen = [one["value"] for one in sent["multi_static_select"]["selected_options"]]
    assert chosen == ["red", "green"]
    assert sent["multi_users_select"]["selected_users"] == [HEAD]


def test_what_is_required_is_asked_for_next_to_its_field(desk: Desk) -> None:
    desk.show_modal(field_of("plain_text_input", "Words") | {"optional": False})

    desk.modal.get_by_role("button", name="Send").click()

    expect(desk.page.locator(".input-error")).to_contain_text("required")
    assert desk.transport.told == []


def test_what_the_app_refuses_stands_next_to_its_field(desk: Desk) -> None:
    desk.show_modal(field_of("plain_text_input", "Words") | {"block_id": "words"})
    desk.transport.answer = {"response_action": "errors", "errors": {"words": "Too bold."}}
    desk.field("Words").fill("bold")

    desk.modal.get_by_role("button", name="Send").click()

    expect(desk.page.locator(".input-error")).to_have_text("Too bold.")
    expect(desk.field("Words")).to_have_value("bold")
    expect(desk.field("Words")).to_be_focused()


def test_a_button_that_asks_first_does_nothing_when_denied(desk: Desk) -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It can't be undone."),
        "confirm": plain("Do it"),
        "deny": plain("Rather not"),
    }
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}
    desk.show_message({"type": "actions", "elements": [button | {"confirm": confirm}]})

    desk.page.get_by_role("button", name="Go").click()
    expect(desk.page.get_by_text("It can't be undone.")).to_be_visible()
    desk.page.get_by_role("button", name="Rather not").click()
    expect(desk.page.get_by_text("It can't be undone.")).not_to_be_visible()
    told_when_denied = list(desk.transport.told)
    desk.page.get_by_role("button", name="Go").click()
    desk.page.get_by_role("button", name="Do it").click()

    wait_until(lambda: desk.transport.told)
    assert told_when_denied == []
    assert (desk.transport.pressed()["action_id"], desk.transport.pressed()["value"]) == ("go", "1")


def test_menus_in_a_message_tell_the_app_at_once(desk: Desk) -> None:
    more = {"type": "overflow", "action_id": "more", "options": options("mute", "leave")}
    pick = {"type": "static_select", "action_id": "pick", "options": options("red", "blue")}
    day = {"type": "datepicker", "action_id": "day"}
    desk.show_message({"type": "actions", "elements": [more, pick, day]})

    desk.page.get_by_label("More", exact=True).click()
    desk.page.get_by_role("button", name="Leave").click()
    wait_until(lambda: len(desk.transport.told) == 1)
    overflown = desk.transport.pressed()
    desk.page.locator("select").select_option("blue")
    wait_until(lambda: len(desk.transport.told) == 2)
    picked = desk.transport.pressed()
    desk.page.locator("input[type=date]").fill("2026-11-27")
    wait_until(lambda: len(desk.transport.told) == 3)

    assert overflown["selected_option"]["value"] == "leave"
    assert picked["selected_option"]["value"] == "blue"
    assert desk.transport.pressed()["selected_date"] == "2026-11-27"


def test_a_change_elsewhere_leaves_what_is_being_typed(desk: Desk) -> None:
    desk.page.goto(f"/as/{LEAD}/C0COORD0001")
    composer = desk.page.get_by_label("Message #ai-coordination")
    composer.fill("half a sen")

    desk.page.request.post(
        "/driver/message",
        data={"user": HEAD, "channel": "C0COORD0001", "text": "Hello <b>there</b>"},
    )

    expect(desk.page.locator("#scroller")).to_contain_text(re.compile(r"Hello <b>there</b>"))
    expect(composer).to_have_value("half a sen")
    expect(composer).to_be_focused()


def test_what_others_say_elsewhere_is_marked_unread_until_it_is_read(desk: Desk) -> None:
    desk.page.goto(f"/as/{LEAD}/home")
    message = {"user": HEAD, "channel": "C0COORD0001", "text": "Hello"}
    desk.page.request.post("/driver/message", data=message)
    place = desk.page.locator(".places").get_by_role("link", name=re.compile("ai-coordination"))

    expect(place.locator(".badge")).to_contain_text("1")
    place.click()

    expect(desk.page.locator("#new-line")).to_be_visible()
    expect(desk.page.locator(".places .badge")).to_have_count(0)
