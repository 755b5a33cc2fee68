"""Where the bytes of files come in from the app, and go out to it."""

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox import files
from sandbox.sandbox import Sandbox
from sandbox.slack_error import SlackError
from sandbox.web_api import BOT_TOKEN, bearer
from sandbox.workspace import File

_SIGN_IN = (
    "<!doctype html><html lang=en><title>Slack</title><h1>Sign in to your workspace</h1>"
    "<p>Files are shown to members, and to apps that send their token.</p></html>"
)


def file_routes(sandbox: Sandbox) -> list[Route]:
    """Return the addresses that files have for the app."""
    served = _FileServer(sandbox)
    return [
        Route("/upload/v1/{name}", served.take, methods=["POST"]),
        Route("/files-pri/{key}/{name:path}", served.give),
        Route("/signin", _sign_in),
    ]


class _FileServer:
    """Takes files and gives them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def take(self, request: Request) -> Response:
        """Take the bytes of a file that was announced, raw or in a form."""
        name = request.path_params["name"]
        file = self._announced(name)
        if file is None:
            return PlainTextResponse("No such upload.", status_code=404)
        try:
            await self._keep(file, request)
        except ClientDisconnect:
            return Response()  # who sent has died in the middle; nobody hears this
        except SlackError as refusal:
            return PlainTextResponse(refusal.code, status_code=400)
        self._sandbox.tickets.uploads.pop(name, None)
        return PlainTextResponse(f"OK - {file.size}")

    async def give(self, request: Request) -> Response:
        """Give a file's bytes to the app, and the way to sign in to anybody else."""
        file = self._asked_for(request.path_params["key"])
        may_read = "files:read" in self._sandbox.manifest.scopes
        if bearer(request) != BOT_TOKEN or not may_read or file is None:
            address = f"/signin?redir={request.url.path}"
            return HTMLResponse(_SIGN_IN, status_code=302, headers={"Location": address})
        is_download = request.path_params["name"].startswith("download/")
        return FileResponse(
            files.path_of(self._sandbox.workspace, file),
            media_type=files.mimetype_of(file),
            filename=file.name,
            content_disposition_type="attachment" if is_download else "inline",
        )

    async def _keep(self, file: File, request: Request) -> None:
        workspace = self._sandbox.workspace
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            await files.keep(workspace, file, request.stream())
            return
        async with request.form() as form:
            sent = next((one for one in form.values() if isinstance(one, UploadFile)), None)
            if sent is None:
                raise SlackError("no_file_data")
            await files.keep(workspace, file, files.chunks_of(sent))

    def _announced(self, name: str) -> File | None:
        file_id = self._sandbox.tickets.uploads.get(name)
        return self._sandbox.workspace.files.get(file_id or "")

    def _asked_for(self, key: str) -> File | None:
        try:
            return files.find_file(self._sandbox.workspace, key.rpartition("-")[2])
        except SlackError:
            return None


async def _sign_in(request: Request) -> Response:
    return HTMLResponse(_SIGN_IN)
