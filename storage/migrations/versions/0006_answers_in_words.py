"""Answers in words are kept as drafts, and offered to be filed.

Revision: 0006, after 0005. No table changes; an older version can't read the new kind of message,
nor a draft of no initiative.
"""

from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'drafted' OR about_key LIKE 'drafted:%'")
    op.execute("DELETE FROM draft WHERE initiative_key = ''")
