"""What each rise of the knowledge's version was about, so that a change costs as much as what changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "knowledge_2"
down_revision = "wechat_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "knowledge_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_change")),
    )
    op.create_index(op.f("ix_knowledge_change_version"), "knowledge_change", ["version"])


def downgrade() -> None:
    op.drop_table("knowledge_change")
