"""Links behind which a principal says yes or no; pictures at the live desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "consent_1"
down_revision = "live_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "consent_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("authorisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_in_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name="fk_consent_link_authorisation_id_authorisation"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_consent_link"),
        sa.UniqueConstraint("authorisation_id", name="uq_consent_link_authorisation_id"),
    )
    op.create_table(
        "live_picture",
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["live_turn.id"], name="fk_live_picture_turn_id_live_turn"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_live_picture"),
    )


def downgrade() -> None:
    for table in ("live_picture", "consent_link"):
        op.drop_table(table)
