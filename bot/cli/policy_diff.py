"""What one policy asks for otherwise than another, in plain sentences. Pure."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel

from bot.cli.policy_words import WORDS, Said, plain
from handlers.blocks.text import listed
from workflows.policy_document import PolicyDocument

Named = Callable[[str], str]  # a user id with the name that is known for it

_LEVELS = {"coe": "the CoE", "steering": "the steering committee", "finance": "finance"}


def differences(old: PolicyDocument, new: PolicyDocument, named: Named) -> list[str]:
    """Return what a policy changes, a sentence for each setting, in the order of the document."""
    before, after = settings_of(old), settings_of(new)
    paths = [*before, *(path for path in after if path not in before)]
    changed = [path for path in paths if before.get(path) != after.get(path)]
    whole = {path.rpartition(".")[0] for path in changed if _is_topic(path, before, after)}
    # A topic that comes or goes is told once, by its title.
    changed = [path for path in changed if path.removesuffix(".channel") not in whole]
    return [_sentence(path, before.get(path), after.get(path), named) for path in changed]


def settings_of(section: BaseModel, path: str = "") -> dict[str, Any]:
    """Return every setting by its path; those that a person names, as topics, one by one."""
    found: dict[str, Any] = {}
    for name in type(section).model_fields:
        found |= _of_value(f"{path}{name}", getattr(section, name))
    return found


def _of_value(path: str, value: object) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        return settings_of(value, f"{path}.")
    if isinstance(value, Mapping):
        parts = [_of_value(f"{path}.{name}", value[name]) for name in sorted(value)]
        return {name: setting for part in parts for name, setting in part.items()}
    return {path: value}


def _is_topic(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether a topic comes or goes."""
    return path.startswith("topics.") and (path not in before or path not in after)


def _sentence(path: str, old: Any, new: Any, named: Named) -> str:
    level = _LEVELS.get(path.split(".")[1], "") if path.startswith("levels.") else ""
    last = path.rpartition(".")[2]
    if path == "features":
        return _switched(old, new)
    if level and path.count(".") == 2 and last == "people":
        return _people(level, old, new, named)
    if path.startswith("topics.") and None in (old, new):
        name = path.split(".")[1]
        return f"the topic {name} is new: {new}" if old is None else f"the topic {name} goes: {old}"
    for pattern, (words, say) in WORDS.items():
        if fnmatchcase(path, pattern):
            part = path.split(".")[pattern.split(".").index("*")] if "*" in pattern else ""
            of = _LEVELS.get(part, part)
            return words.format(of=of, new=_said(new, say, named), old=_said(old, say, named))
    return f"{path}: {plain(old)} → {plain(new)}"


def _said(value: Any, say: Said | None, named: Named) -> str:
    """Return a setting's value in words; without words of its own it is somebody."""
    if say is None:
        return "nobody" if value is None else named(value)
    return say(value)


def _people(level: str, old: Any, new: Any, named: Named) -> str:
    before, after = old or (), new or ()
    joining = [named(one) for one in after if one not in before]
    leaving = [named(one) for one in before if one not in after]
    if not (joining or leaving):
        return f"the people of {level} come in this order: {listed([named(one) for one in after])}"
    said = []
    if joining:
        said.append(f"{listed(joining)} {'joins' if len(joining) == 1 else 'join'} {level}")
    if leaving:
        verb = "leaves" if len(leaving) == 1 else "leave"
        said.append(f"{listed(leaving)} {verb} {'it' if joining else level}")
    return ", and ".join(said)


def _switched(old: Any, new: Any) -> str:
    on, off = sorted(new - old), sorted(old - new)
    said = [f"{listed(on)} are switched on"] if on else []
    return ", and ".join([*said, *([f"{listed(off)} are switched off"] if off else [])])
