"""Least lengths, bounds of numbers, and limits of a whole message or view."""

import json

import pytest

from sandbox.limits import check_blocks, check_view
from tests.sandbox.test_limits import (
    Json,
    beside,
    button,
    field,
    image,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    select,
    typed,
)

EMPTY: list[tuple[Json, str]] = [
    (section(text=mrkdwn("")), "/text/text"),
    ({"type": "header", "text": plain("")}, "/text/text"),
    (beside(button(text=plain(""))), "/accessory/text/text"),
    (beside(select(options=[option("")])), "/accessory/options/0/value"),
    ({"type": "markdown", "text": ""}, "/text"),
    (image(alt_text=""), "/alt_text"),
    (section(block_id=""), "/block_id"),
]


@pytest.mark.parametrize(("block", "where"), EMPTY, ids=[where for _, where in EMPTY])
def test_an_empty_text_is_refused(block: Json, where: str) -> None:
    faults = check_blocks([block], "message")

    refusal = f"[ERROR] must be more than 0 characters [json-pointer:/blocks/0{where}]"
    assert faults == [refusal]


NUMBERS: list[tuple[Json, str]] = [
    (typed(max_length=3000), ""),
    (typed(max_length=3001), "must be less than 3001 [json-pointer:/blocks/0/element/max_length]"),
    (typed(max_length=0), "must be greater than 0 [json-pointer:/blocks/0/element/max_length]"),
    (typed(min_length=0), ""),
    (typed(min_length=-1), "must be greater than -1 [json-pointer:/blocks/0/element/min_length]"),
    (typed(min_length=5, max_length=5), ""),
    (
        typed(min_length=6, max_length=5),
        "must be greater than or equal to min_length [json-pointer:/blocks/0/element/max_length]",
    ),
    (field({"type": "multi_users_select", "max_selected_items": 1}), ""),
    (
        field({"type": "multi_users_select", "max_selected_items": 0}),
        "must be greater than 0 [json-pointer:/blocks/0/element/max_selected_items]",
    ),
    (field({"type": "datetimepicker", "initial_date_time": 1_000_000_000}), ""),
    (
        field({"type": "datetimepicker", "initial_date_time": 999_999_999}),
        "must be greater than 999999999 [json-pointer:/blocks/0/element/initial_date_time]",
    ),
]


@pytest.mark.parametrize(("block", "refusal"), NUMBERS, ids=[fault for _, fault in NUMBERS])
def test_a_number_keeps_its_bounds(block: Json, refusal: str) -> None:
    faults = check_blocks([block], "message")

    assert faults == ([f"[ERROR] {refusal}"] if refusal else [])


def test_a_view_may_weigh_250_kilobytes_and_no_more() -> None:
    heaviest = modal(blocks=[section(text=plain("ä" * 1250)) for _ in range(97)])
    spare = 250_000 - len(json.dumps(heaviest, ensure_ascii=False, separators=(",", ":")).encode())
    padding = section(text=plain("x"))
    frame = len(json.dumps(padding, separators=(",", ":"))) + len(",") - len("x")
    heaviest["blocks"].append(section(text=plain("x" * (spare - frame))))

    at_limit = check_view(heaviest)
    beyond = check_view({**heaviest, "title": plain("Title+")})

    assert at_limit == []
    assert beyond == ["[ERROR] must be less than 250001 bytes [json-pointer:/]"]


def test_all_markdown_of_a_message_keeps_one_limit() -> None:
    half = {"type": "markdown", "text": "x" * 6000}

    at_limit = check_blocks([half, half], "message")
    beyond = check_blocks([half, half, {"type": "markdown", "text": "x"}], "message")

    assert at_limit == []
    assert beyond == ["[ERROR] must be less than 12001 characters [json-pointer:/blocks]"]


NUMBER_FIELDS: list[tuple[Json, str]] = [
    ({"is_decimal_allowed": False, "min_value": "2", "max_value": "2"}, ""),
    ({}, "missing required field: is_decimal_allowed []"),
    (
        {"is_decimal_allowed": False, "min_value": "3", "max_value": "2"},
        "must be greater than or equal to min_value [/max_value]",
    ),
    (
        {"is_decimal_allowed": False, "initial_value": "three"},
        "must be a valid number [/initial_value]",
    ),
    (
        {"is_decimal_allowed": False, "initial_value": "NaN"},
        "must be a valid number [/initial_value]",
    ),
    ({"is_decimal_allowed": False, "max_value": 3}, "must provide a string [/max_value]"),
]


@pytest.mark.parametrize(
    ("keys", "refusal"), NUMBER_FIELDS, ids=[refusal for _, refusal in NUMBER_FIELDS]
)
def test_a_number_field_has_numbers_in_order(keys: Json, refusal: str) -> None:
    faults = check_blocks([field({"type": "number_input", **keys})], "modal")

    message, _, where = refusal.removesuffix("]").rpartition(" [")
    refused = [f"[ERROR] {message} [json-pointer:/blocks/0/element{where}]"]
    assert faults == (refused if refusal else [])
