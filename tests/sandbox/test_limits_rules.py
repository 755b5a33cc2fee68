"""Shapes and rules: which type, key, element and value may stand where."""

from typing import Any

import pytest

from sandbox.limits import Surface, check_blocks
from tests.sandbox.test_limits import (
    Json,
    actions,
    beside,
    button,
    confirm,
    field,
    groups,
    image,
    mrkdwn,
    option,
    options,
    plain,
    section,
    select,
    typed,
)

URL = "https://example.com"


def rich_text(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def run(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text: str = "x", **keys: Any) -> Json:
    return {"type": "text", "text": text, **keys}


MENUS: list[Json] = [
    select(),
    select(options=options(3), initial_option=option("2")),
    {"type": "static_select", "option_groups": groups(2), "initial_option": option("0")},
    {"type": "multi_static_select", "options": options(3), "initial_options": options(2)},
    {"type": "users_select", "initial_user": "U1", "placeholder": plain("Who?")},
    {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3},
    {"type": "channels_select", "initial_channel": "C1"},
    {"type": "multi_channels_select", "initial_channels": []},
    {"type": "conversations_select", "filter": {"include": ["im"], "exclude_bot_users": True}},
    {"type": "multi_conversations_select", "default_to_current_conversation": True},
    {"type": "radio_buttons", "options": [option(text=mrkdwn("*x*"))]},
    {"type": "checkboxes", "options": options(3), "initial_options": [option("1")]},
    {"type": "datepicker", "initial_date": "2024-02-29", "confirm": confirm()},
    {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Berlin"},
]
PRESSED: list[Json] = [
    button(style="danger", value="", url="mailto:a@example.com", confirm=confirm(style="primary")),
    {"type": "overflow", "options": [option(url=URL)]},
]
TYPED: list[Json] = [
    {"type": "plain_text_input", "multiline": True, "initial_value": "", "focus_on_load": True},
    {"type": "email_text_input", "initial_value": "a@example.com"},
    {"type": "url_text_input", "initial_value": URL},
    {"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5", "max_value": "2"},
    {"type": "rich_text_input", "initial_value": rich_text(run(words()))},
]
MOMENT: Json = {"type": "datetimepicker", "initial_date_time": 1_628_633_820}

EVERY_INLINE: list[Json] = [
    words(style={"bold": True, "italic": False, "strike": True, "code": True}),
    {"type": "link", "url": URL, "text": "x", "unsafe": False},
    {"type": "user", "user_id": "U1", "style": {"highlight": True}},
    {"type": "channel", "channel_id": "C1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
    {"type": "date", "timestamp": 1_720_710_212, "format": "{date}", "fallback": "a day"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#F405B3"},
]
ANYWHERE: list[Json] = [
    section(fields=[plain("x"), mrkdwn("y")], expand=True),
    {"type": "section", "fields": [plain("x")]},
    section(text={"type": "mrkdwn", "text": "x", "verbatim": True}),
    {"type": "header", "text": {"type": "plain_text", "text": "x", "emoji": False}},
    {"type": "divider", "block_id": "d"},
    {"type": "context", "elements": [image(), plain("x"), mrkdwn("y")]},
    image(title=plain("x")),
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"},
    field(select(), hint=plain("x"), optional=True, dispatch_action=False),
    typed(dispatch_action_config={"trigger_actions_on": ["on_character_entered"]}),
    rich_text(run(*EVERY_INLINE)),
    rich_text({"type": "rich_text_list", "style": "ordered", "elements": [run()], "indent": 8}),
    rich_text({"type": "rich_text_quote", "elements": EVERY_INLINE, "border": 1}),
    rich_text({"type": "rich_text_preformatted", "elements": [words("x = 1")]}),
    *(beside(element) for element in [*MENUS, *PRESSED, image()]),
    *(actions(element) for element in [*MENUS, *PRESSED]),
    *(field(element) for element in MENUS),
]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("block", ANYWHERE, ids=str)
def test_what_slack_takes_everywhere_is_taken(block: Json, surface: Surface) -> None:
    assert check_blocks([block], surface) == []


REFUSED: list[tuple[Json, str]] = [
    ({"type": "foo"}, "unsupported type: foo [/type]"),
    ({"type": "video"}, "unsupported type: video [/type]"),
    ({"text": plain("x")}, "missing required field: type []"),
    ({"type": 1}, "must provide a string [/type]"),
    ({"type": "header"}, "missing required field: text []"),
    ({"type": "divider", "x": 1}, "invalid additional property: x []"),
    ({"type": "section"}, "must define either `text` or `fields` []"),
    ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn [/text/type]"),
    ({"type": "header", "text": "x"}, "must provide an object [/text]"),
    (section(text=plain("x") | {"text": 1}), "must provide a string [/text/text]"),
    (section(text=None), "must provide an object [/text]"),
    (section(block_id=None), "must provide a string [/block_id]"),
    (section(block_id=7), "must provide a string [/block_id]"),
    (section(fields={}), "must provide an array [/fields]"),
    (section(text=mrkdwn("x") | {"emoji": True}), "invalid additional property: emoji [/text]"),
    (
        section(text=plain("x") | {"verbatim": True}),
        "invalid additional property: verbatim [/text]",
    ),
    (section(**{"a/b~c": 1}), "invalid additional property: a/b~c []"),
    (beside(button(style="default")), "must be a valid enum value [/accessory/style]"),
    (beside(button(url="example.com")), "must be a valid URL [/accessory/url]"),
    (image(image_url="mailto:a@example.com"), "must be a valid URL [/image_url]"),
    (beside(button(text=mrkdwn("x"))), "unsupported type: mrkdwn [/accessory/text/type]"),
    (
        beside(button(confirm={"title": plain("x"), "text": plain("x"), "confirm": plain("x")})),
        "missing required field: deny [/accessory/confirm]",
    ),
    (
        beside(select(options=[option(url=URL)])),
        "invalid additional property: url [/accessory/options/0]",
    ),
    (
        beside(select(options=[option(text=mrkdwn("x"))])),
        "unsupported type: mrkdwn [/accessory/options/0/text/type]",
    ),
    (
        beside({"type": "static_select"}),
        "must define either `options` or `option_groups` [/accessory]",
    ),
    (
        beside(select(option_groups=groups(1))),
        "must define either `options` or `option_groups` [/accessory]",
    ),
    (
        beside(select(initial_option=option("none"))),
        "must be one of the provided options [/accessory/initial_option]",
    ),
    (
        beside(select(initial_option=option("0", text=plain("Another")))),
        "must be one of the provided options [/accessory/initial_option]",
    ),
    (
        beside({"type": "checkboxes", "options": options(2), "initial_options": options(3)}),
        "must be one of the provided options [/accessory/initial_options/2]",
    ),
    (
        beside({"type": "multi_static_select", "options": options(1), "initial_options": []}),
        "no fewer than 1 items allowed [/accessory/initial_options]",
    ),
    (
        beside({"type": "radio_buttons", "options": options(1), "initial_option": option("x")}),
        "must be one of the provided options [/accessory/initial_option]",
    ),
    (
        beside({"type": "datepicker", "initial_date": "2023-02-29"}),
        "must be a valid date in the format YYYY-MM-DD [/accessory/initial_date]",
    ),
    (
        beside({"type": "datepicker", "initial_date": "20230228"}),
        "must be a valid date in the format YYYY-MM-DD [/accessory/initial_date]",
    ),
    (
        beside({"type": "timepicker", "initial_time": "24:00"}),
        "must be a valid time in the format HH:mm [/accessory/initial_time]",
    ),
    (
        beside({"type": "timepicker", "initial_time": "9:00"}),
        "must be a valid time in the format HH:mm [/accessory/initial_time]",
    ),
    (
        beside({"type": "timepicker", "initial_time": "09:00:00"}),
        "must be a valid time in the format HH:mm [/accessory/initial_time]",
    ),
    (
        beside({"type": "timepicker", "timezone": "Mars/Base"}),
        "must be a valid timezone [/accessory/timezone]",
    ),
    (
        beside({"type": "conversations_select", "filter": {}}),
        "must define at least one of its fields [/accessory/filter]",
    ),
    (beside({"type": "external_select"}), "unsupported type: external_select [/accessory/type]"),
    (
        typed(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
        "must be a valid enum value [/element/dispatch_action_config/trigger_actions_on/0]",
    ),
    (typed(multiline="yes"), "must provide a boolean [/element/multiline]"),
    (typed(max_length="9"), "must provide an integer [/element/max_length]"),
    (typed(max_length=9.5), "must provide an integer [/element/max_length]"),
    (typed(options=[]), "invalid additional property: options [/element]"),
    (
        {"type": "image", "alt_text": "x"},
        "must define either `image_url` or `slack_file` []",
    ),
    (
        {"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": URL}},
        "must define either `id` or `url` [/slack_file]",
    ),
    (
        rich_text({"type": "rich_text_table"}),
        "unsupported type: rich_text_table [/elements/0/type]",
    ),
    (rich_text(run(words(""))), "must be more than 0 characters [/elements/0/elements/0/text]"),
    (
        rich_text(run(words(style={"blink": True}))),
        "invalid additional property: blink [/elements/0/elements/0/style]",
    ),
    (
        rich_text({"type": "rich_text_list", "elements": [run()]}),
        "missing required field: style [/elements/0]",
    ),
    (
        rich_text({"type": "rich_text_list", "style": "bullet", "elements": [words()]}),
        "unsupported type: text [/elements/0/elements/0/type]",
    ),
    (
        rich_text({"type": "rich_text_preformatted", "elements": [{"type": "user"}]}),
        "unsupported type: user [/elements/0/elements/0/type]",
    ),
    (
        rich_text(run({"type": "broadcast", "range": "world"})),
        "must be a valid enum value [/elements/0/elements/0/range]",
    ),
]


@pytest.mark.parametrize(("block", "refusal"), REFUSED, ids=[refusal for _, refusal in REFUSED])
def test_what_slack_refuses_is_refused_with_its_place(block: Json, refusal: str) -> None:
    faults = check_blocks([{"type": "divider"}, block], "message")

    message, _, where = refusal.removesuffix("]").rpartition(" [")
    assert faults == [f"[ERROR] {message} [json-pointer:/blocks/1{where}]"]


def test_an_email_field_begins_with_an_address() -> None:
    faults = check_blocks([field({"type": "email_text_input", "initial_value": "a@b"})], "modal")

    place = "[json-pointer:/blocks/0/element/initial_value]"
    assert faults == [f"[ERROR] must be a valid email address {place}"]


def test_every_fault_is_named() -> None:
    faults = check_blocks([{"type": "foo"}, section(), {"type": "header", "x": 1}, 3], "message")

    assert faults == [
        "[ERROR] unsupported type: foo [json-pointer:/blocks/0/type]",
        "[ERROR] missing required field: text [json-pointer:/blocks/2]",
        "[ERROR] invalid additional property: x [json-pointer:/blocks/2]",
        "[ERROR] must provide an object [json-pointer:/blocks/3]",
    ]


@pytest.mark.parametrize("blocks", [None, "[]", {"type": "divider"}], ids=str)
def test_blocks_are_an_array(blocks: object) -> None:
    assert check_blocks(blocks, "home") == ["[ERROR] must provide an array [json-pointer:/blocks]"]


def test_a_message_may_be_without_blocks() -> None:
    assert check_blocks([], "message") == []
