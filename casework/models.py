"""The tables of casework: tickets, filings, what belongs to them. Times are UTC, naive: SQLite keeps no zones.

A ticket is any contact that was not finished: who answers first stays responsible. A filing that was handed in is a
ticket too, of the kind 帮办, and bears the ticket's number. Personal data is sealed by `base.personal_data.Vault`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

import casework.people.models  # noqa: F401  # a filing refers to its authorisation's table
from base.database import Base


class Ticket(Base):
    """One promise to a citizen."""

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    """What the citizen is told: "GD20261122-0007"."""
    code_hash: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the code told with it, see `casework.tickets.codes`."""
    kind: Mapped[str] = mapped_column(String(16))
    """See `casework.tickets.tickets.Kind`."""
    channel: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(64))
    """The knowledge topic talked about before, or the filing's item; never the citizen's words."""
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What it is about in the citizen's own first sentence, people masked out of it."""
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the citizen is called, where staff wrote it down."""
    county: Mapped[str | None] = mapped_column(String(20), index=True)
    """Whose it is, see `casework.tickets.counties`; None is the city's own."""
    department: Mapped[str | None] = mapped_column(String(40))
    """Within the city's own bureau."""
    supervised_at: Mapped[datetime | None]
    """Since when a 主管 watches over it (督办)."""
    extension_days: Mapped[int | None]
    """Working days that its owner asks for; None when nothing is asked."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The ticket that goes on for both (并单)."""
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    opened_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    """See `casework.tickets.tickets.State`."""
    urgency: Mapped[str] = mapped_column(String(8), default="普通")
    owner: Mapped[str | None] = mapped_column(String(40), index=True)
    """The member of staff who took it first, or accepted it since (首问负责)."""
    offered_to: Mapped[str | None] = mapped_column(String(40), index=True)
    """To whom the owner wants to hand it; the owner stays responsible until they accept."""
    conversation: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed hash of the conversation it came from."""
    conversation_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The same, to write back where the channel allows it (WeChat)."""
    person_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Whose matter it is, when they had proved who they are."""
    agent_key: Mapped[str | None] = mapped_column(String(64), index=True)
    """Who acts for them."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    """The ticket whose bad rating opened this one."""
    transcript_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The last turns before it was opened: JSON, a list of [who, text]."""
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    """5 非常满意 … 1 非常不满意."""
    rating_asked_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]
    rated_by: Mapped[str | None] = mapped_column(String(16))
    """The channel of the rating."""


class TicketEvent(Base):
    """One step in a ticket's history. `who`: a username, "citizen" or "system"."""

    __tablename__ = "ticket_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(24))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class TicketLabel(Base):
    """A word that staff put on a ticket to find it by."""

    __tablename__ = "ticket_label"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    label: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class TicketWord(Base):
    """Two characters that stand in a ticket's title or name, as a keyed number: by these it is found, though both are
    sealed. See `casework.tickets.search`."""

    __tablename__ = "ticket_word"

    word: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)


class Duty(Base):
    """Who answers for one of the measures that are reported monthly: entered once, printed every month."""

    __tablename__ = "duty"

    measure: Mapped[str] = mapped_column(String(8), primary_key=True)
    """Its 序号."""
    department: Mapped[str] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40))
    leader: Mapped[str] = mapped_column(String(40))
    leader_phone: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class Filing(Base):
    """What somebody wants done (帮办代办), from the first answer to the decision. Made of one item's description."""

    __tablename__ = "filing"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    """Random: names it to the core system."""
    item: Mapped[str] = mapped_column(String(40))
    principal_key: Mapped[str] = mapped_column(String(64), index=True)
    principal_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The ID number."""
    agent_key: Mapped[str | None] = mapped_column(String(64), index=True)
    authorisation_id: Mapped[int | None] = mapped_column(ForeignKey("authorisation.id"))
    channel: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), index=True)
    """See `casework.filings.filing.State`."""
    open_key: Mapped[str | None] = mapped_column(String(110), unique=True)
    """item:principal while it is open: two people filing the same at once share one row."""
    version: Mapped[int]
    """Counts changes: whoever writes must have read the newest."""
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    promised_at: Mapped[datetime | None]
    """When the 告知承诺 was accepted."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), unique=True)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    """When the core system had it, or refused it for good, so that staff were asked to enter it there by hand."""
    decision_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What staff said: why it was refused, what must be handed in besides."""


class Material(Base):
    """One picture or document for a filing. The file itself lies sealed in `var/materials`, under a random name."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    file: Mapped[str] = mapped_column(String(40), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    added_at: Mapped[datetime]


class UploadLink(Base):
    """A link by which materials can be handed in for one filing, until a time."""

    __tablename__ = "upload_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    expires_at: Mapped[datetime]


ERRAND_KEPT = timedelta(hours=2)
"""An errand nobody went on with. What was answered in a filing stays with the filing."""


class Errand(Base):
    """Where a conversation stands in getting something done; sealed, because answers are in it."""

    __tablename__ = "errand"

    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    state_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(index=True)
