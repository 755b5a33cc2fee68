"""People are told of dates that were moved: a message of a new kind.

Revision: 0010, after 0009.
"""

from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'moved' OR about_key LIKE 'moved:%'")
