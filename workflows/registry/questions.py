"""What somebody looks for, taken apart: words, and runs that hold a sign. Pure."""

import re
from dataclasses import dataclass

from storage.search_words import usual, without_dots

_MOST_WORDS = 8
SMALL_WORDS = frozenset(
    ("a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
_SIGNS = r"+#&@%$€£§"
_SIGNED = re.compile(rf"\w[^\s]*[{_SIGNS}]|[{_SIGNS}][^\s]*\w|^\.[^\W\d_]")
_DOTTED = re.compile(r"\.[^\W\d_]")  # .NET
_PARTED = re.compile(r"(?<![\w&])(\w) & (\w)(?![\w&])")  # R & D
_AROUND = re.compile(r"[\s,;|<>()\[\]{}\"“”„«»]+")
_AT_ENDS = ".:!?*'’‘-–…"
_LEAST_AFTER = 3  # letters of a second part
_LONGEST_SPLIT = 20  # letters
# Words that are everywhere: a text search drops them, and finds whatever stands beside them.
_EVERYWHERE = """a about above after again all am an and any are as at be been before being below
between both but by can did do does doing don down during each few for from further had has have
having he her here hers him his how i if in into is it its just me more most my no nor not now of
off on once only or other our out over own s same she should so some such t than that the their
them then there these they this those through to too under until up very was we were what when
where which while who whom why will with you your"""
_NO_PARTS = frozenset(_EVERYWHERE.split())


@dataclass(frozen=True)
class Question:
    """What is looked for: all of these."""

    words: tuple[str, ...]  # as they are usually spelled
    signed: tuple[str, ...]  # runs such as c++ and r&d: their signs count

    @property
    def groups(self) -> list[list[str]]:
        """Return what each word is found by: itself, or one word with a neighbour."""
        pairs = ["".join(pair) for pair in zip(self.words, self.words[1:], strict=False)]
        return [
            [word, *pairs[max(0, number - 1) : number + 1]]
            for number, word in enumerate(self.words)
        ]


def read_question(wanted: str, most: int = _MOST_WORDS) -> Question:
    """Take a question apart; of many words the first count."""
    text = _PARTED.sub(r"\1&\2", without_dots(wanted.casefold()))
    runs = [_run(run) for run in _AROUND.split(text)]
    signed = tuple(dict.fromkeys(run for run in runs if _SIGNED.search(run)))
    plain = " ".join(run for run in runs if run not in signed)
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", plain))
    words = list(dict.fromkeys(map(usual, found)))
    said = [word for word in words if word not in SMALL_WORDS] or ([] if signed else words[:1])
    return Question(tuple(said[:most]), signed)


def _run(run: str) -> str:
    bare = run.strip(_AT_ENDS)
    return f".{bare}" if _DOTTED.match(run) and run.startswith(f".{bare}") else bare


def holds(text: str, signed: str) -> bool:
    """Tell whether a text holds a run of signs as a whole word."""
    spaced = r"\s?&\s?".join(re.escape(part) for part in signed.split("&"))
    return re.search(rf"(?<![\w{_SIGNS}]){spaced}(?![\w{_SIGNS}])", text.casefold()) is not None


def splits(word: str) -> list[tuple[str, str]]:
    """Return the pairs of words that one word may have been put together of."""
    if len(word) > _LONGEST_SPLIT:
        return []
    ends = range(1, len(word) - _LEAST_AFTER + 1)
    parts = ((usual(word[:end]), usual(word[end:])) for end in ends)
    return [pair for pair in parts if not _NO_PARTS.intersection(pair)]
