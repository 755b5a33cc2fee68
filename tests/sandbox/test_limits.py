"""Sizes, from both sides: what is exactly at the limit passes, one more is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from sandbox.limits import Surface, check_blocks, check_view

Json = dict[str, Any]
Build = Callable[[int], Json]
Row = tuple[str, int, Build, str]  # name, limit, what is built of that size, where


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", "text": mrkdwn("Hello"), **keys}


def beside(element: Json) -> Json:
    return section(accessory=element)


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json, **keys: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **keys}


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain("Press"), **keys}


def option(value: str = "v", **keys: Any) -> Json:
    return {"text": plain("Option"), "value": value, **keys}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def select(**keys: Any) -> Json:
    return {"type": "static_select", "options": options(2), **keys}


def groups(count: int, size: int = 1) -> list[Json]:
    return [{"label": plain("Group"), "options": options(size)} for _ in range(count)]


def confirm(**keys: Any) -> Json:
    usual = {
        "title": plain("Sure?"),
        "text": plain("Really?"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    return {**usual, **keys}


def typed(**keys: Any) -> Json:
    return field({"type": "plain_text_input", **keys})


def image(**keys: Any) -> Json:
    usual = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
    return {**usual, **keys}


def table(rows: int, columns: int) -> Json:
    cell = {"type": "raw_text", "text": "x"}
    return {"type": "table", "rows": [[cell] * columns for _ in range(rows)]}


def url(length: int) -> str:
    return "https://example.com/".ljust(length, "a")


CHARACTERS: list[Row] = [
    ("section", 3000, lambda n: section(text=mrkdwn("x" * n)), "/text/text"),
    ("field", 2000, lambda n: section(fields=[plain("x" * n)]), "/fields/0/text"),
    ("header", 150, lambda n: {"type": "header", "text": plain("x" * n)}, "/text/text"),
    (
        "context",
        3000,
        lambda n: {"type": "context", "elements": [mrkdwn("x" * n)]},
        "/elements/0/text",
    ),
    ("markdown", 12_000, lambda n: {"type": "markdown", "text": "x" * n}, "/text"),
    ("block id", 255, lambda n: section(block_id="x" * n), "/block_id"),
    ("action id", 255, lambda n: beside(button(action_id="x" * n)), "/accessory/action_id"),
    ("input label", 2000, lambda n: field(select(), label=plain("x" * n)), "/label/text"),
    ("input hint", 2000, lambda n: field(select(), hint=plain("x" * n)), "/hint/text"),
    ("button text", 75, lambda n: beside(button(text=plain("x" * n))), "/accessory/text/text"),
    ("button value", 2000, lambda n: beside(button(value="x" * n)), "/accessory/value"),
    ("button url", 3000, lambda n: beside(button(url=url(n))), "/accessory/url"),
    (
        "button label",
        75,
        lambda n: beside(button(accessibility_label="x" * n)),
        "/accessory/accessibility_label",
    ),
    (
        "placeholder",
        150,
        lambda n: beside(select(placeholder=plain("x" * n))),
        "/accessory/placeholder/text",
    ),
    (
        "option text",
        75,
        lambda n: beside(select(options=[option(text=plain("x" * n))])),
        "/accessory/options/0/text/text",
    ),
    (
        "option value",
        150,
        lambda n: beside(select(options=[option("x" * n)])),
        "/accessory/options/0/value",
    ),
    (
        "option description",
        75,
        lambda n: beside(select(options=[option(description=plain("x" * n))])),
        "/accessory/options/0/description/text",
    ),
    (
        "option url",
        3000,
        lambda n: beside({"type": "overflow", "options": [option(url=url(n))]}),
        "/accessory/options/0/url",
    ),
    (
        "group label",
        75,
        lambda n: beside(
            {
                "type": "static_select",
                "option_groups": [{"label": plain("x" * n), "options": options(1)}],
            }
        ),
        "/accessory/option_groups/0/label/text",
    ),
    (
        "confirm title",
        100,
        lambda n: beside(button(confirm=confirm(title=plain("x" * n)))),
        "/accessory/confirm/title/text",
    ),
    (
        "confirm text",
        300,
        lambda n: beside(button(confirm=confirm(text=mrkdwn("x" * n)))),
        "/accessory/confirm/text/text",
    ),
    (
        "confirm yes",
        30,
        lambda n: beside(button(confirm=confirm(confirm=plain("x" * n)))),
        "/accessory/confirm/confirm/text",
    ),
    (
        "confirm no",
        30,
        lambda n: beside(button(confirm=confirm(deny=plain("x" * n)))),
        "/accessory/confirm/deny/text",
    ),
    ("initial value", 3000, lambda n: typed(initial_value="x" * n), "/element/initial_value"),
    ("image address", 3000, lambda n: image(image_url=url(n)), "/image_url"),
    ("image alt text", 2000, lambda n: image(alt_text="x" * n), "/alt_text"),
    ("image title", 2000, lambda n: image(title=plain("x" * n)), "/title/text"),
]

ITEMS: list[Row] = [
    ("fields", 10, lambda n: section(fields=[plain("x")] * n), "/fields"),
    ("context", 10, lambda n: {"type": "context", "elements": [plain("x")] * n}, "/elements"),
    ("actions", 25, lambda n: actions(*[button()] * n), "/elements"),
    ("options", 100, lambda n: beside(select(options=options(n))), "/accessory/options"),
    (
        "option groups",
        100,
        lambda n: beside({"type": "static_select", "option_groups": groups(n)}),
        "/accessory/option_groups",
    ),
    (
        "options of a group",
        100,
        lambda n: beside({"type": "multi_static_select", "option_groups": groups(1, n)}),
        "/accessory/option_groups/0/options",
    ),
    (
        "radio buttons",
        10,
        lambda n: beside({"type": "radio_buttons", "options": options(n)}),
        "/accessory/options",
    ),
    (
        "checkboxes",
        10,
        lambda n: beside({"type": "checkboxes", "options": options(n)}),
        "/accessory/options",
    ),
    (
        "overflow",
        5,
        lambda n: beside({"type": "overflow", "options": options(n)}),
        "/accessory/options",
    ),
    ("table rows", 100, lambda n: table(rows=n, columns=1), "/rows"),
    ("table columns", 20, lambda n: table(rows=1, columns=n), "/rows/0"),
]

VIEW_CHARACTERS: list[Row] = [
    ("title", 24, lambda n: {"title": plain("x" * n)}, "/title/text"),
    ("submit", 24, lambda n: {"submit": plain("x" * n)}, "/submit/text"),
    ("close", 24, lambda n: {"close": plain("x" * n)}, "/close/text"),
    ("private_metadata", 3000, lambda n: {"private_metadata": "x" * n}, "/private_metadata"),
    ("callback_id", 255, lambda n: {"callback_id": "x" * n}, "/callback_id"),
    ("external_id", 255, lambda n: {"external_id": "x" * n}, "/external_id"),
]


def cases(rows: list[Row]) -> list[ParameterSet]:
    return [pytest.param(limit, build, where, id=name) for name, limit, build, where in rows]


def modal(**keys: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [], **keys}


@pytest.mark.parametrize(("limit", "build", "where"), cases(CHARACTERS))
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    limit: int, build: Build, where: str
) -> None:
    at_limit = check_blocks([build(limit)], "message")
    beyond = check_blocks([build(limit + 1)], "message")

    refusal = f"[ERROR] must be less than {limit + 1} characters [json-pointer:/blocks/0{where}]"
    assert (at_limit, beyond) == ([], [refusal])


@pytest.mark.parametrize(("limit", "build", "where"), cases(ITEMS))
def test_a_list_may_be_as_long_as_its_limit_and_no_longer(
    limit: int, build: Build, where: str
) -> None:
    at_limit = check_blocks([build(limit)], "message")
    beyond = check_blocks([build(limit + 1)], "message")

    refusal = f"[ERROR] no more than {limit} items allowed [json-pointer:/blocks/0{where}]"
    assert (at_limit, beyond) == ([], [refusal])


@pytest.mark.parametrize(("limit", "build", "where"), cases(ITEMS))
def test_a_list_holds_at_least_one(limit: int, build: Build, where: str) -> None:
    one, none = check_blocks([build(1)], "message"), check_blocks([build(0)], "message")

    refusal = f"[ERROR] no fewer than 1 items allowed [json-pointer:/blocks/0{where}]"
    assert (one, none) == ([], [refusal])


@pytest.mark.parametrize(("limit", "build", "where"), cases(VIEW_CHARACTERS))
def test_a_view_keeps_its_own_limits(limit: int, build: Build, where: str) -> None:
    at_limit = check_view(modal(**build(limit)))
    beyond = check_view(modal(**build(limit + 1)))

    refusal = f"[ERROR] must be less than {limit + 1} characters [json-pointer:{where}]"
    assert (at_limit, beyond) == ([], [refusal])


@pytest.mark.parametrize(
    ("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)], ids=str
)
def test_a_surface_holds_so_many_blocks(surface: Surface, limit: int) -> None:
    at_limit = check_blocks([{"type": "divider"}] * limit, surface)
    beyond = check_blocks([{"type": "divider"}] * (limit + 1), surface)

    refusal = f"[ERROR] no more than {limit} items allowed [json-pointer:/blocks]"
    assert (at_limit, beyond) == ([], [refusal])
