"""What the core system is owed of what was handed in, as a queue of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "handover_1"
down_revision = "sayings_1"
branch_labels = None
depends_on = None

_TO_HAND_OVER = sa.text("submitted_at IS NOT NULL AND handed_over_at IS NULL")


def upgrade() -> None:
    """What waited before waits on."""
    op.create_table(
        "filing_handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("trouble", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_filing_handover_filing_id_filing"),
        sa.PrimaryKeyConstraint("id", name="pk_filing_handover"),
        sa.UniqueConstraint("filing_id", name="uq_filing_handover_filing_id"),
    )
    op.create_index("ix_filing_handover_state", "filing_handover", ["state"])
    op.execute(
        "INSERT INTO filing_handover (filing_id, state, tries, not_before, trouble) "
        f"SELECT id, 'waiting', 0, submitted_at, '' FROM filing WHERE {_TO_HAND_OVER.text} ORDER BY id"
    )
    op.drop_index("ix_filing_to_hand_over", "filing")


def downgrade() -> None:
    op.create_index(
        "ix_filing_to_hand_over", "filing", ["id"], sqlite_where=_TO_HAND_OVER, postgresql_where=_TO_HAND_OVER
    )
    op.drop_table("filing_handover")
