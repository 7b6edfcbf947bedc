"""What the core system is owed of what staff decided; which filings it has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "decisions_1"
down_revision = "ticket_code_1"
branch_labels = None
depends_on = None

_TO_HAND_OVER = sa.text("submitted_at IS NOT NULL AND handed_over_at IS NULL")
_TAKEN = "'working', 'approved', 'refused', 'withdrawn'"


def upgrade() -> None:
    """Filings of before: what was worked on or decided is there; what waits for the citizen may not be, and handing it
    over again, under its key, does nothing. Of decisions of before the core system was told by hand, if at all."""
    op.add_column("filing", sa.Column("handed_over_at", sa.DateTime(), nullable=True))
    op.execute(f"UPDATE filing SET handed_over_at = changed_at WHERE state IN ({_TAKEN})")
    op.create_index(
        "ix_filing_to_hand_over", "filing", ["id"], sqlite_where=_TO_HAND_OVER, postgresql_where=_TO_HAND_OVER
    )
    op.create_table(
        "filing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("trouble", sa.String(32), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_filing_decision_filing_id_filing"),
        sa.PrimaryKeyConstraint("id", name="pk_filing_decision"),
        sa.UniqueConstraint("filing_id", name="uq_filing_decision_filing_id"),
        sa.UniqueConstraint("key", name="uq_filing_decision_key"),
    )
    op.create_index("ix_filing_decision_state", "filing_decision", ["state"])


def downgrade() -> None:
    op.drop_table("filing_decision")
    op.drop_index("ix_filing_to_hand_over", "filing")
    with op.batch_alter_table("filing") as table:
        table.drop_column("handed_over_at")
