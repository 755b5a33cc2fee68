"""People have a country, and a region of it, whose public holidays they keep.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op
import sqlmodel

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('person', sa.Column('country', sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True))
    op.add_column('person', sa.Column('region', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column('person', 'region')
    op.drop_column('person', 'country')
