"""/ai-project picture and timeline: sent to the asker, with the same in words."""

from datetime import date
from typing import Any

import pytest

from storage.models import DependencyKind, Initiative
from tests.factories import TEAM, a_person, actor, an_initiative, settle_in
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.handlers.conftest import Workspace
from tests.handlers.registry.test_project import said
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.registry.milestones import MilestoneWanted, save_milestone
from workflows.services import Services

DEC_8, DEC_20, MARCH = date(2026, 12, 8), date(2026, 12, 20), date(2027, 3, 1)


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(
        services,
        an_initiative(name="Cash <forecast>"),
        an_initiative("OPS-01", name="Routes", department="Operations", lead_id="U_OLA"),
        persons=[a_person("U_ANY", name="Any")],
    )
    rack = MilestoneWanted(None, "Rack", DEC_8, DEC_20)
    save_milestone(services, actor("U_OLA"), "OPS-01", rack)
    save_milestone(services, actor(), "FIN-01", MilestoneWanted(None, "Live", MARCH))
    save_milestone(services, actor(), "FIN-01", MilestoneWanted(None, "Pilot", DEC_8))
    needs = DependencyWanted(DependencyKind.MILESTONE, "OPS-01/M1", milestone=1, need_by=DEC_8)
    save_dependency(services, actor(), "FIN-01", needs)
    save_dependency(
        services, actor("U_OLA"), "OPS-01", DependencyWanted(DependencyKind.DATA, "Map")
    )


def sent(services: Services, slack: FakeSlack) -> dict[str, Any]:
    assert slack.of("files.getUploadURLExternal") == []  # nothing is drawn while Slack waits
    deliver(services, slack)
    (announced,) = slack.of("files.getUploadURLExternal")
    (upload,) = slack.of("upload")
    (completed,) = slack.of("files.completeUploadExternal")
    return announced | completed | {"png": upload["data"]}


def test_the_graph_comes_as_a_picture_and_in_words(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    answer = workspace.command("picture fin-01", "U_ANY", "/ai-project")

    picture = sent(services, slack)
    assert answer["text"] == "I'm drawing it. You'll get it as a direct message in a moment."
    assert picture["png"].startswith(b"\x89PNG")
    assert picture["channel_id"] == "DU_ANY"
    words = "FIN-01 Cash <forecast> needs OPS-01/M1 Rack, by 8 Dec: date at risk"
    assert words in picture["alt_txt"]
    assert words.replace("<", "&lt;").replace(">", "&gt;") in picture["initial_comment"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("timeline", ["Pilot", "Rack"]),
        ("timeline operations", ["Rack"]),
        ("timeline mine", ["Pilot"]),
    ],
)
def test_the_timeline_has_the_quarter_s_milestones_of_those_who_were_asked_for(
    workspace: Workspace, services: Services, slack: FakeSlack, text: str, told: list[str]
) -> None:
    workspace.command(text, "U_LEAD", "/ai-project")

    lines = sent(services, slack)["alt_txt"].splitlines()
    assert lines[0].startswith("October to December 2026")
    assert [line.partition(":")[0] for line in lines[1:]] == told


def test_what_is_unknown_is_said_and_nothing_is_drawn(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    assert "Did you mean FIN-01" in said(workspace, "picture FIN-02")
    assert "There's no stage or department called “operatoins”" in said(
        workspace, "timeline operatoins"
    )
    assert deliver(services, slack) == 0
    assert slack.of("upload") == []


def test_a_picture_whose_answer_was_lost_is_found_by_its_name(
    workspace: Workspace, services: Services, slack: FakeSlack, clock: FakeClock
) -> None:
    slack.answers["files.completeUploadExternal"].append(TimeoutError())
    workspace.command("picture fin-01", "U_ANY", "/ai-project")
    deliver(services, slack)
    name = slack.of("files.getUploadURLExternal")[0]["filename"]
    posted = {"ts": "1.2", "files": [{"name": name}]}
    slack.answers["conversations.history"].append({"messages": [posted]})

    clock.advance(minutes=2)
    deliver(services, slack)

    assert len(slack.of("upload")) == 1
    assert deliver(services, slack) == 0


def test_where_slack_takes_no_files_the_asker_reads_what_the_picture_shows(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    slack.answers["files.getUploadURLExternal"].append("missing_scope")
    workspace.command("picture fin-01", "U_ANY", "/ai-project")

    deliver(services, slack)

    (message,) = slack.of("chat.postMessage")
    assert message["channel"] == "U_ANY"
    assert "Cash &lt;forecast&gt; needs OPS-01/M1 Rack" in str(message["blocks"])


def test_the_same_click_twice_brings_one_picture(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    for _ in range(2):
        workspace.command("picture fin-01", "U_ANY", "/ai-project", trigger="the one click")

    deliver(services, slack)

    assert len(slack.of("upload")) == 1


def test_what_is_gone_before_it_is_drawn_is_not_drawn(
    workspace: Workspace, services: Services, slack: FakeSlack
) -> None:
    workspace.command("timeline operations", "U_ANY", "/ai-project")
    with services.transaction() as session:
        moved = session.get(Initiative, (TEAM, "OPS-01"))
        assert moved is not None
        moved.department = "Logistics"

    deliver(services, slack)

    assert slack.of("upload") == slack.of("chat.postMessage") == []
