"""The bot as it runs anywhere: a process, a socket, a database; seen from the workspace."""

import signal
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from storage.engine import transactions
from storage.models import PolicyVersion
from tests.acceptance.rig import DEPUTY, HEAD, LEAD, Rig
from tests.factories import COORDINATION, a_policy
from tests.waiting import PATIENCE_SECONDS, wait_until

LEAD_DM, DEPUTY_DM, HEAD_DM = "D0LEAD", "D0DEPUTY", "D0HEAD"
MONDAY_MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 10:00 in New York
MONDAY_NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY_CALL = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
THURSDAY_NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def policies_of(rig: Rig) -> list[str]:
    """Return every policy that was ever in force."""
    with transactions(rig.engine)() as session:
        return list(session.exec(select(PolicyVersion.document)))


@pytest.fixture
def served(rig: Rig) -> Rig:
    """The bot at work, the company imported."""
    rig.start_on_socket()
    rig.import_company()
    return rig


def test_a_week_from_the_prompt_to_the_digest(served: Rig) -> None:
    served.move_clock_to(MONDAY_NIGHT)
    form = served.open_form(LEAD)
    served.fill(LEAD, form, progress="We *shipped* <!channel> & it holds")
    served.choose_on_track(LEAD, form)
    filed = served.do("submit", user=LEAD, view_id=form["id"])
    served.move_clock_to(WEDNESDAY_CALL)
    served.move_clock_to(THURSDAY_NOON)

    assert "Filed: *" in str(filed["views"][-1]["blocks"])
    assert len(served.texts(LEAD_DM)) == 1  # the prompt; no reminder of what is done
    assert len(served.texts(DEPUTY_DM)) == 2  # the prompt and the reminder
    (summary,) = served.ask("messages", channel=COORDINATION)["messages"]
    assert "1 of 2 filed" in str(summary["blocks"])
    assert summary["metadata"]["event_payload"] == {"key": "summary:2026-11-25"}
    (digest,) = served.ask("messages", channel=HEAD_DM)["messages"]
    assert "FIN-02" in str(digest["blocks"])
    assert "shipped" not in served.log
    assert [call for call in served.ask("calls")["calls"] if call["error"]] == []


@only_sqlite
def test_the_command_imports_what_the_process_then_serves(rig: Rig) -> None:
    rig.start_on_socket()

    imported = rig.run("import", str(rig.folder / "initiatives.csv"))

    assert imported.returncode == 0, imported.stderr
    assert "2 new" in imported.stdout
    assert rig.open_form(LEAD)["callback_id"] == "update_form"


@only_sqlite
def test_an_import_adopts_the_policy_only_where_none_is_set(rig: Rig) -> None:
    file = str(rig.folder / "initiatives.csv")
    rig.run("import", file)
    first = policies_of(rig)
    (rig.folder / "policy.yml").write_text(a_policy(update={"words": 100}), encoding="utf-8")

    again = rig.run("import", file)

    assert again.returncode == 0, again.stderr
    assert (first, policies_of(rig)) == ([a_policy()], [a_policy()])


@only_sqlite
def test_told_to_stop_it_finishes_and_ends_well(rig: Rig) -> None:
    bot = rig.start_on_socket()

    bot.send_signal(signal.SIGTERM)

    assert bot.wait(timeout=PATIENCE_SECONDS) == 0
    wait_until(lambda: rig.open_sockets() == 0)


@only_sqlite
def test_a_dropped_socket_is_opened_again_and_commands_are_answered(served: Rig) -> None:
    served.do("sockets", drop=True)
    wait_until(lambda: served.open_sockets() == 0)
    wait_until(served.open_sockets)

    form = served.open_form(LEAD)

    assert form["callback_id"] == "update_form"


@only_sqlite
def test_asked_to_connect_again_it_loses_no_command(served: Rig) -> None:
    served.do("sockets", refresh=True)

    wait_until(lambda: any(one["number"] > 1 for one in served.ask("state")["sockets"]))

    assert served.open_form(LEAD)["callback_id"] == "update_form"


def test_killed_between_slack_s_taking_a_message_and_the_record_it_sends_none_twice(
    served: Rig,
) -> None:
    # Slack has the message and the bot never hears so: it dies while it waits for the answer.
    served.do("faults", method="chat.postMessage", kind="slow", seconds=30)
    served.sandbox.workspace.clock.move_to(MONDAY_MORNING)
    wait_until(lambda: served.texts(LEAD_DM))
    served.bots[-1].kill()
    served.bots[-1].wait()
    wait_until(lambda: served.open_sockets() == 0)

    served.start_on_socket()
    served.sandbox.workspace.clock.move_to(MONDAY_MORNING.replace(minute=2))
    wait_until(lambda: "message_found" in served.log)
    served.move_clock_to(MONDAY_NIGHT)

    assert len(served.texts(LEAD_DM)) == 1


@only_sqlite
def test_a_second_process_on_the_same_sqlite_file_is_refused(rig: Rig) -> None:
    first = rig.start_on_socket()

    refused = rig.run("serve")
    first.kill()
    first.wait()
    wait_until(lambda: rig.open_sockets() == 0)
    rig.start_on_socket()  # the lock went with its process

    assert refused.returncode == 1
    assert "another Rollcall serves this SQLite file" in refused.stderr


@only_sqlite
def test_the_home_is_drawn_when_somebody_looks_at_it(served: Rig) -> None:
    served.do("home", user=LEAD)

    home = wait_until(lambda: served.ask("views", user=LEAD)["home"])

    assert "FIN-01" in str(home["blocks"])
    assert home["type"] == "home"


@only_sqlite
@pytest.mark.parametrize(
    ("user", "expected"), [(HEAD, "You have no updates to file."), (DEPUTY, "FIN-02")]
)
def test_everybody_gets_an_answer(served: Rig, user: str, expected: str) -> None:
    served.do("command", user=user, channel=COORDINATION, text="/ai-status")

    shown = served.top_view(user) or served.ask("messages", channel=COORDINATION)
    assert expected in str(shown)
