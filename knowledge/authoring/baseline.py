"""Gives what came from the project's files a history: each is version 1 of an item, by "seed".

Runs after every import. An item that staff have touched is theirs: `staff_items` tells the import to leave it alone.
Otherwise a changed file becomes the item's next version. The facts from outside are submitted for review here, each
needing two members of staff; the service guides are brought in from `service_items.yaml`, the synonyms from
`synonyms.yaml`. The hotline's own texts begin with what is built in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base import yaml_files
from base.clock import stored_now
from base.database import Database
from base.staff_texts import StaffText
from knowledge.authoring import seed as seeds
from knowledge.authoring import tables as live
from knowledge.authoring.content import ELEMENTS, Content, FactContent, GuideContent, StaffTextContent, SynonymContent
from knowledge.authoring.models import Approval, Item, Kind, Revision, Stage
from knowledge.authoring.versions import shown
from knowledge.models import SEED, Answer, Clause, Document, Topic
from knowledge.retrieval import normalise

_FACT_APPROVALS = 2


async def enter_seed(database: Database) -> int:
    """Bring history up to date with the tables; returns how many versions that took. In one transaction."""
    async with database.session() as session:
        theirs = await staff_items(session)
        newest = await _newest(session)
        entered = 0
        for key, content in (await _contents(session)).items():
            if key not in theirs and newest.get(key) != content.to_json():
                await _enter(session, *key, content)
                entered += 1
        if entered:
            await live.raise_version(session)
    return entered


async def staff_items(session: AsyncSession) -> set[tuple[Kind, str]]:
    """What staff wrote at or approved: an import must not change it."""
    approved = exists().where(Approval.revision_id == Revision.id)
    rows = await session.execute(
        select(Revision.kind, Revision.item_id).where((Revision.author != SEED) | approved).distinct()
    )
    return {(Kind(kind), item_id) for kind, item_id in rows}


async def _newest(session: AsyncSession) -> dict[tuple[Kind, str], dict[str, Any]]:
    rows = await session.execute(
        select(Revision.kind, Revision.item_id, Revision.content).join(
            Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id) & (Item.newest == Revision.version)
        )
    )
    return {(Kind(kind), item_id): content for kind, item_id, content in rows}


async def _contents(session: AsyncSession) -> dict[tuple[Kind, str], Content]:
    """What the files say, as the import left it in the tables; guides and facts straight from their files."""
    found: dict[tuple[Kind, str], Content] = {}
    for document in await session.scalars(select(Document).where(Document.live, ~Document.id.startswith("fact-"))):
        found[Kind.DOCUMENT, document.id] = live.document_content(document)
    for clause in await session.scalars(select(Clause).where(Clause.live, Clause.kind != "fact")):
        found[Kind.CLAUSE, clause.id] = live.clause_content(clause)
    topics = select(Topic).options(
        selectinload(Topic.wordings), selectinload(Topic.answers).selectinload(Answer.quotes)
    )
    for topic in await session.scalars(topics):
        if topic.wordings:
            found[Kind.FAQ, topic.id] = live.faq_content(topic)
    for row in _file("service_items.yaml")["items"]:
        found[Kind.GUIDE, row["id"]] = _guide(row)
    for row in _file("external_facts.yaml")["facts"]:
        found[Kind.FACT, row["id"]] = _fact(row)
    for word, variants in normalise.seed_synonyms():
        found[Kind.SYNONYM, word] = SynonymContent(word=word, variants=variants)
    for which in StaffText:
        found[Kind.STAFF_TEXT, which.value] = StaffTextContent(setting=which)
    return found


async def _enter(session: AsyncSession, kind: Kind, item_id: str, content: Content) -> None:
    now = stored_now()
    waits = kind is Kind.FACT
    stage = Stage.SUBMITTED if waits else Stage.PUBLISHED
    item = await session.get(Item, (kind, item_id)) or Item(kind=kind, id=item_id, newest=0)
    item.newest, item.stage, item.author, item.updated_at = item.newest + 1, stage, SEED, now
    item.published = None if waits else item.newest
    for column, value in shown(content).items():
        setattr(item, column, value)
    session.add(item)
    await session.flush()
    older = select(Revision).where(
        Revision.kind == kind, Revision.item_id == item_id, Revision.stage.in_((Stage.PUBLISHED, Stage.SUBMITTED))
    )
    for row in await session.scalars(older):
        row.stage = Stage.REPLACED
    session.add(
        Revision(
            kind=kind,
            item_id=item_id,
            version=item.newest,
            content=content.to_json(),
            stage=stage,
            author=SEED,
            note="随系统导入",
            needs=_FACT_APPROVALS if waits else 0,
            created_at=now,
            published_at=None if waits else now,
        )
    )
    if kind in (Kind.GUIDE, Kind.SYNONYM, Kind.STAFF_TEXT):
        await live.write(session, item_id, content, author=SEED, approver=None)


def _file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml_files.read(seeds.DATA / "seed" / name)
    return found


def _guide(row: dict[str, Any]) -> GuideContent:
    elements = {name: row["guide"][name] or () for name in ELEMENTS}
    return GuideContent.model_validate(
        {
            "name": row["name"],
            "main_item": row["main_item"],
            "aliases": row.get("aliases", ()),
            "where": row["where"],
            "materials_waived": row["materials_waived"],
            "clauses": row["clauses"],
            "gaps": row["gaps"],
            **elements,
        }
    )


def _fact(row: dict[str, Any]) -> FactContent:
    return FactContent.model_validate(
        {
            "subject": row["topic"],
            "jurisdiction": row["jurisdiction"],
            "text": row["fact"],
            "source_title": row["source_title"],
            "doc_no": row["doc_no"],
            "published_on": str(row["date"] or ""),
            "valid_for": str(row.get("valid_for") or ""),
            "confidence": row["confidence"],
            "usable": row["usable"],
            "note": row.get("note") or "",
        }
    )
