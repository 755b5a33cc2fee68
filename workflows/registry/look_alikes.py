"""What in other departments looks like an initiative, before it is saved and afterwards."""

from collections.abc import Collection
from dataclasses import dataclass

from storage import initiatives, overlaps, search
from storage.models import Initiative
from storage.reading import Reader
from workflows.registry.editing import NEW
from workflows.registry.facts import Facts
from workflows.registry.finding import words_of
from workflows.registry.similarity import Described, Likeness, Likenesses
from workflows.services import Actor, Services

MOST_SHOWN = 3
_MOST_COMPARED = 5000  # entries; of a larger registry, those that share the most words


@dataclass(frozen=True)
class LookAlike:
    """An initiative of another department that looks like somebody's."""

    initiative: Initiative
    purpose: str
    why: str


def find_look_alikes(
    services: Services, actor: Actor, facts: Facts, key: str = NEW
) -> list[LookAlike]:
    """Return what looks most like it and was not spoken of yet, the likest first."""
    with services.reading() as reader:
        spoken_of = _spoken_of(reader, actor.workspace_id, key)
        described = [
            one for one in _described(reader, actor.workspace_id, facts) if one.key not in spoken_of
        ]
        found = Likenesses(described).of(describe(key, facts), MOST_SHOWN)
        keys = [likeness.key for likeness in found]
        by_key = {one.key: one for one in initiatives.among(reader, actor.workspace_id, keys)}
        texts = {one.key: one.text for one in described}
    return [
        LookAlike(by_key[likeness.key], texts[likeness.key].strip(), why(likeness))
        for likeness in found
        if likeness.key in by_key
    ]


def describe(key: str, facts: Facts) -> Described:
    """Return what is compared of an entry."""
    text = "\n".join([facts.objective, facts.outcome, facts.data])
    return Described(key, facts.department, facts.name, text, facts.topic)


def describe_all(
    reader: Reader, workspace_id: str, keys: Collection[str] | None = None
) -> list[Described]:
    """Return what is compared of these initiatives; None: of all."""
    return [
        Described(key, department, name, "\n".join([objective, outcome, data]), topic)
        for key, department, name, objective, outcome, topic, data in overlaps.described(
            reader, workspace_id, keys
        )
    ]


def why(likeness: Likeness) -> str:
    """Return the reason in words."""
    return f"Both speak of {', '.join(likeness.shared)}"


def _described(reader: Reader, workspace_id: str, facts: Facts) -> list[Described]:
    keys = None
    if initiatives.count(reader, workspace_id) > _MOST_COMPARED:
        groups = [words_of(f"{facts.name} {facts.objective}", most=30)]
        keys, _ = search.find(reader, workspace_id, groups, _MOST_COMPARED)
    return describe_all(reader, workspace_id, keys)


def _spoken_of(reader: Reader, workspace_id: str, key: str) -> set[str]:
    verdicts = overlaps.of_initiative(reader, workspace_id, key)
    return {one.second_key if one.first_key == key else one.first_key for one in verdicts}
