"""Runs the migrations on the connection that storage.schema hands over."""

from alembic import context
from sqlmodel import SQLModel

from storage import models  # noqa: F401  (fills the metadata)
from storage.engine import wait_for_migrations

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite can't alter a table in place
    compare_type=True,
)
with context.begin_transaction():
    wait_for_migrations(connection)
    context.run_migrations()
