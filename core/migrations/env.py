"""Runs migrations under an advisory lock and a lock timeout, on the owner's connection."""

from alembic import context
from sqlalchemy import create_engine, pool

MIGRATION_LOCK = 7309452

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.exec_driver_sql(f"select pg_advisory_lock({MIGRATION_LOCK})")
    connection.exec_driver_sql("set lock_timeout = '5s'")
    connection.commit()
    context.configure(
        connection=connection, version_table="schema_version", transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.exec_driver_sql(f"select pg_advisory_unlock({MIGRATION_LOCK})")
    connection.commit()
