"""Menus of messages, pictures and files on the page, used in a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from sandbox.workspace import Json
from tests.acceptance.test_browser import browser  # noqa: F401  (a fixture)
from tests.sandbox.conftest import ANA, BEN, OPEN, App, Stage, a_manifest, running
from tests.sandbox.test_files import ALT, a_png, an_image, upload
from tests.sandbox.test_shortcuts import a_shortcut, say
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.browser
DIRECT = "D0ANA"
REPORT: FilePayload = {"name": "report.csv", "mimeType": "text/csv", "buffer": b"x" * 4321}


@pytest.fixture(scope="module")
def shared_stage() -> Iterator[Stage]:
    with running(a_manifest(shortcuts=[a_shortcut()])) as stage:
        yield stage


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:  # noqa: F811
    """A phone's page."""
    context = browser.new_context(
        base_url=stage.server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    context.set_default_timeout(1000 * PATIENCE_SECONDS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert wrong == []


def interactions_of(app: App) -> list[Json]:
    return [request.payload for request in app.of("interactive")]


def test_a_shortcut_is_chosen_by_keyboard(app: App, page: Page, stage: Stage) -> None:
    ts = say(stage)
    page.goto(f"/as/{ANA}/{OPEN}")
    menu = page.locator("summary", has_text="More actions for the message of Ana Ruiz")

    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("details[open]")).to_have_count(0)
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    wait_until(lambda: interactions_of(app))
    assert [one["message"]["ts"] for one in interactions_of(app)] == [ts]
    expect(page.locator("details[open]")).to_have_count(0)


def test_a_shortcut_of_the_last_message_is_in_sight_once_its_menu_is_touched(
    app: App, page: Page, stage: Stage
) -> None:
    for number in range(20):
        say(stage, f"Message {number}")
    page.goto(f"/as/{ANA}/{OPEN}")

    page.locator("summary", has_text="More actions").last.tap()

    item = page.get_by_role("button", name="Note a decision").last
    expect(item).to_be_in_viewport(ratio=1)
    item.tap()
    wait_until(lambda: interactions_of(app))
    assert interactions_of(app)[0]["message"]["text"] == "Message 19"


def test_a_person_answers_in_a_thread_and_once_for_all(app: App, page: Page, stage: Stage) -> None:
    ts = stage.client().chat_postMessage(channel=OPEN, text="Who goes first?")["ts"]
    page.goto(f"/as/{ANA}/{OPEN}")

    page.get_by_role("link", name="Reply to Rollcall").tap()
    answer, for_all = page.get_by_label("Reply in the thread"), page.get_by_label("Also send")
    answer.fill("I do")
    answer.press("Enter")
    expect(page.locator("#thread .reply-count")).to_have_text("1 reply")
    for_all.check()
    stage.act("message", user=BEN, channel=OPEN, text="Fine", thread_ts=ts)
    expect(page.locator("#thread .reply-count")).to_have_text("2 replies")
    expect(for_all).to_be_checked()  # a redraw leaves alone what somebody is about to do
    answer.fill("On Thursday")
    answer.press("Enter")

    expect(page.locator("#thread .message")).to_contain_text(
        ["Who goes first?", "I do", "Fine", "On Thursday"]
    )
    expect(for_all).not_to_be_checked()
    told = stage.ask("messages", channel=OPEN)["messages"]
    assert [one.get("subtype") for one in told] == [None, None, None, "thread_broadcast"]
    page.get_by_role("link", name="Close the thread").tap()
    expect(page.get_by_role("link", name="3 replies")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_a_wide_picture_whole(page: Page, stage: Stage, scheme: str) -> None:
    client = stage.client()
    content = a_png(1600, 400)
    file = client.files_upload_v2(filename="chart.png", content=content)["file"]
    client.chat_postMessage(channel=OPEN, text="x", blocks=[an_image(file["id"])])
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    page.goto(f"/as/{ANA}/{OPEN}")

    picture = page.get_by_role("img", name=ALT)
    expect(picture).to_be_in_viewport(ratio=1)
    assert picture.evaluate("image => image.naturalWidth") == 1600
    box = picture.bounding_box()
    assert box is not None
    assert abs(box["width"] / box["height"] - 4) < 0.1
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_chosen_file_waits_through_a_redraw_and_goes_with_enter(
    app: App, page: Page, stage: Stage
) -> None:
    upload(stage.client(), channel=stage.client().conversations_open(users=ANA)["channel"]["id"])
    page.goto(f"/as/{ANA}/{DIRECT}")

    page.get_by_label("Attach a file").set_input_files(files=REPORT)
    stage.client().chat_postMessage(channel=ANA, text="Meanwhile")
    expect(page.get_by_text("Meanwhile")).to_be_visible()
    expect(page.locator("#composer-attached")).to_contain_text("report.csv 4 kB")
    page.keyboard.press("Enter")

    sent = page.get_by_role("link", name="report.csv")
    expect(sent).to_contain_text("4 kB")
    expect(page.locator("#composer-attached")).to_be_hidden()
    [file] = stage.ask("messages", channel=DIRECT)["messages"][-1]["files"]
    assert file["size"] == 4321


def test_a_chosen_file_can_be_taken_off_again(page: Page, stage: Stage) -> None:
    stage.client().chat_postMessage(channel=ANA, text="Send me the report")
    page.goto(f"/as/{ANA}/{DIRECT}")
    page.get_by_label("Attach a file").set_input_files(files=REPORT)

    page.get_by_role("button", name="Remove the file").tap()
    page.keyboard.type("Without it")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Without it", exact=True)).to_be_visible()
    assert stage.workspace.files == {}
