"""A fact is declared once: its model and its declaration name the same, in one order."""

import pytest

from handlers.registry import entry_form
from workflows.inventory.fields import FIELDS
from workflows.inventory.headings import EXACT, name_score
from workflows.registry.editing import NEW, OpenEntry
from workflows.registry.fact_list import EXPORTED, FACTS, MEANS, PLAN, PURPOSE, Fact
from workflows.registry.facts import LONGEST_NAME, LONGEST_TEXT, Facts, longest

ONLY_KEPT = {"wholes"}  # beside the text that it is the whole of
IN_A_FILE = [fact for fact in FACTS if fact.called]


def test_each_fact_that_the_model_has_is_declared() -> None:
    assert {fact.name for fact in FACTS} == set(Facts.model_fields) - ONLY_KEPT
    assert len({fact.name for fact in FACTS}) == len(FACTS)


def test_the_form_asks_for_each_that_has_a_step_and_the_export_writes_each_that_has_a_column() -> (
    None
):
    form = OpenEntry(NEW, 0, None, {}, [])
    asked = [
        block["block_id"]
        for step in (PURPOSE, MEANS, PLAN)
        for block in entry_form.build(form, step)["blocks"]
        if block["type"] == "input"
    ]

    assert asked == [fact.name for fact in FACTS if fact.step is not None]
    assert list(EXPORTED) == ["key", *(fact.name for fact in IN_A_FILE)]
    assert {field.name for field in FIELDS} == {*EXPORTED, "abbreviation"}


@pytest.mark.parametrize("fact", IN_A_FILE, ids=lambda fact: fact.name)
def test_an_export_s_column_is_known_again(fact: Fact) -> None:
    assert name_score(fact.name, fact.column, {}) == EXACT


@pytest.mark.parametrize(
    ("name", "most"), [("name", LONGEST_NAME), ("topic", 200), ("objective", LONGEST_TEXT)]
)
def test_a_field_takes_what_the_model_does(name: str, most: int) -> None:
    assert longest(name) == most
