"""What the form of an escalation says is read as it was meant."""

import pytest

from handlers.escalations.form_reading import FIELDS, wanted_from
from storage.models import EscalationKind

pytestmark = pytest.mark.one_database
RISK = EscalationKind.TIMELINE_RISK


@pytest.mark.parametrize(
    ("picked", "number"),
    [
        ("FIN-01/M2", 2),
        ("OPS-01/M2", None),  # of the initiative that was picked before
        ("FIN-01/M", None),
        ("2", None),
        ("", None),
    ],
)
def test_a_milestone_is_one_of_the_initiative_that_is_picked_now(
    picked: str, number: int | None
) -> None:
    typed = dict.fromkeys(FIELDS[RISK], "") | {"milestone": picked}

    wanted = wanted_from(RISK, "FIN-01", typed, "", cannot_wait=False)

    assert wanted.milestone == number
