"""Words that search adds and does not put in place of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "sayings_1"
down_revision = "passages_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("synonym", sa.Column("adds", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("synonym", "adds")
