"""Texts that were too long are kept whole.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# What is older knows no such fact, and reads no version that holds one.
_FORGET = {
    'postgresql': "UPDATE entry_version SET facts = (facts::jsonb - 'wholes')::json",
    'sqlite': "UPDATE entry_version SET facts = json_remove(facts, '$.wholes')",
}


def upgrade() -> None:
    op.add_column('entry', sa.Column('wholes', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    op.execute(_FORGET[op.get_bind().dialect.name])
    op.drop_column('entry', 'wholes')
