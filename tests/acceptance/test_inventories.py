"""An inventory on its way through Slack: sent, asked about, stored, undone."""

from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook
from slack_sdk import WebClient

from sandbox.web_api import BOT_TOKEN
from storage import initiatives
from tests.acceptance.rig import HEAD, LEAD, Json, Rig
from tests.factories import a_policy
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


def answer(rig: Rig, containing: str, place: str = HEAD_DM) -> Json:
    """Wait until the newest message in a place says something, and return it."""

    def newest() -> Json | None:
        said: list[Json] = rig.ask("messages", channel=place)["messages"]
        return said[-1] if said and containing in str(said[-1].get("blocks")) else None

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
    press(served, checked, "Store 2")
    stored = answer(served, "is stored: 2 new")
    after = keys(served)
    press(served, stored, "Undo")
    undone = answer(served, "is undone")

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
    press(served, checked, "Store 2")
    answer(served, "is stored: 2 new")

    assert "XLSX, sheet “Sheet”" in str(checked["blocks"])
    facts = show_entry(served.services, Actor(served.team_id, HEAD), "TRE-01").facts
    assert (facts.name, facts.starts_on) == ("Cash forecast", date(2027, 4, 3))


def test_who_is_not_the_programme_manager_is_told_whom_to_send_it_to(served: Rig) -> None:
    place = send(served, TABLE.encode(), user=LEAD)

    answer(served, "Inventories are taken in by the programme manager, Heda Moor.", place)


def test_killed_while_it_stores_a_restart_stores_it_once(served: Rig) -> None:
    send(served, TABLE.encode())
    checked = answer(served, "2 new")
    bot = served.bots[-1]
    press(served, checked, "Store 2")
    bot.kill()
    bot.wait()
    wait_until(lambda: served.open_sockets() == 0)
    served.start_on_socket()
    clock = served.sandbox.workspace.clock
    clock.move_to(clock.now() + timedelta(minutes=3))

    answer(served, "is stored: 2 new")
    assert len(keys(served)) == 4
