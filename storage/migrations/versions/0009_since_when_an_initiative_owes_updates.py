"""Since when an initiative owes updates.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('initiative', sa.Column('owes_since_at', storage.types.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('initiative', 'owes_since_at')
