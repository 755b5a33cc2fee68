"""Entries of the registry, every version of them, and the words that they are found by.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

import sqlmodel.sql.sqltypes
import storage.types


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_text = sqlmodel.sql.sqltypes.AutoString
_instant = storage.types.UtcDateTime
_hundredths = storage.types.Hundredths

_SEARCHED = ('name', 'people', 'purpose', 'needs')
_LED = 'lead_id VARCHAR(40)'


def _of_initiative() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['workspace_id', 'initiative_key'], ['initiative.workspace_id', 'initiative.key'])


def _key(*more: sa.Column) -> list:
    return [
        sa.Column('workspace_id', _text(length=40), nullable=False),
        sa.Column('initiative_key', _text(length=20), nullable=False),
        *more,
    ]


def upgrade() -> None:
    _let_lead_be_missing(True)
    op.create_table('entry', *_key(
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', _instant(timezone=True), nullable=False),
        sa.Column('objective', sa.Text(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('topic', _text(length=200), nullable=False),
        sa.Column('stakeholders', sa.Text(), nullable=False),
        sa.Column('data', sa.Text(), nullable=False),
        sa.Column('skills', sa.Text(), nullable=False),
        sa.Column('compute', sa.Text(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=True),
        sa.Column('target_on', sa.Date(), nullable=True),
        sa.Column('currency', _text(length=20), nullable=False),
        sa.Column('budget_approved', _hundredths(), nullable=True),
        sa.Column('budget_spent', _hundredths(), nullable=True),
        sa.Column('budget_forecast', _hundredths(), nullable=True),
        sa.Column('change_percent', _hundredths(), nullable=True),
        sa.Column('impact_score', sa.Integer(), nullable=True),
        sa.Column('alignment_score', sa.Integer(), nullable=True),
        sa.Column('readiness_score', sa.Integer(), nullable=True),
        sa.Column('links', sa.JSON(), nullable=False),
    ), _of_initiative(), sa.PrimaryKeyConstraint('workspace_id', 'initiative_key'))
    op.create_index('entry_by_change', 'entry', ['workspace_id', 'changed_at'])
    op.create_table('milestone', *_key(
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('name', _text(length=200), nullable=False),
        sa.Column('committed_on', sa.Date(), nullable=False),
        sa.Column('forecast_on', sa.Date(), nullable=False),
        sa.Column('reached_on', sa.Date(), nullable=True),
    ), _of_initiative(), sa.PrimaryKeyConstraint('workspace_id', 'initiative_key', 'number'))
    op.create_index('milestone_by_date', 'milestone', ['workspace_id', 'forecast_on'])
    op.create_table('dependency', *_key(
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('milestone', sa.Integer(), nullable=True),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('thing', _text(length=200), nullable=False),
        sa.Column('access', sa.String(length=20), nullable=True),
        sa.Column('need_by', sa.Date(), nullable=True),
        sa.Column('until_on', sa.Date(), nullable=True),
    ), _of_initiative(), sa.PrimaryKeyConstraint('workspace_id', 'initiative_key', 'number'))
    op.create_index('dependency_by_thing', 'dependency', ['workspace_id', 'thing'])
    op.create_table('entry_version', *_key(
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('author_id', _text(length=40), nullable=False),
        sa.Column('changed_at', _instant(timezone=True), nullable=False),
        sa.Column('import_id', _text(length=32), nullable=True),
        sa.Column('facts', sa.JSON(), nullable=False),
    ), _of_initiative(), sa.PrimaryKeyConstraint('workspace_id', 'initiative_key', 'version'))
    op.create_index('entry_version_by_import', 'entry_version', ['workspace_id', 'import_id'])
    op.create_table('entry_draft',
        sa.Column('workspace_id', _text(length=40), nullable=False),
        sa.Column('user_id', _text(length=40), nullable=False),
        sa.Column('initiative_key', _text(length=20), nullable=False),
        sa.Column('base_version', sa.Integer(), nullable=False),
        sa.Column('typed', sa.JSON(), nullable=False),
        sa.Column('saved_at', _instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('workspace_id', 'user_id', 'initiative_key'),
    )
    op.create_table('import',
        sa.Column('workspace_id', _text(length=40), nullable=False),
        sa.Column('id', _text(length=32), nullable=False),
        sa.Column('author_id', _text(length=40), nullable=False),
        sa.Column('imported_at', _instant(timezone=True), nullable=False),
        sa.Column('file_name', _text(length=255), nullable=False),
        sa.Column('new', sa.Integer(), nullable=False),
        sa.Column('changed', sa.Integer(), nullable=False),
        sa.Column('undone_at', _instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('workspace_id', 'id'),
    )
    op.create_table('overlap_verdict',
        sa.Column('workspace_id', _text(length=40), nullable=False),
        sa.Column('first_key', _text(length=20), nullable=False),
        sa.Column('second_key', _text(length=20), nullable=False),
        sa.Column('verdict', sa.String(length=20), nullable=False),
        sa.Column('author_id', _text(length=40), nullable=False),
        sa.Column('given_at', _instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('workspace_id', 'first_key', 'second_key'),
    )
    op.create_table('search_text', *_key(
        sa.Column('name', _text(length=500), nullable=False),
        sa.Column('people', sa.Text(), nullable=False),
        sa.Column('purpose', sa.Text(), nullable=False),
        sa.Column('needs', sa.Text(), nullable=False),
    ), _of_initiative(), sa.PrimaryKeyConstraint('workspace_id', 'initiative_key'))
    if _is_sqlite():
        _index_on_sqlite()
    else:
        _index_on_postgresql()
    # Those that are there are found by their names and their leads until somebody writes more.
    op.execute("""INSERT INTO search_text (workspace_id, initiative_key, name, people, purpose, needs)
        SELECT initiative.workspace_id, initiative.key, initiative.name, coalesce(person.name, ''), '', ''
        FROM initiative LEFT JOIN person
        ON person.workspace_id = initiative.workspace_id AND person.user_id = initiative.lead_id""")


def downgrade() -> None:
    if _is_sqlite():
        op.execute('DROP TABLE search_index_term')
        op.execute('DROP TABLE search_index')
        op.execute('DROP TABLE search_index_row')
    for table in ('search_text', 'overlap_verdict', 'import', 'entry_draft', 'entry_version', 'dependency', 'milestone', 'entry'):
        op.drop_table(table)
    leaderless = 'SELECT 1 FROM initiative i WHERE i.workspace_id = {0}.workspace_id AND i.key = {0}.{1} AND i.lead_id IS NULL'
    op.execute(f"DELETE FROM deputy WHERE EXISTS ({leaderless.format('deputy', 'initiative_key')})")
    op.execute('DELETE FROM initiative WHERE lead_id IS NULL')
    _let_lead_be_missing(False)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def _let_lead_be_missing(may: bool) -> None:
    if not _is_sqlite():
        length = 500 if may else 200
        if not may:
            op.execute('UPDATE initiative SET name = left(name, 200)')
        op.alter_column('initiative', 'lead_id', nullable=may)
        op.alter_column('initiative', 'name', type_=_text(length=length))
        return
    # A table that others refer to can't be made anew while foreign keys hold, and they can't be
    # let go within a transaction. For a constraint that leaves the rows as they are, SQLite's
    # own way is to change its words: https://www.sqlite.org/lang_altertable.html, section 7.
    changes = [(f'{_LED} NOT NULL', _LED), ('name VARCHAR(200)', 'name VARCHAR(500)')]
    version = op.get_bind().exec_driver_sql('PRAGMA schema_version').scalar_one()
    op.execute('PRAGMA writable_schema = ON')
    for with_lead, without in changes:
        old, new = (with_lead, without) if may else (without, with_lead)
        op.execute(f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE type = 'table' AND name = 'initiative'")
    op.execute(f'PRAGMA schema_version = {version + 1}')
    op.execute('PRAGMA writable_schema = OFF')


def _index_on_postgresql() -> None:
    weighed = ' || '.join(
        f"setweight(to_tsvector('english', {column}), '{weight}')" for column, weight in zip(_SEARCHED, 'ABCD', strict=True)
    )
    op.execute(f'ALTER TABLE search_text ADD COLUMN search_index tsvector GENERATED ALWAYS AS ({weighed}) STORED')
    op.execute('CREATE INDEX search_index_by_word ON search_text USING gin (search_index)')


def _index_on_sqlite() -> None:
    # Rows are numbered in a table of their own: VACUUM may number those of search_text anew.
    op.execute('CREATE TABLE search_index_row (id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, initiative_key TEXT NOT NULL, UNIQUE (workspace_id, initiative_key))')
    columns = ', '.join(_SEARCHED)
    op.execute(f"CREATE VIRTUAL TABLE search_index USING fts5 ({columns}, tokenize = 'porter unicode61 remove_diacritics 2')")
    op.execute("CREATE VIRTUAL TABLE search_index_term USING fts5vocab (search_index, 'row')")
    numbered = 'SELECT id FROM search_index_row WHERE workspace_id = {0}.workspace_id AND initiative_key = {0}.initiative_key'
    fresh = ', '.join(f'new.{column}' for column in _SEARCHED)
    changed = ', '.join(f'{column} = new.{column}' for column in _SEARCHED)
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
