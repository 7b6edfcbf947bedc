"""Finding a ticket by words of its title or by the citizen's name, though both are kept sealed.

Every two characters that stand side by side are kept as a keyed number (a blind index): whoever has the database and
not the key finds nothing by them. A ticket is found when it has all pairs of what is sought, in whatever order.

    add(session, vault, ticket.id, "俺的报销咋还没到账", "李德山")
    select(Ticket).where(has_words(vault, "报销 到账"))
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.personal_data import Vault
from casework.models import Ticket, TicketWord
from language.cleaning import simplified

_MOST_PAIRS = 60
_MOST_SOUGHT = 12
_APART = re.compile(r"[\W_]+")


def add(session: AsyncSession, vault: Vault, ticket_id: int, *texts: str) -> None:
    """In the caller's unit of work."""
    for word in sorted({_number(vault, pair) for text in texts for pair in _pairs(text)})[:_MOST_PAIRS]:
        session.add(TicketWord(word=word, ticket_id=ticket_id))


def has_words(vault: Vault, sought: str) -> ColumnElement[bool] | None:
    """None when nothing of it can be sought: a single character stands in too many."""
    pairs = _pairs(sought)[:_MOST_SOUGHT]
    if not pairs:
        return None
    return and_(
        *(
            Ticket.id.in_(select(TicketWord.ticket_id).where(TicketWord.word == _number(vault, pair)))
            for pair in dict.fromkeys(pairs)
        )
    )


def _pairs(text: str) -> list[str]:
    parts = [part.lower() for part in _APART.split(simplified(text)) if part]
    return [part[at : at + 2] for part in parts for at in range(len(part) - 1)]


def _number(vault: Vault, pair: str) -> int:
    """Of 62 bits: two pairs of one bureau never share it."""
    return int(vault.lookup(f"ticket word {pair}")[:16], 16) >> 2
