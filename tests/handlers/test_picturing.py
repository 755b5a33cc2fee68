"""/ai-project picture and timeline: sent to the asker, with the same in words."""

from datetime import date
from typing import Any

import pytest

from storage.models import DependencyKind
from tests.factories import a_person, actor, an_initiative, settle_in
from tests.fakes import FakeSlack
from tests.handlers.conftest import Workspace
from tests.handlers.test_project import said
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


def sent(slack: FakeSlack) -> dict[str, Any]:
    (announced,) = slack.of("files.getUploadURLExternal")
    (upload,) = slack.of("upload")
    (completed,) = slack.of("files.completeUploadExternal")
    return announced | completed | {"png": upload["data"]}


def test_the_graph_comes_as_a_picture_and_in_words(workspace: Workspace, slack: FakeSlack) -> None:
    answer = workspace.command("picture fin-01", "U_ANY", "/ai-project")

    picture = sent(slack)
    assert answer["text"] == "The picture is in our direct message."
    assert picture["png"].startswith(b"\x89PNG")
    assert picture["channel_id"] == "DU_ANY"
    words = "FIN-01 Cash <forecast> needs OPS-01/M1 Rack, by 8 Dec: promised too late"
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
    workspace: Workspace, slack: FakeSlack, text: str, told: list[str]
) -> None:
    workspace.command(text, "U_LEAD", "/ai-project")

    lines = sent(slack)["alt_txt"].splitlines()
    assert lines[0].startswith("October to December 2026")
    assert [line.partition(":")[0] for line in lines[1:]] == told


def test_what_is_unknown_is_said_and_nothing_is_drawn(
    workspace: Workspace, slack: FakeSlack
) -> None:
    assert "Did you mean FIN-01" in said(workspace, "picture FIN-02")
    assert "is no stage and no department" in said(workspace, "timeline operatoins")
    assert slack.of("upload") == []
