"""Since when an initiative owes updates.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('initiative', sa.Column('owes_since_at', storage.types.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('initiative', 'owes_since_at')
