"""The lock files pin all that pip asks for in hash mode: a lone extra would end an install."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    "requirements.lock": ("build",),
    "requirements-dev.lock": ("build", "dev"),
}
Pins = Mapping[str, frozenset[str]]


def pins_in(lock: str) -> Pins:
    """Return by package the extras that it is pinned with, for this platform."""
    found: dict[str, frozenset[str]] = {}
    for line in re.findall(r"^\S[^\\\n]*", lock, re.MULTILINE):
        if line.startswith("#"):
            continue
        pinned = Requirement(line)
        if pinned.marker is None or pinned.marker.evaluate():
            found[canonicalize_name(pinned.name)] = frozenset(pinned.extras)
    return found


def asked_by(package: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """Yield what an installed package requires here, with those of its extras."""
    for text in metadata.requires(package) or ():
        asked = Requirement(text)
        if asked.marker is None or any(
            asked.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield asked


def gaps(pins: Pins, first: list[Requirement]) -> set[str]:
    """Return what is asked for and not pinned so, beginning with what the project itself asks."""
    asked = {"pyproject.toml": first} | {
        package: list(asked_by(package, extras)) for package, extras in pins.items()
    }
    return {
        f"{package} asks for {requirement}"
        for package, requirements in asked.items()
        for requirement in requirements
        if not is_pinned(requirement, pins)
    }


def is_pinned(requirement: Requirement, pins: Pins) -> bool:
    extras = pins.get(canonicalize_name(requirement.name))
    return extras is not None and requirement.extras <= extras


def asked_by_the_project(groups: tuple[str, ...]) -> list[Requirement]:
    """Return what pyproject.toml asks for, with those groups."""
    texts = list(PROJECT["project"]["dependencies"])
    for group in groups:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", LOCKS)
def test_whatever_a_locked_package_asks_for_is_pinned_with_its_extras(name: str) -> None:
    pins = pins_in((ROOT / name).read_text(encoding="utf-8"))

    assert gaps(pins, asked_by_the_project(LOCKS[name])) == set()


def test_an_extra_that_is_not_pinned_is_found() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    pins = pins_in(lock.replace("coverage[toml]==", "coverage=="))

    found = gaps(pins, asked_by_the_project(LOCKS["requirements-dev.lock"]))

    assert {one.split(">")[0] for one in found} == {"pytest-cov asks for coverage[toml]"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in lock
    assert not re.search(r"^--", lock, re.MULTILINE)
