"""Keys for initiatives that have none. Pure: known keys in, the next one out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

_NUMBERED = re.compile(r"([A-Z][A-Z0-9]*)-(\d{1,9})")
_SMALL_WORDS = {"and", "of", "the", "for", "und", "et", "de"}
_LONGEST_PREFIX = 8


class KeyMaker:
    """Makes keys as FIN-07: a prefix of the department's own, and the next number."""

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        """Begin with the keys that there are, each with its department."""
        self._used: set[str] = set()
        self._highest: Counter[str] = Counter()
        self._prefixes: dict[str, Counter[str]] = {}
        for key, department in known:
            self._note(key, department)

    def next_key(self, department: str, abbreviation: str = "") -> str:
        """Return the department's next key; `abbreviation` is what it calls itself, if it does."""
        prefix = self._prefix(department, abbreviation)
        number = self._highest[prefix] + 1
        key = f"{prefix}-{number:02}"
        while key in self._used:
            number += 1
            key = f"{prefix}-{number:02}"
        self._note(key, department)
        return key

    def _note(self, key: str, department: str) -> None:
        self._used.add(key)
        if found := _NUMBERED.fullmatch(key):
            prefix, number = found[1], int(found[2])
            self._highest[prefix] = max(self._highest[prefix], number)
            self._prefixes.setdefault(department, Counter())[prefix] += 1

    def _prefix(self, department: str, abbreviation: str) -> str:
        if own := self._prefixes.get(department):
            return own.most_common(1)[0][0]
        taken = {prefix for prefixes in self._prefixes.values() for prefix in prefixes}
        return _unused(_letters(abbreviation) or _initials(department), taken)


def _initials(department: str) -> str:
    words = [word for word in re.findall(r"\w+", department) if word.lower() not in _SMALL_WORDS]
    if len(words) == 1:
        return _letters(words[0])[:3] or "AI"
    return _letters("".join(word[0] for word in words)) or "AI"


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)  # KUC for Küche
    return re.sub(r"[^A-Z]", "", plain.upper())[:_LONGEST_PREFIX]


def _unused(prefix: str, taken: Collection[str]) -> str:
    """Return the prefix, with a number at its end where another department has it."""
    number, fresh = 1, prefix
    while fresh in taken:
        number += 1
        fresh = f"{prefix}{number}"
    return fresh
