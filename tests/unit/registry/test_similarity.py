"""How alike two initiatives are."""

from hypothesis import given
from hypothesis import strategies as st

from workflows.registry.similarity import Described, Likenesses

CHAT = Described("HR-01", "People", "Leave chatbot", "Answers questions about leave and holidays")
FRAUD = Described("OPS-01", "Operations", "Fraud alerts", "Finds invoices that were paid twice")
TRADE_WORDS = ["cash", "forecast", "pump", "vibration", "claims", "triage", "carrier", "delay"]
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


def test_no_reason_is_a_word_that_any_entry_could_say() -> None:
    empty = "Mission-enabling: improved efficiency and accuracy of services by generative AI"
    wanted = Described("FIN-01", "Finance", "Invoice check", f"Finds invoices paid twice. {empty}")
    other = Described("OPS-01", "Operations", "Fraud alerts", f"Invoices paid twice. {empty}")

    (found,) = Likenesses([other, *OTHERS]).of(wanted, 3)

    assert set(found.shared) == {"invoice", "paid", "twice"}


def in_a_group(count: int, share: int, **more: str) -> list[Described]:
    """Return entries of one department or topic, of which the first few say a word of their own."""
    return [
        Described(
            f"G-{n:02}",
            more.get("department", f"Department {n}"),
            f"Plan {n}",
            f"Counts item{n}" + (" for ratepayers" if n < share else ""),
            more.get("topic", ""),
        )
        for n in range(count)
    ]


def shares_a_word(known: list[Described], topic: str = "") -> bool:
    wanted = Described("W-01", "Elsewhere", "Ratepayers", "Ratepayers", topic)
    return bool(Likenesses([*known, *OTHERS]).of(wanted, 3, threshold=0.0))


def test_a_word_of_a_whole_department_weighs_nothing_for_its_entries() -> None:
    assert not shares_a_word(in_a_group(20, 6, department="Water board"))
    assert shares_a_word(in_a_group(21, 6, department="Water board"))  # fewer than three in ten
    assert shares_a_word(in_a_group(20, 6))  # of twenty departments


def test_in_a_small_department_more_have_to_say_it() -> None:
    assert not shares_a_word(in_a_group(8, 5, department="Water board"))
    assert shares_a_word(in_a_group(9, 5, department="Water board"))
    assert shares_a_word(in_a_group(4, 4, department="Water board"))  # four are no habit


def test_a_word_of_a_whole_topic_and_the_topic_itself_weigh_nothing() -> None:
    of_a_topic = in_a_group(20, 6, topic="Billing")
    named_so = Described("N-01", "Finance", "Parking", "Billing of spaces", "Ratepayers")

    assert not shares_a_word(of_a_topic)
    assert not shares_a_word([named_so], topic="Ratepayers")


def test_the_name_and_the_initials_of_a_department_weigh_nothing_for_it() -> None:
    own = Described("D-01", "Department of Homeland Security", "DHS homeland", "Security rota")
    wanted = Described("W-01", "Elsewhere", "DHS homeland", "Security")

    assert Likenesses([own, *OTHERS]).of(wanted, 3, threshold=0.0) == []


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
def test_a_score_lies_between_0_and_1_whatever_is_written(name: str, text: str) -> None:
    copy = Described("A-01", "A", name, text)
    wanted = Described("B-01", "B", f"{FRAUD.name} {name}", text)

    found = Likenesses([copy, FRAUD, *OTHERS]).of(wanted, 2, threshold=0.0)

    assert "OPS-01" in [one.key for one in found]
    assert all(0 <= one.score <= 1 + 1e-9 for one in found)


@given(st.lists(st.sampled_from(TRADE_WORDS), min_size=1), st.lists(st.sampled_from(TRADE_WORDS)))
def test_a_copy_scores_1(name: list[str], text: list[str]) -> None:
    copy = Described("A-01", "A", " ".join(name), " ".join(text))
    wanted = Described("B-01", "B", " ".join(name), " ".join(text))

    found = Likenesses([copy, FRAUD, *OTHERS]).of(wanted, 1, threshold=0.0)

    assert [one.key for one in found] == ["A-01"]
    assert abs(found[0].score - 1) < 1e-9
