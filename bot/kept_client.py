"""Slack's client on connections that are kept open."""

from email.message import Message
from io import BytesIO
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, getproxies, proxy_bypass

from slack_sdk import WebClient
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, make_headers
from urllib3.exceptions import HTTPError as PoolError
from urllib3.exceptions import TimeoutError as PoolTimeout
from urllib3.util import Timeout, parse_url

_MOST_KEPT = 16  # connections to one host; more threads than that wait for none, and keep none
_FAILED = 400


class KeptClient(WebClient):
    """A client whose calls share connections; slack-sdk opens one for each.

    Nothing is sent twice: what fails on a connection that Slack closed at that instant is
    unanswered, as any other call is whose answer was lost.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pool = self._new_pool()

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """Send a request in the way of slack-sdk, which reads answers and errors of urllib."""
        try:
            response = self._pool.request(
                req.get_method(),
                url,
                body=req.data if isinstance(req.data, bytes) else None,
                headers=dict(req.header_items()),
                timeout=Timeout(total=self.timeout),
                retries=False,
                redirect=False,
            )
        except PoolError as error:
            raise _as_urllib(error) from error
        if response.status >= _FAILED:
            raise HTTPError(url, response.status, "", _headers(response), BytesIO(response.data))
        body = response.data.decode("utf-8", "replace")
        return {"status": response.status, "headers": _headers(response), "body": body}

    def _new_pool(self) -> PoolManager:
        """Return where connections are kept; proxies are the environment's, as with urllib."""
        parts = urlsplit(self.base_url)
        proxy = self.proxy or getproxies().get(parts.scheme)
        kept: dict[str, Any] = {"maxsize": _MOST_KEPT, "ssl_context": self.ssl}
        if not proxy or proxy_bypass(parts.hostname or ""):
            return PoolManager(**kept)
        credentials = parse_url(proxy).auth
        headers = make_headers(proxy_basic_auth=credentials) if credentials else None
        return ProxyManager(proxy, proxy_headers=headers, **kept)


def _as_urllib(error: PoolError) -> OSError:
    """Return what urllib would have raised."""
    causes = (one for one in error.args if isinstance(one, OSError))
    if isinstance(error, PoolTimeout):
        return TimeoutError()
    return next(causes, URLError(type(error).__name__))


def _headers(response: BaseHTTPResponse) -> Message:
    """Return headers in the class that slack-sdk asks for the charset."""
    headers = Message()
    for name, value in response.headers.items():
        headers[name] = value
    return headers
