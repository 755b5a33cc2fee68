"""Reads what the registry knows of the demo's initiatives from registry.yml."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sandbox.seed.reading import FOLDER, SeedEntry, Text, read_seed

Key = Annotated[str, Field(pattern=r"^[A-Z]{2,4}-\d\d$")]


class SeedMilestone(SeedEntry):
    """A milestone; days count from the Monday on which the demo begins."""

    name: Text
    committed_in: int
    forecast_in: int | None = None  # None: as committed


class SeedDependency(SeedEntry):
    """What an initiative needs."""

    kind: Literal["initiative", "milestone", "data", "model", "platform", "skill"]
    thing: Text
    access: Literal["reads", "changes"] | None = None
    need_by_in: int | None = None
    until_in: int | None = None


class RegistryEntry(SeedEntry):
    """What the registry knows of one initiative."""

    key: Key
    written: int = Field(ge=0)  # days before the demo's Monday
    facts: dict[str, str | int]  # those that end in _in are days
    milestones: tuple[SeedMilestone, ...] = ()
    dependencies: tuple[SeedDependency, ...] = ()


class _RegistryFile(SeedEntry):
    entries: list[RegistryEntry]


def load_registry(folder: Path = FOLDER) -> list[RegistryEntry]:
    """Read registry.yml.

    Raises:
        SeedError: with every fault, its file and its field.
    """
    return read_seed(_RegistryFile, folder / "registry.yml").entries
