"""The updates of a round are found by their initiative, too: who is missing is counted from an index.

Revision: 0016, after 0015.
"""

from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('update_by_round', table_name='update')
    op.create_index('update_by_round', 'update', ['workspace_id', 'call_on', 'initiative_key', 'version'])


def downgrade() -> None:
    op.drop_index('update_by_round', table_name='update')
    op.create_index('update_by_round', 'update', ['workspace_id', 'call_on'])
