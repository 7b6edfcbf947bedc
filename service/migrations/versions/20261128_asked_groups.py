"""What nobody could answer, in groups that stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "asked_groups_1"
down_revision = "web_asked_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Questions of before are grouped by the service, in the background."""
    op.create_table(
        "asked_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(80), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("ignored_by", sa.String(80), nullable=False),
        sa.Column("assigned_to", sa.String(80), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_group"),
    )
    for column in ("topic_id", "merged_into", "assigned_to"):
        op.create_index(f"ix_asked_group_{column}", "asked_group", [column])
    op.create_table(
        "asked_meaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["asked_group.id"], name="fk_asked_meaning_group_id_asked_group", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asked_meaning"),
    )
    op.create_index("ix_asked_meaning_group_id", "asked_meaning", ["group_id"])
    with op.batch_alter_table("asked_question") as table:
        table.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("after", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("stands_alone", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.create_index("ix_asked_question_group_id", ["group_id"])


def downgrade() -> None:
    with op.batch_alter_table("asked_question") as table:
        table.drop_index("ix_asked_question_group_id")
        for column in ("stands_alone", "after", "group_id"):
            table.drop_column(column)
    op.drop_table("asked_meaning")
    op.drop_table("asked_group")
