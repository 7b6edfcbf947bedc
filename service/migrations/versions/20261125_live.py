"""Live conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "live_1"
down_revision = "page_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Conversations, their turns, who of the staff is there."""
    op.create_table(
        "live_conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("person", sa.String(40), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live_conversation"),
        sa.UniqueConstraint("key", name="uq_live_conversation_key"),
        sqlite_autoincrement=True,
    )
    for column in ("state", "last_at"):
        op.create_index(f"ix_live_conversation_{column}", "live_conversation", [column])
    op.create_table(
        "live_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(10), nullable=False),
        sa.Column("by", sa.String(40), nullable=True),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["live_conversation.id"], name="fk_live_turn_conversation_id_live_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_turn"),
        sqlite_autoincrement=True,
    )
    for column in ("conversation_id", "at"):
        op.create_index(f"ix_live_turn_{column}", "live_turn", [column])
    op.create_table(
        "live_presence",
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_live_presence"),
    )


def downgrade() -> None:
    for table in ("presence", "turn", "conversation"):
        op.drop_table(f"live_{table}")
