"""Numbers of the command line, refused in the words of everything else."""

import typer

from bot.addresses import AddressRefusedError, read_port

_MOST_DIGITS = 9


def port(text: str) -> int:
    """Return the port that a text names."""
    try:
        return read_port(str(text))
    except AddressRefusedError as error:
        raise typer.BadParameter(f"{error}.") from None


def count(text: str) -> int:
    """Return the number, one at least, that a text names."""
    text = str(text)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    if not is_number or int(text) == 0:
        raise typer.BadParameter("write a whole number, 1 or more.")
    return int(text)
