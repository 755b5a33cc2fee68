"""Timezones by their IANA name."""

from functools import cache
from zoneinfo import ZoneInfo


@cache  # looked up for every person and policy; there are some six hundred
def is_zone(name: str) -> bool:
    """Return whether there is a timezone of that name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # zoneinfo's own error is a KeyError
        return False
    return True
