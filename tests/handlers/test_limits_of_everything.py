"""Whatever the bot can show is within Slack's limits, with anything that rows can hold in it."""

import importlib
import inspect
import json
import pkgutil
import typing
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import handlers
from handlers.blocks import sizes, text
from handlers.blocks.message import Message
from handlers.blocks.sizes import characters
from handlers.blocks.text import Block, plain
from handlers.blocks.which_form import FormKey
from handlers.contributed import InEntry
from handlers.escalations.escalation_form import Facts as EscalationFacts
from handlers.escalations.form_reading import FIELD_NAMES
from handlers.registry import entry_form, entry_view, list_view, whole_view
from sandbox.limits import check_blocks, check_view
from storage.models import Act, DependencyKind, EscalationKind, FileState, Milestone, Stage
from tests.factories import a_notification, a_round, an_initiative
from tests.handlers.inventing import Inventor
from workflows.dates.reading import Reading
from workflows.escalations.from_updates import Question
from workflows.inventory.findings import Findings
from workflows.inventory.naming import cut
from workflows.policy_document import UpdateRules
from workflows.promises.run import Finding
from workflows.registry.cascade import Hit
from workflows.registry.clashes import Clash
from workflows.registry.editing import OpenEntry
from workflows.registry.entries import Shown
from workflows.registry.fact_list import MEANS, PURPOSE
from workflows.registry.facts import (
    LONGEST_NAME,
    LONGEST_TEXT,
    DependencyFacts,
    Facts,
    checked,
)
from workflows.registry.linking import DependencyWanted, LinkPreview
from workflows.registry.look_alikes import MOST_SHOWN, LookAlike
from workflows.registry.milestones import MilestoneWanted
from workflows.registry.moved import Effect, Move, Slip
from workflows.registry.recording import Known
from workflows.updates.opening import OpenForm
from workflows.updates.reading import RoundReport, Standing

pytestmark = pytest.mark.one_database

SEEDS = range(15)
MOST_CHARACTERS = 13_000  # of a message's blocks in all; Slack says so nowhere
MOST_BYTES = 250_000  # of a view
MOST_TEXT = 4000  # of what notifications and screen readers take
OPEN = OpenEntry("FIN-01", 1, Inventor(1).value(Facts), {}, [])
DAY = date(2026, 11, 25)
CLASH = Clash("FIN-02", Inventor(4).value(DependencyFacts), "&" * 200, DAY, DAY)
MOVE = Move("&" * 200, DAY)
EFFECT = Effect(Hit("FIN-01/M1", 9, 9, DAY), "FIN-01", "&" * 200, ["OPS-" + "1" * 16] * 60)
SAME = Inventor(5)
TEXTS = {
    "name": LONGEST_NAME,
    "department": 100,
    **dict.fromkeys(["objective", "outcome", "stakeholders", "data", "skills"], LONGEST_TEXT),
}
WHOLES = dict.fromkeys(TEXTS, "&<😀" * 40_000)
CUT_TEXTS = {name: cut(WHOLES[name], most) for name, most in TEXTS.items()}
LONG = Known(
    an_initiative(),
    checked({"stage": Stage.PILOT, **CUT_TEXTS, "wholes": WHOLES}),
)
ASKED = [
    Standing(an_initiative(f"FIN-{number}", name="&" * 200), None, None) for number in range(200)
]
TOPICS = {f"{'x' * 38}{number:02}": "&" * 60 for number in range(99)}
QUESTION = Question(TOPICS, next(iter(TOPICS)), Inventor(6).value(datetime))
READERS = ("parse", "with_length")  # of views that are there already
GIVEN: dict[str, dict[str, Any]] = {  # what only its caller can know
    "registry.entry_form.build": {"typed": None, "step": MEANS},
    "escalations.deed_form.build": {"act": Act.AGREE},
    "escalations.escalation_form.build": {
        "facts": EscalationFacts(
            EscalationKind.TIMELINE_RISK,
            [an_initiative(f"FIN-{number}", name="&" * 200) for number in range(200)],
            topics=TOPICS,
            milestones=[Inventor(number).value(Milestone) for number in range(200)],
            typed={**dict.fromkeys(FIELD_NAMES, "&" * 3000), "forecast_on": "2027-01-01"},
            link="https://" + "&" * 4000,
            preview=["&" * 3000] * 4,
        )
    },
    "updates.update_form.blocker_question": {"question": QUESTION},
    "updates.update_form.build": {
        "form": OpenForm(
            an_initiative(name="&" * 500),
            a_round(),
            UpdateRules(),
            1,
            dict.fromkeys(("progress", "milestones", "blockers", "needs"), "&" * 3000),
            None,
            DAY,
            question=QUESTION,
        )
    },
    "registry.link_form.build": {"view": None, "entry": OPEN},
    "registry.milestone_form.build": {"entry": OPEN, "number": None},
    "alerts.alerts.undelivered": {
        "failed": a_notification(kind="digest", recipient_id="U" + "1" * 39, error="&" * 200)
    },
    "alerts.alerts.audited": {"findings": [Inventor(2).value(Finding) for _ in range(200)]},
    "blocks.date_field.date_field": {
        "name": "need_by",
        "label": "Needed by",
        "doubt": Reading((DAY, DAY)),
    },
    "registry.link_form.confirm": {
        "preview": LinkPreview(OPEN, Inventor(3).value(DependencyFacts), DAY, [CLASH] * 200),
        "wanted": DependencyWanted(DependencyKind.DATA, "&" * 200),
    },
    "registry.entry_view.shown": {"added": [SAME.value(InEntry) for _ in range(2)]},
    "registry.entry_view.entry_window": {"added": [SAME.value(InEntry) for _ in range(2)]},
    "registry.whole_view.whole_window": {"known": LONG},
    "rounds.summary.digest": {"departments": ["&" * 100] * 60},
    "updates.drafted.filed": {"keys": ["K" * 20] * 200},
    "updates.drafted.offered": {"report": RoundReport(a_round(), ASKED)},
    "rounds.messages.prompt": {"asked": ASKED},
    "rounds.messages.reminder": {"asked": ASKED},
    "registry.milestone_form.confirm": {"wanted": MilestoneWanted(None, "&" * 200, DAY)},
    "registry.moved.told": {"slip": Slip(an_initiative(), [MOVE] * 20, [EFFECT] * 200)},
    "blocks.windows.notice": {"title": "Rollcall"},
    "blocks.windows.window": {"title": "Rollcall", "blocks": [{"type": "divider"}] * 100},
    "paging.page_buttons": {"action_id": "turn_list", "of": "find " + "&" * list_view.MOST_ASKED},
    "blocks.which_form.build": {"asked": FormKey(command="/ai-project", word="milestone")},
    "blocks.which_form.search": {"asked": FormKey(command="/ai-project", word="find")},
    "registry.overlap_view.question": {"found": [SAME.value(LookAlike) for _ in range(MOST_SHOWN)]},
}
SHOWN = (Block, list[Block], Message)
Builder = Callable[..., Any]


def builders() -> Iterator[tuple[str, Builder, dict[str, Any]]]:
    """Yield every public function of the handlers that makes something to show from facts."""
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        found = importlib.import_module(module.name)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            hints = typing.get_type_hints(function)
            shown = hints.pop("return", None) in SHOWN and "services" not in hints
            own = function.__module__ == module.name and not name.startswith("_")
            if shown and own and found not in (text, sizes) and name not in READERS:
                yield f"{module.name.removeprefix('handlers.')}.{name}", function, hints


BUILDERS = {name: (function, hints) for name, function, hints in builders()}


def told_of(findings: Findings | None, state: FileState) -> FileState:
    """Return a state that a file with such findings can be in."""
    if findings is None:
        return FileState.ARRIVED
    return FileState.CHECKED if findings.outcome is None else state


def test_builders_are_found() -> None:
    assert {"rounds.messages.prompt", "home.home_view.build", "alerts.alerts.audited"} <= set(
        BUILDERS
    )


def faults_of(shown: Any) -> list[str]:
    """Return what Slack would refuse of a message, a view or blocks."""
    if isinstance(shown, Message):
        return _message_faults(shown)
    if isinstance(shown, list):
        return _message_faults(Message("", shown))
    if shown.get("type") == "button":
        return check_blocks([{"type": "actions", "elements": [shown]}], "message")
    if shown.get("type") not in ("modal", "home"):
        shown = {"type": "modal", "title": plain("It"), "submit": plain("Go"), "blocks": [shown]}
    too_large = len(json.dumps(shown).encode()) > MOST_BYTES
    return [*check_view(shown), *(["too many bytes"] if too_large else [])]


def _message_faults(message: Message) -> list[str]:
    held = characters(message.blocks)
    said = [f"{held} characters"] if held > MOST_CHARACTERS else []
    said += ["the text"] if len(message.wire_text) > MOST_TEXT else []
    return [*check_blocks(message.blocks, "message"), *said]


@pytest.mark.parametrize("name", BUILDERS)
def test_everything_that_can_be_shown_is_within_slack_s_limits(name: str) -> None:
    build, hints = BUILDERS[name]
    for seed in SEEDS:
        invented = Inventor(seed).arguments(hints) | GIVEN.get(name, {})
        if name == "inventory.inventory_view.told":
            invented["file"].state = told_of(invented["findings"], invented["file"].state)
        shown = build(**invented)

        assert faults_of(shown) == [], f"seed {seed}"


def test_every_page_of_texts_that_were_cut_and_their_entry_are_within_slack_s_limits() -> None:
    shown = Shown(**vars(LONG), may_edit=True)
    added = [Inventor(7).value(InEntry)]
    window = entry_view.entry_window(shown, {}, ZoneInfo("Asia/Kathmandu"), added)
    pages = [whole_view.whole_window(LONG, number) for number in (0, 1, 70, 10_000)]
    form = entry_form.build(OpenEntry("FIN-01", 1, LONG.facts, {}, []), PURPOSE)

    assert [faults_of(one) for one in (window, *pages, form)] == [[]] * 6
    assert faults_of(window["blocks"]) == []


def test_the_pages_of_long_texts_hold_all_of_them() -> None:
    texts = [("Objective", "word " * 3000), ("Data", "x" * 13_000), ("Skills", "short")]

    pages = whole_view.paged(texts, 6000)

    held: dict[str, str] = {}
    for label, piece in (part for page in pages for part in page):
        held[label] = held.get(label, "") + piece
    assert held == dict(texts)
    assert max(sum(len(piece) for _, piece in page) for page in pages) == 6000
    assert pages[0][0][1].endswith("word ")
    assert whole_view.paged([("Data", "x" * 6000)], 6000) == [[("Data", "x" * 6000)]]
