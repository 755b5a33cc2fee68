"""Tellings by the kinds of messages, from the list of features."""

from collections.abc import Mapping, Sequence
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
        DeclarationError: a kind that is sent has no words, or words are of no kind that is sent; or
            a feature tells what is another's.
    """
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


def _named(pairs: set[tuple[str, str]]) -> str:
    return ", ".join(f"{kind} of {feature}" for feature, kind in sorted(pairs))
