"""`rollcall policy`: what it says of a policy, and how one gets in force; Slack is not asked."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from bot.clock import utc_now
from bot.services import build_services
from storage import promises
from storage.engine import connect
from storage.models import AuditEntry
from tests.cli import Cli
from tests.conftest import Postgres
from tests.factories import TEAM, a_person, a_policy, settle_in
from workflows import policies
from workflows.rounds.planning import ensure_next_round
from workflows.services import Services

LATER = {"blocker": {"coe_after_hours": 48}}


@contextmanager
def services_of(cli: Cli) -> Iterator[Services]:
    engine = connect(cli.settings["DATABASE_URL"])
    yield build_services(engine, utc_now)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def ours(request: pytest.FixtureRequest, migrated: Cli) -> Cli:
    """A workspace with a policy, whose people are known, and a policy that would change it."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        migrated.settings["DATABASE_URL"] = postgres.fresh_url()
    del migrated.settings["SLACK_BOT_TOKEN"]
    with services_of(migrated) as services:
        policies.adopt(services, TEAM, "Tests", a_policy(people={"programme_manager": "U0MAX"}))
        ensure_next_round(services, TEAM)
        settle_in(services, persons=[a_person("U0MAX", name="Max"), a_person("U0ANA", name="Ana")])
    write(migrated, people={"programme_manager": "U0ANA"}, escalations=LATER)
    return migrated


def write(cli: Cli, **sections: object) -> None:
    (cli.folder / "policy.yml").write_text(a_policy(**sections), encoding="utf-8")


def said_by(cli: Cli, *arguments: str) -> list[str]:
    ended = cli.run("policy", *arguments)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.parametrize("command", [(), ("check",), ("check", "policy.yml"), ("policy.yml",)])
def test_a_policy_is_checked_with_and_without_the_word(cli: Cli, command: tuple[str, ...]) -> None:
    said = said_by(cli, *command)

    assert said[0].endswith(
        "policy.yml is valid: the call is on Wednesday at 15:00 America/New_York."
    )
    assert "The next 3 rounds, on the clock of America/New_York:" in said


def test_what_a_policy_changes_is_said_in_words_and_with_names(ours: Cli) -> None:
    said = said_by(ours, "diff", "policy.yml")

    assert said == [
        "policy.yml changes:",
        "  the programme manager is Ana instead of Max",
        "  technical blockers reach the CoE after 48 h instead of 24 h",
    ]
    with services_of(ours) as services:
        assert version_of(services) == 1


def test_the_policy_file_is_meant_where_none_is_named(ours: Cli) -> None:
    assert said_by(ours, "diff")[1:] == said_by(ours, "diff", "policy.yml")[1:]


def test_applied_it_says_what_it_changes_and_is_in_force_and_in_the_audit_log(ours: Cli) -> None:
    said = said_by(ours, "apply", "policy.yml")

    assert "  technical blockers reach the CoE after 48 h instead of 24 h" in said
    assert "It is in force now, as version 2; a bot that runs goes by it at once." in said
    with services_of(ours) as services, services.transaction() as session:
        assert version_of(services) == 2
        wanted = select(AuditEntry).where(col(AuditEntry.action) == "apply_policy")
        (entry,) = session.exec(wanted).all()
    assert (entry.actor_id, entry.subject, entry.outcome) == ("", "v2", "done")


@pytest.mark.parametrize("command", ["check", "apply"])
def test_what_is_likely_to_be_a_mistake_is_pointed_out_and_refused_by_nobody(
    ours: Cli, command: str
) -> None:
    write(ours, features=["escalations"])

    said = said_by(ours, command, "policy.yml")

    assert (
        "Please look at levels.coe: escalations are on, and nobody holds the CoE; "
        "name people, a group, or both."
    ) in said


def test_applied_again_it_changes_nothing(ours: Cli) -> None:
    said_by(ours, "apply", "policy.yml")

    said = said_by(ours, "apply", "policy.yml")

    assert said == ["policy.yml asks for what the policy in force asks for already."]
    with services_of(ours) as services:
        assert version_of(services) == 2


def test_what_is_to_come_is_planned_anew(ours: Cli) -> None:
    write(ours, call={"weekday": "friday", "time": "10:00", "timezone": "Europe/Berlin"})

    said_by(ours, "apply", "policy.yml")

    with services_of(ours) as services, services.reading() as reader:
        planned = [one for one in promises.pending(reader, TEAM) if one.kind == "open_round"]
    assert [one.period_on and one.period_on.isoweekday() for one in planned] == [5]


def test_a_rehearsal_of_weeks_without_escalations_says_so(ours: Cli) -> None:
    said = said_by(ours, "rehearse", "policy.yml", "--weeks", "4")

    assert len(said) == 1
    assert said[0].endswith(": 0 escalations. Nothing is sent, and nothing is stored.")


@pytest.mark.parametrize("command", ["diff", "rehearse", "apply"])
def test_one_with_faults_is_compared_with_nothing_and_not_put_in_force(
    ours: Cli, command: str
) -> None:
    write(ours, update={"minutes": -1})

    said = ours.refused("policy", command, "policy.yml")

    assert "it has faults, so none of it is in force" in said
    assert "update.minutes" in said
    with services_of(ours) as services:
        assert version_of(services) == 1


def test_without_a_policy_in_force_there_is_nothing_to_compare_with(migrated: Cli) -> None:
    said = migrated.refused("policy", "diff", "policy.yml")

    assert "Rollcall has no policy yet" in said


def test_the_first_policy_can_be_applied(migrated: Cli) -> None:
    said = said_by(migrated, "apply", "policy.yml")

    assert said[0] == "It is the first policy here."
    with services_of(migrated) as services:
        assert version_of(services) == 1


def version_of(services: Services) -> int:
    with services.reading() as reader:
        return policies.in_force(reader, TEAM).version
