"""Addresses to be reached at: read, and taken, or refused in a sentence."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from workflows.errors import UserError

_MOST_PORT = 65535
_MOST_DIGITS = 5


class AddressRefusedError(ValueError):
    """It is no address, or one that can't be taken; the message says why, and what helps."""


class NoAddressError(UserError):
    """The bot can't be reached where it is told to be; the message says why."""


def read_address(text: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT.

    Raises:
        AddressRefusedError: it is none.
    """
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")  # as an IPv6 address is written
    if not host:
        raise AddressRefusedError("write HOST:PORT, such as 127.0.0.1:9090")
    return host, read_port(port)


def read_port(text: str) -> int:
    """Return the port that a text names.

    Raises:
        AddressRefusedError: it is none.
    """
    is_short_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    if not is_short_number or not 1 <= int(text) <= _MOST_PORT:
        raise AddressRefusedError(f"the port has to be a whole number from 1 to {_MOST_PORT}")
    return int(text)


def take_address(text: str) -> socket.socket:
    """Return a socket that listens at HOST:PORT.

    Raises:
        AddressRefusedError: it is none, is taken, or can't be this machine's.
    """
    host, port = read_address(text)
    try:
        family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.create_server((str(where[0]), port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:  # UnicodeError: of a name that is none
        raise AddressRefusedError(_why(error, host, port)) from None
    # asyncio sets it only where the protocol was named; each answer would come 40 ms late.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return taken


@contextmanager
def listening_at(text: str | None, setting: str) -> Iterator[socket.socket | None]:
    """Hold a socket at HOST:PORT for as long as the block runs; None is nowhere.

    Raises:
        NoAddressError: names the setting, and says why it can't be held.
    """
    if text is None:
        yield None
        return
    try:
        taken = take_address(text)
    except AddressRefusedError as error:
        raise NoAddressError(f"{setting}: {error}") from None
    with taken:
        yield taken


def _why(error: Exception, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"no machine is called {host}"
    number = getattr(error, "errno", None) or 0
    if number == errno.EADDRINUSE:
        return f"port {port} is taken by something else; choose another"
    return f"{host}:{port} can't be listened at ({os.strerror(number)})"
