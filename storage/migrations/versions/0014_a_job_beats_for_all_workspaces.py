"""A job goes through for all workspaces at once, and beats once for all of them.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.types

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
_INSTANT = storage.types.UtcDateTime
# Of several workspaces the one that beat last knows best how the process does.
_LAST = """
    SELECT job, beat_at, down_from_at, down_until_at FROM heartbeat one
    WHERE NOT EXISTS (
        SELECT 1 FROM heartbeat other WHERE other.job = one.job
        AND (other.beat_at > one.beat_at
             OR (other.beat_at = one.beat_at AND other.workspace_id < one.workspace_id)))"""
_OF_EACH = """
    SELECT workspace.workspace_id, job, beat_at, down_from_at, down_until_at
    FROM heartbeat CROSS JOIN workspace"""


def upgrade() -> None:
    _replace(_LAST, ['job'])


def downgrade() -> None:
    _replace(_OF_EACH, ['workspace_id', 'job'])


def _replace(rows: str, keys: list[str]) -> None:
    """Make the table anew with these rows: a few, that are beats of jobs and no more."""
    instants = {name: _INSTANT(timezone=True) for name in ('beat_at', 'down_from_at', 'down_until_at')}
    found = op.get_bind().execute(sa.text(rows).columns(**instants)).mappings().all()
    op.drop_table('heartbeat')
    table = op.create_table('heartbeat',
        *(sa.Column(name, _TEXT(length=40), nullable=False) for name in keys),
        sa.Column('beat_at', _INSTANT(timezone=True), nullable=False),
        sa.Column('down_from_at', _INSTANT(timezone=True), nullable=True),
        sa.Column('down_until_at', _INSTANT(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(*keys)
    )
    op.bulk_insert(table, [dict(row) for row in found])
