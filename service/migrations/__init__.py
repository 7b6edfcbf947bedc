"""Alembic's migrations: the history of every table, whoever owns it."""
