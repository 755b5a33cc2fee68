"""What somebody is a deputy of is read from an index alone.

Revision: 0017, after 0016.
"""

from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('deputy_by_person', table_name='deputy')
    op.create_index('deputy_by_person', 'deputy', ['workspace_id', 'user_id', 'initiative_key'])


def downgrade() -> None:
    op.drop_index('deputy_by_person', table_name='deputy')
    op.create_index('deputy_by_person', 'deputy', ['workspace_id', 'user_id'])
