"""A socket that dies without a goodbye, through the real process: noticed, told, replaced."""

import httpx
import pytest

from tests.acceptance.rig import LEAD, Rig
from tests.waiting import free_port, wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def served(rig: Rig) -> Rig:
    rig.settings["HEALTH_ADDRESS"] = f"127.0.0.1:{free_port()}"
    rig.start_on_socket()
    rig.import_company()
    wait_until(lambda: not faults(rig))
    return rig


def faults(rig: Rig) -> dict[str, str]:
    told: dict[str, str] = httpx.get(f"http://{rig.settings['HEALTH_ADDRESS']}/readyz").json()
    return told["faults"]  # type: ignore[return-value]


def is_replaced(rig: Rig) -> bool:
    return any(one["number"] > 1 for one in rig.ask("state")["sockets"])


@pytest.mark.parametrize("trouble", ["cut", "silence", "drop"])
def test_a_dead_socket_is_replaced_and_the_next_command_is_answered(
    served: Rig, trouble: str
) -> None:
    served.do("sockets", **{trouble: True})
    wait_until(lambda: is_replaced(served))

    form = served.open_form(LEAD)

    assert form["callback_id"] == "update_form"
    wait_until(lambda: not faults(served))
    assert trouble == "drop" or "socket_dead" in served.log


def test_it_is_not_ready_while_no_socket_can_be_opened(served: Rig) -> None:
    served.expected_errors.add("Failed to retrieve WSS URL")
    served.do("faults", method="apps.connections.open", kind="server_error", times=2)

    served.do("sockets", cut=True)

    wait_until(lambda: "slack" in faults(served))
    wait_until(lambda: is_replaced(served) and not faults(served))
