"""People of other workspaces are known as such, and let in no longer.

Revision: 0011, after 0010.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('stranger', sa.Boolean(), nullable=False, server_default=sa.false()))
    # They were kept as guests: Slack is asked about those again, and first.
    person = sa.table('person', sa.column('guest', sa.Boolean()), sa.column('read_at', storage.types.UtcDateTime()))
    op.execute(person.update().where(person.c.guest).values(read_at=datetime(1970, 1, 1, tzinfo=UTC)))


def downgrade() -> None:
    op.drop_column('person', 'stranger')
