"""The code by which a ticket can be followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ticket_code_1"
down_revision = "consent_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets of before have none: they are followed as before."""
    op.add_column("ticket", sa.Column("code_hash", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket") as table:
        table.drop_column("code_hash")
