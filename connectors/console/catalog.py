"""Names for ids, and choices for select boxes: small reads that several pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from casework.staff_models import StaffAccount
from connectors.console.readable import Names
from knowledge.backoffice_models import Item, Kind
from knowledge.models import Document, Jurisdiction
from service.database import Database

_MOST_DOCUMENTS = 2_000
_MOST_IDS = 900
"""SQLite's limit of values in one statement is just above."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Reads names from the database; one short transaction a call."""

    database: Database

    async def places(self) -> dict[str, str]:
        """id → name, in the order they were made (widest first)."""
        async with self.database.session() as session:
            rows = await session.execute(select(Jurisdiction.id, Jurisdiction.name).order_by(Jurisdiction.id))
            return {row.id: row.name for row in rows}

    async def documents(self) -> dict[str, str]:
        """id → document number (once it is published) and title: some titles are the same in two places."""
        wanted = (
            select(Item.id, Item.title, Document.doc_no)
            .outerjoin(Document, Document.id == Item.id)
            .where(Item.kind == Kind.DOCUMENT)
            .order_by(Item.title, Item.id)
            .limit(_MOST_DOCUMENTS)
        )
        async with self.database.session() as session:
            rows = await session.execute(wanted)
            return {row.id: f"{row.doc_no or ''}《{row.title}》" for row in rows}

    async def clauses(self, ids: Iterable[str]) -> dict[str, str]:
        """id → the document's title and the clause's number and heading."""
        wanted = sorted(set(ids))[:_MOST_IDS]
        if not wanted:
            return {}
        documents = await self.documents()
        async with self.database.session() as session:
            rows = await session.execute(
                select(Item.id, Item.title, Item.parent).where(Item.kind == Kind.CLAUSE, Item.id.in_(wanted))
            )
            return {row.id: clause_name(documents.get(row.parent, ""), row.title) for row in rows}

    async def names(self, clause_ids: Iterable[str] = ()) -> Names:
        """All that contents refer to."""
        return Names(await self.places(), await self.clauses(clause_ids), await self.documents())

    async def people(self) -> dict[str, str]:
        """username → name, for histories; "seed" is what came with the files."""
        async with self.database.session() as session:
            rows = await session.execute(select(StaffAccount.username, StaffAccount.name))
            return {"seed": "初始文件", **{row.username: row.name for row in rows}}


def clause_name(document: str, clause: str) -> str:
    """How a clause is called in a list."""
    return f"{document}{clause}"
