"""What was grouped by the sentence that had been quoted to it is grouped anew, by what was asked."""

from __future__ import annotations

from alembic import op

revision = "regroup_1"
down_revision = "bureau_1"
branch_labels = None
depends_on = None

_LUMPS = (
    "SELECT id FROM asked_group WHERE topic_id LIKE '%~%' AND ignored_by = '' AND assigned_to = '' "
    "AND merged_into IS NULL AND id NOT IN (SELECT merged_into FROM asked_group WHERE merged_into IS NOT NULL)"
)
"""Those that staff have tidied stay as they are."""


def upgrade() -> None:
    op.execute(f"UPDATE asked_question SET group_id = NULL WHERE group_id IN ({_LUMPS})")
    op.execute(f"DELETE FROM asked_meaning WHERE group_id IN ({_LUMPS})")
    op.execute(f"DELETE FROM asked_group WHERE id IN ({_LUMPS})")


def downgrade() -> None:
    """The groups come by themselves."""
