"""Synonyms that staff look after, as search reads them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "synonyms_1"
down_revision = "backoffice_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "synonym",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )


def downgrade() -> None:
    op.drop_table("synonym")
