"""How alike two initiatives are."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.registry.similarity import Described, Likenesses

CHAT = Described("HR-01", "People", "Leave chatbot", "Answers questions about leave and holidays")
FRAUD = Described("OPS-01", "Operations", "Fraud alerts", "Finds invoices that were paid twice")
OTHERS = [
    Described(f"X-{n:02}", "Research", f"Study {n}", f"Measures turbine blade {n}")
    for n in range(20)
]


def test_what_does_the_same_elsewhere_is_found_with_the_words_that_say_so() -> None:
    wanted = Described("FIN-01", "Finance", "Invoice check", "Finds duplicate invoices")

    (found,) = Likenesses([CHAT, FRAUD, *OTHERS]).of(wanted, 3)

    assert found.key == "OPS-01"
    assert found.shared[0] == "invoice"


def test_what_is_said_by_everyone_makes_nothing_alike() -> None:
    wanted = Described("FIN-01", "Finance", "AI tool", "Helping users with processes")
    other = Described("HR-02", "People", "AI system", "Includes all processes of users")

    assert Likenesses([other, *OTHERS]).of(wanted, 3) == []


def test_the_own_department_and_the_initiative_itself_are_left_out() -> None:
    same = Described("FIN-02", "Finance", "Invoice check", "Finds duplicate invoices")
    moved = Described("FIN-01", "Treasury", "Invoice check", "Finds duplicate invoices")
    wanted = Described("FIN-01", "Finance", "Invoice check", "Finds duplicate invoices")

    assert Likenesses([same, moved, *OTHERS]).of(wanted, 3) == []


def test_the_threshold_itself_is_shown_and_a_hair_under_it_is_not() -> None:
    index = Likenesses([CHAT, FRAUD, *OTHERS])
    wanted = Described("FIN-01", "Finance", "Invoice check", "Finds duplicate invoices")
    score = index.of(wanted, 1)[0].score

    assert len(index.of(wanted, 1, threshold=score)) == 1
    assert index.of(wanted, 1, threshold=score + 1e-9) == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_score_lies_between_0_and_1_and_a_copy_scores_1(name: str, text: str) -> None:
    copy = Described("A-01", "A", name, text)
    wanted = Described("B-01", "B", name, text)

    found = Likenesses([copy, FRAUD]).of(wanted, 2, threshold=0.0)

    assert all(0 <= one.score <= 1 + 1e-9 for one in found)
    assert all(abs(one.score - 1) < 1e-9 for one in found if one.key == "A-01")
