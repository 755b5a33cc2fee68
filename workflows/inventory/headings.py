"""What people call the columns of an inventory, in five languages and in tools. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

from workflows.registry.fact_list import FACTS

EXACT, QUALIFIED = 100.0, 95.0  # how much a heading says of what a field is called
_MISSPELT = 4.0  # how much less, where it is not quite what the field is called
_PARTLY = 55.0  # … where it says something else besides: up to 75, which is to be confirmed
_WORD_LIKE = 85  # of 100, by rapidfuzz: one wrong letter in seven
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Exports of Jira say so of every field that somebody added.
_ADDED = re.compile(
    r"^(?:custom fields?|benutzerdefiniertes? felde?r?|champs? personnalisés?|campos? "
    r"personalizados?|aangepaste? velden?) \((.+)\)$",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(projekt|project|projet)(?:s|en)?(?=[a-z]{3,}$)")
_LITTLE_SAID = """a an and any are be by did do does for from has have how if in is it its of on or
that the this to was were what when where which who with ai der die das des dem den und oder von
vom für im zum zur de du des la le les un une et ou en par au aux el los las y o del por para van
het een ki ia kunstliche intelligence"""
_SAYS_LITTLE = frozenset(_LITTLE_SAID.split())
# Whose status, whose start: it goes without saying in a list of initiatives.
_OF_INITIATIVES = """project projects projekt projet proyecto initiative initiatives initiativen use
case usecase vorhaben programme program programm epic issue task"""
_BESIDE = """name owning main primary current overall planned estimated expected target official
full date datum fecha total key short geplant geplanter geplantes geplante prevu prevue previsto
prevista gepland geplande verwacht verwachte attendu attendue attendus esperado esperada esperados
eur usd gbp chf keur teur kusd"""
_WHOSE, _QUALIFIES = frozenset(_OF_INITIATIVES.split()), frozenset(_BESIDE.split())

_CALLED = {
    "key": "key|id|identifier|use case id|initiative key|reference|ref|project number|"
    "project no|nr|nummer|projektnummer|kennung|projekt nr|numero|numéro|"
    "numéro de projet|identifiant|référence|kenmerk|identificador|clave|issue key|unique id|código|"
    "código del proyecto|n|no|lfd nr|laufende nummer",
    "abbreviation": "agency abbreviation|abbreviation|department code|agency code|"
    "department abbreviation|acronym|kürzel|sigle|afkorting|siglas",
    **{fact.name: fact.called for fact in FACTS if fact.called},
}

# Exports of tools in which a usual word means something else: known by headings that no list has.
_TOOLS: tuple[tuple[str, dict[str, tuple[str, float]]], ...] = (
    (
        "issue key",  # Jira
        {
            "summary": ("name", EXACT),
            "description": ("objective", EXACT),
            "project name": ("department", 75.0),
            "project lead": ("", 0.0),
            "epic name": ("", 0.0),  # the summary in short
            "issue id": ("", 0.0),
            "inward issue link blocks": ("dependencies", 75.0),
        },
    ),
    (
        "section column",  # Asana
        {
            "section column": ("stage", 75.0),
            "notes": ("objective", EXACT),
            "assignee": ("", 0.0),
            "assignee email": ("lead_id", EXACT),  # by which they are found in Slack
            "projects": ("department", 75.0),
            "task id": ("", 0.0),
            "parent task": ("", 0.0),
        },
    ),
)
Called = dict[str, tuple[str, float]]


def tool_of(headings: Sequence[str]) -> Called:
    """Return what headings mean in the tool that exported them, by how they are folded."""
    folded = {fold(heading) for heading in headings}
    return next((called for mark, called in _TOOLS if mark in folded), {})


def name_score(field: str, heading: str, tool: Called) -> float:
    """Return how much a heading says of a field, of 100; 0 if nothing."""
    if (meant := tool.get(fold(heading))) is not None:
        return meant[1] if meant[0] == field else 0.0
    words = _words(heading)
    return max(_compared(field, words, wanted) for wanted in _called(field))


def fold(heading: str) -> str:
    """Return a heading in small letters without accents and signs, its words apart."""
    return " ".join(_split(_ADDED.sub(r"\1", heading)))


@cache
def _called(field: str) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(_words(called) for called in _CALLED[field].split("|")))


@cache
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a heading that say something."""
    said = _ADDED.sub(r"\1", text)
    words = tuple(_split(re.sub(r"\([^)]*\)", " ", said))) or tuple(_split(said))
    return tuple(word for word in words if word not in _SAYS_LITTLE and len(word) > 1) or words


def _split(text: str) -> list[str]:
    apart = _CAMEL.sub(" ", text.replace("_", " "))
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", apart) if not unicodedata.combining(char)
    )
    words = re.findall(r"[^\W_]+", plain.casefold())
    return [part for word in words for part in _PREFIX.sub(r"\1 ", word).split()]


def _compared(field: str, words: tuple[str, ...], wanted: tuple[str, ...]) -> float:
    if _same(words, wanted):
        return EXACT if set(words) == set(wanted) else EXACT - _MISSPELT
    if field != "name" and _same(_without(words, _WHOSE), _without(wanted, _WHOSE)):
        return QUALIFIED + 2
    aside = _QUALIFIES - set(wanted) | (_WHOSE if field != "name" else frozenset())
    if _same(_without(words, aside), wanted):
        return QUALIFIED
    hit = sum(1 for one in wanted if any(_alike(one, word) for word in words))
    return _PARTLY + 20 * hit / len(words) if hit == len(wanted) else 0.0


def _without(words: Sequence[str], aside: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in aside) or tuple(words)


def _same(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(words) == len(wanted) and all(
        any(_alike(one, word) for word in words) for one in wanted
    )


@cache
def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 3 and fuzz.ratio(one, other) >= _WORD_LIKE)
