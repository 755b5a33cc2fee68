"""Searching the registry, on both databases."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import Engine, text

from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from workflows.registry.editing import save_entry
from workflows.registry.listing import ListKind, Page, Wanted, list_page
from workflows.services import Actor, Services


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="Cash forecasting"),
        an_initiative("HR-01", name="Screening", department="People", lead_id="U_MARA"),
        an_initiative("OPS-01", name="Route planning", department="Operations"),
        persons=[a_person("U_MARA", name="Mara Österlund")],
    )
    save_entry(services, actor(), "FIN-01", 0, {"objective": "Fewer late invoices"})
    save_entry(services, actor("U_MARA"), "HR-01", 0, {"data": "The invoices of agencies"})
    save_entry(services, actor(), "OPS-01", 0, {"outcome": "Shorter routes", "stage": "paused"})


def found(services: Services, words: str) -> Page:
    return list_page(services, actor(), Wanted(ListKind.FIND, words))


def keys(page: Page) -> list[str]:
    return [initiative.key for initiative in page.initiatives]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("forecast", ["FIN-01"]),  # in the name, by its stem
        ("FORECASTS", ["FIN-01"]),
        ("invoice", ["FIN-01", "HR-01"]),  # a purpose weighs more than data
        ("the invoices of agencies", ["HR-01"]),
        ("österlund", ["HR-01"]),
        ("rout plan", ["OPS-01"]),  # beginnings of words
        ("late agencies", ["FIN-01", "HR-01"]),  # nobody has both: any of them
        ("zebra", []),
        ("", []),
        ("\"'*():&|!\\-", []),
    ],
)
def test_words_are_found_in_names_purposes_people_and_data(
    services: Services, words: str, expected: list[str]
) -> None:
    page = found(services, words)

    assert sorted(keys(page)) == expected
    assert page.total == len(expected)


def test_a_purpose_weighs_more_than_data(services: Services) -> None:
    assert keys(found(services, "invoices")) == ["FIN-01", "HR-01"]


@pytest.mark.parametrize(
    ("words", "expected", "read_as"),
    [
        ("forcasting", "FIN-01", "forecasting"),
        ("screning", "HR-01", "screening"),
        ("rute planing", "OPS-01", "route planning"),
        ("cash forecastig", "FIN-01", "cash forecasting"),  # wrong behind the stem
    ],
)
def test_a_misspelling_is_forgiven_and_said(
    services: Services, words: str, expected: str, read_as: str
) -> None:
    page = found(services, words)

    assert keys(page)[0] == expected
    assert page.read_as == read_as


SPELLED = {
    "MED-01": ("Chest X-ray reading", "Radiology", "Reads scans in real time"),
    "MED-02": ("Xray triage", "Radiology", "An e-mail to whoever is on duty"),
    "MED-03": ("Imaging", "Radiology", "As the N.I.S.T. asks of everybody"),
    "SVC-01": ("Call center routing", "Service", "Shorter queues"),
    "SVC-02": ("Labelling of calls", "Service", "For every call centre; organised by colour"),
    "DEV-01": ("Code assistant", "R&D", "Suggests C++ and C# to programmers"),
    "DEV-02": ("Patent search", "Research and Development", "For R & D; written in C"),
    "DHS-01": ("Cargo screening", "Department of Homeland Security", "Finds contraband"),
    "DHS-02": ("Rota", "Department of Homeland Security", "Fills shifts"),
    "GPT-01": ("GPT-4 pilot", "Service", "Takes input/output pairs of model.onnx files, on .NET"),
    "EDU-01": ("Lessons", "Education", "Homeland security for schools, as DHS asks"),
}


@pytest.fixture
def _spelled(services: Services) -> None:
    entered = [
        an_initiative(key, name=name, department=department)
        for key, (name, department, _) in SPELLED.items()
    ]
    settle_in(services, *entered)
    for key, (_, _, objective) in SPELLED.items():
        save_entry(services, actor(), key, 0, {"objective": objective})


@pytest.mark.usefixtures("_spelled")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("x-ray", ["MED-01", "MED-02"]),
        ("xray", ["MED-01", "MED-02"]),
        ("X ray", ["MED-01", "MED-02"]),
        ("realtime", ["MED-01"]),  # in one word nowhere
        ("email", ["MED-02"]),
        ("call centre", ["SVC-01", "SVC-02"]),
        ("call center", ["SVC-01", "SVC-02"]),
        ("labeling", ["SVC-02"]),
        ("organized by color", ["SVC-02"]),
        ("C++", ["DEV-01"]),
        ("c#", ["DEV-01"]),
        ("R&D", ["DEV-01", "DEV-02"]),
        ("R & D", ["DEV-01", "DEV-02"]),
        ("R&D patents", ["DEV-02"]),
        ("C++ patents", []),
        ("F#", []),
        ("A&B", []),
        ("cargo homeland", ["DHS-01"]),  # several words narrow
        ("DHS shifts", ["DHS-02"]),
        ("DHS-02", ["DHS-02"]),
        ("D.H.S. shifts", ["DHS-02"]),
        ("NIST", ["MED-03"]),
        ("N.I.S.T.", ["MED-03"]),
        ("GPT-4", ["GPT-01"]),
        ("output", ["GPT-01"]),
        ("onnx", ["GPT-01"]),
        (".NET", ["GPT-01"]),
        (".onnx", []),  # only within another word
        ("...output", ["GPT-01"]),
    ],
)
def test_what_is_spelled_in_several_ways_is_found_by_each_and_signs_count(
    services: Services, words: str, expected: list[str]
) -> None:
    page = found(services, words)

    assert sorted(keys(page)) == expected
    assert page.read_as == ""


@pytest.mark.usefixtures("_spelled")
@pytest.mark.parametrize("words", ["Homeland Security", "DHS", "dhs"])
def test_a_department_s_own_entries_come_first(services: Services, words: str) -> None:
    keys_found = keys(found(services, words))

    assert (sorted(keys_found[:2]), keys_found[2:]) == (["DHS-01", "DHS-02"], ["EDU-01"])


def test_where_nobody_has_all_of_the_words_that_is_said(services: Services) -> None:
    assert found(services, "late agencies").is_any
    assert not found(services, "the invoices of agencies").is_any
    assert not found(services, "zebra").is_any


@pytest.mark.parametrize(
    "words",
    [
        "x" * 3600,
        "wörter " * 500,
        "+" * 3600,
        '"late" AND NOT invoices* OR (NEAR(late, 2))',
        "name:late -agencies ^cash",
        "'; DROP TABLE search_text; --",
        "{name} : late",
        "% _ !",
        "100%",
        "!&%_",
        "\\ ' '' \" & | <-> :*",
        "🙂 🙂",
        "\u2019s",
    ],
)
def test_nothing_that_is_typed_breaks_the_search(services: Services, words: str) -> None:
    page = found(services, words)

    assert page.total in range(4)


def test_what_changes_is_found_by_its_new_words_only(services: Services) -> None:
    save_entry(services, actor(), "FIN-01", 1, {"objective": "Liquidity", "name": "Treasury"})

    assert keys(found(services, "treasury")) == keys(found(services, "liquidity")) == ["FIN-01"]
    assert keys(found(services, "forecast")) == []


def test_the_index_outlives_a_vacuum(services: Services, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM search_text WHERE initiative_key = 'FIN-01'"))
    if engine.dialect.name == "sqlite":  # it numbers rows anew
        with closing(sqlite3.connect(str(engine.url.database))) as connection_of_its_own:
            connection_of_its_own.execute("VACUUM")

    assert keys(found(services, "agencies")) == ["HR-01"]
    assert keys(found(services, "late")) == []


def test_results_are_read_page_by_page(services: Services) -> None:
    several = [an_initiative(f"X-{number:02}", name="Turbine study") for number in range(1, 13)]
    settle_in(services, *several)
    for initiative in several:
        save_entry(services, actor(), initiative.key, 0, {"objective": "Measured"})

    pages = [
        list_page(services, actor(), Wanted(ListKind.FIND, "turbine"), number)
        for number in (0, 1, 9)
    ]

    assert [(page.number, len(page.initiatives), page.total) for page in pages] == [
        (0, 10, 12),
        (1, 2, 12),
        (1, 2, 12),
    ]


def test_an_entry_is_stale_after_exactly_seven_days_and_rests_while_it_is_paused(
    services: Services, clock: FakeClock
) -> None:
    wanted = Wanted(ListKind.STALE)
    clock.advance(days=7, seconds=-1)
    before = keys(list_page(services, actor(), wanted))
    clock.advance(seconds=1)

    assert before == []
    assert keys(list_page(services, actor(), wanted)) == ["FIN-01", "HR-01"]


def test_what_nobody_ever_wrote_is_the_stalest(services: Services, clock: FakeClock) -> None:
    settle_in(services, an_initiative("FIN-02"))
    clock.advance(days=8)

    assert keys(list_page(services, actor(), Wanted(ListKind.STALE)))[0] == "FIN-02"


def test_another_workspace_finds_nothing_of_it(services: Services) -> None:
    stranger = Actor(workspace_id="T9", user_id="U_LEAD")

    assert list_page(services, stranger, Wanted(ListKind.FIND, "forecast")).total == 0
