"""Seals of the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "chain_1"
down_revision = "waits_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_seal"),
        sa.UniqueConstraint("after", name="uq_audit_seal_after"),
    )


def downgrade() -> None:
    op.drop_table("audit_seal")
