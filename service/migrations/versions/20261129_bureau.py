"""Tickets with county, title, labels and words; accounts with county and a second factor; fixed replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "bureau_1"
down_revision = "handover_1"
branch_labels = None
depends_on = None

_TICKET = (
    ("title_sealed", sa.LargeBinary()),
    ("name_sealed", sa.LargeBinary()),
    ("county", sa.String(20)),
    ("department", sa.String(40)),
    ("supervised_at", sa.DateTime()),
    ("extension_days", sa.Integer()),
)
_ACCOUNT = (
    ("totp_sealed", sa.LargeBinary()),
    ("totp_step", sa.BigInteger()),
    ("last_login_at", sa.DateTime()),
    ("last_login_from", sa.String(45)),
)


def upgrade() -> None:
    for name, kind in _TICKET:
        op.add_column("ticket", sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("ticket") as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_ticket_merged_into_id_ticket", "ticket", ["merged_into_id"], ["id"])
    op.create_index("ix_ticket_county", "ticket", ["county"])
    op.create_table(
        "ticket_label",
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("ticket.id", name="fk_ticket_label_ticket_id_ticket")),
        sa.Column("label", sa.String(12)),
        sa.PrimaryKeyConstraint("ticket_id", "label", name="pk_ticket_label"),
    )
    op.create_index("ix_ticket_label_label", "ticket_label", ["label"])
    op.create_table(
        "ticket_word",
        sa.Column("word", sa.BigInteger()),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("ticket.id", name="fk_ticket_word_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("word", "ticket_id", name="pk_ticket_word"),
    )
    op.add_column("staff_account", sa.Column("county", sa.String(20), nullable=False, server_default=""))
    op.add_column("staff_account", sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, kind in _ACCOUNT:
        op.add_column("staff_account", sa.Column(name, kind, nullable=True))
    op.create_table(
        "fixed_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_fixed_reply"),
        sa.UniqueConstraint("name", name="uq_fixed_reply_name"),
    )


def downgrade() -> None:
    op.drop_table("fixed_reply")
    with op.batch_alter_table("staff_account") as batch_op:
        for name in ("county", "must_change", *(name for name, _ in _ACCOUNT)):
            batch_op.drop_column(name)
    op.drop_table("ticket_word")
    op.drop_table("ticket_label")
    op.drop_index("ix_ticket_county", "ticket")
    with op.batch_alter_table("ticket") as batch_op:
        batch_op.drop_constraint("fk_ticket_merged_into_id_ticket", type_="foreignkey")
        for name in ("merged_into_id", *(name for name, _ in _TICKET)):
            batch_op.drop_column(name)
