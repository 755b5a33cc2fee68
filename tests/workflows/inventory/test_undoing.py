"""An import undone: what it entered goes, but for what was worked on since, and what that needs."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from storage.models import DependencyKind, Initiative
from tests.factories import TEAM, a_person, a_policy, actor, an_initiative, settle_in
from tests.fakes import FakeClock
from tests.workflows.inventory.test_inventory import registry, taken
from workflows import policies
from workflows.inventory.undoing import undo_import
from workflows.registry.editing import save_entry
from workflows.registry.linking import DependencyWanted, save_dependency
from workflows.services import Services

HEADINGS = ("key", "name", "department", "stage", "milestones", "depends on")
MORE_THAN_A_BATCH = 1100
Take = Callable[[Iterable[tuple[str, ...]]], None]


@pytest.fixture
def take(services: Services, tmp_path: Path, clock: FakeClock) -> Take:
    policies.adopt(services, TEAM, "Workspace", a_policy())
    settle_in(services, an_initiative("OPS-1", department="Operations"), persons=[a_person()])

    def take(rows: Iterable[tuple[str, ...]]) -> None:
        file = tmp_path / "inventory.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADINGS, *rows])
        clock.advance(minutes=1)
        taken(services, file)

    return take


def row(key: str, needs: str = "", milestones: str = "") -> tuple[str, ...]:
    return key, f"Thing {key}", "Finance", "pilot", milestones, needs


def led(services: Services, key: str) -> None:
    """Make somebody its lead, who may then write it; no version tells of that."""
    with services.transaction() as session:
        session.get_one(Initiative, (TEAM, key)).lead_id = "U_LEAD"


def test_a_chain_longer_than_a_batch_goes_whole(services: Services, take: Take) -> None:
    take(row(f"K-{n}", f"K-{n - 1}" if n else "") for n in range(MORE_THAN_A_BATCH))

    undone = undo_import(services, actor())

    assert (len(undone.removed), undone.kept, undone.kept_words) == (MORE_THAN_A_BATCH, [], "")
    assert list(registry(services)) == ["OPS-1"]


def test_what_was_worked_on_stays_with_all_that_it_needs(services: Services, take: Take) -> None:
    take([row("K-1", "K-2"), row("K-2", "K-3"), row("K-3"), row("K-4", "K-1"), row("K-5")])
    led(services, "K-1")
    save_entry(services, actor(), "K-1", 1, {"topic": "Fraud"})

    undone = undo_import(services, actor())

    assert (undone.removed, undone.kept) == (["K-4", "K-5"], ["K-1", "K-2", "K-3"])
    assert "3 stay" in undone.kept_words
    assert list(registry(services)) == ["K-1", "K-2", "K-3", "OPS-1"]


def test_what_has_a_milestone_that_others_wait_for_stays(services: Services, take: Take) -> None:
    take([row("K-1", milestones="M1 | Live | 2027-03-31"), row("K-2")])
    wanted = DependencyWanted(DependencyKind.MILESTONE, "K-1/M1")
    save_dependency(services, actor(), "OPS-1", wanted)

    undone = undo_import(services, actor())

    assert (undone.removed, undone.kept) == (["K-2"], ["K-1"])
    assert "1 stays" in undone.kept_words


def test_what_is_put_back_keeps_nothing_that_it_needed_only_meanwhile(
    services: Services, take: Take
) -> None:
    take([row("K-1")])
    before = registry(services)
    take([row("K-1", "K-2"), row("K-2")])

    undone = undo_import(services, actor())

    assert (undone.removed, undone.restored, undone.kept) == (["K-2"], ["K-1"], [])
    assert registry(services) == before
