import pytest
from sqlmodel import select

from storage import initiatives
from storage.models import Initiative, Notification, Person, Promise, PromiseState
from tests.factories import TEAM, a_profile, actor
from tests.fakes import FakeClock
from workflows import policies
from workflows.errors import ImportRefusedError
from workflows.importing import Imported, find_people, import_rows, read_rows
from workflows.people import Profile, remember
from workflows.promises.run import audit_promises
from workflows.services import Services
from workflows.sweep import sweep

HEADER = "key,name,department,department_leads,lead,deputies,stage\n"
FORECAST = "FIN-01,Forecast,Finance,head@x.example,lead@x.example,U1;two@x.example,pilot\n"
SCREENING = 'hr-2,"Screening, phase two",People,,lead@x.example,,Proposed\n'

KNOWN = {
    "head@x.example": a_profile("U_HEAD"),
    "lead@x.example": a_profile("U_LEAD"),
    "two@x.example": a_profile("U_TWO"),
    "U1": a_profile("U1"),
    "left@x.example": a_profile("U_LEFT", deactivated=True),
    "guest@x.example": a_profile("U_GUEST", guest=True),
    "bot@x.example": a_profile("U_BOT", bot=True),
}


def run(services: Services, text: str) -> Imported:
    rows = read_rows(text.encode())
    return import_rows(services, actor("U_PM"), rows, find_people(rows, KNOWN.get))


def prompted(services: Services) -> list[str]:
    with services.transaction() as session:
        return sorted(message.recipient_id for message in session.exec(select(Notification)))


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(ImportRefusedError) as refused:
        rows = read_rows(text.encode() if isinstance(text, str) else text)
        find_people(rows, KNOWN.get)
    return refused.value.faults


def test_stores_initiatives_with_their_people(services: Services) -> None:
    done = run(services, HEADER + FORECAST + SCREENING)

    assert done == Imported(new=["FIN-01", "HR-2"], changed=[], same=[])
    with services.transaction() as session:
        assert initiatives.deputies(session, TEAM) == {"FIN-01": ["U1", "U_TWO"]}
        assert initiatives.department_leads(session, TEAM) == {"Finance": ["U_HEAD"]}
        names = [row.name for row in initiatives.every(session, TEAM)]
    assert names == ["Forecast", "Screening, phase two"]


def test_repeated_it_changes_nothing_and_edited_only_what_was_edited(services: Services) -> None:
    run(services, HEADER + FORECAST + SCREENING)

    again = run(services, HEADER + FORECAST + SCREENING)
    edited = run(services, HEADER + FORECAST.replace("pilot", "production") + SCREENING)

    assert again == Imported(new=[], changed=[], same=["FIN-01", "HR-2"])
    assert edited == Imported(new=[], changed=["FIN-01"], same=["HR-2"])


def test_an_initiative_that_the_file_leaves_out_stays(services: Services) -> None:
    run(services, HEADER + FORECAST)

    run(services, HEADER + SCREENING)

    with services.transaction() as session:
        assert len(session.exec(select(Initiative)).all()) == 2


def test_takes_a_file_that_a_spreadsheet_saved(services: Services) -> None:
    text = ("﻿" + HEADER + FORECAST).replace("\n", "\r\n")

    assert run(services, text).new == ["FIN-01"]


def test_names_every_fault_by_row_and_column_and_takes_nothing(services: Services) -> None:
    text = (
        HEADER + "FIN 1,Forecast,Finance,,lead@x.example,,pilot\n"
        "FIN-02,,Finance,,lead@x.example,,pilot\n"
        "FIN-03,Name,Finance,,lead@x.example,,someday\n"
        "FIN-04,Name,Finance,,lead@x.example,,pilot\n"
        "fin-04,Name,Finance,,lead@x.example,,pilot\n"
    )

    assert faults(text) == [
        "row 2, key: up to 20 letters, digits and dashes",
        "row 3, name: is empty",
        "row 4, stage: one of proposed, approved, pilot, production, paused, retired",
        "row 6, key: FIN-04 stands in row 5 already",
    ]
    with services.transaction() as session:
        assert session.exec(select(Person)).all() == []


def test_names_everyone_who_can_not_be_asked() -> None:
    people = ["nobody@x.example", "left@x.example", "guest@x.example", "bot@x.example"]
    lines = [f"K-{n},Name,Finance,,{who},,pilot\n" for n, who in enumerate(people)]

    assert faults(HEADER + "".join(lines)) == [
        "row 2, lead: nobody in Slack is “nobody@x.example”",
        "row 3, lead: left@x.example has left the workspace",
        "row 4, lead: guest@x.example is a guest, and guests file no updates",
        "row 5, lead: bot@x.example is a bot",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the column “key” is missing"),
        (b"name,lead\n", "the column “key” is missing"),
        (HEADER.encode(), "the file has 0 rows"),
        (HEADER.encode() + b'"never closed', "row 2: not a table"),
        ((HEADER + "É,x").encode("latin-1"), "the file is not UTF-8"),
        (HEADER.encode() + b"FIN-01\n", "row 2, name: is missing"),
        (HEADER.encode() + FORECAST.strip().encode() + b",more\n", "row 2: more cells"),
    ],
)
def test_refuses_what_is_no_table_of_its_columns(content: bytes, fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(content)), faults(content)


def test_asks_slack_once_for_each_person() -> None:
    asked: list[str] = []

    def look_up(reference: str) -> Profile | None:
        asked.append(reference)
        return KNOWN.get(reference)

    find_people(read_rows((HEADER + FORECAST + SCREENING).encode()), look_up)

    assert sorted(asked) == ["U1", "head@x.example", "lead@x.example", "two@x.example"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("", ["U_HEAD"]), ("two@x.example", ["U_TWO"]), ("two@x.example;U1", ["U1", "U_TWO"])],
)
def test_department_leads_stay_where_the_cell_is_empty_and_are_replaced_where_it_is_not(
    services: Services, cell: str, expected: list[str]
) -> None:
    run(services, HEADER + FORECAST)

    run(services, HEADER + FORECAST.replace("head@x.example", cell))

    with services.transaction() as session:
        assert initiatives.department_leads(session, TEAM) == {"Finance": expected}


def test_an_import_changes_no_policy(services: Services) -> None:
    run(services, HEADER + FORECAST)

    with services.transaction() as session:
        assert policies.in_force(session, TEAM).version == 1


def test_who_leads_since_an_import_is_asked_though_the_lead_before_was(
    services: Services,
) -> None:
    run(services, HEADER + FORECAST)
    sweep(services)

    run(services, HEADER + FORECAST.replace("lead@x.example", "two@x.example"))
    sweep(services)
    sweep(services)

    assert prompted(services) == ["U_LEAD", "U_TWO"]


def test_an_import_that_leaves_the_lead_asks_nobody_again(services: Services) -> None:
    run(services, HEADER + FORECAST)
    sweep(services)

    run(services, HEADER + FORECAST.replace("Forecast", "Renamed"))
    sweep(services)

    assert prompted(services) == ["U_LEAD"]


def test_what_is_paused_is_asked_for_nothing_more_and_what_goes_on_again_is(
    services: Services, clock: FakeClock
) -> None:
    run(services, HEADER + FORECAST)
    sweep(services)

    run(services, HEADER + FORECAST.replace("pilot", "paused"))
    faults_while_paused = audit_promises(services)
    resting = reminders(services)
    run(services, HEADER + FORECAST)
    clock.advance(days=1)
    sweep(services)

    assert (resting, faults_while_paused) == ([PromiseState.CANCELLED], [])
    assert reminders(services) == [PromiseState.KEPT]


def reminders(services: Services) -> list[PromiseState]:
    with services.transaction() as session:
        made = session.exec(select(Promise).where(Promise.kind == "reminder"))
        return [promise.state for promise in made]


def placed(services: Services) -> dict[str, tuple[str | None, str | None]]:
    with services.transaction() as session:
        every = session.exec(select(Person)).all()
        return {person.user_id: (person.country, person.region) for person in every}


IN_PLACES = (
    "FIN-01,Forecast,Finance,head@x.example (gb-SCT),lead@x.example (DE-BY),"
    "U1 (US);two@x.example,pilot\n"
)


def test_people_keep_the_country_and_region_that_stand_behind_them(services: Services) -> None:
    done = run(services, HEADER + IN_PLACES)

    assert done.placed == 3
    assert placed(services) == {
        "U_HEAD": ("GB", "SCT"),
        "U_LEAD": ("DE", "BY"),
        "U1": ("US", None),
        "U_TWO": (None, None),
    }


@pytest.mark.parametrize(
    ("cell", "expected", "count"),
    [
        ("lead@x.example", ("DE", "BY"), 0),  # the file doesn't say
        ("lead@x.example (DE-BY)", ("DE", "BY"), 0),
        ("lead@x.example(de-bayern)", ("DE", "BY"), 0),
        ("lead@x.example (DE)", ("DE", None), 1),
        ("lead@x.example (FR-974)", ("FR", "974"), 1),
        ("lead@x.example (CH-Stadt Zurich)", ("CH", "Stadt Zurich"), 1),
        ("lead@x.example (-)", (None, None), 1),
    ],
)
def test_a_place_stays_until_another_file_says_otherwise(
    services: Services, cell: str, expected: tuple[str | None, str | None], count: int
) -> None:
    run(services, HEADER + IN_PLACES)

    done = run(services, HEADER + IN_PLACES.replace("lead@x.example (DE-BY)", cell))

    assert (done.same, done.placed) == (["FIN-01"], count)
    assert placed(services)["U_LEAD"] == expected


def test_a_place_outlasts_what_slack_says_of_its_person(services: Services) -> None:
    run(services, HEADER + IN_PLACES)

    remember(services, TEAM, a_profile("U_LEAD", timezone="Asia/Tokyo"))

    assert placed(services)["U_LEAD"] == ("DE", "BY")


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("lead@x.example (XX)", "row 2, lead: lead@x.example (XX): not a country whose holidays"),
        ("lead@x.example (DE-XX)", "row 2, lead: lead@x.example (DE-XX): not a region of DE"),
        ("lead@x.example (JP-13)", "JP has no regions with holidays of their own"),
        ("lead@x.example ()", "row 2, lead: lead@x.example (): not a country"),
        ("(DE)", "row 2, lead: is empty"),
        ("", "row 2, lead: is empty"),
        ("lead@x.example (DE", "row 2, lead: nobody in Slack is “lead@x.example (DE”"),
    ],
)
def test_a_place_that_is_not_known_is_named_by_row_and_column(cell: str, fault: str) -> None:
    (found,) = faults(f"{HEADER}FIN-01,Forecast,Finance,,{cell},,pilot\n")

    assert fault in found


def test_of_several_people_in_a_cell_the_one_with_the_fault_is_named() -> None:
    (found,) = faults(f"{HEADER}FIN-01,Forecast,Finance,,lead@x.example,U1 (DE);U2 (D),pilot\n")

    assert found.startswith("row 2, deputies: U2 (D): not a country")


def test_one_person_in_two_places_is_refused_however_they_are_named() -> None:
    known = KNOWN | {"U_LEAD": KNOWN["lead@x.example"]}
    text = (
        f"{HEADER}FIN-01,Forecast,Finance,,lead@x.example (DE),,pilot\n"
        "FIN-02,Forecast,Finance,,lead@x.example,U1 (US),pilot\n"
        "FIN-03,Forecast,Finance,,U_LEAD (DE-BY),U1 (US),pilot\n"
        "FIN-04,Forecast,Finance,,U_LEAD (-),,pilot\n"
    )

    with pytest.raises(ImportRefusedError) as refused:
        find_people(read_rows(text.encode()), known.get)

    assert refused.value.faults == [
        "row 4, lead: U_LEAD has DE-BY here, and DE in row 2",
        "row 5, lead: U_LEAD has no country here, and DE in row 2",
    ]
