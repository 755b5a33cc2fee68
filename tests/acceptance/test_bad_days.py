"""Bad days at the door: what can't be worked on yet isn't lost, and who waits gets a sentence."""

import psycopg
import pytest
from slack_sdk import WebClient
from sqlalchemy import make_url

from sandbox.web_api import BOT_TOKEN
from tests.acceptance.rig import LEAD, Rig
from tests.factories import COORDINATION
from tests.waiting import wait_until

LEAD_DM = "D0LEAD"
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
# What the bot rightly complains of while its database is away.
COMPLAINTS = {"listener_failed", "job_failed", "sweep_failed", "delivery_failed"}


@pytest.fixture
def served(rig: Rig) -> Rig:
    """The bot at work, the company imported, and Lena's direct message opened."""
    rig.start_on_socket()
    rig.import_company()
    client = WebClient(token=BOT_TOKEN, base_url=f"{rig.server.url}/api/")
    client.conversations_open(users=LEAD)
    return rig


def told(rig: Rig, text: str) -> str:
    """Type a command, and return what only Lena is shown."""
    rig.do("command", user=LEAD, channel=COORDINATION, text=text)
    said = rig.ask("messages", channel=COORDINATION)["messages"]
    return str([one["blocks"] for one in said if one.get("ephemeral_to") == LEAD][-1:])


def test_while_slack_doesn_t_say_who_we_are_events_are_worked_on_and_commands_answered(
    served: Rig,
) -> None:
    served.do("faults", method="auth.test", kind="server_error", times=1000)

    served.do("message", user=LEAD, channel=LEAD_DM, text="Hello")
    answer = told(served, "/ai-status missing")

    assert "Invoices" in answer
    wait_until(lambda: len(served.texts(LEAD_DM)) == 2)  # what she said, and the answer to it
    asked = [call["method"] for call in served.ask("calls")["calls"]]
    assert asked.count("auth.test") == 1  # as it started


class Database:
    """A database of a server that can let nobody in any more."""

    def __init__(self, url: str) -> None:
        here = make_url(url).set(drivername="postgresql")
        self._name = here.database
        self._server = here.set(database="postgres").render_as_string(hide_password=False)

    def deny(self) -> None:
        self._run(f'ALTER DATABASE "{self._name}" WITH ALLOW_CONNECTIONS false')
        backends = f"SELECT pid FROM pg_stat_activity WHERE datname = '{self._name}'"
        self._run(f"SELECT pg_terminate_backend(pid) FROM ({backends}) AS theirs")

    def allow(self) -> None:
        self._run(f'ALTER DATABASE "{self._name}" WITH ALLOW_CONNECTIONS true')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.encode())


@only_postgresql
def test_an_event_waits_for_the_database_and_a_command_gets_a_sentence(served: Rig) -> None:
    served.expected_errors |= COMPLAINTS
    database = Database(served.database_url)
    database.deny()

    answer = told(served, "/ai-status missing")
    # As Slack does, only sooner; told twice, it is worked on once.
    served.sandbox.events.retry_after_seconds = [0.1] * 3000
    served.sandbox.sockets.ack_seconds = 1
    served.do("message", user=LEAD, channel=LEAD_DM, text="Hello")
    wait_until(lambda: served.log.count("kind=message") >= 2)  # it came again
    database.allow()

    assert "What you filed before is safe" in answer
    wait_until(lambda: len(served.texts(LEAD_DM)) == 2)
