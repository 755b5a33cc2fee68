"""Escalations, their steps and agreements, the decision log, and user groups that hold levels.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.types

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_ID, _KEY, _WORD = _TEXT(length=40), _TEXT(length=20), sa.String(length=20)
_INSTANT = storage.types.UtcDateTime(timezone=True)
_KINDS = "('escalation', 'escalation_step')"
_OURS = f"subject_kind IN {_KINDS}"


def upgrade() -> None:
    op.create_table('decision',
    sa.Column('workspace_id', _ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('level', _WORD, nullable=False),
    sa.Column('decided_by', _ID, nullable=False),
    sa.Column('decided_at', _INSTANT, nullable=False),
    sa.Column('initiative_key', _KEY, nullable=False),
    sa.Column('escalation', sa.Integer(), nullable=True),
    sa.Column('waited_seconds', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'initiative_key'], ['initiative.workspace_id', 'initiative.key']),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id']),
    sa.PrimaryKeyConstraint('workspace_id', 'number')
    )
    with op.batch_alter_table('decision') as batch_op:
        batch_op.create_index('decision_by_initiative', ['workspace_id', 'initiative_key'])
        batch_op.create_index('decision_by_time', ['workspace_id', 'decided_at'])
    op.create_table('escalation',
    sa.Column('workspace_id', _ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', _WORD, nullable=False),
    sa.Column('state', _WORD, nullable=False),
    sa.Column('level', _WORD, nullable=False),
    sa.Column('initiative_key', _KEY, nullable=False),
    sa.Column('opener_id', _ID, nullable=False),
    sa.Column('owner_id', _ID, nullable=True),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('tried', sa.Text(), nullable=False),
    sa.Column('needed', sa.Text(), nullable=False),
    sa.Column('since', _TEXT(length=100), nullable=False),
    sa.Column('topic', _ID, nullable=False),
    sa.Column('pool', _TEXT(length=200), nullable=False),
    sa.Column('other_key', _KEY, nullable=False),
    sa.Column('other_department', _TEXT(length=100), nullable=False),
    sa.Column('milestone', sa.Integer(), nullable=True),
    sa.Column('forecast_on', sa.Date(), nullable=True),
    sa.Column('impact_days', sa.Integer(), nullable=True),
    sa.Column('forecast', storage.types.Hundredths(precision=20, scale=2), nullable=True),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('cannot_wait', sa.Boolean(), nullable=False),
    sa.Column('opened_at', _INSTANT, nullable=False),
    sa.Column('level_since_at', _INSTANT, nullable=False),
    sa.Column('moves_at', _INSTANT, nullable=True),
    sa.Column('acknowledged_at', _INSTANT, nullable=True),
    sa.Column('settled_at', _INSTANT, nullable=True),
    sa.Column('active_at', _INSTANT, nullable=False),
    sa.Column('active_id', _ID, nullable=False),
    sa.Column('asked_at', _INSTANT, nullable=True),
    sa.Column('snoozed_until_at', _INSTANT, nullable=True),
    sa.Column('snoozes', sa.Integer(), nullable=False),
    sa.Column('terms', sa.Text(), nullable=False),
    sa.Column('terms_number', sa.Integer(), nullable=False),
    sa.Column('alerts', sa.Integer(), nullable=False),
    sa.Column('card', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('turned_on_step', sa.Integer(), nullable=False),
    sa.Column('policy_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'initiative_key'], ['initiative.workspace_id', 'initiative.key']),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id']),
    sa.PrimaryKeyConstraint('workspace_id', 'number')
    )
    with op.batch_alter_table('escalation') as batch_op:
        batch_op.create_index('escalation_by_initiative', ['workspace_id', 'initiative_key', 'state'])
        batch_op.create_index('escalation_by_opener', ['workspace_id', 'opener_id', 'state'])
        batch_op.create_index('escalation_by_owner', ['workspace_id', 'owner_id', 'state'])
        batch_op.create_index('escalation_by_state', ['workspace_id', 'state', 'opened_at'])
    op.create_table('agreement',
    sa.Column('workspace_id', _ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('terms_number', sa.Integer(), nullable=False),
    sa.Column('department', _TEXT(length=100), nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('at', _INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'number'], ['escalation.workspace_id', 'escalation.number']),
    sa.PrimaryKeyConstraint('workspace_id', 'number', 'terms_number', 'department')
    )
    op.create_table('escalation_step',
    sa.Column('workspace_id', _ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('at', _INSTANT, nullable=False),
    sa.Column('act', _WORD, nullable=False),
    sa.Column('actor_id', _ID, nullable=False),
    sa.Column('person_id', _ID, nullable=False),
    sa.Column('level', _WORD, nullable=False),
    sa.Column('until_at', _INSTANT, nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'number'], ['escalation.workspace_id', 'escalation.number']),
    sa.PrimaryKeyConstraint('workspace_id', 'number', 'step')
    )
    op.create_table('user_group',
    sa.Column('workspace_id', _ID, nullable=False),
    sa.Column('group_id', _ID, nullable=False),
    sa.Column('user_ids', sa.JSON(), nullable=False),
    sa.Column('asked_at', _INSTANT, nullable=False),
    sa.Column('unreadable_since_at', _INSTANT, nullable=True),
    sa.Column('is_changed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id']),
    sa.PrimaryKeyConstraint('workspace_id', 'group_id')
    )


def downgrade() -> None:
    # An older version knows neither these subjects nor the messages that are about them.
    op.execute("DELETE FROM notification WHERE subject_kind = 'notification' AND subject_key IN "
               f"(SELECT key FROM notification one WHERE one.{_OURS})")
    for table in ('notification_subject', 'notification', 'promise'):
        op.execute(f"DELETE FROM {table} WHERE {_OURS}")
    for table in ('escalation_step', 'agreement', 'escalation', 'decision',
                  'user_group'):
        op.drop_table(table)
