"""Entries of the registry, and every version of them.

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


def upgrade() -> None:
    op.create_table('entry',
    sa.Column('workspace_id', _text(length=40), nullable=False),
    sa.Column('initiative_key', _text(length=20), nullable=False),
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
    sa.Column('budget_approved', sa.Integer(), nullable=True),
    sa.Column('budget_spent', sa.Integer(), nullable=True),
    sa.Column('budget_forecast', sa.Integer(), nullable=True),
    sa.Column('change_percent', sa.Integer(), nullable=True),
    sa.Column('value_score', sa.Integer(), nullable=True),
    sa.Column('feasibility_score', sa.Integer(), nullable=True),
    sa.Column('urgency_score', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['workspace_id', 'initiative_key'], ['initiative.workspace_id', 'initiative.key']),
    sa.PrimaryKeyConstraint('workspace_id', 'initiative_key')
    )
    op.create_index('entry_by_change', 'entry', ['workspace_id', 'changed_at'])
    op.create_table('entry_version',
    sa.Column('workspace_id', _text(length=40), nullable=False),
    sa.Column('initiative_key', _text(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('author_id', _text(length=40), nullable=False),
    sa.Column('changed_at', _instant(timezone=True), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['workspace_id', 'initiative_key'], ['initiative.workspace_id', 'initiative.key']),
    sa.PrimaryKeyConstraint('workspace_id', 'initiative_key', 'version')
    )


def downgrade() -> None:
    op.drop_table('entry_version')
    op.drop_table('entry')
