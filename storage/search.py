"""Full-text search of the registry: FTS5 on SQLite, tsvector on PostgreSQL.

Both reduce English words to their stems and find the beginnings of words, too.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, text
from sqlmodel import col, select

from storage.models import SearchText
from storage.reading import Read, Reader, connection_of, dialect_of, given

# One of each group has to be there; one with blanks stands for its words side by side.
Groups = Sequence[Sequence[str]]

# CROSS JOIN keeps SQLite to the order: asked for each row of the workspace, FTS5 takes a hundred
# times as long.
_ON_SQLITE = """
WITH hit AS MATERIALIZED (
    SELECT numbered.initiative_key, bm25(search_index, 8, 4, 2, 1, 4, 2) AS score,
        search_index.rowid IN (SELECT rowid FROM search_index WHERE search_index MATCH :at_home)
            AS is_at_home
    FROM search_index
    CROSS JOIN search_index_row AS numbered ON numbered.id = search_index.rowid
    WHERE search_index MATCH :wanted AND numbered.workspace_id = :workspace_id {among}
)
SELECT initiative_key, count(*) OVER () AS total FROM hit
ORDER BY is_at_home DESC, score, initiative_key LIMIT :most OFFSET :offset
"""
_ON_POSTGRESQL = """
SELECT initiative_key, count(*) OVER () AS total
FROM search_text, to_tsquery('english', :wanted) AS wanted,
    to_tsquery('english', :at_home) AS at_home
WHERE search_index @@ wanted AND workspace_id = :workspace_id {among}
ORDER BY to_tsvector('english', department) @@ at_home DESC,
    ts_rank(search_index, wanted) DESC, initiative_key
LIMIT :most OFFSET :offset
"""
_OF_ONE = Read(
    select(SearchText).where(
        SearchText.workspace_id == given("workspace_id"), SearchText.initiative_key == given("key")
    )
)
_ABBREVIATION, _SHORT = 2, 4  # letters
_AMONG = "AND initiative_key IN :keys"
_TEXTS = ("name", "people", "purpose", "needs", "department")
_TERMS_ON_SQLITE = (
    "SELECT term FROM search_index_term WHERE length(term) > 2 ORDER BY doc DESC, term"
)
_TERMS_ON_POSTGRESQL = """
SELECT word FROM ts_stat(
    format(
        'SELECT search_index FROM search_text WHERE workspace_id = %L',
        CAST(:workspace_id AS text)
    )
) WHERE length(word) > 2 ORDER BY ndoc DESC, word
"""


def find(
    reader: Reader,
    workspace_id: str,
    groups: Groups,
    most: int,
    offset: int = 0,
    among: Collection[str] | None = None,
) -> tuple[list[str], int]:
    """Return the keys of initiatives with a word of every group, best first, and their number.

    A word stands for all that begin with it. Those of a department that is called so come first.
    The number is 0 beyond the last. `among`: only these keys.
    """
    if not groups or (among is not None and not among):
        return [], 0
    on_sqlite = _is_sqlite(reader)
    statement = _ON_SQLITE if on_sqlite else _ON_POSTGRESQL
    query = text(statement.format(among="" if among is None else _AMONG))
    given = {} if among is None else {"keys": sorted(among)}
    if among is not None:
        query = query.bindparams(bindparam("keys", expanding=True))
    rows = connection_of(reader).execute(
        query,
        {
            "wanted": _for_sqlite(groups) if on_sqlite else _for_postgresql(groups),
            "at_home": f"{{department}} : ({_for_sqlite(groups, in_full=True)})"
            if on_sqlite
            else _for_postgresql(groups, in_full=True),
            "workspace_id": workspace_id,
            "most": most,
            "offset": offset,
            **given,
        },
    )
    found = rows.mappings().all()
    return [row["initiative_key"] for row in found], found[0]["total"] if found else 0


def holding(reader: Reader, workspace_id: str, signs: Sequence[str]) -> dict[str, str]:
    """Return the texts, by key, of initiatives that may hold all of these runs of signs.

    Signs of a run may be parted from its letters by blanks.
    """
    columns = [col(getattr(SearchText, name)) for name in _TEXTS]
    within = [
        or_(*(_holds(reader, column, form) for column in columns for form in _forms(one)))
        for one in signs
    ]
    rows = connection_of(reader).execute(
        select(SearchText.initiative_key, *columns).where(
            col(SearchText.workspace_id) == workspace_id, *within
        )
    )
    return {row[0]: "\n".join(row[1:]) for row in rows}


def terms(reader: Reader, workspace_id: str) -> list[str]:
    """Return every word that something is found by, as its stem, the usual ones first."""
    query = _TERMS_ON_SQLITE if _is_sqlite(reader) else _TERMS_ON_POSTGRESQL
    given = {} if _is_sqlite(reader) else {"workspace_id": workspace_id}
    return list(connection_of(reader).execute(text(query), given).scalars())


def words_of(reader: Reader, workspace_id: str, key: str) -> str:
    """Return the words that an initiative is found by, whole."""
    found = _OF_ONE.first(reader, workspace_id=workspace_id, key=key)
    return "\n".join([found.name, found.people, found.purpose, found.needs]) if found else ""


def _is_sqlite(reader: Reader) -> bool:
    return dialect_of(reader) == "sqlite"


def _holds(reader: Reader, column: Any, signs: str) -> Any:
    """Return the condition that a text holds these signs; SQLite's LIKE ignores case."""
    escaped = re.sub(r"([!%_])", r"!\1", signs)
    pattern = f"%{escaped}%"
    if _is_sqlite(reader):
        return column.like(pattern, escape="!")
    return column.ilike(pattern, escape="!")


def _forms(signs: str) -> set[str]:
    return {signs, signs.replace("&", " & ")}


def _for_sqlite(groups: Groups, *, in_full: bool = False) -> str:
    joined = ([_phrase_on_sqlite(words, in_full) for words in group] for group in groups)
    return " AND ".join(f"({' OR '.join(group)})" for group in joined)


def _phrase_on_sqlite(words: str, in_full: bool) -> str:
    bare = words.replace('"', "")
    return f'"{bare}"' if in_full or not _may_go_on(bare) else f'"{bare}"*'


def _for_postgresql(groups: Groups, *, in_full: bool = False) -> str:
    joined = ([_phrase_on_postgresql(words, in_full) for words in group] for group in groups)
    return " & ".join(f"({' | '.join(group)})" for group in joined)


def _phrase_on_postgresql(words: str, in_full: bool) -> str:
    bare = re.sub(r"['\\]", "", words)
    quoted = " <-> ".join(f"'{word}'" for word in bare.split())
    return f"({quoted})" if in_full or not _may_go_on(bare) else f"({quoted}:*)"


def _may_go_on(word: str) -> bool:
    """Tell whether a word stands for all that begin with it.

    Two letters are an abbreviation; of a short word on s (DHS) the stem is without it.
    """
    return len(word) != _ABBREVIATION and not (len(word) <= _SHORT and word.endswith("s"))
