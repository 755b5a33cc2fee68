"""What the bot takes from the package of public holidays, by countries that it may be asked for."""

import subprocess
import sys
from datetime import date

import pytest

from workflows.public_holidays import country_code, region_code, special_days, weekend

SATURDAY_SUNDAY = frozenset({5, 6})
FRIDAY_SATURDAY = frozenset({4, 5})


@pytest.mark.parametrize(
    ("country", "region", "day", "is_holiday"),
    [
        ("DE", None, "2027-01-06", False),
        ("DE", "BY", "2027-01-06", True),  # Epiphany, in the south alone
        ("DE", "BE", "2027-01-06", False),
        ("DE", None, "2027-10-03", True),  # a Sunday, and no day instead of it
        ("DE", None, "2027-10-04", False),
        ("US", None, "2026-11-26", True),  # Thanksgiving
        ("US", None, "2026-11-27", False),
        ("US", None, "2027-07-04", True),
        ("US", None, "2027-07-05", True),  # in its place: the fourth is a Sunday
        ("US", None, "2027-07-06", False),
        ("US", None, "2027-12-31", True),  # for a New Year's Day of the next year, a Saturday
        ("GB", "SCT", "2027-01-04", True),
        ("GB", "ENG", "2027-01-04", False),
        ("GB", "ENG", "2027-12-27", True),
        ("GB", "ENG", "2027-12-28", True),  # Christmas Day on Saturday
        ("GB", "ENG", "2027-12-29", False),
    ],
)
def test_a_holiday_is_one_of_its_country_and_region(
    country: str, region: str | None, day: str, is_holiday: bool
) -> None:
    on = date.fromisoformat(day)

    assert (on in special_days(country, region, on.year).holidays) is is_holiday


def test_a_weekend_that_is_worked_for_a_day_between_holidays_is_known() -> None:
    worked = special_days("CN", None, 2026).worked

    assert date(2026, 2, 14) in worked  # a Saturday before the Spring Festival
    assert date(2026, 2, 21) not in worked


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("DE", "BY", SATURDAY_SUNDAY),
        ("IL", None, FRIDAY_SATURDAY),
        ("SA", None, FRIDAY_SATURDAY),
        ("AE", None, SATURDAY_SUNDAY),  # it has been since 2022
        ("MY", "14", SATURDAY_SUNDAY),  # Kuala Lumpur
        ("MY", "02", FRIDAY_SATURDAY),  # Kedah
        ("BN", None, frozenset({4, 6})),
        ("HK", None, frozenset({6})),
    ],
)
def test_a_weekend_is_that_of_the_country(
    country: str, region: str | None, expected: frozenset[int]
) -> None:
    assert weekend(country, region) == expected


@pytest.mark.parametrize(
    ("text", "code"), [("DE", "DE"), (" us ", "US"), ("gb", "GB"), ("PR", "PR"), ("NO", "NO")]
)
def test_a_country_is_taken_by_its_code(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "D", "XX", "UK", "EL", "USA", "Germany", "Á1", "HolidayBase"])
def test_whatever_is_no_code_of_a_country_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write its two letters"):
        country_code(text)


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "BY", "BY"),
        ("DE", "bayern", "BY"),
        ("DE", " Thüringen ", "TH"),
        ("FR", "974", "974"),
        ("MY", "KDH", "02"),
        ("CH", "stadt zurich", "Stadt Zurich"),
    ],
)
def test_a_region_is_taken_by_its_code_or_its_name(country: str, text: str, code: str) -> None:
    assert region_code(country, text) == code


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("DE", "XX"), ("XX", "BY")])
def test_where_nothing_is_known_no_day_is_special(country: str, region: str | None) -> None:
    days = special_days(country, region, 2027)

    assert not days.holidays | days.worked
    assert not weekend(country, region)


@pytest.mark.parametrize("year", [1, 1800, 2101, 9999])
def test_a_year_beyond_what_is_reckoned_has_no_holidays(year: int) -> None:
    assert not special_days("SA", None, year).holidays


def test_the_package_is_imported_when_a_country_is_named_and_not_before() -> None:
    code = (
        "import sys\n"
        "import bot.cli.app, workflows.outbox.run\n"
        "from workflows.policy_document import read_policy\n"
        "from tests.factories import a_policy\n"
        "read_policy(a_policy())\n"
        "print('holidays' in sys.modules)\n"
        "read_policy(a_policy(calendar={'country': 'DE'}))\n"
        "print('holidays' in sys.modules)\n"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == ["False", "True"]
