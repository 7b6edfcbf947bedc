"""Who loses words when clauses change: published answers that quote them, published guides that stand on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.authoring.content import ELEMENTS, GuideContent
from knowledge.authoring.models import Guide, Kind
from knowledge.models import Answer, Quote, Status, Topic

_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Losing:
    """An FAQ or a guide, the clause that it stands on, and the words that will not be there; "" for a whole clause."""

    kind: Kind
    item_id: str
    title: str
    clause_id: str
    quote: str


async def losing(session: AsyncSession, texts: Mapping[str, str | None]) -> list[Losing]:
    """`texts`: clause id → what it will say, None when it will be gone. In the order of the clauses, FAQs first."""
    places = {clause: place for place, clause in enumerate(texts)}
    found = [*await _answers(session, texts), *await _guides(session, {c for c, text in texts.items() if text is None})]
    return sorted(found, key=lambda one: (places[one.clause_id], one.kind != Kind.FAQ, one.title))


async def _answers(session: AsyncSession, texts: Mapping[str, str | None]) -> list[Losing]:
    wanted, found = list(texts), []
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        rows = await session.execute(
            select(Answer.topic_id, Topic.title, Quote.clause_id, Quote.text)
            .join(Answer, Quote.answer_id == Answer.id)
            .join(Topic, Topic.id == Answer.topic_id)
            .where(Answer.status == Status.PUBLISHED, Quote.clause_id.in_(wanted[start : start + _ASKED_AT_ONCE]))
            .order_by(Quote.position)
        )
        found += [Losing(Kind.FAQ, *row) for row in rows if row.text not in (texts[row.clause_id] or "")]
    return list(dict.fromkeys(found))


async def _guides(session: AsyncSession, gone: set[str]) -> list[Losing]:
    found = []
    for row in await session.scalars(select(Guide).where(Guide.live)):
        guide = GuideContent.model_validate(row.content)
        said = [statement for element in ELEMENTS for statement in guide.element(element)]
        cited = {clause for statement in said for clause in statement.clauses}
        found += [Losing(Kind.GUIDE, row.id, row.name, clause, "") for clause in sorted(cited & gone)]
    return found
