"""Every clause that the code names is one that the policy has."""

import ast
from pathlib import Path

import pytest

from handlers.blocks.rules import rule_text
from tests.factories import a_policy
from workflows.policy_document import has_clause, read_policy

ROOT = Path(__file__).parents[2]
ASKS = ("prompt", "reminder")


def clauses_in(file: Path) -> list[str]:
    """Return what a file gives as a clause; of what is put together, each that can come of it."""
    named = [
        keyword.value
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "clause"
    ]
    found = []
    for value in named:
        if isinstance(value, ast.Constant):
            found.append(str(value.value))
        elif isinstance(value, ast.JoinedStr):
            found += [eval(ast.unparse(value), {"kind": kind}) for kind in ASKS]
    return found


def test_every_clause_that_is_named_exists() -> None:
    files = [file for folder in ("bot", "workflows") for file in (ROOT / folder).rglob("*.py")]
    named = {clause for file in files for clause in clauses_in(file)}

    assert "round.prompt_working_days_before" in named
    assert [clause for clause in sorted(named) if not has_clause(clause)] == []


def test_every_clause_that_is_named_is_told_in_words() -> None:
    files = [file for folder in ("bot", "workflows") for file in (ROOT / folder).rglob("*.py")]
    named = {clause for file in files for clause in clauses_in(file)}
    document = read_policy(a_policy())

    assert [clause for clause in sorted(named) if not rule_text(clause, document)] == []


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("round.prompt_time", True),
        ("round", True),
        ("calendar.country", True),
        ("calendar.region.code", False),
        ("round.prompt", False),
        ("heartbeat", False),
        ("call.time.zone", False),
        ("", False),
    ],
)
def test_a_clause_is_a_path_in_the_policy(path: str, is_there: bool) -> None:
    assert has_clause(path) is is_there
