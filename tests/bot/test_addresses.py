"""Where the bot is to be reached: a port that is none or taken is a sentence, before anything."""

import socket

import pytest

from bot.addresses import AddressRefusedError, read_address, take_address
from tests.cli import Cli

WRONG = [
    ("3000", "write HOST:PORT"),
    (":3000", "write HOST:PORT"),
    ("127.0.0.1:", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:abc", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:0", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:-1", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:65536", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:99999", "the port has to be a whole number from 1 to 65535"),
    ("127.0.0.1:" + "9" * 5000, "the port has to be a whole number from 1 to 65535"),
    ("no such host:3000", "no machine is called no such host"),
    ("a" * 100 + ":3000", f"no machine is called {'a' * 100}"),
    ("192.0.2.1:3000", "192.0.2.1:3000 can't be listened at (Cannot assign requested address)"),
]


@pytest.mark.parametrize(("address", "why"), WRONG)
def test_an_address_that_can_not_be_taken_is_refused_with_why(address: str, why: str) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        take_address(address)

    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("localhost:65535", ("localhost", 65535)),
        ("[::1]:3000", ("::1", 3000)),
        (" 0.0.0.0:3000\n", ("0.0.0.0", 3000)),
    ],
)
def test_an_address_is_read(text: str, read: tuple[str, int]) -> None:
    assert read_address(text) == read


@pytest.mark.parametrize("address", ["3000", "127.0.0.1:99999", "127.0.0.1:abc"])
@pytest.mark.parametrize("setting", ["HEALTH_ADDRESS", "--http"])
def test_serving_at_an_address_that_is_none_is_refused(
    migrated: Cli, setting: str, address: str
) -> None:
    said = refused_at(migrated, setting, address)

    assert said.startswith(f"{setting}: ")
    assert "write HOST:PORT" in said or "a whole number from 1 to 65535" in said


@pytest.mark.parametrize("setting", ["HEALTH_ADDRESS", "--http"])
def test_serving_at_a_port_that_is_taken_is_refused_before_slack_is_asked(
    migrated: Cli, setting: str
) -> None:
    migrated.settings["SLACK_API_URL"] = "http://127.0.0.1:1/"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        said = refused_at(migrated, setting, f"127.0.0.1:{port}")

    assert said == f"{setting}: port {port} is taken by something else; choose another\n"


def refused_at(cli: Cli, setting: str, address: str) -> str:
    cli.settings["SLACK_SIGNING_SECRET"] = "secret"
    if setting == "--http":
        return cli.refused("serve", "--http", address)
    cli.settings[setting] = address
    return cli.refused("serve")
