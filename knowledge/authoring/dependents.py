"""What belongs together: a clause whose words change, and the answers that quote those words.

Neither can be published without the other, because every quote must stand in its published clause. So one that waits
for the other may be submitted and approved, and with the last approval all of them are published in one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from base.database import Database
from knowledge.authoring.content import ELEMENTS, FaqContent, GuideContent
from knowledge.authoring.models import Item, Kind, Revision, Stage
from knowledge.authoring.publishing import BrokenQuote, CannotPublish, Problem
from knowledge.authoring.review import Review
from knowledge.authoring.versions import PENDING, Version


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stands against publishing a revision. `blocking`: its author must put it right; `waiting`: it holds once
    what belongs to it is published with it, or taken down."""

    blocking: Sequence[Problem] = ()
    waiting: Sequence[Problem] = ()


class Together:
    """Looks at revisions with what belongs to them."""

    def __init__(self, database: Database, review: Review) -> None:
        self._database, self._review = database, review

    async def outlook(self, revision_id: int) -> Outlook:
        """Of a pending revision. Changes nothing."""
        problems = await self._review.problems([revision_id])
        if not problems:
            return Outlook()
        own = {(part.kind, part.item_id) for part in await self._review.bundle(revision_id)}
        others = await self._others([revision_id], problems, PENDING)
        left = await self._review.problems([revision_id, *others]) if others else problems
        blocking = [one for one in left if (one.kind, one.item_id) in own or _is_no_quote_of(one, problems)]
        return Outlook(blocking, [one for one in problems if one not in blocking])

    async def publish(self, revision_id: int, *, who: str, withdraw_broken: bool = False) -> list[Version]:
        """With everything approved that belongs to it. Raises CannotPublish, WrongStage."""
        ids = [revision_id]
        while True:
            try:
                return await self._review.publish(ids, who=who)
            except CannotPublish as refusal:
                more = await self._others(ids, refusal.problems, (Stage.APPROVED,))
                if not more and not withdraw_broken:
                    raise
                if not more:
                    return await self._review.publish(ids, who=who, withdraw_broken=True)
                ids += more

    async def _others(self, ids: Sequence[int], problems: Sequence[Problem], stages: Sequence[Stage]) -> list[int]:
        """Newest revisions in `stages` of the clauses that these cite, and of the answers whose quotes they break."""
        cited = {clause for number in ids for part in await self._review.bundle(number) for clause in _cited(part)}
        cited |= {problem.clause_id for problem in problems if isinstance(problem, BrokenQuote)}
        broken = {problem.item_id for problem in problems if isinstance(problem, BrokenQuote)}
        wanted = (
            select(Revision.id)
            .join(
                Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id) & (Item.newest == Revision.version)
            )
            .where(Revision.stage.in_(stages), Revision.id.not_in(ids))
            .where(
                ((Revision.kind == Kind.CLAUSE) & Revision.item_id.in_(cited))
                | ((Revision.kind == Kind.FAQ) & Revision.item_id.in_(broken))
            )
        )
        async with self._database.session() as session:
            return list(await session.scalars(wanted.order_by(Revision.id)))


def _is_no_quote_of(problem: Problem, problems: Sequence[Problem]) -> bool:
    """One of these revisions' problems that nothing else mends."""
    return problem in problems and not isinstance(problem, BrokenQuote)


def _cited(part: Version) -> set[str]:
    content = part.content
    if isinstance(content, FaqContent):
        return {quote.clause for answer in content.answers for quote in answer.quotes}
    if isinstance(content, GuideContent):
        return {clause for name in ELEMENTS for statement in content.element(name) for clause in statement.clauses}
    return set()
