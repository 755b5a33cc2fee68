"""Looks through what is owed in rounds: has each promise still its cause?"""

from collections.abc import Sequence
from datetime import date

from storage import rounds, updates
from storage.models import Promise, Round
from storage.reading import Reader
from workflows.rounds.answerable import owing_updates
from workflows.rounds.policy import (
    fault_of_ask,
    fault_of_closing,
    fault_of_digest,
    fault_of_opening,
)
from workflows.subjects import round_of

Faults = dict[str, str]


def openings(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return what is wrong with pending openings."""
    known = _rounds(reader, workspace_id, pending)
    return _found({one.key: fault_of_opening(known[round_of(one)]) for one in pending})


def closings(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return what is wrong with pending closings, and which open rounds have none."""
    known = _rounds(reader, workspace_id, pending)
    faults = _found({one.key: fault_of_closing(known[round_of(one)]) for one in pending})
    closed_on = {round_of(one) for one in pending}
    unclosed = {
        f"round of {round_.call_on}": "nothing will close it"
        for round_ in rounds.still_open(reader, workspace_id)
        if round_.call_on not in closed_on
    }
    return faults | unclosed


def asks(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return what is wrong with pending prompts or reminders."""
    known = _rounds(reader, workspace_id, pending)
    filed = {call_on: updates.of_round(reader, workspace_id, call_on) for call_on in known}
    owing = {one.key for one in owing_updates(reader, workspace_id)}
    return _found(
        {
            one.key: fault_of_ask(one, known[round_of(one)], filed[round_of(one)], owing)
            for one in pending
        }
    )


def digests(reader: Reader, workspace_id: str, pending: Sequence[Promise]) -> Faults:
    """Return what is wrong with pending digests."""
    known = _rounds(reader, workspace_id, pending)
    return _found({one.key: fault_of_digest(known[round_of(one)]) for one in pending})


def _rounds(
    reader: Reader, workspace_id: str, pending: Sequence[Promise]
) -> dict[date, Round | None]:
    days = {round_of(promise) for promise in pending}
    return {call_on: rounds.get(reader, workspace_id, call_on) for call_on in days}


def _found(faults: dict[str, str | None]) -> Faults:
    return {key: fault for key, fault in faults.items() if fault}
