"""Images in blocks that are files of the workspace: which one is meant, if there is one."""

from collections.abc import Iterator

from sandbox.files import PICTURES, filetype_of, is_known_to_app, permalink_of, url_of
from sandbox.limits.faults import line
from sandbox.workspace import File, Json, Workspace

Path = tuple[str | int, ...]


def find_picture(workspace: Workspace, slack_file: Json) -> File | None:
    """Return the file that an image names by its id or its address, if a block can show it."""
    for file in workspace.files.values():
        if _is_named(workspace, file, slack_file):
            return file if _is_shown(workspace, file) else None
    return None


def picture_faults(workspace: Workspace, blocks: list[Json]) -> list[str]:
    """Return where blocks name a file that they can't show, in Slack's words."""
    return [
        line("invalid slack file", "blocks", place, *path, "slack_file")
        for place, block in enumerate(blocks)
        for path, picture in _pictures(block)
        if find_picture(workspace, picture["slack_file"]) is None
    ]


def _pictures(block: Json) -> Iterator[tuple[Path, Json]]:
    held: list[tuple[Path, object]] = [((), block), (("accessory",), block.get("accessory"))]
    if block["type"] == "context":
        held += [(("elements", place), one) for place, one in enumerate(block["elements"])]
    for path, one in held:
        if isinstance(one, dict) and one.get("type") == "image" and "slack_file" in one:
            yield path, one


def _is_named(workspace: Workspace, file: File, slack_file: Json) -> bool:
    if "id" in slack_file:
        return bool(file.id == slack_file["id"])
    return slack_file["url"] in (url_of(workspace, file), permalink_of(workspace, file))


def _is_shown(workspace: Workspace, file: File) -> bool:
    return (
        file.is_complete
        and not file.is_deleted
        and filetype_of(file) in PICTURES
        and is_known_to_app(workspace, file)
    )
