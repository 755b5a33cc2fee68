"""An inventory on its way through Slack: sent, asked about, stored, undone."""

from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from slack_sdk import WebClient

from sandbox.web_api import BOT_TOKEN
from storage import initiatives
from tests.acceptance.rig import DEPUTY, HEAD, LEAD, Json, Rig
from tests.factories import COORDINATION, a_policy
from tests.waiting import wait_until
from workflows.registry.entries import show_entry
from workflows.services import Actor

HEAD_DM = "D0HEAD"
TABLE = """Use cases of the firm;;;\n;;;\nTitel;Abteilung;Zweck;Beginn
Zahlungseingänge;Treasury;Vorhersagen, wer wann zahlt;03.04.2026
Streckenplanung;Logistik;Kürzere Wege für die Lieferung;28.02.2026
Ohne Abteilung;;Wem es gehört, ist offen;01.01.2026
"""


@pytest.fixture
def served(rig: Rig) -> Rig:
    """The bot at work for a company whose programme manager is Heda."""
    policy = a_policy(people={"programme_manager": HEAD})
    (rig.folder / "policy.yml").write_text(policy, encoding="utf-8")
    rig.start_on_socket()
    rig.import_company()
    client = WebClient(token=BOT_TOKEN, base_url=f"{rig.server.url}/api/")
    for person in (HEAD, LEAD):
        client.conversations_open(users=person)
    return rig


def send(rig: Rig, content: bytes, user: str = HEAD, name: str = "inventar.csv") -> str:
    place = f"D0{user.removeprefix('U0')}"
    encoded = b64encode(content).decode()
    rig.do("upload", user=user, channel=place, name=name, content_base64=encoded)
    return place


def answer(rig: Rig, containing: str, place: str = HEAD_DM, *, says: str = "") -> Json:
    """Wait until the newest message in a place says something, and return it."""

    def newest() -> Json | None:
        said: list[Json] = rig.ask("messages", channel=place)["messages"]
        blocks = str(said[-1].get("blocks")) if said else ""
        return said[-1] if containing in blocks and says in blocks else None

    found: Json = wait_until(newest)
    return found


def press(rig: Rig, message: Json, label: str, user: str = HEAD) -> Json:
    place = f"D0{user.removeprefix('U0')}"
    (actions,) = [block for block in message["blocks"] if block["type"] == "actions"]
    (found,) = [one for one in actions["elements"] if one["text"]["text"].startswith(label)]
    return rig.do(
        "press",
        user=user,
        channel=place,
        ts=message["ts"],
        block_id=actions["block_id"],
        action_id=found["action_id"],
        facts={"type": "button", "value": found["value"]},
    )


def keys(rig: Rig) -> list[str]:
    with rig.services.reading() as session:
        return sorted(key for key, _ in initiatives.keys(session, rig.team_id))


def test_an_inventory_is_sent_checked_stored_and_undone(served: Rig) -> None:
    send(served, TABLE.encode("cp1252"))

    checked = answer(served, "2 new")
    before = keys(served)
    press(served, checked, "Import 2")
    stored = answer(served, "is imported: 2 new")
    after = keys(served)
    press(served, stored, "Undo")
    undone = answer(served, "the import is undone")

    assert "windows-1252" in str(checked["blocks"])
    assert "2 rows above the headings" in str(checked["blocks"])
    assert "row 6: " in str(checked["blocks"])  # has no department
    assert checked["ts"] == stored["ts"] == undone["ts"]  # one message, changed
    assert len(after) == len(before) + 2
    assert keys(served) == before
    facts = show_entry(served.services, Actor(served.team_id, HEAD), "FIN-01").facts
    assert facts.name == "Forecast"
    assert "Zahlungseing" not in served.log


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_is_sent_and_stored(served: Rig) -> None:
    rows: list[list[object]] = [
        ["Title", "Department", "Start"],
        ["Cash forecast", "Treasury", date(2027, 4, 3)],
        ["Route plan", "Logistics", None],
    ]
    send(served, workbook(rows), name="inventory.xlsx")

    checked = answer(served, "2 new")
    press(served, checked, "Import 2")
    answer(served, "is imported: 2 new")

    assert "XLSX, sheet “Sheet”" in str(checked["blocks"])
    facts = show_entry(served.services, Actor(served.team_id, HEAD), "TRE-01").facts
    assert (facts.name, facts.starts_on) == ("Cash forecast", date(2027, 4, 3))


@pytest.mark.parametrize("lead", ["Dev <DEPUTY@firm.example>", DEPUTY, f"<@{DEPUTY}>"])
def test_people_are_found_by_their_emails_and_ids(served: Rig, lead: str) -> None:
    send(
        served,
        f"""Name,Department,Lead,Deputies
Rota,People,{lead},"lead@firm.example, nobody@firm.example"
""".encode(),
    )

    checked = answer(served, "1 new")
    press(served, checked, "Import 1")
    answer(served, "is imported: 1 new")

    says = "I know nobody whose email is “nobody@firm.example”, so they are left out"
    assert says in str(checked["blocks"])
    facts = show_entry(served.services, Actor(served.team_id, HEAD), "PEO-01").facts
    assert (facts.lead_id, facts.deputy_ids) == (DEPUTY, (LEAD,))


CASES = Path(__file__).parents[1] / "inventories"
COMES_OF = {  # what is said of each inventory when it is sent; see tests/bot/test_inventory_cases
    "k_case.csv": ["3 new", "row 3", "row 2 has the key AB-1 already, so this one gets a new key"],
    "status.csv": [
        "What stages do these words stand for?",
        "In Progress (1), Completed (1), Undeployed (1)",
    ],
    "money.csv": ["4 new", "“(500)” is negative", "“1,234.567” has more than two decimals"],
    "dates.csv": ["Its dates can be read both ways"],
    "msp.csv": ["3 new", "Start: “Start”", "“Task Mode” (3 cells)", "“Duration” (3 cells)"],
    "code.csv": ["5 new", "Department: “Agency Name”", "“Agency Code”"],
    "under.csv": ["3 new", "Name: “initiative_name”", "Key: “initiative_id”"],
    "camel.csv": ["3 new", "Name: “InitiativeName”", "Key: “InitiativeId”"],
    "jira.csv": ["Which column holds the department?", "“Project name”?", "To Do", "“Issue Type”"],
    "de.csv": ["in Umsetzung (1), abgeschlossen (1)", "Name: “Projektname”", "“Fachbereich”"],
    "fr.csv": ["En cours (1), Terminé (1)", "Name: “Nom du projet”", "“Direction”"],
    "keyform.csv": ["6 new", "“ABC - 5” can't be a key here, so it is entered as ABC-5"],
    "enc_nbsp2.csv": ["2 new", "windows-1252"],
    "total.csv": ["2 new", "No initiatives, so left out: row 6, 7."],
    "deps.csv": ["3 new", "A-2 and A-1 would wait for each other in a circle, so this is left out"],
    "long.csv": ["2 new", "cut at 2,996 of 3,499 characters"],
    "x000d.csv": ["1 new", "First line_x000D_ second line"],
}


def test_of_every_inventory_that_is_sent_it_is_said_what_comes_of_it(served: Rig) -> None:
    assert COMES_OF.keys() == {path.name for path in CASES.glob("*.csv")}

    for name, says in COMES_OF.items():
        send(served, (CASES / name).read_bytes(), name=name)
        message = str(answer(served, name, says=says[0])["blocks"])
        assert [one for one in says if one not in message] == [], message


def test_a_text_that_was_cut_is_read_whole_in_its_entry_until_the_import_is_undone(
    served: Rig,
) -> None:
    whole = " ".join(f"word{number}" for number in range(1200)) + " & <!channel>"
    file = served.folder / "long.csv"
    file.write_text(f"Name,Department,Purpose\nReader,Treasury,{whole}\n", encoding="utf-8")

    done = served.run("import", "inventory", str(file), "--yes")
    entry = shown(served, "TRE-01")
    pressed = served.do("press", user=HEAD, channel=COORDINATION, **_click(entry, "Read the whole"))
    pages = [served.top_view(HEAD)]
    assert pages[0] is not None, pressed
    turn = _click(pages[0], "Next")
    served.do("press", user=HEAD, view_id=pages[0]["id"], **{**turn, "ts": ""})
    pages.append(served.top_view(HEAD))
    undone = served.run("import", "undo")

    assert f"of {len(whole):,} characters; the whole can be read in its entry" in " ".join(
        done.stdout.split()
    )
    assert f"(the first 900 of {len(whole):,} characters)" in str(entry["blocks"])
    assert "".join(_read(page) for page in pages if page) == whole
    assert "1 removed" in undone.stdout
    assert "I can't find an initiative" in str(shown(served, "TRE-01")["blocks"])
    assert "word1" not in served.log


def shown(rig: Rig, key: str) -> Json:
    """Have an entry shown by the command, and return the message."""
    rig.do("command", user=HEAD, channel=COORDINATION, text=f"/ai-project show {key}")
    said: list[Json] = rig.ask("messages", channel=COORDINATION)["messages"]
    return [one for one in said if one.get("ephemeral_to") == HEAD][-1]


def _click(shown: Json, label: str) -> Json:
    """Return what presses a button of a message or a window."""
    (block, found), *_ = [
        (block, one)
        for block in shown["blocks"]
        if block["type"] == "actions"
        for one in block["elements"]
        if one["text"]["text"].startswith(label)
    ]
    facts = {"type": "button", "value": found["value"]}
    ids = {"block_id": block["block_id"], "action_id": found["action_id"], "facts": facts}
    return ids | {"ts": shown.get("ts", "")}


def _read(view: Json) -> str:
    texts = [block for block in view["blocks"] if block["type"] == "rich_text"]
    parts = [part for block in texts for part in block["elements"][0]["elements"]]
    return "".join(part["text"] for part in parts if "style" not in part)


def test_what_the_words_of_a_stage_column_mean_is_said_in_a_window(served: Rig) -> None:
    send(served, (CASES / "status.csv").read_bytes(), name="status.csv")
    asked = answer(served, "What stages do these words stand for?")
    press(served, asked, "Answer")
    opened = served.top_view(HEAD)
    assert opened is not None
    put_forward = {
        block["label"]["text"]: block["element"].get("initial_option", {}).get("value")
        for block in opened["blocks"]
        if block.get("block_id", "").startswith("stage_")
    }
    served.do("submit", user=HEAD, view_id=opened["id"])
    checked = answer(served, "7 new")
    press(served, checked, "Import 7")
    answer(served, "is imported: 7 new")

    assert put_forward == {
        "Stage “In Progress” (1 row) is": "pilot",
        "Stage “Completed” (1 row) is": "production",
        "Stage “Undeployed” (1 row) is": None,
    }
    stages = {
        key: show_entry(served.services, Actor(served.team_id, HEAD), key).facts.stage
        for key in ("FIN-02", "LOG-01", "IT-04")
    }
    assert stages == {"FIN-02": "pilot", "LOG-01": "production", "IT-04": "proposed"}
    assert "I don't know the stage “Undeployed”, so it is entered as proposed" in str(
        checked["blocks"]
    )


def test_who_is_not_the_programme_manager_is_told_whom_to_send_it_to(served: Rig) -> None:
    place = send(served, TABLE.encode(), user=LEAD)

    answer(served, "Only Heda Moor, the programme manager, can import an inventory.", place)


def test_killed_while_it_stores_a_restart_stores_it_once(served: Rig) -> None:
    send(served, TABLE.encode())
    checked = answer(served, "2 new")
    bot = served.bots[-1]
    press(served, checked, "Import 2")
    bot.kill()
    bot.wait()
    wait_until(lambda: served.open_sockets() == 0)
    served.start_on_socket()
    clock = served.sandbox.workspace.clock
    clock.move_to(clock.now() + timedelta(minutes=3))

    answer(served, "is imported: 2 new")
    assert len(keys(served)) == 4
