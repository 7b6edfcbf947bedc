"""Staff and audit log, the history and review of knowledge, test questions, what citizens asked; and tickets.

Triggers keep the audit log append-only and revisions unedited and unpublished until approved; they are those of
`staff.models` and `knowledge.authoring.models`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.authoring.models import TRIGGERS as REVISION_TRIGGERS
from staff.models import TRIGGERS as AUDIT_TRIGGERS

revision = "backoffice_1"
down_revision = "knowledge_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("followed_by", sa.String(length=16), nullable=False),
        sa.Column("topic_id", sa.String(length=80), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("draft_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_question")),
    )
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_question_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index("ix_asked_question_conversation_id", ["conversation", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_question_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_question_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_question_week"), ["week"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("which", sa.String(length=160), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_what"), ["what"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_which"), ["which"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_who"), ["who"], unique=False)

    op.create_table(
        "guide",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide")),
    )
    op.create_table(
        "hit_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hit_test")),
    )
    op.create_table(
        "item",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index("ix_item_kind_updated_at", ["kind", "updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_parent"), ["parent"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_stage"), ["stage"], unique=False)

    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_login_attempt_address_at", ["address", "at"], unique=False)
        batch_op.create_index("ix_login_attempt_name_at", ["name_hash", "at"], unique=False)

    op.create_table(
        "staff_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_account_username")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_state"), ["state"], unique=False)

    op.create_table(
        "asked_clause",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["asked_question.id"],
            name=op.f("fk_asked_clause_question_id_asked_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "clause_id", name=op.f("pk_asked_clause")),
    )
    with op.batch_alter_table("asked_clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_clause_clause_id"), ["clause_id"], unique=False)

    op.create_table(
        "hit_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("run_by", sa.String(length=80), nullable=False),
        sa.Column("knowledge_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("topic_id", sa.String(length=80), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spoken", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["test_id"], ["hit_test.id"], name=op.f("fk_hit_run_test_id_hit_test"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hit_run")),
    )
    with op.batch_alter_table("hit_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hit_run_test_id"), ["test_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer_to_author", sa.Text(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("needs >= 1 OR author = 'seed'", name=op.f("ck_revision_reviewed")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_revision_version_positive")),
        sa.ForeignKeyConstraint(["kind", "item_id"], ["item.kind", "item.id"], name="fk_revision_kind_item"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_bundle"), ["bundle"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_stage"), ["stage"], unique=False)
        batch_op.create_index("uq_revision_id_author", ["id", "author"], unique=True)
        batch_op.create_index("uq_revision_version", ["kind", "item_id", "version"], unique=True)

    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_staff_session_account_id_staff_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("approver", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("approver <> author", name=op.f("ck_approval_not_the_author")),
        sa.ForeignKeyConstraint(
            ["revision_id", "author"], ["revision.id", "revision.author"], name="fk_approval_revision_author"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index("uq_approval_approver", ["revision_id", "approver"], unique=True)

    op.add_column("answer", sa.Column("written", sa.Text(), server_default="", nullable=False))
    op.add_column("clause", sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("document", sa.Column("valid_from", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("document", sa.Column("superseded_by", sa.String(length=60), nullable=True))
    op.add_column("document", sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False))
    for triggers in (AUDIT_TRIGGERS, REVISION_TRIGGERS):
        for statement in triggers[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    for table, column in (
        ("document", "live"),
        ("document", "superseded_by"),
        ("document", "valid_until"),
        ("document", "valid_from"),
        ("clause", "live"),
        ("answer", "written"),
    ):
        op.drop_column(table, column)
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index("uq_approval_approver")

    op.drop_table("approval")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_account_id"))

    op.drop_table("staff_session")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("uq_revision_version")
        batch_op.drop_index("uq_revision_id_author")
        batch_op.drop_index(batch_op.f("ix_revision_stage"))
        batch_op.drop_index(batch_op.f("ix_revision_bundle"))

    op.drop_table("revision")
    with op.batch_alter_table("hit_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hit_run_test_id"))

    op.drop_table("hit_run")
    with op.batch_alter_table("asked_clause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_clause_clause_id"))

    op.drop_table("asked_clause")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_state"))
        batch_op.drop_index(batch_op.f("ix_ticket_phone_hash"))

    op.drop_table("ticket")
    op.drop_table("staff_account")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_login_attempt_name_at")
        batch_op.drop_index("ix_login_attempt_address_at")

    op.drop_table("login_attempt")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_stage"))
        batch_op.drop_index(batch_op.f("ix_item_parent"))
        batch_op.drop_index("ix_item_kind_updated_at")

    op.drop_table("item")
    op.drop_table("hit_test")
    op.drop_table("guide")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_who"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_which"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_what"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("asked_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asked_question_week"))
        batch_op.drop_index(batch_op.f("ix_asked_question_topic_id"))
        batch_op.drop_index(batch_op.f("ix_asked_question_outcome"))
        batch_op.drop_index("ix_asked_question_conversation_id")
        batch_op.drop_index(batch_op.f("ix_asked_question_asked_at"))

    op.drop_table("asked_question")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION revision_guard()")
        op.execute("DROP FUNCTION audit_entry_append_only()")
