"""Pictures go by the outbox.

Revision: 0005, after 0004. No table changes; an older version can't read the new kind of message.
"""

from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'picture'")
