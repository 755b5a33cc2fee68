"""Full-text search of the registry: FTS5 on SQLite, tsvector on PostgreSQL.

Both reduce English words to their stems and find the beginnings of words, too.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from storage.models import SearchText

Groups = Sequence[Sequence[str]]  # words; one of each group has to be there

# CROSS JOIN keeps SQLite to the order: asked for each row of the workspace, FTS5 takes a hundred
# times as long.
_ON_SQLITE = """
WITH hit AS MATERIALIZED (
    SELECT numbered.initiative_key, bm25(search_index, 8, 4, 2, 1) AS score FROM search_index
    CROSS JOIN search_index_row AS numbered ON numbered.id = search_index.rowid
    WHERE search_index MATCH :wanted AND numbered.workspace_id = :workspace_id
)
SELECT initiative_key, count(*) OVER () AS total FROM hit
ORDER BY score, initiative_key LIMIT :most OFFSET :offset
"""
_ON_POSTGRESQL = """
SELECT initiative_key, count(*) OVER () AS total
FROM search_text, to_tsquery('english', :wanted) AS wanted
WHERE search_index @@ wanted AND workspace_id = :workspace_id
ORDER BY ts_rank(search_index, wanted) DESC, initiative_key LIMIT :most OFFSET :offset
"""
_TERMS_ON_SQLITE = "SELECT term FROM search_index_term WHERE length(term) > 2 ORDER BY term"
_TERMS_ON_POSTGRESQL = """
SELECT word FROM ts_stat(
    format(
        'SELECT search_index FROM search_text WHERE workspace_id = %L',
        CAST(:workspace_id AS text)
    )
) WHERE length(word) > 2 ORDER BY word
"""


def find(
    session: Session, workspace_id: str, groups: Groups, most: int, offset: int = 0
) -> tuple[list[str], int]:
    """Return the keys of initiatives with a word of every group, best first, and their number.

    A word stands for all that begin with it. The number is 0 beyond the last.
    """
    if not groups:
        return [], 0
    on_sqlite = _is_sqlite(session)
    rows = session.execute(
        text(_ON_SQLITE if on_sqlite else _ON_POSTGRESQL),
        {
            "wanted": _for_sqlite(groups) if on_sqlite else _for_postgresql(groups),
            "workspace_id": workspace_id,
            "most": most,
            "offset": offset,
        },
    )
    found = rows.mappings().all()
    return [row["initiative_key"] for row in found], found[0]["total"] if found else 0


def terms(session: Session, workspace_id: str) -> list[str]:
    """Return every word that something is found by, as its stem."""
    query = _TERMS_ON_SQLITE if _is_sqlite(session) else _TERMS_ON_POSTGRESQL
    given = {} if _is_sqlite(session) else {"workspace_id": workspace_id}
    return list(session.execute(text(query), given).scalars())


def words_of(session: Session, workspace_id: str, key: str) -> str:
    """Return the words that an initiative is found by, whole."""
    found = session.get(SearchText, (workspace_id, key))
    return "\n".join([found.name, found.people, found.purpose, found.needs]) if found else ""


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _for_sqlite(groups: Groups) -> str:
    quoted = ([f'"{word.replace(chr(34), "")}"*' for word in group] for group in groups)
    return " AND ".join(f"({' OR '.join(group)})" for group in quoted)


def _for_postgresql(groups: Groups) -> str:
    quoted = (
        [f"'{word.replace(chr(39), '').replace(chr(92), '')}':*" for word in group]
        for group in groups
    )
    return " & ".join(f"({' | '.join(group)})" for group in quoted)
