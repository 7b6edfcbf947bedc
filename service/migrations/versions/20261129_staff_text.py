"""The texts that staff write are called so."""

from __future__ import annotations

from alembic import op

revision = "staff_text_1"
down_revision = "chain_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("bureau_setting", "staff_text")


def downgrade() -> None:
    op.rename_table("staff_text", "bureau_setting")
