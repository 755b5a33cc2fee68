"""Addresses to answer at, which come with what people do: used under Slack's own host alone."""

import re
from typing import Any
from urllib.parse import urlsplit

_HOOKS = "hooks.slack.com"
_PLAIN = re.compile(r"[!-~]+")  # no space, no control character: all read it the same


def is_slacks(url: object, api_url: str) -> bool:
    """Tell whether an address is at Slack, or at the host that SLACK_API_URL names."""
    if not isinstance(url, str) or not _PLAIN.fullmatch(url) or "\\" in url or "@" in url:
        return False
    try:
        asked, api = urlsplit(url), urlsplit(api_url)
        asked.port  # noqa: B018  (reading it checks it)
    except ValueError:
        return False
    if asked.hostname == api.hostname:
        return asked.scheme in ("https", api.scheme)
    return asked.scheme == "https" and asked.hostname in (_HOOKS, f"hooks.{api.hostname}")


def without_foreign(body: dict[str, Any], api_url: str) -> dict[str, Any]:
    """Return a body without the addresses that are not Slack's."""
    foreign = {
        name
        for name in ("response_url", "response_urls")
        if not all(is_slacks(url, api_url) for url in _urls(body.get(name)))
    }
    return {name: held for name, held in body.items() if name not in foreign}


def _urls(given: object) -> list[object]:
    if not isinstance(given, list):
        return [given]
    return [one.get("response_url") if isinstance(one, dict) else None for one in given]
