"""The strictness is Slack's, not ours: what the bot builds has to pass."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from handlers.blocks.windows import notice
from handlers.home import home_view
from handlers.rounds import messages, round_view, summary
from handlers.updates import answers, drafted, notices, update_form
from handlers.updates.greeting import greeting
from sandbox.limits import check_blocks, check_view
from storage.models import Confidence, Initiative, Update
from tests.factories import (
    CALL_AT,
    CALL_ON,
    MONDAY_9AM,
    a_person,
    a_policy,
    a_round,
    an_initiative,
    an_update,
)
from workflows.home.reading import Home
from workflows.policies import Policy
from workflows.policy_document import UpdateRules, read_policy
from workflows.updates.filing import Filed
from workflows.updates.missing import Missing
from workflows.updates.opening import OpenForm
from workflows.updates.policy import TEXT_FIELDS
from workflows.updates.reading import RoundReport, Shown, Standing

ZONE = ZoneInfo("America/New_York")
POLICY = Policy(1, read_policy(a_policy()))
PERSON = a_person(name="<&>" * 40)
LONG = dict.fromkeys(TEXT_FIELDS, "word " * 600)


def initiatives(count: int) -> list[Initiative]:
    # Each character of these names is five once it is escaped.
    names = {"name": "&" * 200, "department": "&" * 100}
    return [an_initiative(f"FIN-{number:02}", **names) for number in range(count)]


def troubled(key: str) -> Update:
    return an_update(initiative_key=key, confidence=Confidence.OFF_TRACK, **LONG)


def a_report(updates: Sequence[Update | None]) -> RoundReport:
    known = initiatives(len(updates))
    return RoundReport(
        a_round(),
        [Standing(one, update, PERSON) for one, update in zip(known, updates, strict=True)],
    )


REPORTS = {
    "all missing": a_report([None] * 60),
    "one missing": a_report([None]),
    "all in trouble": a_report([troubled(f"FIN-{number:02}") for number in range(60)]),
    "all fine": a_report([an_update(initiative_key="FIN-00")]),
    "some of each": a_report([None, troubled("FIN-01"), an_update(initiative_key="FIN-02")]),
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_the_messages_of_the_bot_pass(report: RoundReport) -> None:
    asked = list(report.standings)
    built = [
        messages.prompt(report, asked, "U_OTHER", ZONE).blocks,
        messages.reminder(report, asked, "U_LEAD", ZONE).blocks,
        summary.summary(report, ZONE).blocks,
        summary.digest(report, ["Finance", "Legal"], ZONE).blocks,
        messages.asked_before(report, "U_LEAD", {}, ZONE, MONDAY_9AM).blocks,
        greeting(is_guest=True, is_manager=True).blocks,
        answers.missing(
            Missing(report.round, len(asked), len(report.missing), report.missing), ZONE
        ),
        answers.help_blocks("Hello"),
    ]

    assert [check_blocks(blocks, "message") for blocks in built] == [[]] * len(built)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
def test_the_views_of_the_bot_pass(report: RoundReport) -> None:
    built = [
        home_view.build(Home(PERSON, report, POLICY), ZONE, MONDAY_9AM),
        home_view.build(Home(PERSON, report, POLICY, report, is_manager=True), ZONE, CALL_AT),
        home_view.build(Home(None, None, POLICY, next_opens_at=CALL_AT), ZONE, MONDAY_9AM),
        round_view.build(report, {}, ZONE, page=1),
        notices.chooser([standing.initiative for standing in report.standings]),
        notice("Something to say"),
    ]

    assert [check_view(view) for view in built] == [[]] * len(built)


@pytest.mark.parametrize("count", [1, 60])
def test_the_offer_to_file_passes(count: int) -> None:
    offer = drafted.offered(a_report([None] * count), "word " * 2000, ZONE, is_added=True)

    assert check_blocks(offer.blocks, "message") == []


def test_the_update_form_passes_empty_and_full() -> None:
    initiative, rules = an_initiative(), UpdateRules()
    empty = OpenForm(initiative, a_round(), rules, 0, {}, None, None)
    full = OpenForm(initiative, a_round(), rules, 1, LONG, Confidence.AT_RISK, CALL_ON)
    filed = Filed(troubled("FIN-01"), initiative, a_round(), rules, is_new=True)

    assert check_view(update_form.build(empty, ZONE, MONDAY_9AM)) == []
    assert check_view(update_form.build(full, ZONE, MONDAY_9AM, "Hello")) == []
    assert check_view(notices.filed(filed, ZONE)) == []


def test_twelve_versions_pass_in_one_message() -> None:
    shown = Shown(an_initiative(), [troubled("FIN-01")] * 12)

    assert check_blocks(answers.history(shown, {}, ZONE), "message") == []
    assert check_blocks(answers.shown(shown, {}, ZONE), "message") == []
