"""An inventory file that its sender doesn't want imported is declined; it was said to be left.

Revision: 0015, after 0014.
"""

from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE inventory_file SET state = 'declined' WHERE state = 'left'")


def downgrade() -> None:
    op.execute("UPDATE inventory_file SET state = 'left' WHERE state = 'declined'")
