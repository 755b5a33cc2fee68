"""What may stand where: elements in blocks, blocks on surfaces, ids beside each other, views."""

import pytest

from sandbox.limits import Surface, check_blocks, check_view
from tests.sandbox.test_limits import (
    Json,
    actions,
    beside,
    button,
    field,
    image,
    modal,
    mrkdwn,
    plain,
    section,
    select,
    table,
    typed,
)
from tests.sandbox.test_limits_rules import MENUS, MOMENT, PRESSED, TYPED

MISPLACED: list[tuple[Json, str]] = [
    *((beside(element), "/accessory") for element in [*TYPED, MOMENT]),
    *((actions(element), "/elements/0") for element in [*TYPED, image()]),
    *((field(element), "/element") for element in [*PRESSED, image()]),
    ({"type": "context", "elements": [button()]}, "/elements/0"),
]


@pytest.mark.parametrize(("block", "where"), MISPLACED, ids=str)
def test_an_element_stands_only_where_slack_has_it(block: Json, where: str) -> None:
    faults = check_blocks([block], "modal")

    assert len(faults) == 1
    assert faults[0].startswith("[ERROR] unsupported type: ")
    assert faults[0].endswith(f"[json-pointer:/blocks/0{where}/type]")


SURFACES: list[tuple[Json, tuple[str, ...]]] = [
    ({"type": "markdown", "text": "# x"}, ("message",)),
    (table(2, 2) | {"column_settings": [None, {"align": "right"}]}, ("message",)),
    (field(TYPED[0]), ("message", "modal", "home")),
    (field(TYPED[1]), ("modal",)),
    (field(TYPED[2]), ("modal",)),
    (field(TYPED[3]), ("modal",)),
    (field(TYPED[4]), ("modal", "home")),
    (field(MOMENT), ("message", "modal")),
    (actions(MOMENT), ("message", "modal")),
]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize(("block", "surfaces"), SURFACES, ids=str)
def test_some_things_are_not_for_every_surface(
    block: Json, surfaces: tuple[str, ...], surface: Surface
) -> None:
    faults = check_blocks([block], surface)

    assert (faults == []) == (surface in surfaces)
    assert all("unsupported type: " in fault for fault in faults)


def test_a_block_id_is_used_once() -> None:
    blocks = [section(block_id="a"), section(block_id="b"), {"type": "divider", "block_id": "a"}]

    faults = check_blocks(blocks, "message")

    assert faults == ['[ERROR] `block_id` "a" already exists [json-pointer:/blocks/2/block_id]']


def test_an_action_id_is_used_once_in_its_block() -> None:
    twice = actions(button(action_id="go"), button(action_id="go"))
    in_two_blocks = [actions(button(action_id="go")), beside(button(action_id="go"))]

    assert check_blocks(in_two_blocks, "message") == []
    assert check_blocks([twice], "message") == [
        '[ERROR] `action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]'
    ]


def test_a_message_holds_one_table() -> None:
    faults = check_blocks([table(1, 1), table(1, 1)], "message")

    assert faults == ["[ERROR] only_one_table_allowed [json-pointer:/blocks/1]"]


def test_a_modal_with_every_key_is_taken() -> None:
    view = modal(
        submit=plain("Send"),
        close=plain("Close"),
        private_metadata="",
        callback_id="form",
        external_id="",
        clear_on_close=True,
        notify_on_close=False,
        submit_disabled=False,
        blocks=[field(element) for element in [*MENUS, MOMENT, *TYPED]],
    )

    assert check_view(view) == []


def test_a_home_tab_with_every_key_is_taken() -> None:
    view = {
        "type": "home",
        "blocks": [section(), field(select())],
        "private_metadata": "x",
        "callback_id": "home",
        "external_id": "mine",
    }

    assert check_view(view) == []


VIEWS: list[tuple[object, str]] = [
    (3, "must provide an object [/]"),
    ({"blocks": []}, "missing required field: type [/]"),
    ({"type": "workflow_step", "blocks": []}, "unsupported type: workflow_step [/type]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [/]"),
    ({"type": "modal", "title": plain("x")}, "missing required field: blocks [/]"),
    (modal(title=mrkdwn("x")), "unsupported type: mrkdwn [/title/type]"),
    (modal(hash="1"), "invalid additional property: hash [/]"),
    (modal(close=None), "must provide an object [/close]"),
    ({"type": "home", "blocks": [], "title": plain("x")}, "invalid additional property: title [/]"),
    (modal(blocks=[typed()]), "missing required field: submit [/]"),
    (modal(blocks=[{"type": "header"}]), "missing required field: text [/blocks/0]"),
    (
        modal(
            submit=plain("x"),
            blocks=[typed(focus_on_load=True), typed(), typed(focus_on_load=True)],
        ),
        "only one element may have focus_on_load [/blocks/2/element/focus_on_load]",
    ),
    (
        modal(blocks=[section(block_id="a"), section(block_id="a")]),
        '`block_id` "a" already exists [/blocks/1/block_id]',
    ),
]


@pytest.mark.parametrize(("view", "refusal"), VIEWS, ids=[refusal for _, refusal in VIEWS])
def test_a_view_that_slack_refuses_is_refused(view: object, refusal: str) -> None:
    faults = check_view(view)

    message, _, where = refusal.removesuffix("]").rpartition(" [")
    assert faults == [f"[ERROR] {message} [json-pointer:{where}]"]
