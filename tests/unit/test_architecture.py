"""ARCHITECTURE names what there is: a module that is added or renamed is looked for there."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def modules(folder: str) -> set[str]:
    """Return the modules and packages of a folder."""
    names = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__", "__main__"}
    packages = {f"{path.parent.name}/" for path in (ROOT / folder).glob("*/__init__.py")}
    return names | packages


@pytest.mark.parametrize("folder", ["bot", "handlers", "workflows"])
def test_the_table_of_folders_names_every_module(folder: str) -> None:
    (row,) = re.findall(rf"^\| `{folder}/` \|.*$", TEXT, re.MULTILINE)

    assert modules(folder) - set(re.findall(r"`([a-z_]+/?)`", row)) == set()


def test_every_file_that_the_documents_name_is_there() -> None:
    documents = [ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")]
    named = {
        name
        for document in documents
        for name in re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", document.read_text(encoding="utf-8"))
    }
    parents = ("", "bot", "handlers", "workflows", "workflows/registry")

    assert named
    assert [n for n in sorted(named) if not any((ROOT / p / n).exists() for p in parents)] == []


def test_no_two_rooms_of_handlers_import_each_other() -> None:
    folder = ROOT / "handlers"
    rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
    needs: dict[str, set[str]] = {room: set() for room in rooms}
    for room in rooms:
        for file in (folder / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                named = node.module if isinstance(node, ast.ImportFrom) else None
                parts = (named or "").split(".")
                if parts[0] == "handlers" and parts[1:2] and parts[1] in rooms - {room}:
                    needs[room].add(parts[1])

    # The order in which rooms can be built, each from those before it.
    assert list(TopologicalSorter(needs).static_order())
