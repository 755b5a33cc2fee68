"""Amounts as people write them: the decimal sign is told by a whole column. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]")
_NUMBER = re.compile(r"\d(?:[\d.,]|[\s\u00a0\u2009\u202f'’](?=\d))*")
_WORDS = re.compile(r"[^\W\d_]+|[$€£¥₹]|[^\s\w]")
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODES = """USD EUR GBP CHF JPY CNY INR CAD AUD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY BRL MXN ARS
CLP COP PEN ZAR AED SAR ILS SGD HKD KRW THB IDR MYR PHP TWD ISK UAH EGP KES NGN"""
_CURRENCIES = frozenset(_CODES.split())
_DOLLARS = {
    "us": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "nz": "NZD", "hk": "HKD",
    "s": "SGD", "r": "BRL",
}  # fmt: skip
_DOLLAR = re.compile(r"(?<![^\W\d_])(us|au?|ca?|nz|hk|s|r)\$", re.IGNORECASE)
_NO_CENTS = re.compile(r"(?<=\d)([.,])[-–—]{1,2}(?!\d)")  # 1.200,-
_SPELLED = {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP"}
_SCALES = {
    1000: "k t tsd th thousand tausend mille mil",
    1_000_000: "m mn mm mio mill million millions millionen millones miljoen",
    1_000_000_000: "b bn mrd md mds milliard milliards milliarde milliarden billion miljard",
}
_SCALE = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_HARMLESS = frozenset(["(", ")", "-", "−", "+", ".", ",", "%", "'"])


class DecimalSign(StrEnum):
    """What parts the whole from its hundredths."""

    POINT = "."
    COMMA = ","
    UNKNOWN = "unknown"  # no cell tells
    MIXED = "mixed"  # they contradict each other


@dataclass(frozen=True)
class Unit:
    """What a number counts."""

    currency: str = ""
    scale: int = 1


@dataclass(frozen=True)
class Amount:
    """A number as it was read; without a value, `doubt` says why."""

    value: Decimal | None
    currency: str = ""
    doubt: str = ""


def find_sign(cells: Iterable[str]) -> DecimalSign:
    """Return the decimal sign of a column."""
    numbers = (_only_number(_plain(cell)) for cell in cells)
    signs = {sign for number in numbers if number and (sign := _tells(number))}
    if len(signs) > 1:
        return DecimalSign.MIXED
    return DecimalSign(signs.pop()) if signs else DecimalSign.UNKNOWN


def unit_of(heading: str) -> Unit:
    """Return what a heading says that its amounts are in, as “Budget (k€)” does."""
    said = re.findall(r"\(([^)]*)\)|\bin ([^()]+)$", heading)
    if words := " ".join(part for pair in said for part in pair):
        return _unit(words) or Unit()
    last = _unit_word((re.findall(r"[^\W_]+", heading) or ["-"])[-1])
    return last if last and last.currency else Unit()  # budget_eur


def read_amount(cell: str, sign: DecimalSign, unit: Unit = Unit()) -> Amount:
    """Return an amount; `unit` is what its heading says, which the cell itself may say better."""
    cell = _plain(cell)
    number = _only_number(cell)
    own = _unit(cell)
    if number is None or own is None:
        return Amount(None, doubt="isn't a number")
    scale = own.scale if own.scale != 1 else unit.scale
    is_bare = sign is DecimalSign.UNKNOWN and _tells(number) is None and not number.isdecimal()
    value = None if is_bare and scale > 1 else _value(number, sign)  # 1.234 M: which is it?
    if value is None:
        return Amount(None, doubt="can be read in two ways")
    value *= scale
    if _is_negative(cell):
        value = -value
    return Amount(value, own.currency or unit.currency)


def _plain(cell: str) -> str:
    """Return an amount with its cents in digits and its dollars by their code."""
    coded = _DOLLAR.sub(lambda found: f"{_DOLLARS[found[1].casefold()]} ", cell)
    return _NO_CENTS.sub(r"\g<1>00", coded)


def _only_number(cell: str) -> str | None:
    found = _NUMBER.findall(cell)
    return found[0] if len(found) == 1 else None


def _unit(cell: str) -> Unit | None:
    """Return what stands beside a number; None if it is something else than a unit."""
    currency, scale = "", 1
    for word in _WORDS.findall(_NUMBER.sub(" ", cell)):
        found = _unit_word(word)
        if found is None:
            return None
        if found.currency and currency not in ("", found.currency):
            return None
        currency, scale = found.currency or currency, max(scale, found.scale)
    return Unit(currency, scale)


def _unit_word(word: str) -> Unit | None:
    folded, code = word.casefold(), word.upper()
    if word in _HARMLESS or folded in _SCALE:
        return Unit("", _SCALE.get(folded, 1))
    if currency := _SIGNS.get(word) or _SPELLED.get(folded) or (code in _CURRENCIES and code):
        return Unit(currency)
    if code[1:] in _CURRENCIES and folded[0] in _SCALE:  # TEUR, kUSD
        return Unit(code[1:], _SCALE[folded[0]])
    return None


def _is_negative(cell: str) -> bool:
    bare = re.sub(r"[^\d()\-−]", "", cell)
    return bare.startswith(("-", "−", "(")) or bare.endswith(("-", "−"))


def _tells(number: str) -> str | None:
    """Return the decimal sign that a number can only have; None if it can have either."""
    text = _SPACES.sub("", number).rstrip(".,")
    places = {sign: [at for at, char in enumerate(text) if char == sign] for sign in ".,"}
    if places["."] and places[","]:
        return "." if places["."][-1] > places[","][-1] else ","
    for sign, other in ((".", ","), (",", ".")):
        if len(places[sign]) > 1:
            return other
        if places[sign]:
            before, _, after = text.partition(sign)
            is_grouped = len(after) == 3 and len(before) <= 3 and before.lstrip("0") == before
            has_spaces = _SPACES.search(number) is not None
            return None if is_grouped and not has_spaces else sign
    return None


def _value(number: str, sign: DecimalSign) -> Decimal | None:
    """Return what a number is in a column with this sign; None if that contradicts it."""
    text = _SPACES.sub("", number).rstrip(".,")
    own = _tells(number)
    if sign in (DecimalSign.UNKNOWN, DecimalSign.MIXED):
        if own is None and sign is DecimalSign.MIXED and re.search(r"[.,]", text):
            return None
        point = own or ("," if "." in text else ".")  # three digits after a sign: thousands
    elif own not in (None, sign.value):
        return None
    else:
        point = sign.value
    whole, _, fraction = text.partition(point)
    group = "," if point == "." else "."
    if group in fraction or point in fraction:
        return None
    if group in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole):
        return None
    return Decimal(f"{whole.replace(group, '')}.{fraction or 0}")
