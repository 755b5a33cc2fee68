"""Rich text blocks as HTML: sections, lists, quotes and preformatted text."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from sandbox.page.dates import date_in_words
from sandbox.page.emoji import reaction
from sandbox.page.mrkdwn import Reader, channel_mention, group_mention, link, plain, user_mention

Json = dict[str, Any]
_STYLE_TAGS = {
    "code": Markup("code"),
    "strike": Markup("s"),
    "italic": Markup("em"),
    "bold": Markup("strong"),
    "underline": Markup("u"),
}
_DEEPEST_INDENT = 8  # Slack's


def rich_text(block: Json, reader: Reader) -> Markup:
    """Return a rich_text block; what it doesn't know is left out."""
    return Markup("").join(_part(part, reader) for part in block.get("elements", []))


def _part(part: Json, reader: Reader) -> Markup:
    kind = part.get("type")
    if kind == "rich_text_list":
        return _list(part, reader)
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(str(kind), "div")
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), _spans(part, reader))


def _list(part: Json, reader: Reader) -> Markup:
    tag = Markup("ol" if part.get("style") == "ordered" else "ul")
    start = Markup(' start="{}"').format(part["offset"] + 1) if part.get("offset") else Markup("")
    indent = min(int(part.get("indent", 0)), _DEEPEST_INDENT)
    items = Markup("").join(
        Markup("<li>{}</li>").format(_spans(item, reader)) for item in part.get("elements", [])
    )
    return Markup('<{0} class="indent-{1}"{2}>{3}</{0}>').format(tag, indent, start, items)


def _spans(part: Json, reader: Reader) -> Markup:
    return Markup("").join(_span(span, reader) for span in part.get("elements", []))


def _span(span: Json, reader: Reader) -> Markup:
    render = _SPANS.get(str(span.get("type")))
    if render is None:
        return Markup("")
    rendered = render(span, reader)
    for style, tag in _STYLE_TAGS.items():
        if (span.get("style") or {}).get(style):
            rendered = Markup("<{0}>{1}</{0}>").format(tag, rendered)
    return rendered


def _emoji(span: Json, reader: Reader) -> Markup:
    return escape(reaction(str(span.get("name", ""))))


def _link(span: Json, reader: Reader) -> Markup:
    return link(str(span.get("url", "")), str(span.get("text") or span.get("url", "")))


def _broadcast(span: Json, reader: Reader) -> Markup:
    return Markup('<span class="mention mention-me">@{}</span>').format(span.get("range", ""))


def _date(span: Json, reader: Reader) -> Markup:
    try:
        words = date_in_words(int(span["timestamp"]), str(span["format"]), reader.zone, reader.now)
    except (KeyError, ValueError):
        words = str(span.get("fallback", ""))
    return Markup("<time>{}</time>").format(words)


_SPANS: dict[str, Callable[[Json, Reader], Markup]] = {
    "text": lambda span, _: plain(str(span.get("text", ""))),
    "link": _link,
    "user": lambda span, reader: user_mention(str(span.get("user_id", "")), reader),
    "channel": lambda span, reader: channel_mention(str(span.get("channel_id", "")), reader),
    "emoji": _emoji,
    "date": _date,
    "broadcast": _broadcast,
    "color": lambda span, _: Markup("<code>{}</code>").format(span.get("value", "")),
    "usergroup": lambda span, reader: group_mention(str(span.get("usergroup_id", "")), reader),
}
