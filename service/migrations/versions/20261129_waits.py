"""How long people waited for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "waits_1"
down_revision = "settings_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "live_wait",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("end", sa.String(8), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_live_wait"),
    )
    for column in ("conversation_id", "since"):
        op.create_index(f"ix_live_wait_{column}", "live_wait", [column])


def downgrade() -> None:
    op.drop_table("live_wait")
