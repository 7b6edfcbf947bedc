"""What the public page shows that staff fill in: service points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "page_1"
down_revision = "casework_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_service_point_place_whole")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_point")),
    )
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_point_county"), ["county"], unique=False)


def downgrade() -> None:
    op.drop_table("service_point")
