"""What a window or button of another version, or of nobody's, says is answered, and ended.

The door lets in what Slack has signed. Still, windows and messages outlive the version that drew
them, and no payload is worth trying again and again.
"""

import json
from collections.abc import Iterator
from copy import deepcopy

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from storage import entries, initiatives
from storage.models import InboxItem, InboxState
from tests.factories import TEAM
from tests.handlers.test_done_twice import DUPLICATES, EXAMPLES, ME, Json, World, filled, send
from tests.handlers.test_done_twice import world as world

HUGE = "9" * 30
VALUES = [
    "",
    "x",
    "-1 FIN-01",
    f"{HUGE} FIN-01",
    "FIN-01 x",
    "0",
    "NO-99",
    "<!channel>",
    "\0",
    "a" * 3000,
]
REMEMBERED = ["", "x", "[]", "null", "7", '"x"', "{}"]
OTHERS: list[object] = [None, 7, "x", []]
pytestmark = pytest.mark.one_database


def with_value(payload: Json, value: str) -> Json:
    changed = deepcopy(payload)
    (action,) = changed["actions"]
    if "selected_option" in action:
        action["selected_option"]["value"] = value
    else:
        action["value"] = value
    return changed


def with_remembered(payload: Json, text: str) -> Json:
    return {**payload, "view": {**payload["view"], "private_metadata": text}}


def mangled(payload: Json) -> Iterator[Json]:
    """Yield the payload with one part of it missing, or of another kind."""
    view = payload.get("view")
    if payload["type"] == "block_actions":
        yield from (with_value(payload, value) for value in VALUES)
    if view is None:
        return
    yield from (with_remembered(payload, text) for text in REMEMBERED)
    try:
        remembered = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        remembered = {}
    for name in remembered if isinstance(remembered, dict) else ():
        for other in OTHERS:
            yield with_remembered(payload, json.dumps({**remembered, name: other}))
        yield with_remembered(
            payload, json.dumps({n: v for n, v in remembered.items() if n != name})
        )
    if "state" in view:
        values = view["state"]["values"]
        yield with_values(payload, {})
        yield with_values(payload, {block: {} for block in values})
        yield with_values(payload, {block: nothing_of(held) for block, held in values.items()})


def with_values(payload: Json, values: Json) -> Json:
    return {**payload, "view": {**payload["view"], "state": {"values": values}}}


def nothing_of(held: Json) -> Json:
    return {action: dict.fromkeys(element) for action, element in held.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_mangled_is_answered_and_not_tried_again(
    world: World, engine: Engine, name: str
) -> None:
    payload = EXAMPLES[name](world)

    for number, sent in enumerate(mangled(payload)):
        send(world, sent, f"mangled-{number}")

    with Session(engine) as session:
        kept = session.exec(
            select(InboxItem.key).where(col(InboxItem.state) == InboxState.RECEIVED)
        )
        assert kept.all() == []


def test_what_the_form_of_an_earlier_version_does_not_show_stays(world: World) -> None:
    form = world.opened("edit OPS-01")
    values = filled(form)["state"]["values"]
    name = {
        "name": {action: {**held, "value": "Doubles"} for action, held in values["name"].items()}
    }

    world.app.submit({**form, "state": {"values": name}}, ME)

    with world.services.reading() as reader:
        entry = entries.get(reader, TEAM, "OPS-01")
        initiative = initiatives.get(reader, TEAM, "OPS-01")
    assert entry is not None
    assert initiative is not None
    assert (initiative.name, entry.objective) == ("Doubles", DUPLICATES)
