"""How fast a client asks, counted across processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "buckets_1"
down_revision = "staff_text_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_bucket",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("full_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_web_bucket"),
    )


def downgrade() -> None:
    op.drop_table("web_bucket")
