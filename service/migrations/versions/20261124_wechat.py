"""What the official account must not forget."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "wechat_1"
down_revision = "synonyms_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Arrivals, used signatures, outgoing messages, followers, the token."""
    op.create_table(
        "wechat_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("follower_hash", sa.String(64), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("answer_by", sa.String(8), nullable=False),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_arrival"),
        sa.UniqueConstraint("key_hash", name="uq_wechat_arrival_key_hash"),
    )
    for column in ("follower_hash", "state", "taken_at"):
        op.create_index(f"ix_wechat_arrival_{column}", "wechat_arrival", [column])
    op.create_table(
        "wechat_nonce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce_hash", sa.String(64), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_nonce"),
        sa.UniqueConstraint("nonce_hash", name="uq_wechat_nonce_nonce_hash"),
    )
    op.create_index("ix_wechat_nonce_used_at", "wechat_nonce", ["used_at"])
    op.create_table(
        "wechat_outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_outgoing"),
    )
    for column in ("follower_hash", "state"):
        op.create_index(f"ix_wechat_outgoing_{column}", "wechat_outgoing", [column])
    op.create_table(
        "wechat_follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("openid_hash", sa.String(64), nullable=False),
        sa.Column("openid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("message_left", sa.Integer(), nullable=False),
        sa.Column("message_until", sa.DateTime(), nullable=False),
        sa.Column("event_left", sa.Integer(), nullable=False),
        sa.Column("event_until", sa.DateTime(), nullable=False),
        sa.Column("notices_left", sa.Integer(), nullable=False),
        sa.Column("choices_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("choices_until", sa.DateTime(), nullable=False),
        sa.Column("binding_until", sa.DateTime(), nullable=False),
        sa.Column("person_key", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_follower"),
        sa.UniqueConstraint("openid_hash", name="uq_wechat_follower_openid_hash"),
    )
    op.create_index("ix_wechat_follower_person_key", "wechat_follower", ["person_key"])
    op.create_table(
        "wechat_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appid", sa.String(64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("refreshing_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_token"),
        sa.UniqueConstraint("appid", name="uq_wechat_token_appid"),
    )


def downgrade() -> None:
    for table in ("token", "follower", "outgoing", "nonce", "arrival"):
        op.drop_table(f"wechat_{table}")
