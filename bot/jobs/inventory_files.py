"""Fetching the inventories that people sent, and having them checked, stored and undone."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.people import find_people, read_again
from bot.workspaces import Workspaces
from storage.models import FileState, InventoryFile
from workflows.errors import TableUnreadableError
from workflows.inventory import working
from workflows.services import Services

MOST_BYTES = 20_000_000
_TIMEOUT_SECONDS = 30
_PIECE_BYTES = 256 * 1024
_GONE = {
    "file_not_found": "I can't see it any more. Please send it again.",
    "file_deleted": "It was deleted before I had read it. Please send it again.",
    "missing_scope": "I lack the permission to read files. Have the app installed again from its "
    "manifest.",
}
_log = structlog.get_logger("rollcall.files")


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: the token would go along."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow no redirect."""
        return


_opener = build_opener(_NoRedirect)


def work_on_files(services: Services, workspaces: Workspaces) -> int:
    """Do what there is to do with files that people sent, and return how many it was."""
    count = 0
    while (file := working.take_up(services, workspaces.ids)) is not None:
        count += 1
        try:
            _work_on(services, workspaces[file.workspace_id].posting, file)
        except TableUnreadableError as error:
            working.refuse(services, file, str(error))
        except (SlackApiError, SlackClientError, OSError) as error:
            _log.warning("file_unread", file=file.file_id, error=type(error).__name__)
            working.put_off(services, file)
        else:
            _log.info("file_done", file=file.file_id, state=file.state)
    return count


def _work_on(services: Services, client: WebClient, file: InventoryFile) -> None:
    read_again(services, client, file.workspace_id, file.user_id)
    if file.state is FileState.WITHDRAWN:
        working.undo_file(services, file)
        return
    with TemporaryDirectory(prefix="rollcall-") as folder:
        path = Path(folder) / "inventory"
        _fetch(client, file.file_id, path)
        work = working.check_file if file.state is FileState.ARRIVED else working.store_file
        find = partial(find_people, services, client, file.workspace_id)
        work(services, file, path, find)


def _fetch(client: WebClient, file_id: str, path: Path) -> None:
    """Write the bytes of a file down.

    Raises:
        TableUnreadableError: it is gone, or too large, or kept elsewhere.
        SlackApiError, SlackClientError, OSError: it may be had later.
    """
    try:
        told = client.files_info(file=file_id)["file"]
    except SlackApiError as error:
        if (reason := _GONE.get(error.response["error"])) is None:
            raise
        raise TableUnreadableError(reason) from None
    if told.get("size", 0) > MOST_BYTES:
        raise TableUnreadableError(
            f"It has {told['size'] / 1e6:,.0f} MB; up to {MOST_BYTES / 1e6:,.0f} MB can be taken "
            "here. Whoever runs me takes larger ones in: rollcall import inventory FILE"
        )
    url = told.get("url_private_download") or ""
    if told.get("is_external") or not _is_slacks(url, client.base_url):
        raise TableUnreadableError("It is kept outside Slack. Please send the file itself.")
    _download(url, client.token or "", path)


def _is_slacks(url: str, api_url: str) -> bool:
    """Tell whether an address is Slack's own: the token goes to nobody else."""
    asked, known = urlsplit(url), urlsplit(api_url)
    if (asked.scheme, asked.netloc) == (known.scheme, known.netloc):
        return True
    return asked.scheme == "https" and (asked.hostname or "").endswith(".slack.com")


def _download(url: str, token: str, path: Path) -> None:
    request = Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with _opener.open(request, timeout=_TIMEOUT_SECONDS) as answer, path.open("wb") as file:
            received = 0
            while piece := answer.read(_PIECE_BYTES):
                received += len(piece)
                if received > MOST_BYTES:
                    raise TableUnreadableError("It is larger than Slack said. Please send it anew.")
                file.write(piece)
    except HTTPError as error:
        if error.code // 100 == 5 or error.code == 429:
            raise
        raise TableUnreadableError(
            f"Slack doesn't give it to me (HTTP {error.code}). Have the app installed again from "
            "its manifest, and send the file again."
        ) from None
