"""Slack's signature of a request, checked over the bytes that came.

The SDK's verifier decodes body and header first, and raises where that fails; here nothing can.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

FRESH_SECONDS = 300  # Slack's own advice: what is older may be somebody's recording
_TIMESTAMP = re.compile(rb"[0-9]{1,12}")


def fault_of(
    secret: str, headers: Iterable[tuple[bytes, bytes]], body: bytes, now: float
) -> str | None:
    """Return in a word what is wrong with a request's signature, or None.

    `now` is in seconds since 1970. Header names are in small letters, as ASGI has them.
    """
    given = list(headers)
    timestamp = _only(given, b"x-slack-request-timestamp")
    signature = _only(given, b"x-slack-signature")
    if not signature or not _TIMESTAMP.fullmatch(timestamp):
        return "unsigned"
    if abs(now - int(timestamp)) > FRESH_SECONDS:
        return "stale"
    signed = b"v0:" + timestamp + b":" + body
    right = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return None if hmac.compare_digest(right.encode(), signature) else "forged"


def _only(headers: list[tuple[bytes, bytes]], name: bytes) -> bytes:
    """Return a header that came once; of two, nobody could say which is meant."""
    found = [value for given, value in headers if given == name]
    return found[0] if len(found) == 1 else b""
