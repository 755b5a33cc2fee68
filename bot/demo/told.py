"""What the demo's page is told of the bot: people's parts, who hasn't filed, what comes next."""

from collections import defaultdict

from sandbox.told import Told
from storage import initiatives, people, promises, rounds, workspaces
from storage.models import Promise
from storage.reading import Reader
from workflows.errors import NoRoundError
from workflows.kinds import duty_of
from workflows.membership import programme_manager
from workflows.services import Services
from workflows.updates.reading import present_round


def told_of(services: Services, next_words: str = "") -> Told:
    """Return what the page shows; `next_words` are of what comes before the bot does anything."""
    with services.reading() as reader:
        found = workspaces.every(reader)
        if not found:
            return Told()
        workspace_id = found[0].workspace_id
        parts = _parts(reader, workspace_id)
        next_due = next_words or _next_due(reader)
        is_open = bool(rounds.still_open(reader, workspace_id))
    for user_id, keys in _missing(services, workspace_id).items():
        late = "not filed yet" if is_open else "has not filed"
        parts[user_id].append(f"{late}: {', '.join(keys)}")
    return Told({user_id: " · ".join(words) for user_id, words in parts.items()}, next_due)


def _parts(reader: Reader, workspace_id: str) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = defaultdict(list)
    if manager_id := programme_manager(reader, workspace_id):
        parts[manager_id].append("programme manager")
    for department, user_ids in initiatives.department_leads(reader, workspace_id).items():
        for user_id in user_ids:
            parts[user_id].append(f"department lead of {department}")
    led: dict[str, list[str]] = defaultdict(list)
    for initiative in initiatives.every(reader, workspace_id):
        if initiative.lead_id:
            led[initiative.lead_id].append(initiative.key)
    for user_id, keys in led.items():
        parts[user_id].append(f"lead of {', '.join(keys)}")
    return parts


def _missing(services: Services, workspace_id: str) -> dict[str, list[str]]:
    missing: dict[str, list[str]] = defaultdict(list)
    try:
        report = present_round(services, workspace_id)
    except NoRoundError:
        return {}
    for standing in report.missing:
        if standing.asked is not None:
            missing[standing.asked.user_id].append(standing.initiative.key)
    return missing


def _next_due(reader: Reader) -> str:
    """Return what is promised next, and to whom."""
    found = promises.next_due(reader)
    if not found:
        return ""
    said = duty_of(found[0].kind).described
    known = people.among(reader, found[0].workspace_id, [one.recipient_id or "" for one in found])
    names = list(dict.fromkeys(_names(found, {id_: one.name for id_, one in known.items()})))
    if not names:
        return said
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{said} to {names[0]}{more}"


def _names(found: list[Promise], names: dict[str, str]) -> list[str]:
    return [names[one.recipient_id] for one in found if one.recipient_id in names]
