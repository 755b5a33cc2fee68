"""Tellings by the kinds of messages, from the list of features."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from handlers.telling import Feature, Telling
from workflows.kinds import DeclarationError
from workflows.owing import Method, Owed


@cache
def tellings() -> Mapping[str, Telling]:
    """Return how each kind of message is told, by its name."""
    # Imported here: the list names every room, and some rooms look up tellings.
    from handlers.features import FEATURES

    return {telling.kind.name: telling for feature in FEATURES for telling in feature.tellings}


def check(features: Sequence[Feature], owed: Sequence[Owed]) -> None:
    """Compare what features say in Slack with what they send.

    Raises:
        DeclarationError: a kind that is sent has no words, or words are of no kind that is sent; a
            feature tells what is another's; or a form or a subcommand is declared twice.
    """
    _refuse_twins("form", (one.callback_id for feature in features for one in feature.forms))
    uses = (f"{one.command} {one.word}" for feature in features for one in feature.about_one)
    _refuse_twins("subcommand", uses)
    told = [(feature.name, one.kind.name) for feature in features for one in feature.tellings]
    sent = {
        (one.feature, kind.name)
        for one in owed
        for kind in one.outgoing
        if kind.method in (Method.POST, Method.UPLOAD)
    }
    if twice := {pair for pair in told if told.count(pair) > 1}:
        raise DeclarationError(f"told twice: {_named(twice)}")
    if dumb := sent - set(told):
        raise DeclarationError(f"sent, and without words: {_named(dumb)}")
    if idle := set(told) - sent:
        raise DeclarationError(f"words for what is never sent: {_named(idle)}")


def _refuse_twins(what: str, names: Iterable[str]) -> None:
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise DeclarationError(f"{what} declared twice: {', '.join(twice)}")


def _named(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(f"{kind} of {feature}" for feature, kind in sorted(pairs))
