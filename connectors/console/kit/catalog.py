"""Names for ids, and choices for select boxes: small reads that several pages share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from base.clock import day_here, utc_now
from base.database import Database
from casework.filings.items import load
from casework.tickets import query_topics
from connectors.console.knowledge.readable import Names, clause_title
from knowledge.authoring.models import Item, Kind
from knowledge.models import Clause, Document, Jurisdiction
from staff.models import StaffAccount

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

    async def not_in_force(self, kind: Kind, ids: Iterable[str]) -> dict[str, str]:
        """id → why nobody is answered from a published document or clause today: it ended, or has not begun."""
        wanted, today = sorted(set(ids))[:_MOST_IDS], day_here(utc_now())
        own = Document if kind is Kind.DOCUMENT else Clause
        days = select(own.id, own.valid_from, own.valid_until, Document.valid_from, Document.valid_until)
        if kind is Kind.CLAUSE:
            days = days.join(Document, Document.id == Clause.document_id)
        async with self.database.session() as session:
            rows = await session.execute(days.where(own.id.in_(wanted), own.live))
            found = {row[0]: _not_in_force(today, (row[1], row[3]), (row[2], row[4])) for row in rows}
        return {id: words for id, words in found.items() if words}

    async def names(self, clause_ids: Iterable[str] = ()) -> Names:
        """All that contents refer to."""
        return Names(await self.places(), await self.clauses(clause_ids), await self.documents())

    async def people(self) -> dict[str, str]:
        """username → name, for histories; and who else appears there: what came with the files, citizens, tasks."""
        async with self.database.session() as session:
            rows = await session.execute(select(StaffAccount.username, StaffAccount.name))
            names = {row.username: row.name for row in rows}
        return {"seed": "初始文件", "citizen": "群众", "system": "系统", **names}

    async def titles(self, things: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """(kind, id) → "问答“手机上哪里办”", of what there is."""
        wanted = sorted({id for kind, id in things if kind in set(Kind)})[:_MOST_IDS]
        async with self.database.session() as session:
            rows = await session.execute(select(Item.kind, Item.id, Item.title).where(Item.id.in_(wanted)))
            return {(row.kind, row.id): f"{Kind(row.kind).label}“{_title(row.kind, row.title)[:40]}”" for row in rows}

    async def topics(self, ids: Iterable[str]) -> dict[str, str]:
        """id → title of what tickets are about: answered topics, guides, what can be filed or looked up."""
        wanted = sorted(set(ids))[:_MOST_IDS]
        async with self.database.session() as session:
            rows = await session.execute(select(Item.id, Item.title).where(Item.id.in_(wanted)))
            titles = {row.id: row.title for row in rows}
        filed = load().items
        asked = {id: title for id in wanted if (title := query_topics.title(id))}
        return titles | asked | {id: filed[id].name for id in wanted if id in filed}


def _not_in_force(today: date, first: Iterable[date | None], last: Iterable[date | None]) -> str:
    """A clause holds on the days on which both it and its document do."""
    ended = min((day for day in last if day), default=date.max)
    begins = max((day for day in first if day), default=date.min)
    if ended < today:
        return f"{ended.isoformat()} 已失效"
    return f"{begins.isoformat()} 才生效" if begins > today else ""


def _title(kind: str, title: str) -> str:
    return clause_title(title) if kind == Kind.CLAUSE else title


def clause_name(document: str, clause: str) -> str:
    """How a clause is called in a list."""
    return f"{document}{clause_title(clause)}"
