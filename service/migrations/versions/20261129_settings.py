"""What staff decide about the hotline itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "settings_1"
down_revision = "duty_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bureau_setting",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bureau_setting"),
    )


def downgrade() -> None:
    op.drop_table("bureau_setting")
