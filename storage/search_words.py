"""By which words an initiative is found besides those that stand in its texts. Pure.

A British word is found by its American spelling, and the other way round: both what is stored and
what is looked for are brought to one of them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# PostgreSQL takes "input/output" for a file, and the 4 of "GPT-4" for a number below zero.
_GLUED = re.compile(r"\w+(?:[./@:\\]\w+)+|\w+-\d\w*")
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")  # N.I.H.
_WORD = re.compile(r"[^\W\d_]{4,}")
_SMALL = frozenset(("a", "and", "for", "in", "of", "on", "the", "to"))

# British spellings, each ending in the one of America. What both sides write so is left alone.
_LETTERS_DOUBLED = (
    "cancel channel counsel dial fuel funnel initial label level marshal model panel pencil "
    "refuel rival signal total travel tunnel"
)
_SAID_WITH_OUR = "behavi col endeav fav flav harb hon hum lab neighb rum sav splend tum val vap vig"
_AS_IS = """adv advert appr ar br chast circumc clockw compr comprom conc cru dem desp dev disgu
enterpr exc exerc expert franch impr improv inc lengthw likew merchand otherw parad porpo pra prec
prem prom ra rev r superv surm surpr telev treat turquo w"""
_ISE = "e|ed|er|ers|es|ing|ation|ations"
_CHANGES = [
    (re.compile(form), written)
    for form, written in (
        (rf"^((?:{'|'.join(_SAID_WITH_OUR.split())}))our", r"\1or"),
        (r"^(\w*(?:cent|met|lit|theat|fib|calib|lust|meag|sab|spect|somb))re(s?)$", r"\1er\2"),
        (r"^(cent)r(ed|ing)$", r"\1er\2"),
        (rf"^(?!(?:{'|'.join(_AS_IS.split())})is(?:{_ISE})$)(\w{{3,}})is({_ISE})$", r"\1iz\2"),
        (r"^(anal|cataly|paral|dial)ys(e|ed|er|ers|ing)$", r"\1yz\2"),
        (r"^(def|lic|off|pret)ence(s|d)?$", r"\1ense\2"),
        (r"^(catal|dial|anal|monol)ogue(s?)$", r"\1og\2"),
        (r"^programme(s?)$", r"program\1"),
        (rf"^({'|'.join(_LETTERS_DOUBLED.split())})l(ed|er|ers|ing|or|ors)$", r"\1\2"),
        (r"^(p|orthop)aed", r"\1ed"), (r"^anaesth", "anesth"), (r"^gynaec", "gynec"),
        (r"^haem([ao])", r"hem\1"), (r"^leukaem", "leukem"), (r"^oesoph", "esoph"),
        (r"^oestr", "estr"), (r"^foet", "fet"), (r"^encyclopaed", "encycloped"),
        (r"^manoeuv", "maneuv"), (r"^aeroplane", "airplane"), (r"^grey", "gray"),
        (r"^tyre", "tire"), (r"^cheque(s?)$", r"check\1"), (r"^mould", "mold"),
        (r"^sceptic", "skeptic"), (r"^artefact", "artifact"), (r"^ageing$", "aging"),
        (r"^(acknowledg|judg)ement", r"\1ment"), (r"^(enrol|instal|fulfil)ment", r"\1lment"),
        (r"^aluminium", "aluminum"), (r"^sulph", "sulf"), (r"^plough", "plow"),
    )
]  # fmt: skip


@lru_cache(maxsize=65_536)  # a registry's words are some ten thousand, and come again and again
def usual(word: str) -> str:
    """Return a word in small letters as America spells it."""
    for form, written in _CHANGES:
        changed, count = form.subn(written, word)
        if count:
            return changed
    return word


def without_dots(text: str) -> str:
    """Return a text with its initials as one word each: NIH for N.I.H."""
    return _INITIALS.sub(lambda found: found[0].replace(".", ""), text)


def variants(texts: Iterable[str]) -> str:
    """Return words of texts as they are looked for, where they stand there otherwise."""
    folded = "\n".join(texts).casefold()
    words = dict.fromkeys(_WORD.findall(folded))
    found = dict.fromkeys(spelled for word in words if (spelled := usual(word)) != word)
    found |= dict.fromkeys(map(without_dots, _INITIALS.findall(folded)))
    for glued in _GLUED.findall(folded):
        found |= dict.fromkeys(re.findall(r"[^\W_]+", glued))
    return " ".join(found)


def department_words(department: str, key: str) -> str:
    """Return what a department is called: its name, its initials, and the key it gave."""
    words = re.findall(r"\w+", department)
    initials = "".join(word[0] for word in words if word.casefold() not in _SMALL)
    return "\n".join([department, initials.upper() if len(words) > 1 else "", key])
