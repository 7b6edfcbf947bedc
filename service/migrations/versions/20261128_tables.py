"""Every table as it first went to work: staff and audit, knowledge and its history, people, filings and tickets.

The steps that led here are in the history of the repository; a database at `passages_1` stands where this one ends.
Triggers keep the audit log append-only and revisions unedited and unpublished until approved; they are those of
`staff.models` and `knowledge.authoring.models`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.authoring.models import TRIGGERS as REVISION_TRIGGERS
from staff.models import TRIGGERS as AUDIT_TRIGGERS

revision = "passages_1"
down_revision = None
branch_labels = None
depends_on = None

_LAST_FIRST = (
    "quote",
    "upload_link",
    "material",
    "live_picture",
    "filing_decision",
    "clause",
    "approval",
    "wording",
    "ticket_event",
    "staff_session",
    "revision",
    "live_turn",
    "hit_run",
    "filing",
    "fact",
    "document",
    "consent_link",
    "asked_meaning",
    "asked_clause",
    "answer",
    "wechat_token",
    "wechat_outgoing",
    "wechat_nonce",
    "wechat_follower",
    "wechat_arrival",
    "web_asked",
    "topic",
    "ticket",
    "synonym",
    "staff_account",
    "service_point",
    "outbox_message",
    "login_attempt",
    "live_presence",
    "live_conversation",
    "knowledge_state",
    "knowledge_change",
    "jurisdiction",
    "item",
    "id_proof",
    "id_failure",
    "id_challenge",
    "hit_test",
    "guide",
    "errand",
    "core_person",
    "core_case",
    "authorisation",
    "audit_entry",
    "asked_question",
    "asked_group",
)
"""The tables, those that point to others before them."""


def upgrade() -> None:
    op.create_table(
        "asked_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=80), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("ignored_by", sa.String(length=80), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_group"),
    )
    op.create_index("ix_asked_group_assigned_to", "asked_group", ["assigned_to"])
    op.create_index("ix_asked_group_merged_into", "asked_group", ["merged_into"])
    op.create_index("ix_asked_group_topic_id", "asked_group", ["topic_id"])

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
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("after", sa.Text(), server_default="", nullable=False),
        sa.Column("stands_alone", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asked_question"),
    )
    op.create_index("ix_asked_question_asked_at", "asked_question", ["asked_at"])
    op.create_index("ix_asked_question_conversation_id", "asked_question", ["conversation", "id"])
    op.create_index("ix_asked_question_group_id", "asked_question", ["group_id"])
    op.create_index("ix_asked_question_outcome", "asked_question", ["outcome"])
    op.create_index("ix_asked_question_topic_id", "asked_question", ["topic_id"])
    op.create_index("ix_asked_question_week", "asked_question", ["week"])

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("which", sa.String(length=160), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_what", "audit_entry", ["what"])
    op.create_index("ix_audit_entry_which", "audit_entry", ["which"])
    op.create_index("ix_audit_entry_who", "audit_entry", ["who"])

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
        sa.PrimaryKeyConstraint("id", name="pk_authorisation"),
    )
    op.create_index("ix_authorisation_agent_key", "authorisation", ["agent_key"])
    op.create_index("ix_authorisation_principal_key", "authorisation", ["principal_key"])

    op.create_table(
        "core_case",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("case_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_case"),
    )
    op.create_index("ix_core_case_person_key", "core_case", ["person_key"])

    op.create_table(
        "core_person",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("record_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_person"),
    )
    op.create_table(
        "errand",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("state_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_errand"),
    )
    op.create_index("ix_errand_changed_at", "errand", ["changed_at"])

    op.create_table(
        "guide",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guide"),
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
        sa.PrimaryKeyConstraint("id", name="pk_hit_test"),
    )
    op.create_table(
        "id_challenge",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_id_challenge"),
    )
    op.create_index("ix_id_challenge_person_key", "id_challenge", ["person_key"])

    op.create_table(
        "id_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_id_failure"),
    )
    op.create_index("ix_id_failure_subject_kind_at", "id_failure", ["subject", "kind", "at"])

    op.create_table(
        "id_proof",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_id_proof"),
    )
    op.create_index("ix_id_proof_person_key", "id_proof", ["person_key"])

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
        sa.PrimaryKeyConstraint("kind", "id", name="pk_item"),
    )
    op.create_index("ix_item_kind_updated_at", "item", ["kind", "updated_at"])
    op.create_index("ix_item_parent", "item", ["parent"])
    op.create_index("ix_item_stage", "item", ["stage"])

    op.create_table(
        "jurisdiction",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["jurisdiction.id"], name="fk_jurisdiction_parent_id_jurisdiction"),
        sa.PrimaryKeyConstraint("id", name="pk_jurisdiction"),
    )
    op.create_table(
        "knowledge_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_change"),
    )
    op.create_index("ix_knowledge_change_version", "knowledge_change", ["version"])

    op.create_table(
        "knowledge_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_state"),
    )
    op.create_table(
        "live_conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_live_conversation"),
        sa.UniqueConstraint("key", name="uq_live_conversation_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_live_conversation_last_at", "live_conversation", ["last_at"])
    op.create_index("ix_live_conversation_state", "live_conversation", ["state"])

    op.create_table(
        "live_presence",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_live_presence"),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_address_at", "login_attempt", ["address", "at"])
    op.create_index("ix_login_attempt_name_at", "login_attempt", ["name_hash", "at"])

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
        sa.PrimaryKeyConstraint("id", name="pk_outbox_message"),
    )
    op.create_index("ix_outbox_message_phone_hash", "outbox_message", ["phone_hash"])
    op.create_index("ix_outbox_message_state", "outbox_message", ["state"])

    op.create_table(
        "service_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("county", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_whole"),
        sa.PrimaryKeyConstraint("id", name="pk_service_point"),
    )
    op.create_index("ix_service_point_county", "service_point", ["county"])

    op.create_table(
        "staff_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_account"),
        sa.UniqueConstraint("username", name="uq_staff_account_username"),
    )
    op.create_table(
        "synonym",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_synonym"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.String(length=8), server_default="普通", nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("offered_to", sa.String(length=40), nullable=True),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("conversation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("person_key", sa.String(length=64), nullable=True),
        sa.Column("agent_key", sa.String(length=64), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("transcript_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("escalated_at", sa.DateTime(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_asked_at", sa.DateTime(), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=True),
        sa.Column("rated_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["follows_id"], ["ticket.id"], name="fk_ticket_follows_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
    )
    op.create_index("ix_ticket_agent_key", "ticket", ["agent_key"])
    op.create_index("ix_ticket_conversation", "ticket", ["conversation"])
    op.create_index("ix_ticket_due_on", "ticket", ["due_on"])
    op.create_index("ix_ticket_offered_to", "ticket", ["offered_to"])
    op.create_index("ix_ticket_owner", "ticket", ["owner"])
    op.create_index("ix_ticket_person_key", "ticket", ["person_key"])
    op.create_index("ix_ticket_phone_hash", "ticket", ["phone_hash"])
    op.create_index("ix_ticket_state", "ticket", ["state"])

    op.create_table(
        "topic",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("topic_group", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("gap_id", sa.String(length=80), nullable=True),
        sa.Column("true_of", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
    )
    op.create_table(
        "web_asked",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("replies_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_web_asked"),
    )
    op.create_index("ix_web_asked_at", "web_asked", ["at"])

    op.create_table(
        "wechat_arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("follower_hash", sa.String(length=64), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answer_by", sa.String(length=8), nullable=False),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_arrival"),
        sa.UniqueConstraint("key_hash", name="uq_wechat_arrival_key_hash"),
    )
    op.create_index("ix_wechat_arrival_follower_hash", "wechat_arrival", ["follower_hash"])
    op.create_index("ix_wechat_arrival_state", "wechat_arrival", ["state"])
    op.create_index("ix_wechat_arrival_taken_at", "wechat_arrival", ["taken_at"])

    op.create_table(
        "wechat_follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("openid_hash", sa.String(length=64), nullable=False),
        sa.Column("openid_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("subscribed", sa.Boolean(), nullable=False),
        sa.Column("message_left", sa.Integer(), nullable=False),
        sa.Column("message_until", sa.DateTime(), nullable=False),
        sa.Column("event_left", sa.Integer(), nullable=False),
        sa.Column("event_until", sa.DateTime(), nullable=False),
        sa.Column("notices_left", sa.Integer(), nullable=False),
        sa.Column("choices_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("choices_until", sa.DateTime(), nullable=False),
        sa.Column("binding_until", sa.DateTime(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_follower"),
        sa.UniqueConstraint("openid_hash", name="uq_wechat_follower_openid_hash"),
    )
    op.create_index("ix_wechat_follower_person_key", "wechat_follower", ["person_key"])

    op.create_table(
        "wechat_nonce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_nonce"),
        sa.UniqueConstraint("nonce_hash", name="uq_wechat_nonce_nonce_hash"),
    )
    op.create_index("ix_wechat_nonce_used_at", "wechat_nonce", ["used_at"])

    op.create_table(
        "wechat_outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=False),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_outgoing"),
    )
    op.create_index("ix_wechat_outgoing_follower_hash", "wechat_outgoing", ["follower_hash"])
    op.create_index("ix_wechat_outgoing_state", "wechat_outgoing", ["state"])

    op.create_table(
        "wechat_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appid", sa.String(length=64), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("refreshing_until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wechat_token"),
        sa.UniqueConstraint("appid", name="uq_wechat_token_appid"),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=80), nullable=False),
        sa.Column("jurisdiction_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("written", sa.Text(), server_default="", nullable=False),
        sa.Column("spoken", sa.Text(), nullable=False),
        sa.Column("more_spoken", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("approver", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"], ["jurisdiction.id"], name="fk_answer_jurisdiction_id_jurisdiction"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_answer_topic_id_topic", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_status", "answer", ["status"])
    op.create_index("uq_answer_version", "answer", ["topic_id", "jurisdiction_id", "version"], unique=True)

    op.create_table(
        "asked_clause",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["asked_question.id"],
            name="fk_asked_clause_question_id_asked_question",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "clause_id", name="pk_asked_clause"),
    )
    op.create_index("ix_asked_clause_clause_id", "asked_clause", ["clause_id"])

    op.create_table(
        "asked_meaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["asked_group.id"], name="fk_asked_meaning_group_id_asked_group", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_asked_meaning"),
    )
    op.create_index("ix_asked_meaning_group_id", "asked_meaning", ["group_id"])

    op.create_table(
        "consent_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
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
        "document",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("jurisdiction_id", sa.String(length=40), nullable=False),
        sa.Column("status_note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("superseded_by", sa.String(length=60), nullable=True),
        sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id"], ["jurisdiction.id"], name="fk_document_jurisdiction_id_jurisdiction"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_jurisdiction_id", "document", ["jurisdiction_id"])

    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("jurisdiction_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("doc_no", sa.String(length=80), nullable=True),
        sa.Column("confidence", sa.String(length=10), nullable=False),
        sa.Column("usable", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["jurisdiction_id"], ["jurisdiction.id"], name="fk_fact_jurisdiction_id_jurisdiction"),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
    )
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
        sa.Column("handed_over_at", sa.DateTime(), nullable=True),
        sa.Column("decision_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisation.id"], name="fk_filing_authorisation_id_authorisation"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_filing_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
        sa.UniqueConstraint("key", name="uq_filing_key"),
        sa.UniqueConstraint("open_key", name="uq_filing_open_key"),
        sa.UniqueConstraint("ticket_id", name="uq_filing_ticket_id"),
    )
    op.create_index("ix_filing_agent_key", "filing", ["agent_key"])
    op.create_index("ix_filing_principal_key", "filing", ["principal_key"])
    op.create_index("ix_filing_state", "filing", ["state"])
    op.create_index(
        "ix_filing_to_hand_over",
        "filing",
        ["id"],
        unique=False,
        sqlite_where=sa.text("submitted_at IS NOT NULL AND handed_over_at IS NULL"),
        postgresql_where=sa.text("submitted_at IS NOT NULL AND handed_over_at IS NULL"),
    )

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
        sa.ForeignKeyConstraint(["test_id"], ["hit_test.id"], name="fk_hit_run_test_id_hit_test", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_hit_run"),
    )
    op.create_index("ix_hit_run_test_id", "hit_run", ["test_id"])

    op.create_table(
        "live_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=True),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["live_conversation.id"], name="fk_live_turn_conversation_id_live_conversation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_live_turn"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_live_turn_at", "live_turn", ["at"])
    op.create_index("ix_live_turn_conversation_id", "live_turn", ["conversation_id"])

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
        sa.CheckConstraint("needs >= 1 OR author = 'seed'", name="reviewed"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.ForeignKeyConstraint(["kind", "item_id"], ["item.kind", "item.id"], name="fk_revision_kind_item"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_bundle", "revision", ["bundle"])
    op.create_index("ix_revision_stage", "revision", ["stage"])
    op.create_index("uq_revision_id_author", "revision", ["id", "author"], unique=True)
    op.create_index("uq_revision_version", "revision", ["kind", "item_id", "version"], unique=True)

    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_account.id"], name="fk_staff_session_account_id_staff_account"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_account_id", "staff_session", ["account_id"])

    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_event_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
    )
    op.create_index("ix_ticket_event_ticket_id", "ticket_event", ["ticket_id"])

    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_wording_topic_id_topic", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
    )
    op.create_index("ix_wording_topic_id", "wording", ["topic_id"])

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("approver", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("approver <> author", name="not_the_author"),
        sa.ForeignKeyConstraint(
            ["revision_id", "author"], ["revision.id", "revision.author"], name="fk_approval_revision_author"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("uq_approval_approver", "approval", ["revision_id", "approver"], unique=True)

    op.create_table(
        "clause",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("path", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("caller_facing", sa.Boolean(), nullable=False),
        sa.Column("searchable", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("live", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_clause_document_id_document"),
        sa.PrimaryKeyConstraint("id", name="pk_clause"),
    )
    op.create_index("ix_clause_document_id", "clause", ["document_id"])
    op.create_index("ix_clause_searchable", "clause", ["searchable"])

    op.create_table(
        "filing_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("trouble", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_filing_decision_filing_id_filing"),
        sa.PrimaryKeyConstraint("id", name="pk_filing_decision"),
        sa.UniqueConstraint("filing_id", name="uq_filing_decision_filing_id"),
        sa.UniqueConstraint("key", name="uq_filing_decision_key"),
    )
    op.create_index("ix_filing_decision_state", "filing_decision", ["state"])

    op.create_table(
        "live_picture",
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["live_turn.id"], name="fk_live_picture_turn_id_live_turn"),
        sa.PrimaryKeyConstraint("turn_id", name="pk_live_picture"),
    )
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
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_material_filing_id_filing"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
        sa.UniqueConstraint("file", name="uq_material_file"),
    )
    op.create_index("ix_material_filing_id", "material", ["filing_id"])

    op.create_table(
        "upload_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_upload_link_filing_id_filing"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_upload_link"),
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_quote_answer_id_answer", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name="fk_quote_clause_id_clause"),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
    )
    op.create_index("ix_quote_answer_id", "quote", ["answer_id"])
    op.create_index("ix_quote_clause_id", "quote", ["clause_id"])

    for triggers in (AUDIT_TRIGGERS, REVISION_TRIGGERS):
        for statement in triggers[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    for table in _LAST_FIRST:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION revision_guard()")
        op.execute("DROP FUNCTION audit_entry_append_only()")
