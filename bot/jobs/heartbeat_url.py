"""The dead man's switch: somebody outside is told that all is well, and notices when not."""

import urllib.error
import urllib.request

import structlog

from workflows.heartbeat import is_fresh, last_sweep
from workflows.services import Services

_TIMEOUT_SECONDS = 10
_log = structlog.get_logger("rollcall.heartbeat")


class Heart:
    """Calls an address for as long as sweeps go through; None calls nobody."""

    def __init__(self, url: str | None) -> None:
        self._url = url

    def beat(self, services: Services) -> bool:
        """Call the address if the sweep is fresh; return whether it answered."""
        last = last_sweep(services)
        if self._url is None or last is None:
            return False
        if not is_fresh(last, services.now()):
            return False
        try:
            with urllib.request.urlopen(self._url, timeout=_TIMEOUT_SECONDS):
                return True
        except (urllib.error.URLError, OSError) as error:
            _log.warning("heartbeat_untold", error=type(error).__name__)
            return False
