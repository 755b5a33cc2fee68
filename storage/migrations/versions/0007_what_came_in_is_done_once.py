"""What came in is done once, and its answer kept.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('inbox_item', sa.Column('acted', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('inbox_item', sa.Column('answer', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column('inbox_item', 'answer')
    op.drop_column('inbox_item', 'acted')
