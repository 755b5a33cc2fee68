"""Every migration up, down and up again on data, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, select

from bot.services import build_services
from storage.engine import connect
from storage.schema import MIGRATIONS, migrate, migrate_down
from tests.conftest import Postgres
from tests.factories import CALL_AT, CALL_ON, CLOSES_AT, COORDINATION, MONDAY_9AM, TEAM, a_policy
from tests.fakes import FakeClock, FakeSlack, deliver
from tests.workflows.audit_log.logged import seal
from workflows import audit
from workflows.audit_log.erasing import erase_person
from workflows.audit_log.verifying import verify
from workflows.registry.finding import find_by_words
from workflows.sweep import sweep

Rows = dict[str, list[dict[str, Any]]]
A_WHILE_AGO = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
_ASK = {
    "workspace_id": TEAM,
    "call_on": CALL_ON,
    "clause": "round.prompt_working_days_before",
    "policy_version": 1,
    "settled_at": None,
    "reason": "",
}
_MESSAGE = {
    "workspace_id": TEAM,
    "call_on": CALL_ON,
    "clause": "round.prompt_working_days_before",
    "policy_version": 1,
    "initiative_keys": ["FIN-03"],
    "recipient_id": "U_LEAD",
    "kind": "prompt",
    "attempts": 1,
    "claimed_at": None,
    "sent_at": None,
    "channel_id": "",
    "ts": "",
    "error": "",
}
AT_0001: Rows = {
    "workspace": [{"workspace_id": TEAM, "name": "Zoë & Söhne 🚀", "policy_version": 1}],
    "policy_version": [
        {"workspace_id": TEAM, "version": 1, "document": a_policy(), "since_at": A_WHILE_AGO}
    ],
    "person": [
        {
            "workspace_id": TEAM,
            "user_id": user_id,
            "name": user_id,
            "timezone": "America/New_York",
            "deactivated": False,
            "guest": False,
            "away_until_on": away,
            "read_at": A_WHILE_AGO,
        }
        for user_id, away in (("U_LEAD", None), ("U_DEPUTY", date(2026, 12, 24)))
    ],
    "initiative": [
        {
            "workspace_id": TEAM,
            "key": key,
            "name": "Prévision “+½”",
            "department": "Finance",
            "stage": "pilot",
            "lead_id": "U_LEAD",
        }
        for key in ("FIN-01", "FIN-02", "FIN-03")
    ],
    "deputy": [
        {"workspace_id": TEAM, "initiative_key": "FIN-01", "user_id": "U_DEPUTY", "position": 1}
    ],
    "department_lead": [{"workspace_id": TEAM, "department": "Finance", "user_id": "U_DEPUTY"}],
    "round": [
        {
            "workspace_id": TEAM,
            "call_on": CALL_ON,
            "call_at": CALL_AT,
            "closes_at": CLOSES_AT,
            "closed_at": None,
            "policy_version": 1,
        }
    ],
    "update": [
        {
            "workspace_id": TEAM,
            "initiative_key": "FIN-02",
            "call_on": CALL_ON,
            "version": 1,
            "author_id": "U_LEAD",
            "filed_at": A_WHILE_AGO,
            "late": False,
            "confidence": "at_risk",
            "progress": "<!channel> & more",
            "milestones": "",
            "blockers": "☃",
            "needs": "",
        }
    ],
    "draft": [
        {
            "workspace_id": TEAM,
            "user_id": "U_LEAD",
            "initiative_key": "FIN-01",
            "call_on": CALL_ON,
            "answers": {"progress": "Half a sen"},
            "saved_at": A_WHILE_AGO,
        }
    ],
    "promise": [
        _ASK | facts
        for facts in (
            {
                "key": f"prompt:{CALL_ON}:FIN-01",
                "kind": "prompt",
                "initiative_key": "FIN-01",
                "due_at": MONDAY_9AM,
                "state": "pending",
            },
            {
                "key": f"prompt:{CALL_ON}:FIN-02",
                "kind": "prompt",
                "initiative_key": "FIN-02",
                "due_at": MONDAY_9AM,
                "state": "cancelled",
                "settled_at": A_WHILE_AGO,
                "reason": "filed",
            },
            {
                "key": "open_round:2026-11-25",
                "kind": "open_round",
                "initiative_key": None,
                "due_at": A_WHILE_AGO,
                "state": "kept",
                "settled_at": A_WHILE_AGO,
            },
            {
                "key": f"close_round:{CALL_ON}",
                "kind": "close_round",
                "initiative_key": None,
                "due_at": CLOSES_AT,
                "state": "pending",
            },
        )
    ],
    "notification": [
        _MESSAGE | {"key": f"n-{state}", "due_at": MONDAY_9AM, "state": state}
        for state in ("sent", "cancelled", "failed")
    ]
    + [
        _MESSAGE
        | {"key": "summary:2026-11-18", "kind": "summary", "recipient_id": COORDINATION}
        | {"due_at": MONDAY_9AM, "state": "pending", "attempts": 0},
        _MESSAGE
        | {"key": "n-sending", "due_at": MONDAY_9AM, "state": "sending", "claimed_at": A_WHILE_AGO},
    ],
    "audit_entry": [
        {
            "workspace_id": TEAM,
            "id": "0" * 32,
            "at": A_WHILE_AGO,
            "actor_id": "U_LEAD",
            "action": "file_update",
            "subject": "FIN-02 v1",
            "outcome": "done",
        }
    ],
}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database at 0001, with rows in every table."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_url("template1")
    engine = connect(url)
    migrate(engine, "0001")
    tables = _tables(engine)
    with engine.begin() as connection:
        for name, rows in AT_0001.items():
            connection.execute(insert(tables[name]), [_stored(engine, row) for row in rows])
    yield engine
    engine.dispose()


def _tables(engine: Engine) -> dict[str, Any]:
    found = MetaData()
    found.reflect(engine)
    return dict(found.tables)


def _stored(engine: Engine, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row as the driver takes it: SQLite keeps instants in UTC and without a zone."""
    if engine.dialect.name != "sqlite":
        return row
    return {
        name: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def everything(engine: Engine) -> Rows:
    tables = _tables(engine)
    with engine.connect() as connection:
        found = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in tables.items()
        }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def test_going_up_and_down_again_changes_no_row(engine: Engine) -> None:
    before = everything(engine)

    migrate(engine)
    migrate_down(engine, "0001")
    down = everything(engine)
    migrate(engine)
    migrate_down(engine, "0001")

    assert down == before == everything(engine)
    assert all(before[name] for name in AT_0001)


def test_complaint_24_a_migration_run_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    once = everything(engine)

    migrate(engine)

    assert everything(engine) == once


def test_what_was_there_before_is_found_by_its_words_after(engine: Engine) -> None:
    migrate(engine)
    services = build_services(engine, FakeClock(MONDAY_9AM))

    with services.reading() as session:
        found = [
            find_by_words(session, TEAM, words, 10).keys
            for words in ("prévision", "lead", "finance", "FIN")
        ]

    assert [sorted(some) for some in found] == [["FIN-01", "FIN-02", "FIN-03"]] * 4


def test_what_nobody_leads_goes_when_the_older_version_comes_back(
    engine: Engine,
) -> None:
    migrate(engine)
    leaderless = {"workspace_id": TEAM, "key": "NEW-01", "name": "New", "department": "Finance"}
    table = _tables(engine)["initiative"]
    with engine.begin() as connection:
        connection.execute(insert(table), leaderless | {"stage": "proposed", "lead_id": None})

    migrate_down(engine, "0002")

    keys = [row["key"] for row in everything(engine)["initiative"]]
    assert sorted(keys) == ["FIN-01", "FIN-02", "FIN-03"]


def test_what_is_older_reads_versions_of_entries_with_whole_texts(engine: Engine) -> None:
    migrate(engine)
    facts = {"name": "Prévision", "objective": "Half …", "wholes": {"objective": "Half “½”"}}
    version = {"workspace_id": TEAM, "initiative_key": "FIN-01", "version": 1, "author_id": "U1"}
    row = _stored(engine, version | {"changed_at": A_WHILE_AGO, "facts": facts})
    table = _tables(engine)["entry_version"]
    with engine.begin() as connection:
        connection.execute(insert(table), row)

    migrate_down(engine, "0011")

    (kept,) = everything(engine)["entry_version"]
    assert kept["facts"] == {"name": "Prévision", "objective": "Half …"}


def test_what_was_owed_before_is_done_after(engine: Engine) -> None:
    slack, clock = FakeSlack(), FakeClock(MONDAY_9AM)
    migrate(engine)
    services = build_services(engine, clock)

    sweep(services)
    deliver(services, slack)
    clock.advance(minutes=2)
    sweep(services)
    deliver(services, slack)

    promises = {row["key"]: row for row in everything(engine)["promise"]}
    assert promises[f"prompt:{CALL_ON}:FIN-01"]["state"] == "kept"
    assert (
        promises[f"prompt:{CALL_ON}:FIN-01"]["owed_at"]
        == promises[f"prompt:{CALL_ON}:FIN-01"]["due_at"]
    )
    messages = {row["key"]: row for row in everything(engine)["notification"]}
    # What was being sent when the old version ended is looked for, and sent: it is not there.
    assert messages["n-sending"]["state"] == "sent"
    assert {row["priority"] for row in messages.values()} == {1}


OLD_MESSAGES: list[dict[str, Any]] = [
    # kind, what it was about, and the subject that it has now
    {"kind": "refresh", "about_key": "p", "becomes": ("notification", "p")},
    {"kind": "undelivered", "about_key": "p", "becomes": ("notification", "p")},
    {"kind": "audit", "about_key": "open_round:x", "becomes": ("promise", "open_round:x")},
    {"kind": "audit", "about_key": "", "becomes": ("workspace", TEAM)},
    {"kind": "standstill", "about_key": "", "becomes": ("workspace", TEAM)},
    {"kind": "inventory", "about_key": "F1", "becomes": ("inventory_file", "F1")},
    {"kind": "picture", "about_key": "quarter all", "becomes": ("picture", "quarter all")},
    {"kind": "moved", "about_key": "FIN-01@3", "becomes": ("entry_version", "FIN-01@3")},
    {
        "kind": "handed_back",
        "key": "handed_back:FIN-01:v3",
        "about_key": "U_LEAD",
        "initiative_keys": ["FIN-01"],
        "becomes": ("entry_version", "FIN-01@3"),
    },
    {"kind": "home", "about_key": "", "becomes": ("person", "U_LEAD")},
    {"kind": "greeting", "about_key": "", "becomes": ("person", "U_LEAD")},
    {"kind": "resumed", "about_key": "", "becomes": ("person", "U_LEAD")},
    {"kind": "summary", "about_key": "", "becomes": ("round", str(CALL_ON))},
    {"kind": "digest", "about_key": "", "becomes": ("round", str(CALL_ON))},
    *(
        {
            "kind": kind,
            "about_key": about_key,
            "initiative_keys": ["OPS-9", "FIN-01", "FIN-02"],
            "becomes": ("round", str(CALL_ON)),
        }
        for kind, about_key in (
            ("prompt", ""),
            ("reminder", ""),
            ("drafted", ""),
            ("drafted", "added"),
        )
    ),
]
OF_A_ROUND = ("prompt", "reminder", "summary", "digest", "drafted")


def store_old_messages(engine: Engine) -> dict[str, tuple[str, str]]:
    """Store messages as they were at 0012, and return the subjects they get, by their keys."""
    usual = {
        **_MESSAGE,
        "due_at": CLOSES_AT,
        "owed_at": CLOSES_AT,
        "words": "",
        "state": "sent",
        "priority": 1,
        "instead_of_id": "",
        "thread_key": "",
        "carrier_key": "",
        "initiative_keys": [],
    }
    rows: list[dict[str, Any]] = []
    becomes: dict[str, tuple[str, str]] = {}
    for number, facts in enumerate(OLD_MESSAGES):
        row: dict[str, Any] = usual | {"key": f"m{number}"} | facts
        row["call_on"] = CALL_ON if row["kind"] in OF_A_ROUND else None
        becomes[str(row["key"])] = row.pop("becomes")
        rows.append(_stored(engine, row))
    version = {"workspace_id": TEAM, "initiative_key": "FIN-01", "version": 3, "facts": {}}
    given_back = _stored(engine, version | {"author_id": "U_LEAD", "changed_at": A_WHILE_AGO})
    tables = _tables(engine)
    with engine.begin() as connection:
        connection.execute(insert(tables["notification"]), rows)
        connection.execute(insert(tables["entry_version"]), given_back)
    return becomes


def test_what_a_message_was_about_becomes_its_subject_and_back(engine: Engine) -> None:
    migrate(engine, "0012")
    becomes = store_old_messages(engine)
    before = everything(engine)

    migrate(engine)
    after = everything(engine)
    migrate_down(engine, "0012")

    now = {row["key"]: row for row in after["notification"]}
    assert {key: (now[key]["subject_kind"], now[key]["subject_key"]) for key in becomes} == becomes
    asked: dict[str, list[str]] = {}
    for row in sorted(after["notification_subject"], key=lambda row: row["position"]):
        asked.setdefault(row["notification_key"], []).append(row["subject_key"])
    of_several = [key for key in becomes if key in asked]
    assert [asked[key] for key in of_several] == [["OPS-9", "FIN-01", "FIN-02"]] * 4
    assert sum(row["kind"] == "drafted_more" for row in after["notification"]) == 1
    assert everything(engine) == before


def test_what_a_promise_was_about_becomes_its_subject(engine: Engine) -> None:
    migrate(engine)

    promised = {row["key"]: row for row in everything(engine)["promise"]}
    ask, closing = promised[f"prompt:{CALL_ON}:FIN-01"], promised[f"close_round:{CALL_ON}"]
    assert (ask["subject_kind"], ask["subject_key"]) == ("initiative", "FIN-01")
    assert (closing["subject_kind"], closing["subject_key"]) == ("round", str(CALL_ON))
    assert {row["period_on"] for row in (ask, closing)} == {CALL_ON}


def test_what_only_the_newer_version_knows_becomes_what_the_older_one_does(engine: Engine) -> None:
    migrate(engine)
    tables = _tables(engine)
    of_round = {"subject_kind": "round", "subject_key": str(CALL_ON), "period_on": CALL_ON}
    promise = _stored(
        engine,
        _ASK
        | {"due_at": CLOSES_AT, "owed_at": CLOSES_AT, "late_by_seconds": 0, "attempts": 0}
        | {"notification_key": None, "recipient_id": "U_DEPUTY", **of_round},
    )
    message = _stored(
        engine,
        _MESSAGE
        | {"due_at": CLOSES_AT, "owed_at": CLOSES_AT, "words": ""}
        | {"instead_of_id": "", "thread_key": "", "priority": 1, "carrier_key": "", **of_round},
    )
    for old in ("call_on", "initiative_keys"):
        promise.pop(old, None), message.pop(old, None)
    with engine.begin() as connection:
        for key, kind, state in (
            ("digest:x", "digest", "pending"),
            ("audit:x", "audit", "pending"),
            ("prompt:late", "prompt", "late"),
            ("prompt:failed", "prompt", "failed"),
        ):
            row = promise | {"key": key, "kind": kind, "state": state}
            connection.execute(insert(tables["promise"]), row)
        for kind in ("refresh", "home", "resumed", "undelivered", "audit", "standstill"):
            row = message | {"key": f"new-{kind}", "kind": kind, "state": "pending"}
            connection.execute(insert(tables["notification"]), row)

    migrate_down(engine, "0001")

    promises = {row["key"]: row["state"] for row in everything(engine)["promise"]}
    assert (promises["prompt:late"], promises["prompt:failed"]) == ("kept", "cancelled")
    assert not {"digest:x", "audit:x"} & set(promises)
    messages = {row["key"]: row for row in everything(engine)["notification"]}
    assert (messages["digest:x"]["state"], messages["digest:x"]["recipient_id"]) == (
        "pending",
        "U_DEPUTY",
    )
    assert not [key for key in messages if key.startswith("new-")]


def test_the_last_beat_of_any_workspace_is_that_of_the_job_and_back(engine: Engine) -> None:
    migrate(engine, "0013")
    tables = _tables(engine)
    earlier = {"workspace_id": TEAM, "job": "sweep", "beat_at": A_WHILE_AGO}
    last = {"workspace_id": "T_OTHER", "job": "sweep", "beat_at": MONDAY_9AM}
    down = {"down_from_at": A_WHILE_AGO, "down_until_at": MONDAY_9AM}
    never = {"down_from_at": None, "down_until_at": None}
    with engine.begin() as connection:
        for row in (earlier | never, last | down):
            connection.execute(insert(tables["heartbeat"]), _stored(engine, row))

    migrate(engine)
    up = everything(engine)["heartbeat"]
    migrate_down(engine, "0013")

    of_job = {"job": "sweep", "beat_at": MONDAY_9AM} | down
    assert up == [_stored(engine, of_job)]
    assert everything(engine)["heartbeat"] == [_stored(engine, {"workspace_id": TEAM} | of_job)]


def test_entries_of_the_audit_log_name_people_with_a_sign_wait_to_be_sealed_and_back(
    engine: Engine,
) -> None:
    migrate(engine, "0019")
    (usual,) = everything(engine)["audit_entry"]
    told = {"enter": "U_LEAD", "set_away": "U_DEPUTY", "save_entry": "FIN-01 v2"}
    rows = [
        usual | {"id": f"{number:032}", "action": action, "subject": subject}
        for number, (action, subject) in enumerate(told.items(), 1)
    ]
    table = _tables(engine)["audit_entry"]
    with engine.begin() as connection:
        connection.execute(insert(table), rows)
    before = everything(engine)

    migrate(engine)
    services = build_services(engine, FakeClock(MONDAY_9AM))
    waiting = verify(services)[0].unsealed_ids
    seal(services)
    up = {row["action"]: row["subject"] for row in everything(engine)["audit_entry"]}
    (verdict,) = verify(services)
    migrate_down(engine, "0019")

    assert waiting == [f"{number:032}" for number in range(4)]
    assert (verdict.sealed, verdict.findings) == (4, [])
    assert {action: up[action] for action in told} == {
        "enter": "@U_LEAD",
        "set_away": "@U_DEPUTY",
        "save_entry": "FIN-01 v2",
    }
    assert everything(engine) == before


def test_what_is_longer_than_the_older_version_takes_is_cut(engine: Engine) -> None:
    migrate(engine)
    services = build_services(engine, FakeClock(MONDAY_9AM))
    with services.transaction() as session:
        erase_person(session, MONDAY_9AM, TEAM, "U_LEAD")
        audit.record_rule(session, MONDAY_9AM, TEAM, "rule", "x" * 250)

    migrate_down(engine, "0019")
    down = everything(engine)["audit_entry"]
    migrate(engine)
    seal(services)

    assert max(len(row["actor_id"]) for row in down) == 40
    assert max(len(row["subject"]) for row in down) == 100
    assert [(one.sealed, one.findings) for one in verify(services)] == [(3, [])]


def test_a_file_that_was_left_is_declined_and_back(engine: Engine) -> None:
    migrate(engine, "0014")
    file = {
        "workspace_id": TEAM,
        "file_id": "F1",
        "user_id": "U_LEAD",
        "name": "plan.xlsx",
        "state": "left",
        "due_at": MONDAY_9AM,
        "arrived_at": MONDAY_9AM,
        "attempts": 0,
        "changes": 1,
        "digest": "",
        "reason": "",
    }
    table = _tables(engine)["inventory_file"]
    with engine.begin() as connection:
        connection.execute(insert(table), _stored(engine, file))

    migrate(engine)
    up = everything(engine)["inventory_file"][0]["state"]
    migrate_down(engine, "0014")

    assert (up, everything(engine)["inventory_file"][0]["state"]) == ("declined", "left")


def test_people_known_before_have_no_country_and_lose_theirs_on_the_way_down(
    engine: Engine,
) -> None:
    migrate(engine, "0018")
    before = everything(engine)["person"]

    migrate(engine)
    up = everything(engine)["person"]
    person = _tables(engine)["person"]
    with engine.begin() as connection:
        connection.execute(person.update().values(country="CH", region="Stadt Zurich"))
    migrate_down(engine, "0018")

    assert [(row["country"], row["region"]) for row in up] == [(None, None)] * len(before)
    assert everything(engine)["person"] == before


def test_complaint_24_there_is_a_single_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
