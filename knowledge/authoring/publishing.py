"""What stands between an approved revision and the public: every reference must hold, before and after.

Each quote of a published answer stands word for word in a published clause of a published document. One rule covers an
FAQ that quotes a draft, a clause edited under an answer, and a document taken down. It is checked after writing, inside
the transaction, so only for the answers that the changed items can break: to look at all of them would keep every other
writer waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.errors import ServiceError
from knowledge.authoring import content as contents
from knowledge.authoring import tables as live
from knowledge.authoring.content import (
    ClauseContent,
    Content,
    DocumentContent,
    FactContent,
    FaqContent,
    GuideContent,
    SynonymContent,
)
from knowledge.authoring.models import Item, Kind, Revision, Stage, Synonym
from knowledge.authoring.versions import shown
from knowledge.models import Answer, Clause, Document, Jurisdiction, Quote, Status, Topic

_MOST_TOLD = 200
Changed = tuple[Kind, str]
"""An item: its kind and its id."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason against publishing, for staff. `item` is where to look: a kind and an id."""

    kind: Kind
    item_id: str
    text: str


@dataclass(frozen=True, slots=True)
class BrokenQuote(Problem):
    """A published answer quotes words that its clause no longer holds (or the clause is not public)."""

    jurisdiction: str
    clause_id: str
    quote: str


class CannotPublish(ServiceError):
    """Nothing was published; `problems` says everything that stands against it."""

    code = "cannot_publish"
    retryable = False
    citizen_text = "现在还不能发布，请先处理下面的问题。"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


async def write(session: AsyncSession, rows: Sequence[Revision]) -> None:
    """Bring the revisions into the tables that citizens are answered from."""
    for row in rows:
        content = contents.parse(Kind(row.kind), row.content)
        approver = row.approvals[-1].approver if row.approvals else None
        await live.write(session, row.item_id, content, author=row.author, approver=approver)


async def problems_before(session: AsyncSession, rows: Sequence[Revision]) -> list[Problem]:
    """What the rows themselves refer to and is not there; and parts of a bundle that are not approved yet."""
    places = set(await session.scalars(select(Jurisdiction.id)))
    documents = set(await session.scalars(select(Document.id).where(Document.live)))
    clauses = set(await session.scalars(select(Clause.id).where(Clause.live)))
    documents |= {row.item_id for row in rows if row.kind == Kind.DOCUMENT}
    clauses |= {row.item_id for row in rows if row.kind == Kind.CLAUSE}
    clauses -= {row.item_id for row in rows if row.kind == Kind.CLAUSE and row.content.get("dropped")}
    known = _Known(places, documents, clauses)
    found = [problem for row in rows for problem in _missing(row, known)]
    return [*found, *await _double_synonyms(session, rows), *await _left_behind(session, rows)]


async def problems_after(session: AsyncSession, changed: Sequence[Changed]) -> list[Problem]:
    """Quotes that these items' change broke: as many as somebody could read."""
    return list(await broken_quotes(session, changed, most=_MOST_TOLD))


async def broken_quotes(
    session: AsyncSession, changed: Sequence[Changed], most: int | None = None
) -> list[BrokenQuote]:
    """Quotes of published answers that these items are or are cited by and that are not word for word in a published
    clause of a published document; all of them, or `most`."""
    own: dict[Kind, set[str]] = {}
    for kind, item_id in changed:
        # A published fact is quoted as the clause it becomes.
        quoted = (Kind.CLAUSE, live.fact_clause_id(item_id)) if kind is Kind.FACT else (kind, item_id)
        own.setdefault(quoted[0], set()).add(quoted[1])
    touched = [
        column.in_(own[kind])
        for kind, column in (
            (Kind.FAQ, Answer.topic_id),
            (Kind.CLAUSE, Quote.clause_id),
            (Kind.DOCUMENT, Clause.document_id),
        )
        if kind in own
    ]
    if not touched:
        return []
    # replace() finds exact words on every database; LIKE has wildcards and ignores case.
    rows = await session.execute(
        select(Answer.topic_id, Topic.title, Answer.jurisdiction_id, Quote.clause_id, Quote.text)
        .join(Answer, Quote.answer_id == Answer.id)
        .join(Topic, Topic.id == Answer.topic_id)
        .join(Clause, Clause.id == Quote.clause_id)
        .join(Document, Document.id == Clause.document_id)
        .where(Answer.status == Status.PUBLISHED, or_(*touched))
        .where(~Clause.live | ~Document.live | (func.replace(Clause.text, Quote.text, "") == Clause.text))
        .order_by(Answer.topic_id, Answer.jurisdiction_id, Quote.position)
        .limit(most)
    )
    return [_broken(*row) for row in rows]


async def withdraw_broken(session: AsyncSession, changed: Sequence[Changed]) -> list[BrokenQuote]:
    """Take down every published answer whose quote their change broke: better no answer than an outdated one."""
    found = await broken_quotes(session, changed)
    for broken in found:
        await session.execute(
            update(Answer)
            .where(
                Answer.topic_id == broken.item_id,
                Answer.jurisdiction_id == broken.jurisdiction,
                Answer.status == Status.PUBLISHED,
            )
            .values(status=Status.WITHDRAWN)
        )
    return found


async def still_holding(session: AsyncSession, content: FaqContent) -> FaqContent:
    """Without the answers that quote what no published clause says: those were taken down."""
    cited = {quote.clause for answer in content.answers for quote in answer.quotes}
    rows = await session.execute(select(Clause.id, Clause.text).where(Clause.id.in_(cited), Clause.live))
    texts: dict[str, str] = {row.id: row.text for row in rows}
    kept = [a for a in content.answers if all(quote.text in texts.get(quote.clause, "") for quote in a.quotes)]
    return content.model_copy(update={"answers": tuple(kept)})


def _broken(topic_id: str, title: str, jurisdiction: str, clause_id: str, quote: str) -> BrokenQuote:
    text = f"问答“{title}”引用的原文在已发布的条款里找不到：{quote[:80]}"
    return BrokenQuote(Kind.FAQ, topic_id, text, jurisdiction, clause_id, quote)


@dataclass(frozen=True, slots=True)
class _Known:
    places: set[str]
    documents: set[str]
    clauses: set[str]


def _missing(row: Revision, known: _Known) -> list[Problem]:
    content = contents.parse(Kind(row.kind), row.content)
    texts = [f"没有这个地区：{place}" for place in shown(content)["place"].split() if place not in known.places]
    return [Problem(Kind(row.kind), row.item_id, text) for text in [*texts, *_missing_references(content, known)]]


def _missing_references(content: Content, known: _Known) -> list[str]:
    if isinstance(content, ClauseContent) and content.document not in known.documents:
        return [f"条款所属的文件没有发布：{content.document}"]
    if isinstance(content, DocumentContent) and content.superseded_by:
        return [] if content.superseded_by in known.documents else [f"替代文件没有发布：{content.superseded_by}"]
    if isinstance(content, FaqContent):
        cited = [quote.clause for answer in content.answers for quote in answer.quotes]
        return [f"引用的条款没有发布：{clause}" for clause in dict.fromkeys(cited) if clause not in known.clauses]
    if isinstance(content, GuideContent):
        said = [statement for name in contents.ELEMENTS for statement in content.element(name)]
        cited = [clause for statement in said for clause in statement.clauses]
        return [f"引用的条款没有发布：{clause}" for clause in dict.fromkeys(cited) if clause not in known.clauses]
    return _unfit_fact(content) if isinstance(content, FactContent) else []


def _unfit_fact(content: FactContent) -> list[str]:
    if content.usable == "no":
        return ["这条外部资料标为“不得向来电人说”，不能发布"]
    if content.usable == "quote" and live.first_day(content.published_on) is None:
        return ["没有发布日期，答复时说不出是哪一年的，请先补上"]
    return []


async def _double_synonyms(session: AsyncSession, rows: Sequence[Revision]) -> list[Problem]:
    """What people say comes down to one word: not to two, and not to a word that itself comes down to another."""
    new = {
        row.item_id: contents.parse(Kind.SYNONYM, row.content)
        for row in rows
        if row.kind == Kind.SYNONYM and not row.content.get("adds")
    }
    if not new:
        return []
    published = await session.scalars(select(Synonym).where(Synonym.live, ~Synonym.adds, Synonym.id.not_in(new)))
    known = {row.id: SynonymContent(word=row.word, variants=tuple(row.variants)) for row in published}
    known |= {item_id: content for item_id, content in new.items() if isinstance(content, SynonymContent)}
    return [
        Problem(Kind.SYNONYM, item_id, f"“{said}”已经写在同义词“{other.word}”里了，一种说法只能归到一处")
        for item_id in new
        for other_id, other in known.items()
        if other_id != item_id
        for said in sorted({known[item_id].word, *known[item_id].variants} & {other.word, *other.variants})
    ]


async def _left_behind(session: AsyncSession, rows: Sequence[Revision]) -> list[Problem]:
    bundles = {row.bundle for row in rows if row.bundle}
    waiting = await session.scalars(
        select(Revision)
        .join(Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id) & (Item.newest == Revision.version))
        .where(
            Revision.bundle.in_(bundles),
            Revision.stage.in_((Stage.DRAFT, Stage.SUBMITTED, Stage.REJECTED)),
            Revision.id.not_in([row.id for row in rows]),
        )
    )
    return [Problem(Kind(row.kind), row.item_id, "同一份文件里还有没通过审核的内容") for row in waiting]
