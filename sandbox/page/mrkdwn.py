"""Slack's mrkdwn as HTML. Whatever stands in the text, only the tags written here come out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from sandbox.page.dates import date_in_words
from sandbox.page.emoji import with_emoji

_PRE = re.compile(r"```\n?(.+?)```", re.DOTALL)
_QUOTED = re.compile(r"^(?:&gt;|>) ?")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<token>[^<>\n]+)>"
    r"|(?P<url>https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]}'\"*_~])"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
    r"|(?<![\w~])~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"
)
_STYLES = {"bold": Markup("strong"), "italic": Markup("em"), "strike": Markup("s")}
_SAFE_SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Reader:
    """Who reads: names and instants are shown their way."""

    user_id: str
    zone: ZoneInfo
    now: datetime
    user_name: Callable[[str], str]
    channel_name: Callable[[str], str]
    group_handle: Callable[[str], str]  # "" where there is no such group
    my_groups: frozenset[str]


def mrkdwn(text: str, reader: Reader) -> Markup:
    """Return mrkdwn as HTML: emphasis, code, quotes, links, mentions and dates."""
    parts = _PRE.split(text)
    rendered = []
    for position, part in enumerate(parts):
        if position % 2:
            rendered.append(Markup("<pre>{}</pre>").format(_inline_plain(part, reader)))
        else:
            rendered.append(_lines(_beside_pre(part, position, len(parts)), reader))
    return Markup("").join(rendered)


def plain(text: str) -> Markup:
    """Return plain_text as HTML: nothing in it is markup, only short names become emoji."""
    return _with_breaks(with_emoji(text))


def link(url: str, label: str) -> Markup:
    """Return a link, or the bare label where the address is not one for a browser."""
    if not url.lower().startswith(_SAFE_SCHEMES):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url, label
    )


def user_mention(user_id: str, reader: Reader) -> Markup:
    """Return a mention of a person; that of the reader stands out."""
    kind = "mention mention-me" if user_id == reader.user_id else "mention"
    return Markup('<span class="{}">@{}</span>').format(kind, reader.user_name(user_id))


def channel_mention(channel_id: str, reader: Reader) -> Markup:
    """Return a mention of a channel, which leads there."""
    return Markup('<a class="mention" href="/as/{}/{}">#{}</a>').format(
        reader.user_id, channel_id, reader.channel_name(channel_id)
    )


def group_mention(group_id: str, reader: Reader, label: str = "") -> Markup:
    """Return a mention of a user group by its handle; that of the reader's own stands out."""
    kind = "mention mention-me" if group_id in reader.my_groups else "mention"
    handle = reader.group_handle(group_id) or label.removeprefix("@") or group_id
    return Markup('<span class="{}">@{}</span>').format(kind, handle)


def unescaped(text: str) -> str:
    """Undo Slack's three escapes, once: `&amp;lt;` is the text `&lt;`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _beside_pre(part: str, position: int, count: int) -> str:
    """Drop the line breaks next to a preformatted block, which breaks the line by itself."""
    part = part.removeprefix("\n") if position else part
    return part.removesuffix("\n") if position < count - 1 else part


def _lines(text: str, reader: Reader) -> Markup:
    """Gather the lines that begin with > into quotes."""
    groups: list[tuple[bool, list[str]]] = []
    for line in text.split("\n"):
        quoted = bool(_QUOTED.match(line))
        if not groups or groups[-1][0] != quoted:
            groups.append((quoted, []))
        groups[-1][1].append(_QUOTED.sub("", line))
    return Markup("").join(_group(quoted, lines, reader) for quoted, lines in groups)


def _group(quoted: bool, lines: list[str], reader: Reader) -> Markup:
    inner = Markup("<br>").join(_inline(line, reader) for line in lines)
    return Markup("<blockquote>{}</blockquote>").format(inner) if quoted else inner


def _inline(text: str, reader: Reader) -> Markup:
    rendered, done = Markup(""), 0
    for found in _INLINE.finditer(text):
        rendered += _with_breaks(with_emoji(unescaped(text[done : found.start()])))
        rendered += _element(found, reader)
        done = found.end()
    return rendered + _with_breaks(with_emoji(unescaped(text[done:])))


def _element(found: re.Match[str], reader: Reader) -> Markup:
    kind = str(found.lastgroup)
    inner = found[kind]
    if kind == "code":
        return Markup("<code>{}</code>").format(_inline_plain(inner, reader))
    if kind == "token":
        return _token(inner, reader)
    if kind == "url":
        return link(unescaped(inner), unescaped(inner))
    return Markup("<{0}>{1}</{0}>").format(_STYLES[kind], _inline(inner, reader))


def _inline_plain(text: str, reader: Reader) -> Markup:
    """Return text in which no emphasis lives, but links and mentions still do, as in Slack."""
    parts = re.split(r"<([^<>\n]+)>", text)
    return Markup("").join(
        _token(part, reader) if position % 2 else escape(unescaped(part))
        for position, part in enumerate(parts)
    )


def _token(token: str, reader: Reader) -> Markup:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return user_mention(target[1:], reader)
    if target.startswith("#"):
        return channel_mention(target[1:], reader)
    if target.startswith("!"):
        return _special(target[1:], unescaped(label), reader)
    return link(unescaped(target), unescaped(label or target.removeprefix("mailto:")))


def _special(target: str, label: str, reader: Reader) -> Markup:
    if target in ("channel", "here", "everyone"):
        return Markup('<span class="mention mention-me">@{}</span>').format(target)
    if target.startswith("subteam^"):
        return group_mention(target.removeprefix("subteam^"), reader, label)
    if target.startswith("date^"):
        return _date(target, label, reader)
    return Markup('<span class="mention">{}</span>').format(label or f"@{target}")


def _date(target: str, fallback: str, reader: Reader) -> Markup:
    _, timestamp, pattern, *rest = [*target.split("^"), "", ""]
    try:
        words = date_in_words(int(timestamp), unescaped(pattern), reader.zone, reader.now)
    except ValueError:
        return escape(fallback)
    address = unescaped(rest[0])
    shown = link(address, words) if address else escape(words)
    return Markup('<time title="{}">{}</time>').format(reader.zone.key, shown)


def _with_breaks(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))
