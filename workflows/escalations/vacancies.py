"""Where a level is held by nobody, by one who left, or by a group that can't be read."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from storage import initiatives, people, user_groups
from storage.models import Person
from storage.reading import Reader
from workflows.escalations.holders import is_trusted, named_ids
from workflows.escalations.rules import Coe, Holders, Levels, Steering
from workflows.membership import is_member
from workflows.policy_document import PolicyDocument, Switch
from workflows.services import Services
from workflows.stages import AT_WORK

_MOST_NAMED = 10


def vacancies(services: Services, workspace_id: str, document: PolicyDocument) -> list[str]:
    """Return where a policy's levels are not held, as far as this workspace knows its people."""
    now = services.now()
    with services.reading() as reader:
        return list(_vacancies(reader, workspace_id, document, now))


def _vacancies(
    reader: Reader, workspace_id: str, document: PolicyDocument, now: datetime
) -> Iterator[str]:
    if Switch.ESCALATIONS not in document.features:
        return
    levels = document.levels
    named = {one for level in _by_name(levels).values() for one in _people_of(level)}
    groups = {one.group_id: one for one in user_groups.every(reader, workspace_id)}
    in_groups = {user_id for group in groups.values() for user_id in group.user_ids}
    known = people.among(reader, workspace_id, named | in_groups | named_ids(document))
    yield from _gone(document, known)
    for name, level in _by_name(levels).items():
        group = groups.get(level.group or "")
        if group is not None and group.unreadable_since_at is not None:
            yield (
                f"levels.{name}.group: {group.group_id} can't be read; who was in it counts for a "
                "day. See that it exists, and that the bot has the scope usergroups:read"
            )
        if level.group is not None and group is None:
            continue  # not read yet
        of_group = group.user_ids if group and is_trusted(group, now) else ()
        ids = [*_people_of(level), *of_group]
        if (ids or group) and not any(_may_be_there(known, one) for one in ids):
            yield f"levels.{name}: nobody who holds it is there any more; name somebody else"
    yield from _without_executive(reader, workspace_id, levels.steering.executives)


def _gone(document: PolicyDocument, known: Mapping[str, Person]) -> Iterator[str]:
    """Name, level by level, who is named and can't act."""
    for name, level in _by_name(document.levels).items():
        for user_id in dict.fromkeys([*_people_of(level), level.fallback or ""]):
            yield from _why_not(f"levels.{name}", known.get(user_id))
    manager_id = document.people.programme_manager
    yield from _why_not("people.programme_manager", known.get(manager_id or ""))


def _why_not(path: str, person: Person | None) -> Iterator[str]:
    if person is None or is_member(person):  # nobody, or not read yet
        return
    why = "has left" if person.deactivated else "is a guest, and may decide nothing"
    yield f"{path}: {person.name} {why}; name somebody else"


def _without_executive(
    reader: Reader, workspace_id: str, executives: Collection[str]
) -> Iterator[str]:
    every = initiatives.every(reader, workspace_id)
    active = {one.department for one in every if one.stage in AT_WORK}
    missing = sorted(active - set(executives))
    if missing:
        more = len(missing) - _MOST_NAMED
        names = ", ".join(missing[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield (
            f"levels.steering.executives: no executive for {names}, "
            "with initiatives at work there; name one for each"
        )


def _by_name(levels: Levels) -> dict[str, Holders]:
    return {"coe": levels.coe, "steering": levels.steering, "finance": levels.finance}


def _people_of(level: Holders) -> list[str]:
    """Return everybody whom a level names as holding it, each once."""
    ids: list[str | None] = [*level.people]
    if isinstance(level, Coe) and level.rotation:
        ids += level.rotation.people
    if isinstance(level, Steering):
        ids += [*level.executives.values(), level.chair]
    return list(dict.fromkeys(one for one in ids if one))


def _may_be_there(known: Mapping[str, Person], user_id: str) -> bool:
    return user_id not in known or is_member(known[user_id])
