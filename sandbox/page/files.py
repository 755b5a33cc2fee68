"""Files as the page shows them, and who may open them."""

from dataclasses import dataclass

from starlette.responses import FileResponse

from sandbox.files import PICTURES, filetype_of, mimetype_of, path_of, shared_in
from sandbox.page.places import may_see
from sandbox.pictures import find_picture
from sandbox.workspace import File, Json, User, Workspace

# Whatever is in a file, nothing of it runs as if it were the page's own.
_HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Attached:
    """A file, ready to be shown."""

    id: str
    name: str
    size: str
    url: str
    words: str  # for those who can't see a picture
    is_picture: bool
    is_deleted: bool
    width: int
    height: int


def attached(user_id: str, file: File) -> Attached:
    """Return a file as one person sees it."""
    return Attached(
        id=file.id,
        name=file.title,
        size=size_in_words(file.size),
        url=f"/as/{user_id}/files/{file.id}",
        words=file.alt_text or file.title,
        is_picture=filetype_of(file) in PICTURES,
        is_deleted=file.is_deleted,
        width=file.width,
        height=file.height,
    )


def picture_of(workspace: Workspace, user_id: str, element: Json) -> Attached | None:
    """Return the picture that an image shows; None where it isn't a file of the workspace."""
    slack_file = element.get("slack_file")
    file = find_picture(workspace, slack_file) if slack_file else None
    return attached(user_id, file) if file else None


def openable_file(workspace: Workspace, user: User, file_id: str) -> File | None:
    """Return a file that somebody may open: theirs, the app's, one shared where they are."""
    file = workspace.files.get(file_id)
    if file is None or not file.is_complete or file.is_deleted:
        return None
    if file.user_id in (user.id, workspace.bot_user_id):
        return file
    may = any(may_see(channel, user) for channel, _ in shared_in(workspace, file))
    return file if may else None


def file_answer(workspace: Workspace, file: File) -> FileResponse:
    """Answer with a file's bytes: a picture is shown, anything else is downloaded."""
    return FileResponse(
        path_of(workspace, file),
        media_type=mimetype_of(file),
        filename=file.name,
        headers=_HARMLESS,
        content_disposition_type="inline" if filetype_of(file) in PICTURES else "attachment",
    )


def size_in_words(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size < 1000:
        return f"{size} {'byte' if size == 1 else 'bytes'}"
    if size < 999_500:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"
