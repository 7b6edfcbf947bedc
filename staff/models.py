"""The tables of staff: accounts, sessions, login attempts, and the audit log that nobody can change.

Append-only is enforced by triggers in the database itself, on SQLite and PostgreSQL; `TRIGGERS` is also what the
migration runs.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Boolean, DateTime, ForeignKey, Index, LargeBinary, String, Text, event, false
from sqlalchemy.orm import Mapped, mapped_column

from base.database import Base


class StaffAccount(Base):
    """One member of staff. Accounts are switched off, never deleted: the audit log names them."""

    __tablename__ = "staff_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    """Lower case; this is the author of everything the person writes."""
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(10))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    county: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Whose tickets they see and open; "" is the city's own bureau, which sees all."""
    must_change: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """The password was chosen by somebody else: nothing else is done before it is changed."""
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The secret of the second factor; None while there is none."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest time step whose code was used: no code counts twice."""
    last_login_at: Mapped[datetime | None] = mapped_column(DateTime)
    last_login_from: Mapped[str | None] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(DateTime)
    """UTC, naive, like every time here: SQLite keeps no zones."""


class StaffSession(Base):
    """A login. The cookie holds the token; here is only its SHA-256, so a stolen database opens no session."""

    __tablename__ = "staff_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    seen_at: Mapped[datetime] = mapped_column(DateTime)


class LoginAttempt(Base):
    """A failed login, kept for a day; the login throttle counts them."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_name_at", "name_hash", "at"),
        Index("ix_login_attempt_address_at", "address", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was typed as the name: people type their password there."""
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(DateTime)


class AuditEntry(Base):
    """Who did what, to whose or which, when, and why they were allowed to. Never any personal data in clear."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    who: Mapped[str] = mapped_column(String(80), index=True)
    what: Mapped[str] = mapped_column(String(40), index=True)
    """A constant code: see `staff.audit.Action`."""
    which: Mapped[str] = mapped_column(String(160), index=True)
    """The thing or person: an id, or a keyed hash; never a name, phone or ID number."""
    by: Mapped[str] = mapped_column(String(80), default="")
    """The authorisation: a role, or the number of a citizen's own authorisation."""
    detail: Mapped[str] = mapped_column(Text, default="")


class AuditSeal(Base):
    """The entries up to one, bound to those before them (`staff.chain`)."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[int] = mapped_column(unique=True)
    """The entry that the seal before this one ended with; 0 for the first."""
    last: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime)
    digest: Mapped[str] = mapped_column(String(64))


TRIGGERS: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()",
    ),
}

for _dialect, _statements in TRIGGERS.items():
    for _statement in _statements:
        _ddl = DDL(_statement).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _ddl)
