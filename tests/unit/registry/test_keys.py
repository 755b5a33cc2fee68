"""Keys that initiatives are given."""

import pytest

from workflows.registry.keys import KeyMaker


@pytest.mark.parametrize(
    ("department", "abbreviation", "key"),
    [
        ("Finance", "", "FIN-01"),
        ("Department of Health and Human Services", "", "DHHS-01"),
        ("Department of Health and Human Services", "HHS", "HHS-01"),
        ("財務", "", "AI-01"),
        ("R&D", "", "RD-01"),
        ("Küche", "", "KUC-01"),
        ("Öffentlicher Einkauf", "", "OE-01"),
    ],
)
def test_the_first_key_of_a_department(department: str, abbreviation: str, key: str) -> None:
    assert KeyMaker([]).next_key(department, abbreviation) == key


def test_a_department_goes_on_with_its_own_prefix_after_its_highest_number() -> None:
    maker = KeyMaker([("CASH-07", "Finance"), ("CASH-02", "Finance"), ("OLD", "Finance")])

    assert [maker.next_key("Finance", "FIN") for _ in range(3)] == ["CASH-08", "CASH-09", "CASH-10"]


def test_two_departments_never_share_a_prefix() -> None:
    maker = KeyMaker([("FIN-01", "Finance")])

    assert maker.next_key("Fine arts", "FIN") == "FIN2-01"
    assert maker.next_key("Fine arts") == "FIN2-02"
    assert maker.next_key("Finishing") == "FIN3-01"


def test_a_key_that_is_used_already_is_passed_over() -> None:
    maker = KeyMaker([("FIN-1", "Other"), ("FIN-01", "Other"), ("FIN-02", "Finance")])

    assert maker.next_key("Other") == "FIN-03"
