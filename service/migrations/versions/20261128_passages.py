"""Where a clause stands in its document, and of which documents a gap was known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "passages_1"
down_revision = "asked_groups_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clause", sa.Column("path", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("topic", sa.Column("true_of", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("topic") as batch_op:
        batch_op.drop_column("true_of")
    with op.batch_alter_table("clause") as batch_op:
        batch_op.drop_column("path")
