"""Departments, their initials and other spellings of words are found.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from storage.search_words import department_words, variants


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

_BEFORE = {'name': 'A', 'people': 'B', 'purpose': 'C', 'needs': 'D'}
_NOW = {**_BEFORE, 'department': 'B', 'variants': 'C'}
_ADDED = ('department', 'variants')
_ROWS = sa.text("""SELECT search_text.workspace_id, search_text.initiative_key AS key, search_text.name, people, purpose, needs,
    initiative.department FROM search_text JOIN initiative
    ON initiative.workspace_id = search_text.workspace_id AND initiative.key = search_text.initiative_key""")
_WORDS = sa.text("""UPDATE search_text SET department = :department, variants = :variants
    WHERE workspace_id = :workspace_id AND initiative_key = :key""")


def upgrade() -> None:
    _drop_index()
    for column in _ADDED:
        op.add_column('search_text', sa.Column(column, sa.Text(), nullable=False, server_default=''))
    _fill()
    if not _is_sqlite():
        for column in _ADDED:
            op.alter_column('search_text', column, server_default=None)
    _index(_NOW)


def downgrade() -> None:
    _drop_index()
    for column in _ADDED:
        op.drop_column('search_text', column)
    _index(_BEFORE)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _fill() -> None:
    found = op.get_bind().execute(_ROWS).mappings().all()
    filled = []
    for row in found:
        department = department_words(row['department'], row['key'])
        texts = (row['name'], row['people'], row['purpose'], row['needs'], department)
        place = {'workspace_id': row['workspace_id'], 'key': row['key']}
        filled.append({**place, 'department': department, 'variants': variants(texts)})
    if filled:
        op.get_bind().execute(_WORDS, filled)


def _drop_index() -> None:
    if not _is_sqlite():
        op.execute('DROP INDEX search_index_by_word')
        op.execute('ALTER TABLE search_text DROP COLUMN search_index')
        return
    for trigger in ('added', 'changed', 'removed'):
        op.execute(f'DROP TRIGGER search_text_{trigger}')
    op.execute('DROP TABLE search_index_term')
    op.execute('DROP TABLE search_index')


def _index(weights: dict[str, str]) -> None:
    if _is_sqlite():
        _index_on_sqlite(list(weights))
        return
    weighed = ' || '.join(f"setweight(to_tsvector('english', {column}), '{weight}')" for column, weight in weights.items())
    op.execute(f'ALTER TABLE search_text ADD COLUMN search_index tsvector GENERATED ALWAYS AS ({weighed}) STORED')
    op.execute('CREATE INDEX search_index_by_word ON search_text USING gin (search_index)')


def _index_on_sqlite(searched: list[str]) -> None:
    columns = ', '.join(searched)
    op.execute(f"CREATE VIRTUAL TABLE search_index USING fts5 ({columns}, tokenize = 'porter unicode61 remove_diacritics 2')")
    op.execute("CREATE VIRTUAL TABLE search_index_term USING fts5vocab (search_index, 'row')")
    old = ', '.join(f'search_text.{column}' for column in searched)
    op.execute(f"""INSERT INTO search_index (rowid, {columns}) SELECT numbered.id, {old} FROM search_text
        JOIN search_index_row AS numbered ON numbered.workspace_id = search_text.workspace_id
        AND numbered.initiative_key = search_text.initiative_key""")
    numbered = 'SELECT id FROM search_index_row WHERE workspace_id = {0}.workspace_id AND initiative_key = {0}.initiative_key'
    fresh = ', '.join(f'new.{column}' for column in searched)
    changed = ', '.join(f'{column} = new.{column}' for column in searched)
    op.execute(f"""CREATE TRIGGER search_text_added AFTER INSERT ON search_text BEGIN
        INSERT INTO search_index_row (workspace_id, initiative_key) VALUES (new.workspace_id, new.initiative_key);
        INSERT INTO search_index (rowid, {columns}) VALUES (({numbered.format('new')}), {fresh});
    END""")
    op.execute(f"""CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN
        UPDATE search_index SET {changed} WHERE rowid = ({numbered.format('new')});
    END""")
    op.execute(f"""CREATE TRIGGER search_text_removed AFTER DELETE ON search_text BEGIN
        DELETE FROM search_index WHERE rowid = ({numbered.format('old')});
        DELETE FROM search_index_row WHERE workspace_id = old.workspace_id AND initiative_key = old.initiative_key;
    END""")
