"""The tables of identity and authorisation, the outbox, the demo core. People by keyed hashes; times UTC, naive."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base
from base.owed import OwedRow


class IdChallenge(Base):
    """A code that was asked for, one per conversation; made also for people nobody knows, with a code nobody has."""

    __tablename__ = "id_challenge"
    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), index=True)
    id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class IdFailure(Base):
    """A wrong code ("try") or a code sent ("code"), counted for the person, the conversation and both together; that
    somebody proved themselves there ("known"); a wrong code of a ticket, counted for its number
    where it was tried ("ticket") and from wherever ("number")."""

    __tablename__ = "id_failure"
    __table_args__ = (Index("ix_id_failure_subject_kind_at", "subject", "kind", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]


class IdProof(Base):
    """Who a conversation is proven to be with, until it is idle too long or over. `bound`: stays, for an openid."""

    __tablename__ = "id_proof"
    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), index=True)
    id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    bound: Mapped[bool]
    seen_at: Mapped[datetime]


class Authorisation(Base):
    """The principal lets the agent act for them, in some matters, until a day. `items`: ids joined by ",", or "*"."""

    __tablename__ = "authorisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    principal_key: Mapped[str] = mapped_column(String(64), index=True)
    agent_key: Mapped[str] = mapped_column(String(64), index=True)
    principal_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    agent_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    items: Mapped[str] = mapped_column(String(400))
    until: Mapped[date]
    state: Mapped[str] = mapped_column(String(8))
    """pending, active or revoked; whether it has run out is read from `until`."""
    how: Mapped[str] = mapped_column(String(8))
    """Confirmed by "code" (to the principal's phone), or in the principal's own proven conversation: "self"."""
    code_hash: Mapped[str] = mapped_column(String(64))
    code_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class OutboxMessage(OwedRow, Base):
    """A short message to be sent, and sent: written with the deed it tells of, so that it cannot be lost.
    `state`: waiting, sent or failed."""

    __tablename__ = "outbox_message"
    phone_hash: Mapped[str] = mapped_column(String(64), index=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class CorePerson(Base):
    """The demo core system's people: the whole record sealed, found by the keyed hash of the ID number."""

    __tablename__ = "core_person"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    record_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CoreCaseRow(Base):
    """A case handed to the demo core system; `key` is the filing's, so that handing it over twice makes one."""

    __tablename__ = "core_case"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), index=True)
    case_sealed: Mapped[bytes] = mapped_column(LargeBinary)
