"""What people typed is escaped by the one function that no block can be made without."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks.text import (
    Mrkdwn,
    combine,
    cut,
    fill,
    fitting,
    hyperlink,
    listed,
    marked,
    mention,
    section,
)

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
MODULES = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")]
TEXTS = ROOT / "handlers" / "blocks" / "text.py"
HOSTILE = "<!channel> <@U1> <https://x|y> & co"
SHOWN = "&lt;!channel&gt; &lt;@U1&gt; &lt;https://x|y&gt; &amp; co"
SENDING = ("text", "initial_comment")  # arguments that Slack reads as mrkdwn


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield node.func.id if isinstance(node.func, ast.Name) else name, node


def is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return is_literal(node.body) and is_literal(node.orelse)
    return isinstance(node, ast.Constant)


def is_wire(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("wire", "wire_text")


def test_a_text_is_escaped_where_it_becomes_a_block() -> None:
    assert section(HOSTILE)["text"]["text"] == SHOWN


def test_only_parts_that_are_mrkdwn_stay_live() -> None:
    said = fill("{who} wrote {what} & left", who=mention("U1"), what=HOSTILE)

    assert said.wire == f"<@U1> wrote {SHOWN} &amp; left"


def test_braces_in_a_part_are_no_template() -> None:
    assert fill("{what}", what="{what} {0.__class__}").wire == "{what} {0.__class__}"


def test_lines_are_escaped_one_by_one() -> None:
    assert combine([HOSTILE, mention("C1")]).wire == f"{SHOWN}\n<#C1>"


def test_a_link_can_not_be_broken_by_its_words() -> None:
    assert hyperlink("https://x/?a=1&b=2", "a|b>c").wire == "<https://x/?a=1&amp;b=2|a¦b&gt;c>"


def test_mrkdwn_refuses_to_become_a_plain_text() -> None:
    with pytest.raises(TypeError, match="fill"):
        f"{mention('U1')}"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("a&b", 7, "a&amp;b"),
        ("a&b", 6, "a…"),
        ("&&", 10, "&amp;&amp;"),
        ("&&", 9, "&amp;…"),
    ],
)
def test_a_text_is_cut_after_it_is_escaped_and_never_within_an_escape(
    text: str, most: int, shown: str
) -> None:
    assert cut(marked(text), most).wire == shown


def test_a_mention_is_cut_whole() -> None:
    assert cut(fill("ask {who}", who=mention("U123456")), 10).wire == "ask…"


def test_a_section_holds_what_slack_takes_of_it() -> None:
    assert len(section("&" * 600)["text"]["text"]) == 3000
    assert len(section("&" * 601)["text"]["text"]) <= 3000


def test_what_does_not_fit_is_counted() -> None:
    assert fitting(["a", "b", "c"], 2).wire == "a\nb\nand 1 more"
    assert fitting(["&" * 10, "&" * 10], 5, 60).wire == "&amp;" * 10 + "\nand 1 more"
    assert fitting(["&" * 20], 5, 60).wire == "&amp;" * 11 + "…"


def test_of_many_the_first_are_named_and_the_others_counted() -> None:
    assert listed(["a", "b", "c"], 3) == "a, b and c"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_makes_live_text_in_a_way_of_its_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    faults = [
        f"line {call.lineno}: {name}"
        for name, call in calls(path)
        if (name == Mrkdwn.__name__ and path != TEXTS)
        or (name == "fill" and not is_literal(call.args[0]))
        or any(
            word.arg in SENDING and not (is_wire(word.value) or is_literal(word.value))
            for word in call.keywords
            if name in ("ack", "send") or name.startswith(("chat_", "files_"))
        )
    ]

    assert faults == []
    assert path == TEXTS or '"mrkdwn"' not in source
