"""The chain of the audit log: what is sealed, and what is told of a broken one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from storage.models import AuditEntry, Fact
from tests.factories import MONDAY_9AM, TEAM
from workflows.audit_log.policy import (
    START,
    hidden,
    names_in,
    naming,
    seal_after,
    text_of,
    with_hidden,
)
from workflows.audit_log.walking import MOST_NAMED, Fault, Finding, Sealed, Walk


def an_entry(**facts: Any) -> AuditEntry:
    usual: dict[str, Any] = {
        "workspace_id": TEAM,
        "id": "e1",
        "at": MONDAY_9AM,
        "actor_id": "U_LEAD",
        "action": "file_update",
        "subject": "FIN-01 v1",
        "outcome": "done",
    }
    return AuditEntry(**(usual | facts))


def chain_of(texts: Sequence[str]) -> list[Sealed]:
    links, seal = [], START
    for position, text in enumerate(texts, 1):
        seal = seal_after(seal, text)
        links.append(Sealed(position, f"e{position}", seal, text))
    return links


def renumbered(links: Sequence[Sealed]) -> list[Sealed]:
    return [replace(link, position=position) for position, link in enumerate(links, 1)]


def told(links: Sequence[Sealed]) -> list[tuple[Fault, int | None, int | None]]:
    walk = Walk()
    for link in links:
        walk.take(link)
    return [(one.fault, one.position, one.belongs_at) for one in walk.findings()]


SIX = chain_of([f"text {number}" for number in range(1, 7)])


# What is sealed


@pytest.mark.parametrize(
    "change",
    [
        {"workspace_id": "T2"},
        {"id": "e2"},
        {"at": MONDAY_9AM.replace(microsecond=1)},
        {"actor_id": "U_OTHER"},
        {"action": "save_entry"},
        {"subject": "FIN-02 v1"},
        {"outcome": "NotYoursError"},
        {"facts": {"late": False}},
        {"facts": {"late": True, "more": 1}},
        {"clause": "round.prompt_time"},
        {"policy_version": 2},
    ],
    ids=str,
)
def test_whatever_differs_in_an_entry_makes_another_text(change: dict[str, Any]) -> None:
    people = {"U_LEAD": hidden("U_LEAD", "salt"), "U_OTHER": hidden("U_OTHER", "salt")}
    entry = an_entry(facts={"late": True})

    assert text_of(an_entry(**{"facts": {"late": True}, **change}), people) != text_of(
        entry, people
    )


def test_the_order_of_facts_makes_no_difference() -> None:
    one, other = an_entry(facts={"a": 1, "b": None}), an_entry(facts={"b": None, "a": 1})

    assert text_of(one, {}) == text_of(other, {})


def test_people_are_sealed_hashed_wherever_they_are_named() -> None:
    facts: dict[str, Fact] = {"to": naming("U_TO"), "key": "FIN-01", "days": 3}
    entry = an_entry(subject=naming("U_ABOUT"), facts=facts)
    people = {user_id: hidden(user_id, "salt") for user_id in names_in(entry)}

    text = text_of(entry, people)

    assert people.keys() == {"U_LEAD", "U_ABOUT", "U_TO"}
    assert not [user_id for user_id in people if user_id in text]
    assert "FIN-01" in text


def test_an_entry_that_holds_the_hashes_already_has_the_same_text() -> None:
    entry = an_entry(subject=naming("U_LEAD"), facts={"to": naming("U_LEAD")})
    people = {"U_LEAD": hidden("U_LEAD", "salt")}
    erased = an_entry(
        actor_id=people["U_LEAD"],
        subject=naming(people["U_LEAD"]),
        facts=with_hidden(entry.facts, people),
    )

    assert text_of(erased, {}) == text_of(entry, people)
    assert names_in(erased) == set()


def test_the_bot_itself_is_nobody() -> None:
    assert names_in(an_entry(actor_id="")) == set()


def test_two_salts_make_two_hashes_of_one_person() -> None:
    assert hidden("U_LEAD", "one") != hidden("U_LEAD", "two")


@pytest.mark.parametrize("facts", [None, [], "x", {"to": ["@U1"]}])
def test_facts_that_somebody_made_something_else_of_are_read_all_the_same(facts: Any) -> None:
    entry = an_entry()
    entry.facts = facts

    assert names_in(entry) == {"U_LEAD"}
    assert text_of(entry, {}) != text_of(an_entry(), {})


# What is told of a chain


def test_a_chain_that_nobody_touched_has_no_findings() -> None:
    assert told(SIX) == []


def test_an_empty_chain_has_no_findings() -> None:
    assert told([]) == []


@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_changed_entry_is_named_and_no_other(place: int) -> None:
    links = list(SIX)
    links[place] = replace(links[place], text="other")

    assert told(links) == [(Fault.CHANGED, place + 1, None)]


def test_a_changed_entry_with_a_seal_that_fits_it_is_told_by_the_next_one() -> None:
    links = list(SIX)
    links[2] = replace(links[2], text="other", seal=seal_after(links[1].seal, "other"))

    assert told(links) == [(Fault.CHANGED, 4, None)]


@pytest.mark.parametrize("place", [0, 2])
def test_a_changed_seal_is_told_from_a_changed_entry(place: int) -> None:
    links = list(SIX)
    links[place] = replace(links[place], seal="f" * 64)

    assert told(links) == [(Fault.SEAL_CHANGED, place + 1, None)]


def test_an_entry_that_is_gone_is_missing() -> None:
    links = list(SIX)
    links[3] = replace(links[3], text=None, is_there=False)

    assert told(links) == [(Fault.MISSING, 4, None)]


def test_an_entry_that_can_not_be_read_is_changed() -> None:
    links = list(SIX)
    links[3] = replace(links[3], text=None, is_there=False)
    missing = told(links)
    links[3] = replace(links[3], is_there=True)

    assert missing == [(Fault.MISSING, 4, None)]
    assert told(links) == [(Fault.CHANGED, 4, None)]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 2), (1, 3)])
def test_links_that_are_gone_are_missing_and_what_follows_is_no_finding(
    first: int, last: int
) -> None:
    links = [*SIX[:first], *SIX[last + 1 :]]
    walk = Walk()
    for link in links:
        walk.take(link)

    assert walk.findings() == [Finding(Fault.MISSING, first + 1, last_position=last + 1)]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 3), (1, 4), (0, 5), (4, 5)])
def test_two_entries_that_were_swapped_are_told_with_where_they_belong(
    one: int, other: int
) -> None:
    links = list(SIX)
    links[one] = replace(SIX[one], text=SIX[other].text)
    links[other] = replace(SIX[other], text=SIX[one].text)

    assert told(links) == [
        (Fault.REORDERED, one + 1, other + 1),
        (Fault.REORDERED, other + 1, one + 1),
    ]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 3), (1, 4), (0, 5), (4, 5)])
def test_two_links_that_were_swapped_are_told_with_where_they_belong(one: int, other: int) -> None:
    links = list(SIX)
    links[one], links[other] = SIX[other], SIX[one]

    assert told(renumbered(links)) == [
        (Fault.REORDERED, one + 1, other + 1),
        (Fault.REORDERED, other + 1, one + 1),
    ]


def test_a_link_that_was_moved_to_the_end_is_missing_there_and_belongs_back() -> None:
    links = [*SIX[:2], *SIX[3:], replace(SIX[2], position=7)]

    assert told(links) == [(Fault.MISSING, 3, None), (Fault.REORDERED, 7, 3)]


def test_a_link_that_was_put_between_pushes_the_next_out_of_its_place() -> None:
    forged = Sealed(3, "forged", seal_after(SIX[1].seal, "forged"), "forged")

    links = renumbered([*SIX[:2], forged, *SIX[2:]])

    assert told(links) == [(Fault.REORDERED, 4, 3)]


def test_a_link_that_was_taken_out_without_leaving_a_gap_is_told_by_the_next_one() -> None:
    assert told(renumbered([*SIX[:2], *SIX[3:]])) == [(Fault.CHANGED, 3, None)]


def test_findings_are_named_up_to_a_number_and_then_counted() -> None:
    links = chain_of([f"text {number}" for number in range(MOST_NAMED + 7)])
    walk = Walk()

    for link in links:
        walk.take(replace(link, text="other"))

    assert (len(walk.findings()), walk.more) == (MOST_NAMED, 7)
