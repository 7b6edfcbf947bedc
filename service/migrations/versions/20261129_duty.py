"""Who answers for the measures of the monthly tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "duty_1"
down_revision = "regroup_1"
branch_labels = None
depends_on = None

_TEXTS = ("department", "person", "phone", "leader", "leader_phone", "by")


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("measure", sa.String(8), nullable=False),
        *(sa.Column(name, sa.String(40), nullable=False) for name in _TEXTS),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("measure", name="pk_duty"),
    )


def downgrade() -> None:
    op.drop_table("duty")
