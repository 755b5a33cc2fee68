"""Inventories that people send in a direct message.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

import sqlmodel.sql.sqltypes
import storage.types


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

_text = sqlmodel.sql.sqltypes.AutoString
_instant = storage.types.UtcDateTime


def upgrade() -> None:
    op.create_table('inventory_file',
        sa.Column('workspace_id', _text(length=40), nullable=False),
        sa.Column('file_id', _text(length=40), nullable=False),
        sa.Column('user_id', _text(length=40), nullable=False),
        sa.Column('name', _text(length=255), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('due_at', _instant(timezone=True), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('changes', sa.Integer(), nullable=False),
        sa.Column('columns', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('digest', _text(length=64), nullable=False),
        sa.Column('findings', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('import_id', _text(length=32), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('arrived_at', _instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['workspace_id'], ['workspace.workspace_id']),
        sa.PrimaryKeyConstraint('workspace_id', 'file_id'),
    )
    op.create_index('inventory_file_by_work', 'inventory_file', ['workspace_id', 'state', 'due_at'])


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind IN ('inventory', 'greeting') OR about_key LIKE 'inventory:%'")
    op.drop_table('inventory_file')
