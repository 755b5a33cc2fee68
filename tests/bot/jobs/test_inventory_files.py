"""Inventories that are sent in a direct message, from the message to what is stored."""

import http.server
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from sqlmodel import select

from bot.jobs.inventory_files import MOST_BYTES, work_on_files
from sandbox.limits import check_blocks, check_view
from storage import initiatives
from storage.models import AuditEntry
from tests.factories import TEAM, a_person, a_policy, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver, only
from tests.handlers.conftest import Workspace, build_workspace
from tests.handlers.updates.test_update_form import all_text
from workflows import policies
from workflows.inventory.undoing import undo_import
from workflows.registry.editing import save_entry
from workflows.services import Services

ROWS = "name,department,start\nCash <forecast>,Finance,2026-02-28\nRoutes,Logistics,\n"
BOTH_WAYS = "name,department,start\nCash,Finance,03/04/2026\n"
OTHER = "Vorhaben X1,Wer\nCash,Finance\n"

View = dict[str, Any]


class Shelf:
    """Gives files over HTTP to who shows the token, as Slack does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.statuses: list[int] = []  # to answer with, before the files are given
        self.tokens: list[str | None] = []
        shelf = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.tokens.append(self.headers.get("Authorization"))
                status = shelf.statuses.pop(0) if shelf.statuses else 200
                body = shelf.files.get(self.path.strip("/"), b"") if status == 200 else b""
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    thread = threading.Thread(target=shelf.server.serve_forever)
    thread.start()
    yield shelf
    shelf.server.shutdown()
    thread.join()
    shelf.server.server_close()


class Desk:
    """The programme manager at work: files sent, messages read, buttons pressed."""

    def __init__(self, services: Services, slack: FakeSlack, shelf: Shelf) -> None:
        self.services, self.slack, self.shelf = services, slack, shelf
        self.workspace: Workspace = build_workspace(services, slack)
        slack.base_url = f"{shelf.url}/api/"

    def send(
        self, content: str | bytes, file_id: str = "F1", user: str = "U0PAM", **told: Any
    ) -> None:
        raw = content.encode() if isinstance(content, str) else content
        self.shelf.files[file_id] = raw
        file = {"id": file_id, "name": f"{file_id}.csv"}
        self.workspace.event(
            type="message", subtype="file_share", channel_type="im", user=user, files=[file]
        )
        self.work(file_id, **told)

    def work(self, file_id: str = "F1", **told: Any) -> int:
        """Have the work done that there is, and its messages sent."""
        size = len(self.shelf.files.get(file_id, b""))
        url = f"{self.shelf.url}/{file_id}"
        file = {"id": file_id, "size": size, "url_private_download": url} | told
        self.slack.answers["files.info"] += [{"file": file}] * 2
        count = work_on_files(self.services, only(self.slack))
        self.slack.answers["files.info"].clear()
        deliver(self.services, self.slack)
        return count

    @property
    def said(self) -> str:
        """Return the newest state of the newest message."""
        said = [call for call in self.slack.calls if call[0] in ("chat.postMessage", "chat.update")]
        blocks = said[-1][1]["blocks"]
        assert check_blocks(blocks, "message") == []
        return all_text(blocks)

    def press(self, button: str, file_id: str = "F1", user: str = "U0PAM") -> None:
        self.workspace.press(f"{button}_inventory", file_id, user, response_url=None)

    def window(self, action: str, file_id: str = "F1") -> View:
        self.workspace.press(action, file_id, "U0PAM")
        view: View = self.slack.of("views.open")[-1]["view"]
        return view

    def say_columns(self, order: str | None = None, **columns: str | None) -> View:
        """Open the window of the columns, choose by headings, and submit it."""
        view = self.window("inventory_columns")
        values: View = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                element, name = block["element"], block["block_id"]
                chosen = element.get("initial_option")
                wanted = columns.get(name.removeprefix("field_"), ...)
                if wanted is not ...:
                    chosen = next(
                        (o for o in element["options"] if o["text"]["text"] == wanted), None
                    )
                if name == "date_order" and order:
                    chosen = next(o for o in element["options"] if o["value"] == order)
                values[name] = {"choice": {"selected_option": chosen}}
        return self.workspace.submit({**view, "state": {"values": values}}, "U0PAM")

    def fill(self, view: View, **said: str) -> View:
        """Submit the window of the columns as it opened, but for these blocks."""
        values: View = {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element, name = block["element"], block["block_id"]
            if element["type"] == "plain_text_input":
                values[name] = {"choice": {"value": said.get(name)}}
                continue
            chosen = element.get("initial_option")
            if name in said:
                (chosen,) = [one for one in element["options"] if one["value"] == said[name]]
            values[name] = {"choice": {"selected_option": chosen}}
        return self.workspace.submit({**view, "state": {"values": values}}, "U0PAM")

    def registered(self) -> list[str]:
        with self.services.transaction() as session:
            return sorted(key for key, _ in initiatives.keys(session, TEAM))


@pytest.fixture
def desk(services: Services, slack: FakeSlack, shelf: Shelf) -> Desk:
    settle_in(
        services,
        an_initiative("OLD-01", name="Old"),
        persons=[a_person("U0PAM", name="Pam Reyes"), a_person("U0SUE", name="Sue")],
    )
    policies.adopt(services, TEAM, "Firm", a_policy(people={"programme_manager": "U0PAM"}))
    return Desk(services, slack, shelf)


def test_a_file_is_checked_and_stored_when_its_sender_says_so(desk: Desk) -> None:
    desk.send(ROWS)
    checked = desk.said
    desk.press("store")
    desk.work()

    assert "F1.csv*: 2 new, 0 changed, 0 unchanged; 0 to check, 0 left out" in checked
    assert "One initiative here isn't in the file; it stays." in checked
    assert "Name: “name” (100 %) _for example_ Cash &lt;forecast&gt;" in checked
    assert "Nothing is imported yet." in checked
    assert "is imported: 2 new" in desk.said
    assert len(desk.registered()) == 3
    assert desk.shelf.tokens == ["Bearer xoxb-fake"] * 2


def test_sent_twice_by_slack_it_is_one_file(desk: Desk) -> None:
    for _ in range(2):
        desk.send(ROWS)

    assert len(desk.slack.of("chat.postMessage")) == 1


def test_what_is_left_out_is_not_stored(desk: Desk) -> None:
    desk.send(ROWS)
    desk.press("leave")
    desk.work()
    desk.press("store")
    desk.work()

    assert "was not imported. Changed your mind? Send it again." in desk.said
    assert desk.registered() == ["OLD-01"]


def test_dates_that_can_be_read_both_ways_are_asked_about(desk: Desk) -> None:
    desk.send(BOTH_WAYS)
    asked = desk.said
    desk.press("store")  # of an older message: there is nothing to store yet
    desk.say_columns("day_first")
    desk.work()

    assert "Is 3/4/2027 in March or in April?" in asked
    assert "1 new" in desk.said
    assert "The columns, as you set them" in desk.said
    assert desk.registered() == ["OLD-01"]


def test_columns_that_are_not_recognised_are_asked_for(desk: Desk) -> None:
    desk.send(OTHER)
    asked = desk.said
    refused = desk.say_columns(name="Vorhaben X1")
    desk.say_columns(name="Vorhaben X1", department="Wer")
    desk.work()

    assert "Which column holds the name?" in asked
    assert refused["errors"] == {"field_name": "no column holds the department."}
    assert "1 new" in desk.said


def test_what_was_said_of_columns_holds_for_the_next_file_with_the_same(desk: Desk) -> None:
    desk.send(OTHER)
    desk.say_columns(name="Vorhaben X1", department="Wer")
    desk.work()
    desk.press("store")
    desk.work()
    desk.send(f"{OTHER}Routes,Logistics\n", "F2")
    same = desk.said
    desk.send("Vorhaben X1,Wer,Ort\nCash,Finance,Rom\n", "F3")

    assert "The columns, as in F1.csv" in same
    assert "1 new, 0 changed, 1 unchanged" in same
    assert "Which column holds the name?" in desk.said  # another table


def test_a_fact_without_a_column_of_its_name_is_added(desk: Desk) -> None:
    desk.send("name,department,Wozu\nCash,Finance,To know\n")
    view = desk.window("inventory_columns")
    more = next(b for b in view["blocks"] if b.get("block_id") == "more_field")
    objective = next(o for o in more["element"]["options"] if o["value"] == "objective")
    desk.say_columns(more_field=objective["text"]["text"], more_column="Wozu")
    desk.work()

    assert "Objective: “Wozu”" in desk.said


@pytest.mark.parametrize("width", [3, 62, 500])
def test_the_window_of_the_columns_fits_however_many_there_are(desk: Desk, width: int) -> None:
    headings = ["name", "department", *(f"What about number {n}?" * 5 for n in range(width - 2))]
    desk.send(f"{','.join(headings)}\nCash,Finance{',x' * (width - 2)}\n")

    view = desk.window("inventory_columns")

    assert check_view(view) == []


def test_only_the_programme_manager_sends_inventories(desk: Desk) -> None:
    desk.send(ROWS, user="U0SUE")

    assert "Only Pam Reyes, the programme manager, can import an inventory." in desk.said
    assert desk.slack.of("chat.postMessage")[-1]["channel"] == "U0SUE"
    assert desk.shelf.tokens == []  # nobody has looked at it


def test_who_is_no_programme_manager_any_more_decides_nothing(desk: Desk) -> None:
    desk.send(ROWS)
    policies.adopt(desk.services, TEAM, "Firm", a_policy(people={"programme_manager": "U0SUE"}))
    desk.press("store")
    desk.work()

    assert desk.registered() == ["OLD-01"]
    with desk.services.transaction() as session:
        kept = session.exec(select(AuditEntry)).all()
        tried = [(one.actor_id, one.action, one.outcome) for one in kept]
    assert ("U0PAM", "inventory_checked", "not allowed") in tried


def test_a_button_pressed_twice_stores_once(desk: Desk) -> None:
    desk.send(ROWS)
    desk.press("store")
    desk.press("store")
    desk.work()

    assert "is imported: 2 new" in desk.said
    assert len(desk.registered()) == 3


def test_a_file_that_changed_meanwhile_is_checked_again_first(desk: Desk) -> None:
    desk.send(ROWS)
    desk.shelf.files["F1"] = f"{ROWS}Slots,Logistics,\n".encode()
    desk.press("store")
    desk.work()

    assert "3 new" in desk.said
    assert "The file changed after I checked it" in desk.said
    assert desk.registered() == ["OLD-01"]


def test_what_was_stored_is_undone(desk: Desk) -> None:
    desk.send(ROWS)
    desk.press("store")
    desk.work()
    desk.press("undo")
    desk.work()

    assert "the import is undone" in desk.said
    assert "2 removed." in desk.said
    assert desk.registered() == ["OLD-01"]


def test_what_was_undone_elsewhere_can_not_be_undone_again(desk: Desk) -> None:
    desk.send(ROWS)
    desk.press("store")
    desk.work()
    undo_import(desk.services, actor("U0PAM"))
    desk.press("undo")
    desk.work()

    assert "It can't be undone any more" in desk.said
    assert "Undo" not in str(desk.slack.of("chat.update")[-1]["blocks"])


def test_what_closes_a_circle_is_said_when_it_is_checked_and_left_out_when_it_is_stored(
    desk: Desk,
) -> None:
    needs = (
        "key,name,department,dependencies\n"
        "A-01,One,X,D1 | - | initiative | B-01 | -\nB-01,Two,Y,D1 | - | initiative | A-01 | -\n"
    )
    desk.send(needs)
    checked = desk.said
    desk.press("store")
    desk.work()

    assert (
        "row 3 B-01: B-01 and A-01 would wait for each other in a circle, so this is left out"
        in checked
    )
    assert "is imported: 2 new" in desk.said
    assert desk.registered() == ["A-01", "B-01", "OLD-01"]


def test_a_file_of_one_organisation_is_given_its_department_in_the_window(desk: Desk) -> None:
    desk.send("name,purpose\nReader,Reads supplier invoices\n")
    asked = desk.said
    desk.fill(desk.window("inventory_columns"), constant_department="  Treasury ")
    desk.work()
    checked = desk.said
    desk.press("store")
    desk.work()

    assert "Which column holds the department?" in asked
    assert "• Department: Treasury, in all rows" in checked
    assert desk.registered() == ["OLD-01", "TRE-01"]


def test_another_sheet_of_a_workbook_can_be_chosen_in_the_window(desk: Desk) -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("Archive")
    assert first is not None
    first.title = "Live"
    for row in (["Name", "Department", "Stage"], ["Cash", "Finance", "pilot"]):
        first.append(row)
    for row in (["Title", "Division"], ["Old one", "People"], ["Older", "People"]):
        second.append(row)
    content = BytesIO()
    book.save(content)
    desk.send(content.getvalue())
    live = desk.said
    desk.fill(desk.window("inventory_columns"), sheet="Archive")
    desk.work()
    archive = desk.said
    desk.press("store")
    desk.work()

    assert "sheet “Live”, not the sheet “Archive”" in live
    assert "sheet “Archive”, not the sheet “Live”" in archive
    assert "2 new" in archive
    assert desk.registered() == ["OLD-01", "PEO-01", "PEO-02"]


def test_rows_that_the_database_does_not_take_are_named_and_nothing_is_stored(
    desk: Desk, engine: Engine
) -> None:
    refusing = (
        "CREATE TRIGGER t BEFORE INSERT ON initiative WHEN NEW.key = 'B-2' "
        "BEGIN SELECT RAISE(ABORT, 'no'); END"
        if engine.dialect.name == "sqlite"
        else "ALTER TABLE initiative ADD CONSTRAINT t CHECK (key <> 'B-2')"
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(refusing)
    desk.send("key,name,department\nB-1,Cash,Finance\nB-2,Rota,People\n")
    desk.press("store")
    desk.work()

    assert "✋ I couldn't import *F1.csv*." in desk.said
    assert "Nothing was stored: rows 2 to 3 hold something that the database doesn't" in desk.said
    assert desk.registered() == ["OLD-01"]
    assert desk.work() == 0  # it is settled, and not tried for ever


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n....", "This is a picture, not a table."),
        (b"", "This file is empty."),
        (b"name,department\n" + b"One,Two\n" * 3001, "This table has more than 3,000 rows"),
    ],
    ids=["picture", "empty", "long"],
)
def test_what_is_no_table_for_here_is_said(desk: Desk, content: bytes, says: str) -> None:
    desk.send(content)

    assert "✋ I couldn't import *F1.csv*." in desk.said
    assert says in desk.said


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"size": MOST_BYTES + 1}, "up to 20 MB can be taken here"),
        ({"is_external": True}, "It is kept outside Slack."),
        ({"url_private_download": "https://files.example/F1"}, "It is kept outside Slack."),
        ({"url_private_download": "http://files.slack.com/F1"}, "It is kept outside Slack."),
    ],
)
def test_what_can_not_be_fetched_is_not_fetched(desk: Desk, told: View, says: str) -> None:
    desk.send(ROWS, **told)

    assert says in desk.said
    assert desk.shelf.tokens == []  # the token went nowhere


def test_larger_than_slack_said_it_is_read_no_further(desk: Desk) -> None:
    desk.send(b"x" * (MOST_BYTES + 1), size=10)

    assert "It is larger than Slack said." in desk.said


@pytest.mark.parametrize("code", ["file_not_found", "file_deleted", "missing_scope"])
def test_a_file_that_slack_does_not_show_is_said_with_what_helps(desk: Desk, code: str) -> None:
    desk.slack.answers["files.info"] = [code]
    desk.send(ROWS)

    assert "I couldn't import *F1.csv*." in desk.said
    assert "again" in desk.said


@pytest.mark.parametrize("status", [302, 403])
def test_where_slack_asks_to_sign_in_it_says_so_and_goes_nowhere_else(
    desk: Desk, status: int
) -> None:
    desk.shelf.statuses = [status]
    desk.send(ROWS)

    assert f"Slack doesn't give it to me (HTTP {status})" in desk.said
    assert len(desk.shelf.tokens) == 1


@pytest.mark.parametrize("failure", [OSError("down"), "ratelimited", 503])
def test_a_passing_failure_is_tried_again(
    desk: Desk, clock: FakeClock, failure: Exception | str | int
) -> None:
    if isinstance(failure, int):
        desk.shelf.statuses = [failure]
    else:
        desk.slack.answers["files.info"] = [failure]
    desk.send(ROWS)
    silent = desk.slack.of("chat.postMessage")
    clock.advance(seconds=31)
    desk.work()

    assert silent == []
    assert "2 new" in desk.said


def test_what_fails_again_and_again_is_given_up_and_said(desk: Desk, clock: FakeClock) -> None:
    desk.shelf.statuses = [503] * 9
    desk.send(ROWS)
    for _ in range(9):
        clock.advance(minutes=3)
        desk.work()

    assert "I tried five times, and failed." in desk.said
    assert len(desk.shelf.tokens) == 5


def test_what_was_typed_here_meanwhile_stays_and_is_remarked(desk: Desk) -> None:
    desk.send(ROWS)
    desk.press("store")
    desk.work()
    save_entry(desk.services, actor("U0PAM"), "OLD-02", 1, {"topic": "Money"})
    desk.send(ROWS.replace("start", "topic").replace("2026-02-28", "Cash"), "F2")

    view = desk.window("inventory_remarks", "F2")

    assert check_view(view) == []
    assert "changed here since the last import" in all_text(view["blocks"])


def test_who_writes_to_the_bot_is_told_once_a_day_what_it_understands(
    desk: Desk, clock: FakeClock
) -> None:
    for text in ("hello", "hello?"):
        desk.workspace.event(type="message", channel_type="im", user="U0SUE", text=text)
        deliver(desk.services, desk.slack)
    clock.advance(days=1)
    desk.workspace.event(type="message", channel_type="im", user="U0SUE", text="hello")
    deliver(desk.services, desk.slack)

    said = [one for one in desk.slack.of("chat.postMessage") if one["channel"] == "U0SUE"]
    assert len(said) == 2
    assert "/ai-status" in all_text(said[0]["blocks"])


@pytest.mark.parametrize(
    "event",
    [
        {"bot_id": "B1", "user": "U_BOT", "text": "Mine"},
        {"subtype": "message_changed", "message": {"user": "U0SUE", "text": "Other"}},
        {"subtype": "message_deleted"},
    ],
)
def test_its_own_messages_and_changes_are_answered_by_nothing(desk: Desk, event: View) -> None:
    desk.workspace.event(type="message", channel_type="im", **event)
    deliver(desk.services, desk.slack)

    assert desk.slack.of("chat.postMessage") == []


LEFT = {"id": "U0PAM", "real_name": "Pam Reyes", "deleted": True}
DEMOTED = {"id": "U0PAM", "real_name": "Pam Reyes", "is_restricted": True}


@pytest.mark.parametrize("became", [LEFT, DEMOTED])
def test_whether_its_sender_may_still_is_asked_when_the_file_is_stored(
    desk: Desk, slack: FakeSlack, became: View
) -> None:
    desk.send(ROWS)
    desk.press("store")

    slack.users["U0PAM"] = became
    desk.work()

    assert desk.registered() == ["OLD-01"]
    assert "Nothing was stored." in desk.said


def test_whoever_is_programme_manager_no_more_stores_nothing_and_undoes_nothing(
    desk: Desk, services: Services
) -> None:
    desk.send(ROWS)
    desk.press("store")
    desk.work()
    desk.send(ROWS.replace("Cash", "Notes"), "F2")
    desk.press("store", "F2")
    desk.press("undo", "F1")

    policies.adopt(services, TEAM, "Firm", a_policy(people={"programme_manager": "U0SUE"}))
    desk.work()
    desk.work("F2")

    assert len(desk.registered()) == 3
    assert "Only Sue, the programme manager, can import" in desk.said
