"""The registry given out: a table that imports back to the same, JSON, and the graph as text."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storage import initiatives, people
from storage.models import DependencyKind
from storage.reading import Reader
from workflows.errors import FormatUnknownError
from workflows.inventory.lines import dependency_lines, milestone_lines
from workflows.registry.fact_list import EXPORTED
from workflows.registry.recording import Known, read_all
from workflows.services import Actor, Services
from workflows.tables.writing import Value, write_csv, write_xlsx

_BATCH_KEYS = 500
_NODE_SHAPES = {  # of Graphviz
    DependencyKind.DATA: "cylinder",
    DependencyKind.MODEL: "component",
    DependencyKind.PLATFORM: "box3d",
    DependencyKind.SKILL: "oval",
}


def export_registry(services: Services, actor: Actor, file: Path) -> int:
    """Write the registry in the format of the file's ending, and return how many initiatives.

    Raises:
        FormatUnknownError: the ending is none that is known.
        OSError: the file can't be written.
    """
    write = _WRITERS.get(file.suffix.casefold())
    if write is None:
        raise FormatUnknownError(file.suffix, list(_WRITERS))
    with services.reading() as reader:
        write(reader, actor.workspace_id, file)
        return initiatives.count(reader, actor.workspace_id)


def _every(reader: Reader, workspace_id: str) -> Iterator[Known]:
    keys = [key for key, _ in initiatives.keys(reader, workspace_id)]
    for start in range(0, len(keys), _BATCH_KEYS):
        found = initiatives.among(reader, workspace_id, keys[start : start + _BATCH_KEYS])
        yield from read_all(reader, workspace_id, found)


def _rows(reader: Reader, workspace_id: str) -> Iterator[list[Value]]:
    return ([_value(known, name) for name in EXPORTED] for known in _every(reader, workspace_id))


def _value(known: Known, name: str) -> Value:
    if name == "key":
        return known.initiative.key
    if name == "milestones":
        return milestone_lines(known.facts.milestones)
    if name == "dependencies":
        return dependency_lines(known.facts.dependencies)
    value: Any = known.facts.whole(name)
    return ";".join(value) if isinstance(value, tuple) else value


def _csv(reader: Reader, workspace_id: str, file: Path) -> None:
    write_csv(file, list(EXPORTED.values()), _rows(reader, workspace_id))


def _xlsx(reader: Reader, workspace_id: str, file: Path) -> None:
    write_xlsx(file, list(EXPORTED.values()), _rows(reader, workspace_id))


def _json(reader: Reader, workspace_id: str, file: Path) -> None:
    """Write an object for each initiative, with the names of its people."""
    names = {one.user_id: one.name for one in people.every(reader, workspace_id)}
    with file.open("w", encoding="utf-8") as out:
        out.write("[")
        for position, known in enumerate(_every(reader, workspace_id)):
            facts = known.facts.model_dump(mode="json", exclude={"wholes"})
            facts |= known.facts.wholes
            facts |= {"key": known.initiative.key, "version": known.version}
            facts["lead_name"] = names.get(known.facts.lead_id or "")
            out.write(",\n" if position else "\n")
            out.write(json.dumps(facts, ensure_ascii=False))
        out.write("\n]\n")


def _graphviz(reader: Reader, workspace_id: str, file: Path) -> None:
    nodes, edges = _graph(reader, workspace_id)
    lines = ["digraph registry {", "  rankdir=BT;", '  node [shape=box, style="rounded"];']
    for name, (label, kind) in nodes.items():
        shape = f", shape={_NODE_SHAPES[kind]}" if kind in _NODE_SHAPES else ""
        lines.append(f"  {_quoted(name)} [label={_quoted(label)}{shape}];")
    for source, target, label in edges:
        lines.append(f"  {_quoted(source)} -> {_quoted(target)} [label={_quoted(label)}];")
    file.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


def _mermaid(reader: Reader, workspace_id: str, file: Path) -> None:
    nodes, edges = _graph(reader, workspace_id)
    ids = {name: f"n{number}" for number, name in enumerate(nodes)}
    lines = ["flowchart BT"]
    lines += [f'  {ids[name]}["{_entities(label)}"]' for name, (label, _) in nodes.items()]
    for source, target, label in edges:
        arrow = f'-->|"{_entities(label)}"|' if label else "-->"
        lines.append(f"  {ids[source]} {arrow} {ids[target]}")
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


Nodes = dict[str, tuple[str, DependencyKind | None]]  # label and kind by the node's name
Edges = list[tuple[str, str, str]]  # what waits, for what, and the words on it


def _graph(reader: Reader, workspace_id: str) -> tuple[Nodes, Edges]:
    """Return what depends on something, and what is depended on; the rest is left out."""
    nodes: Nodes = {}
    labels: dict[str, str] = {}
    edges: Edges = []
    for known in _every(reader, workspace_id):
        key, facts = known.initiative.key, known.facts
        labels[key] = f"{key} {facts.name}"
        labels |= {f"{key}/M{one.number}": f"{key} {one.name}" for one in facts.milestones}
        for one in facts.dependencies:
            source = f"{key}/M{one.milestone}" if one.milestone else key
            said = [one.access.value] if one.access else []
            said += [f"by {one.need_by.isoformat()}"] if one.need_by else []
            edges.append((source, one.thing, " ".join(said)))
            nodes.setdefault(source, (source, None))
            nodes[one.thing] = (one.thing, one.kind)
    return {name: (labels.get(name, label), kind) for name, (label, kind) in nodes.items()}, edges


def _quoted(text: str) -> str:
    clean = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean}"'


def _entities(text: str) -> str:
    """Return text as Mermaid takes it: signs that it has a use for become entities."""
    clean = " ".join(text.split())
    return "".join(
        char if char.isalnum() or char in " -./_" else f"#{ord(char)};" for char in clean
    )


_WRITERS: dict[str, Callable[[Reader, str, Path], None]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".json": _json,
    ".dot": _graphviz,
    ".gv": _graphviz,
    ".mmd": _mermaid,
    ".mermaid": _mermaid,
}
