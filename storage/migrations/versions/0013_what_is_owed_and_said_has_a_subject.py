"""What is owed and what is said is about something: its subject, and the period that it recurs in.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

_KIND = sqlmodel.sql.sqltypes.AutoString(length=20)
_KEY = sqlmodel.sql.sqltypes.AutoString(length=250)
_DAY = {'postgresql': "to_char({0}, 'YYYY-MM-DD')", 'sqlite': 'CAST({0} AS TEXT)'}
# The rows of an ask's initiatives, from the list that it had, and the list from the rows.
_APART = {
    'postgresql': """
        SELECT n.workspace_id, n.key, one.place - 1, 'initiative', one.value
        FROM notification n, json_array_elements_text(n.initiative_keys) WITH ORDINALITY AS one(value, place)
        WHERE n.kind <> 'handed_back'""",
    'sqlite': """
        SELECT n.workspace_id, n.key, one.key, 'initiative', one.value
        FROM notification n, json_each(n.initiative_keys) AS one
        WHERE n.kind <> 'handed_back'""",
}
_TOGETHER = {
    'postgresql': """
        UPDATE notification SET initiative_keys = (
            SELECT COALESCE(json_agg(s.subject_key ORDER BY s.position), '[]'::json)
            FROM notification_subject s
            WHERE s.workspace_id = notification.workspace_id AND s.notification_key = notification.key)""",
    'sqlite': """
        UPDATE notification SET initiative_keys = (
            SELECT json_group_array(s.subject_key) FROM (
                SELECT subject_key FROM notification_subject
                WHERE workspace_id = notification.workspace_id AND notification_key = notification.key
                ORDER BY position) s)""",
}
_ARRAY_OF_ONE = {'postgresql': 'json_build_array({0})', 'sqlite': 'json_array({0})'}
_UP_TO_AT = {
    'postgresql': "split_part(subject_key, '@', 1)",
    'sqlite': "substr(subject_key, 1, instr(subject_key, '@') - 1)",
}
_AFTER_AT = {
    'postgresql': "CAST(split_part(subject_key, '@', 2) AS INTEGER)",
    'sqlite': "CAST(substr(subject_key, instr(subject_key, '@') + 1) AS INTEGER)",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    day = _DAY[dialect].format('period_on')
    with op.batch_alter_table('promise') as batch_op:
        batch_op.drop_index('promise_by_round')
        batch_op.alter_column('call_on', new_column_name='period_on', existing_type=sa.Date(), nullable=True)
        batch_op.add_column(sa.Column('subject_kind', _KIND, server_default='', nullable=False))
        batch_op.add_column(sa.Column('subject_key', _KEY, server_default='', nullable=False))
    op.execute("UPDATE promise SET subject_kind = 'initiative', subject_key = initiative_key "
               "WHERE initiative_key IS NOT NULL")
    op.execute(f"UPDATE promise SET subject_kind = 'round', subject_key = {day} "
               "WHERE kind IN ('open_round', 'close_round', 'digest')")
    op.execute("UPDATE promise SET subject_kind = 'workspace', subject_key = workspace_id WHERE kind = 'audit'")
    with op.batch_alter_table('promise') as batch_op:
        batch_op.drop_column('initiative_key')
        batch_op.create_index('promise_by_period', ['workspace_id', 'period_on', 'subject_kind', 'subject_key'])
        batch_op.create_index('promise_by_subject', ['workspace_id', 'subject_kind', 'subject_key'])

    op.create_table('notification_subject',
    sa.Column('workspace_id', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('notification_key', _KEY, nullable=False),
    sa.Column('subject_kind', _KIND, nullable=False),
    sa.Column('subject_key', _KEY, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id'], ),
    sa.PrimaryKeyConstraint('workspace_id', 'notification_key', 'subject_kind', 'subject_key')
    )
    op.execute("INSERT INTO notification_subject "
               f"(workspace_id, notification_key, position, subject_kind, subject_key) {_APART[dialect]}")
    with op.batch_alter_table('notification_subject') as batch_op:
        batch_op.create_index('notification_subject_by_subject', ['workspace_id', 'subject_kind', 'subject_key'])

    with op.batch_alter_table('notification') as batch_op:
        batch_op.alter_column('call_on', new_column_name='period_on', existing_type=sa.Date(), existing_nullable=True)
        batch_op.add_column(sa.Column('subject_kind', _KIND, server_default='', nullable=False))
        batch_op.add_column(sa.Column('subject_key', _KEY, server_default='', nullable=False))
    _say("'round'", day, "kind IN ('prompt', 'reminder', 'summary', 'digest', 'drafted') AND period_on IS NOT NULL")
    _say("'notification'", 'about_key', "kind IN ('refresh', 'undelivered')")
    _say("'promise'", 'about_key', "kind = 'audit' AND about_key <> ''")
    _say("'workspace'", 'workspace_id', "(kind = 'audit' AND about_key = '') OR kind = 'standstill'")
    _say("'inventory_file'", 'about_key', "kind = 'inventory'")
    _say("'picture'", 'about_key', "kind = 'picture'")
    _say("'entry_version'", 'about_key', "kind = 'moved'")
    # Its key is handed_back:FIN-01:v3 (a colon would be taken for a parameter).
    _say("'entry_version'", r"replace(replace(substr(key, 13), '\:fallback', ''), '\:v', '@')", "kind = 'handed_back'")
    _say("'person'", 'recipient_id', "kind IN ('home', 'greeting', 'resumed')")
    op.execute("UPDATE notification SET kind = 'drafted_more' WHERE kind = 'drafted' AND about_key = 'added'")
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_column('initiative_keys')
        batch_op.drop_column('about_key')
        batch_op.create_index('notification_by_subject', ['workspace_id', 'subject_kind', 'subject_key'])


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    one, key, version = _ARRAY_OF_ONE[dialect], _UP_TO_AT[dialect], _AFTER_AT[dialect]
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_index('notification_by_subject')
        batch_op.add_column(sa.Column('initiative_keys', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('about_key', _KEY, server_default='', nullable=False))
        batch_op.alter_column('period_on', new_column_name='call_on', existing_type=sa.Date(), existing_nullable=True)
    op.execute(_TOGETHER[dialect])
    op.execute("UPDATE notification SET about_key = subject_key WHERE subject_kind "
               "IN ('notification', 'promise', 'inventory_file', 'picture') OR kind = 'moved'")
    op.execute("UPDATE notification SET about_key = 'added', kind = 'drafted' WHERE kind = 'drafted_more'")
    op.execute(f"UPDATE notification SET initiative_keys = {one.format(key)}, about_key = COALESCE(("
               "SELECT v.author_id FROM entry_version v WHERE v.workspace_id = notification.workspace_id "
               f"AND v.initiative_key = {key} AND v.version = {version}), '') WHERE kind = 'handed_back'")
    with op.batch_alter_table('notification') as batch_op:
        batch_op.drop_column('subject_kind')
        batch_op.drop_column('subject_key')
    op.drop_table('notification_subject')

    with op.batch_alter_table('promise') as batch_op:
        batch_op.drop_index('promise_by_subject')
        batch_op.drop_index('promise_by_period')
        batch_op.add_column(sa.Column('initiative_key', _KIND, nullable=True))
    op.execute("UPDATE promise SET initiative_key = subject_key WHERE subject_kind = 'initiative'")
    op.execute("DELETE FROM promise WHERE period_on IS NULL")  # what is older owes nothing of the kind
    with op.batch_alter_table('promise') as batch_op:
        batch_op.drop_column('subject_kind')
        batch_op.drop_column('subject_key')
        batch_op.alter_column('period_on', new_column_name='call_on', existing_type=sa.Date(), nullable=False)
    with op.batch_alter_table('promise') as batch_op:
        batch_op.create_index('promise_by_round', ['workspace_id', 'call_on', 'initiative_key'])


def _say(kind: str, key: str, which: str) -> None:
    op.execute(f'UPDATE notification SET subject_kind = {kind}, subject_key = {key} WHERE {which}')
