"""The audit log keeps the numbers that decided, and is sealed into a chain of hashes.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

import storage.types

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

_TEXT = sqlmodel.sql.sqltypes.AutoString
# Whose subject was the bare id of a person; it is told from a key by a sign before it.
_OF_PEOPLE = "action IN ('enter', 'set_away')"


def upgrade() -> None:
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.alter_column('actor_id', existing_type=_TEXT(length=40), type_=_TEXT(length=80), existing_nullable=False)
        batch_op.alter_column('subject', existing_type=_TEXT(length=100), type_=_TEXT(length=250), existing_nullable=False)
        batch_op.add_column(sa.Column('facts', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('clause', _TEXT(length=60), server_default='', nullable=False))
        batch_op.add_column(sa.Column('policy_version', sa.Integer(), server_default='0', nullable=False))
    op.execute(f"UPDATE audit_entry SET subject = '@' || subject WHERE {_OF_PEOPLE}")
    op.create_table('audit_unsealed',
    sa.Column('workspace_id', _TEXT(length=40), nullable=False),
    sa.Column('at', storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('entry_id', _TEXT(length=32), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'at', 'entry_id')
    )
    op.create_table('audit_link',
    sa.Column('workspace_id', _TEXT(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('entry_id', _TEXT(length=32), nullable=False),
    sa.Column('hash', _TEXT(length=64), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'position')
    )
    op.create_index('audit_link_by_entry', 'audit_link', ['workspace_id', 'entry_id'], unique=True)
    op.create_table('audit_salt',
    sa.Column('workspace_id', _TEXT(length=40), nullable=False),
    sa.Column('user_id', _TEXT(length=40), nullable=False),
    sa.Column('salt', _TEXT(length=64), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'user_id')
    )
    op.execute("INSERT INTO audit_unsealed (workspace_id, at, entry_id) SELECT workspace_id, at, id FROM audit_entry")


def downgrade() -> None:
    op.drop_table('audit_salt')
    op.drop_table('audit_link')
    op.drop_table('audit_unsealed')
    op.execute(f"UPDATE audit_entry SET subject = substr(subject, 2) WHERE {_OF_PEOPLE} AND subject LIKE '@%'")
    # What is older has less room: of an erased person's hash, and of a subject, it keeps the beginning.
    op.execute("UPDATE audit_entry SET actor_id = substr(actor_id, 1, 40) WHERE length(actor_id) > 40")
    op.execute("UPDATE audit_entry SET subject = substr(subject, 1, 100) WHERE length(subject) > 100")
    with op.batch_alter_table('audit_entry') as batch_op:
        batch_op.drop_column('policy_version')
        batch_op.drop_column('clause')
        batch_op.drop_column('facts')
        batch_op.alter_column('subject', existing_type=_TEXT(length=250), type_=_TEXT(length=100), existing_nullable=False)
        batch_op.alter_column('actor_id', existing_type=_TEXT(length=80), type_=_TEXT(length=40), existing_nullable=False)
