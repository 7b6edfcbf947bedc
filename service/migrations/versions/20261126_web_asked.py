"""Messages of the page that are asked once, across restarts and processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "web_asked_1"
down_revision = "decisions_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_asked",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("replies_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_web_asked"),
    )
    op.create_index("ix_web_asked_at", "web_asked", ["at"])


def downgrade() -> None:
    op.drop_table("web_asked")
