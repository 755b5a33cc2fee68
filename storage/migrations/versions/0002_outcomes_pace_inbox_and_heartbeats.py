"""Outcomes of promises, the outbox's pace, the inbox, heartbeats.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

import sqlmodel.sql.sqltypes
import storage.types


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_text = sqlmodel.sql.sqltypes.AutoString
_instant = storage.types.UtcDateTime


def upgrade() -> None:
    with op.batch_alter_table('promise') as batch:
        batch.add_column(sa.Column('recipient_id', _text(length=40), nullable=True))
        batch.add_column(sa.Column('owed_at', _instant(timezone=True), nullable=True))
        batch.add_column(sa.Column('late_by_seconds', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('attempts', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('notification_key', _text(length=250), nullable=True))
    op.execute('UPDATE promise SET owed_at = due_at')
    with op.batch_alter_table('promise') as batch:
        batch.alter_column('owed_at', nullable=False)
        batch.alter_column('late_by_seconds', server_default=None)
        batch.alter_column('attempts', server_default=None)
        batch.create_index('promise_by_round', ['workspace_id', 'call_on', 'initiative_key'])
        batch.create_index('promise_by_notification', ['workspace_id', 'notification_key'])

    with op.batch_alter_table('notification') as batch:
        for name, length in _NEW_TEXTS.items():
            batch.add_column(sa.Column(name, _text(length=length), nullable=False, server_default=''))
        batch.add_column(sa.Column('words', sa.Text(), nullable=False, server_default=''))
        batch.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='1'))
        batch.add_column(sa.Column('owed_at', _instant(timezone=True), nullable=True))
    op.execute('UPDATE notification SET owed_at = due_at')
    with op.batch_alter_table('notification') as batch:
        for name in (*_NEW_TEXTS, 'words', 'priority'):
            batch.alter_column(name, server_default=None)
        batch.alter_column('owed_at', nullable=False)
        batch.drop_index('notification_due')
        batch.create_index('notification_due', ['state', 'priority', 'due_at'])
        batch.create_index('notification_by_recipient', ['workspace_id', 'recipient_id', 'due_at'])
        batch.create_index('notification_by_carrier', ['workspace_id', 'carrier_key'])
        batch.create_index('notification_by_post', ['workspace_id', 'channel_id', 'ts'])

    op.create_table('pace',
    sa.Column('workspace_id', _text(length=40), nullable=False),
    sa.Column('lane', _text(length=80), nullable=False),
    sa.Column('used_until_at', _instant(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'lane')
    )
    op.create_table('heartbeat',
    sa.Column('workspace_id', _text(length=40), nullable=False),
    sa.Column('job', _text(length=40), nullable=False),
    sa.Column('beat_at', _instant(timezone=True), nullable=False),
    sa.Column('down_from_at', _instant(timezone=True), nullable=True),
    sa.Column('down_until_at', _instant(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('workspace_id', 'job')
    )
    op.create_table('inbox_item',
    sa.Column('workspace_id', _text(length=40), nullable=False),
    sa.Column('key', _text(length=250), nullable=False),
    sa.Column('kind', sa.Enum('event', 'command', 'click', 'submission', name='inboxkind', native_enum=False, length=20), nullable=False),
    sa.Column('user_id', _text(length=40), nullable=False),
    sa.Column('body', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('received_at', _instant(timezone=True), nullable=False),
    sa.Column('claimed_at', _instant(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('received', 'done', 'failed', name='inboxstate', native_enum=False, length=20), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'key')
    )
    op.create_index('inbox_item_by_state', 'inbox_item', ['state', 'received_at'])


def downgrade() -> None:
    op.drop_table('inbox_item')
    op.drop_table('heartbeat')
    op.drop_table('pace')
    # What the older Rollcall has no words for becomes the nearest that it has: nothing of it is
    # sent or promised a second time, and the digests that are promised are sent as messages.
    op.execute(_PROMISED_DIGESTS)
    op.execute("DELETE FROM promise WHERE kind IN ('digest', 'audit')")
    op.execute("DELETE FROM notification WHERE kind IN ('refresh', 'home', 'resumed', 'undelivered', 'audit', 'standstill')")
    op.execute("UPDATE promise SET state = 'kept' WHERE state = 'late'")
    op.execute("UPDATE promise SET state = 'cancelled' WHERE state = 'failed'")
    with op.batch_alter_table('notification') as batch:
        batch.drop_index('notification_by_post')
        batch.drop_index('notification_by_carrier')
        batch.drop_index('notification_by_recipient')
        batch.drop_index('notification_due')
        for name in (*_NEW_TEXTS, 'words', 'priority', 'owed_at'):
            batch.drop_column(name)
        batch.create_index('notification_due', ['state', 'due_at'])
    with op.batch_alter_table('promise') as batch:
        batch.drop_index('promise_by_notification')
        batch.drop_index('promise_by_round')
        for name in ('recipient_id', 'owed_at', 'late_by_seconds', 'attempts', 'notification_key'):
            batch.drop_column(name)


_NEW_TEXTS = {
    'about_key': 250,
    'instead_of_id': 40,
    'thread_key': 100,
    'carrier_key': 250,
}
_PROMISED_DIGESTS = """
    INSERT INTO notification (workspace_id, key, kind, recipient_id, call_on, initiative_keys, due_at,
        owed_at, about_key, words, instead_of_id, thread_key, priority, carrier_key,
        clause, policy_version, state, attempts, channel_id, ts, error)
    SELECT workspace_id, key, 'digest', recipient_id, call_on, '[]', due_at,
        due_at, '', '', '', '', 1, '',
        clause, policy_version, 'pending', 0, '', '', ''
    FROM promise WHERE kind = 'digest' AND state = 'pending'
"""
