"""Identity, authorisation, filings, the life of tickets, the outbox, the demo core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "casework_2"
down_revision = "knowledge_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("principal_key", sa.String(length=64), nullable=False),
        sa.Column("agent_key", sa.String(length=64), nullable=False),
        sa.Column("principal_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("agent_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.String(length=400), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_until", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
    )
    with op.batch_alter_table("authorisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorisation_agent_key"), ["agent_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorisation_principal_key"), ["principal_key"], unique=False)

    op.create_table(
        "core_case",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("case_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core_case")),
    )
    with op.batch_alter_table("core_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_core_case_person_key"), ["person_key"], unique=False)

    op.create_table(
        "core_person",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("record_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_core_person")),
    )
    op.create_table(
        "errand",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("state_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_errand")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_errand_changed_at"), ["changed_at"], unique=False)

    op.create_table(
        "id_challenge",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_id_challenge")),
    )
    with op.batch_alter_table("id_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_id_challenge_person_key"), ["person_key"], unique=False)

    op.create_table(
        "id_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_id_failure")),
    )
    with op.batch_alter_table("id_failure", schema=None) as batch_op:
        batch_op.create_index("ix_id_failure_subject_kind_at", ["subject", "kind", "at"], unique=False)

    op.create_table(
        "id_proof",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_id_proof")),
    )
    with op.batch_alter_table("id_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_id_proof_person_key"), ["person_key"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_state"), ["state"], unique=False)

    op.create_table(
        "filing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("principal_key", sa.String(length=64), nullable=False),
        sa.Column("principal_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("agent_key", sa.String(length=64), nullable=True),
        sa.Column("authorisation_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("open_key", sa.String(length=110), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("promised_at", sa.DateTime(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name=op.f("fk_filing_authorisation_id_authorisation")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_filing_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
        sa.UniqueConstraint("key", name=op.f("uq_filing_key")),
        sa.UniqueConstraint("open_key", name=op.f("uq_filing_open_key")),
        sa.UniqueConstraint("ticket_id", name=op.f("uq_filing_ticket_id")),
    )
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_filing_agent_key"), ["agent_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_filing_principal_key"), ["principal_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_filing_state"), ["state"], unique=False)

    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id_ticket")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_event_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=40), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_material_filing_id_filing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("file", name=op.f("uq_material_file")),
    )
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_filing_id"), ["filing_id"], unique=False)

    op.create_table(
        "upload_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name=op.f("fk_upload_link_filing_id_filing")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_upload_link")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("urgency", sa.String(length=8), nullable=False, server_default="普通"))
        batch_op.add_column(sa.Column("owner", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("offered_to", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("conversation", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("conversation_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("person_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("agent_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("follows_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("transcript_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rating_asked_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("rated_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("rated_by", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_ticket_agent_key"), ["agent_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_conversation"), ["conversation"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_offered_to"), ["offered_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_person_key"), ["person_key"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_ticket_follows_id_ticket"), "ticket", ["follows_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ticket_follows_id_ticket"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ticket_person_key"))
        batch_op.drop_index(batch_op.f("ix_ticket_owner"))
        batch_op.drop_index(batch_op.f("ix_ticket_offered_to"))
        batch_op.drop_index(batch_op.f("ix_ticket_due_on"))
        batch_op.drop_index(batch_op.f("ix_ticket_conversation"))
        batch_op.drop_index(batch_op.f("ix_ticket_agent_key"))
        batch_op.drop_column("rated_by")
        batch_op.drop_column("rated_at")
        batch_op.drop_column("rating_asked_at")
        batch_op.drop_column("rating")
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("reminded_at")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("transcript_sealed")
        batch_op.drop_column("follows_id")
        batch_op.drop_column("agent_key")
        batch_op.drop_column("person_key")
        batch_op.drop_column("conversation_sealed")
        batch_op.drop_column("conversation")
        batch_op.drop_column("offered_to")
        batch_op.drop_column("owner")
        batch_op.drop_column("urgency")

    op.drop_table("upload_link")
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_filing_id"))

    op.drop_table("material")
    with op.batch_alter_table("ticket_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_event_ticket_id"))

    op.drop_table("ticket_event")
    with op.batch_alter_table("filing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_filing_state"))
        batch_op.drop_index(batch_op.f("ix_filing_principal_key"))
        batch_op.drop_index(batch_op.f("ix_filing_agent_key"))

    op.drop_table("filing")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_message_state"))
        batch_op.drop_index(batch_op.f("ix_outbox_message_phone_hash"))

    op.drop_table("outbox_message")
    with op.batch_alter_table("id_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_id_proof_person_key"))

    op.drop_table("id_proof")
    with op.batch_alter_table("id_failure", schema=None) as batch_op:
        batch_op.drop_index("ix_id_failure_subject_kind_at")

    op.drop_table("id_failure")
    with op.batch_alter_table("id_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_id_challenge_person_key"))

    op.drop_table("id_challenge")
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_errand_changed_at"))

    op.drop_table("errand")
    op.drop_table("core_person")
    with op.batch_alter_table("core_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_core_case_person_key"))

    op.drop_table("core_case")
    with op.batch_alter_table("authorisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorisation_principal_key"))
        batch_op.drop_index(batch_op.f("ix_authorisation_agent_key"))

    op.drop_table("authorisation")
