"""Files: announced, sent, shared, taken back; and how Slack tells of them."""

import secrets
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from mimetypes import MimeTypes
from pathlib import Path, PurePath
from typing import Protocol
from urllib.parse import quote

from sandbox.images import measure
from sandbox.slack_error import SlackError
from sandbox.workspace import Channel, File, Json, Message, Workspace

MOST_BYTES = 250 * 1024 * 1024  # Slack takes 1 GB; a rehearsal is no place for that much
PICTURES = {"png", "jpg", "gif"}  # the types that blocks show
_CHUNK_BYTES = 64 * 1024
_TYPES = MimeTypes()  # the tables that come with Python: a machine's own differ
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MORE_TYPES = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".md": "text/markdown",
    ".m4a": "audio/mp4",
    ".vtt": "text/vtt",
}
_SLACKS_NAMES = {"jpeg": "jpg", "txt": "text", "md": "markdown", "py": "python", "htm": "html"}


class Readable(Protocol):
    """What a form carries as a file."""

    async def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end."""
        ...


@dataclass(frozen=True)
class Upload:
    """A file as a person hands it over."""

    name: str
    size: int
    chunks: AsyncIterable[bytes]
    text: str = ""


async def take(workspace: Workspace, user_id: str, upload: Upload) -> File:
    """Take a person's file.

    Raises:
        SlackError: there is nothing in it, or too much.
    """
    if not upload.size:
        raise SlackError("file_is_empty")
    if upload.size > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    file = new_file(workspace, user_id, PurePath(upload.name).name or "file", upload.size)
    await keep(workspace, file, upload.chunks)
    file.is_complete = True
    return file


async def chunks_of(readable: Readable) -> AsyncIterator[bytes]:
    """Yield what is read, bit by bit."""
    while chunk := await readable.read(_CHUNK_BYTES):
        yield chunk


def new_file(workspace: Workspace, user_id: str, name: str, size: int, alt_text: str = "") -> File:
    """Announce a file; nobody sees it before its bytes are there and it is shared."""
    file = File(
        id=f"F{secrets.token_hex(5).upper()}",
        user_id=user_id,
        name=name,
        title=name,
        size=size,
        created=int(workspace.clock.now().timestamp()),
        alt_text=alt_text,
    )
    workspace.files[file.id] = file
    return file


async def keep(workspace: Workspace, file: File, chunks: AsyncIterable[bytes]) -> None:
    """Write a file's bytes down as they come.

    Raises:
        SlackError: they are fewer, or more, than was announced.
    """
    path, received = path_of(workspace, file), 0
    part = path.with_suffix(".part")
    with part.open("wb") as writing:
        async for chunk in chunks:
            received += len(chunk)
            if received > file.size:
                break
            writing.write(chunk)
    if received != file.size:
        part.unlink()
        raise SlackError("length_mismatch")
    part.rename(path)
    file.width, file.height = measure(path)


def path_of(workspace: Workspace, file: File) -> Path:
    """Return where the bytes of a file are, or will be."""
    return workspace.folder / file.id


def find_file(workspace: Workspace, file_id: str) -> File:
    """Return a file that the app may know of.

    Raises:
        SlackError: there is none, or it was deleted.
    """
    file = workspace.files.get(file_id)
    if file is None or not file.is_complete or not is_known_to_app(workspace, file):
        raise SlackError("file_not_found")
    if file.is_deleted:
        raise SlackError("file_deleted")
    return file


def is_known_to_app(workspace: Workspace, file: File) -> bool:
    """Tell whether a file is the app's own, or was shared where the app is."""
    bot_id = workspace.bot_user_id
    shared = shared_in(workspace, file)
    return file.user_id == bot_id or any(bot_id in channel.members for channel, _ in shared)


def shared_in(workspace: Workspace, file: File) -> list[tuple[Channel, Message]]:
    """Return the messages that a file stands in."""
    return [
        (channel, message)
        for channel in workspace.channels.values()
        for message in channel.messages
        if file.id in message.file_ids
    ]


def delete(workspace: Workspace, file: File) -> None:
    """Take a file back; where it was shared, that it was there is still told."""
    file.is_deleted = True
    path_of(workspace, file).unlink(missing_ok=True)


def mimetype_of(file: File) -> str:
    """Return what a file's name says that it is."""
    ending = PurePath(file.name).suffix.lower()
    guessed = _MORE_TYPES.get(ending) or _TYPES.guess_type(file.name)[0]
    return guessed or "application/octet-stream"


def filetype_of(file: File) -> str:
    """Return Slack's word for a file's type."""
    ending = PurePath(file.name).suffix.lower().removeprefix(".")
    return _SLACKS_NAMES.get(ending, ending) or "binary"


def url_of(workspace: Workspace, file: File, *, to_download: bool = False) -> str:
    """Return where the app fetches a file's bytes, with its token."""
    place = f"{workspace.base_url}/files-pri/{workspace.team_id}-{file.id}"
    return f"{place}/{'download/' if to_download else ''}{quote(file.name, safe='')}"


def permalink_of(workspace: Workspace, file: File) -> str:
    """Return where people look at a file."""
    return f"{workspace.base_url}/files/{file.user_id}/{file.id}/{quote(file.name, safe='')}"


def as_json(workspace: Workspace, file: File) -> Json:
    """Return a file as Slack tells it."""
    if file.is_deleted:
        return {"id": file.id, "mode": "tombstone"}
    filetype = filetype_of(file)
    told: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": mimetype_of(file),
        "filetype": filetype,
        "pretty_type": filetype.upper(),
        "user": file.user_id,
        "user_team": workspace.team_id,
        "editable": file.is_snippet,
        "size": file.size,
        "mode": "snippet" if file.is_snippet else "hosted",
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": url_of(workspace, file),
        "url_private_download": url_of(workspace, file, to_download=True),
        "permalink": permalink_of(workspace, file),
        "file_access": "visible",
    }
    if file.alt_text:
        told["alt_txt"] = file.alt_text
    if file.width and file.height:
        told |= {"original_w": file.width, "original_h": file.height}
    return told | _sharing(shared_in(workspace, file))


def _sharing(shared: list[tuple[Channel, Message]]) -> Json:
    """Return where a file was shared, as Slack groups it."""
    told: Json = {"channels": [], "groups": [], "ims": [], "shares": {}}
    for channel, message in shared:
        # Files are older than group messages: theirs are told among the private channels.
        kind = {"im": "ims", "mpim": "groups"}.get(channel.kind, channel.kind)
        if channel.id not in told[kind]:
            told[kind].append(channel.id)
        openness = "public" if kind == "channels" else "private"
        places = told["shares"].setdefault(openness, {})
        share = {"ts": message.ts} | ({"thread_ts": message.thread_ts} if message.thread_ts else {})
        places.setdefault(channel.id, []).append(share)
    return told | {"is_public": bool(told["channels"])}
