"""Who waits for whom: people file while an import is under way, and nobody deadlocks."""

import csv
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from storage.models import Stage
from tests.factories import TEAM, a_filing, a_profile, actor, an_initiative, settle_in
from tests.workflows.inventory.test_inventory import taken
from workflows.away import set_away
from workflows.people import remember
from workflows.registry.editing import save_entry
from workflows.registry.entries import show_entry
from workflows.services import Services
from workflows.sweep import sweep
from workflows.updates.filing import Filed, file_update
from workflows.updates.reading import present_round

PATIENCE_SECONDS = 30  # far longer than anything takes that is not kept waiting
KEYS = [f"FIN-{number:02}" for number in range(1, 7)]
Import = Callable[[Services, str], None]


@pytest.fixture(autouse=True)
def _settled(services: Services) -> None:
    settle_in(services, *(an_initiative(key) for key in KEYS))
    sweep(services)


@pytest.fixture
def take(tmp_path: Path) -> Import:
    """Import a file that renames every initiative."""

    def take(services: Services, suffix: str) -> None:
        file = tmp_path / f"{suffix}.csv"
        rows = [[key, f"Initiative {key} {suffix}", "Finance", "U_LEAD"] for key in KEYS]
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["key", "name", "department", "lead"], *rows])
        taken(services, file)

    return take


def test_people_file_while_an_import_is_under_way(
    services: Services, engine: Engine, take: Import
) -> None:
    written, go_on = threading.Event(), threading.Event()

    @contextmanager
    def held_open() -> Iterator[Session]:
        with services.transaction() as session:
            yield session
            written.set()
            assert go_on.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(2) as pool:
        importing = pool.submit(take, replace(services, transaction=held_open), "renamed")
        assert written.wait(PATIENCE_SECONDS)
        filing = pool.submit(file_update, services, actor(), a_filing("FIN-01"))
        try:
            if engine.dialect.name == "postgresql":  # where it waits for nothing of the import
                filing.result(PATIENCE_SECONDS)
        finally:
            go_on.set()
        filed: Filed = filing.result(PATIENCE_SECONDS)
        importing.result(PATIENCE_SECONDS)

    assert filed.is_new
    assert show_entry(services, actor(), "FIN-01").facts.name == "Initiative FIN-01 renamed"
    assert [update.initiative_key for _, update in present_round(services, TEAM).filed] == [
        "FIN-01"
    ]


def test_an_edit_waits_for_an_import_and_neither_is_lost(services: Services, take: Import) -> None:
    def edit(number: int) -> None:
        save_entry(services, actor(), "FIN-01", 0, {"objective": f"Objective {number}"})

    with ThreadPoolExecutor(2) as pool:
        importing = pool.submit(take, services, "renamed")
        pool.submit(edit, 1).result(PATIENCE_SECONDS)
        importing.result(PATIENCE_SECONDS)

    facts = show_entry(services, actor(), "FIN-01").facts
    assert (facts.name, facts.objective) == ("Initiative FIN-01 renamed", "Objective 1")


def file_all(services: Services) -> None:
    for key in KEYS[:-1]:
        file_update(services, actor(), a_filing(key))


def change_stages(services: Services) -> None:
    for stage in [Stage.PAUSED, Stage.PILOT] * 3:
        save_entry(services, actor(), KEYS[-1], 0, {"stage": stage})


def plan(services: Services) -> None:
    for zone in ("Asia/Tokyo", "Europe/Berlin", "America/New_York"):
        remember(services, TEAM, a_profile("U_LEAD", timezone=zone))
        set_away(services, actor(), "Friday")
        set_away(services, actor(), None)
        sweep(services)


def test_imports_edits_filing_and_planning_at_once_wait_for_each_other_in_one_order(
    services: Services, take: Import
) -> None:
    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(take, services, f"renamed {number}") for number in range(3)]
        done += [pool.submit(act, services) for act in (change_stages, file_all, plan)]

        for one in done:
            one.result(PATIENCE_SECONDS)

    assert len(present_round(services, TEAM).filed) == len(KEYS) - 1
