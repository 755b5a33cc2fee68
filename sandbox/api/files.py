"""files.*: announcing what is uploaded, finishing, telling of it, taking it back."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sandbox import files
from sandbox.api.method import Arguments, Call, JsonList, Method, checked_blocks, from_json
from sandbox.conversations import open_channel, say, thread_in
from sandbox.slack_error import SlackError, invalid
from sandbox.workspace import Channel, File, Json

_LONGEST_ALT_TEXT = 1000  # characters
_LARGEST_SNIPPET = 1024 * 1024  # bytes
_MOST_CHANNELS = 100
_SNIPPETS = {
    "auto", "text", "applescript", "boxnote", "c", "csharp", "cpp", "css", "csv", "clojure",
    "coffeescript", "cfm", "d", "dart", "diff", "dockerfile", "elixir", "erlang", "fortran",
    "fsharp", "go", "groovy", "haskell", "haxe", "html", "handlebars", "java", "javascript",
    "json", "kotlin", "latex", "lisp", "lua", "markdown", "matlab", "mumps", "objc", "ocaml",
    "pascal", "perl", "php", "pig", "post", "powershell", "puppet", "python", "r", "ruby", "rust",
    "sass", "scala", "scheme", "shell", "smalltalk", "sql", "swift", "tsv", "typescript", "vb",
    "vbscript", "velocity", "verilog", "xml", "yaml",
}  # fmt: skip


class _Announced(Arguments):
    filename: Annotated[str, Field(min_length=1)]
    length: Annotated[int, Field(ge=0)]
    alt_txt: str = ""
    snippet_type: str | None = None


class _Finished(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    title: str | None = None
    highlight_type: str | None = None


class _Complete(Arguments):
    files: Annotated[list[_Finished], BeforeValidator(from_json), Field(min_length=1)]
    channel_id: str | None = None
    channels: str | None = None  # ids with commas between them
    initial_comment: str | None = None
    thread_ts: str | None = None
    blocks: JsonList | None = None


class _File(Arguments):
    file: str


class _Info(_File):
    count: int | None = None
    cursor: str | None = None
    limit: int | None = None
    page: int | None = None


def get_upload_url(call: Call, asked: _Announced) -> Json:
    """Hand out an address that takes so many bytes."""
    _check_announced(asked)
    workspace = call.workspace
    file = files.new_file(
        workspace, workspace.bot_user_id, asked.filename, asked.length, asked.alt_txt
    )
    file.is_snippet = asked.snippet_type is not None
    name = call.tickets.issue_upload(file.id)
    return {"upload_url": f"http://{call.host}/upload/v1/{name}", "file_id": file.id}


def complete_upload(call: Call, asked: _Complete) -> Json:
    """Finish uploads, and share them in one message where a place is named."""
    workspace = call.workspace
    finished = [(_awaited(call, one.id), one.title) for one in asked.files]
    places = [(place, thread_in(place, asked.thread_ts)) for place in _places(call, asked)]
    blocks = [] if asked.initial_comment else checked_blocks(workspace, asked.blocks)
    for file, title in finished:
        file.is_complete, file.title = True, title or file.name
    for place, thread_ts in places:
        say(
            workspace,
            place,
            workspace.bot_user_id,
            asked.initial_comment or "",
            blocks=blocks,
            thread_ts=thread_ts,
            file_ids=[file.id for file, _ in finished],
        )
    return {"files": [files.as_json(workspace, file) for file, _ in finished]}


def info(call: Call, asked: _Info) -> Json:
    """Tell of a file."""
    file = files.find_file(call.workspace, asked.file)
    told = files.as_json(call.workspace, file)
    return {"file": told, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(call: Call, asked: _File) -> Json:
    """Take back a file of the app's own."""
    file = files.find_file(call.workspace, asked.file)
    if file.user_id != call.workspace.bot_user_id:
        raise SlackError("cant_delete_file")
    files.delete(call.workspace, file)
    return {}


def _check_announced(asked: _Announced) -> None:
    is_snippet = asked.snippet_type is not None
    if asked.length == 0:
        raise SlackError("missing_argument")
    if len(asked.alt_txt) > _LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    if is_snippet and asked.snippet_type not in _SNIPPETS:
        raise SlackError("unknown_snippet_type")
    if is_snippet and asked.length > _LARGEST_SNIPPET:
        raise SlackError("snippet_too_large")
    if asked.length > files.MOST_BYTES:
        raise SlackError("file_upload_size_restricted")


def _awaited(call: Call, file_id: str) -> File:
    """Return a file of the app's whose bytes have come, and that isn't finished yet."""
    file = call.workspace.files.get(file_id)
    if file is None or file.is_complete or file.user_id != call.workspace.bot_user_id:
        raise SlackError("file_not_found")
    if not files.path_of(call.workspace, file).exists():
        raise SlackError("file_not_found")
    return file


def _places(call: Call, asked: _Complete) -> list[Channel]:
    # A user's id is refused here and taken in `channels`, as Slack does (bolt-js #2115).
    if asked.channel_id is not None and not asked.channel_id.startswith(("C", "G", "D", "Z")):
        must = "input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$"
        raise invalid("invalid_arguments", [f"[ERROR] {must} [json-pointer:/channel_id]"])
    named = [asked.channel_id] if asked.channel_id else []
    named += [one.strip() for one in (asked.channels or "").split(",") if one.strip()]
    if len(named) > _MOST_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    return [open_channel(call.workspace, channel_id) for channel_id in dict.fromkeys(named)]


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, _Announced, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, _Complete, ("files:write",)),
    "files.info": Method(info, _Info, ("files:read",)),
    "files.delete": Method(delete, _File, ("files:write",)),
}
