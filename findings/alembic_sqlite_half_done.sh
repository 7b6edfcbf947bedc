#!/usr/bin/env bash
# alembic 1.20.1 with SQLAlchemy 2.1.9 on SQLite: a migration that fails half-way can neither be finished nor begun again, although SQLite
# itself takes back CREATE and DROP TABLE, and although `transactional_ddl=True` was asked for. Batch mode alters a table by copying it to
# `_alembic_tmp_NAME` and dropping the old one; where foreign keys are on and other rows refer to it, the drop fails (in SQLAlchemy's own
# transaction) and the copy stays: Python's sqlite3 begins a transaction at the first INSERT only, so the CREATE before it was committed at once.
# The next try stops at "table _alembic_tmp_ticket already exists". Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q alembic==1.20.1 SQLAlchemy==2.1.9
cd "$folder"
cat > upgrade.py <<'PY'
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

engine = sa.create_engine("sqlite:///cases.db")


@sa.event.listens_for(engine, "connect")
def _on(connection, _record):
    connection.execute("PRAGMA foreign_keys=ON")


with engine.begin() as connection:
    connection.execute(sa.text("CREATE TABLE ticket (id INTEGER PRIMARY KEY, title TEXT)"))
    connection.execute(sa.text("CREATE TABLE note (id INTEGER PRIMARY KEY, ticket INTEGER REFERENCES ticket(id))"))
    connection.execute(sa.text("INSERT INTO ticket VALUES (1, 'a')"))
    connection.execute(sa.text("INSERT INTO note VALUES (1, 1)"))


def upgrade() -> str:
    try:
        with engine.connect() as connection, connection.begin():
            context = MigrationContext.configure(connection, opts={"transactional_ddl": True})
            with context.begin_transaction(), Operations(context).batch_alter_table("ticket", recreate="always") as table:
                table.alter_column("title", type_=sa.String(60))
        return "done"
    except sa.exc.DBAPIError as error:
        return str(error.orig)


tries = [upgrade(), upgrade()]
print("tries:", tries)
print("tables:", sorted(sa.inspect(engine).get_table_names()))
assert tries[0] == "FOREIGN KEY constraint failed", tries
assert "_alembic_tmp_ticket already exists" in tries[1], tries
assert "_alembic_tmp_ticket" in sa.inspect(engine).get_table_names()
PY
"$folder/env/bin/python" upgrade.py
# Seen: tries: ['FOREIGN KEY constraint failed', 'table _alembic_tmp_ticket already exists']
#       tables: ['_alembic_tmp_ticket', 'note', 'ticket']
