"""FAQs out to a workbook, and back in as drafts: all rows, or none with what is wrong about each.

    data = sheet(url, names)                             # for a process of its own: see `base.aside`
    taken = take(url, data, names, who="wangfang")       # raises RowsRefused, CannotRead

What comes in together is reviewed together, in bundles of at most BUNDLE.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.errors import ServiceError
from base.tenant import TENANT
from knowledge.authoring import content as contents
from knowledge.authoring import faq_sheet
from knowledge.authoring.content import FaqContent, InvalidContent
from knowledge.authoring.faq_sheet import Names, Row
from knowledge.authoring.models import Item, Kind, Revision, Stage
from knowledge.authoring.versions import PENDING, add_item, add_version, new_id, new_key
from knowledge.models import Clause, Document
from staff import audit
from staff.audit import Action

BUNDLE = 50
"""FAQs that one reviewer reads at a time."""
_PREFIX = "faq-file-"
_GONE = (Stage.WITHDRAWN, Stage.DISCARDED)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot come in, as the file numbers it."""

    number: int
    title: str
    words: str


class RowsRefused(ServiceError):
    """Nothing came in."""

    code = "rows_refused"
    retryable = False
    citizen_text = "有的行还不对，一行也没有导入。请照下面改好，再传一次。"

    def __init__(self, rows: Sequence[Wrong]) -> None:
        super().__init__(f"{len(rows)} rows")
        self.rows = tuple(rows)

    def __reduce__(self) -> tuple[type[RowsRefused], tuple[Sequence[Wrong]]]:
        """It comes from another process."""
        return RowsRefused, (self.rows,)


@dataclass(frozen=True, slots=True)
class Taken:
    """`key` is what the bundles' names begin with; "" where nothing changed."""

    key: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One of what came in with a file."""

    id: str
    title: str
    stage: Stage
    revision_id: int
    bundle: str


@dataclass(frozen=True, slots=True)
class _Text:
    """A clause that can be quoted."""

    id: str
    place: str
    issued: date
    text: str


def file_of(bundle: str | None) -> str:
    """The key of the file that a revision came with; "" for any other."""
    key, _, part = (bundle or "").rpartition(".")
    return key if key.startswith(_PREFIX) and part.isdecimal() else ""


def sheet(url: str, names: Names) -> bytes:
    """All FAQs that answer, and those that are on the way there."""
    return _run(url, lambda database: _sheet(database, names))


def take(url: str, data: bytes, names: Names, who: str) -> Taken:
    """Raises CannotRead, RowsRefused."""
    rows = faq_sheet.read(data, names)
    return _run(url, lambda database: _take(database, rows, who))


async def drafts(database: Database, key: str) -> list[Draft]:
    """What came in with a file, in its order, as it stands now."""
    wanted = (
        select(Revision.item_id, Item.title, Item.stage, Revision.id, Revision.bundle)
        .join(Item, (Item.kind == Revision.kind) & (Item.id == Revision.item_id) & (Item.newest == Revision.version))
        .where(Revision.kind == Kind.FAQ, Revision.bundle.startswith(f"{key}.", autoescape=True))
        .order_by(Revision.id)
    )
    async with database.session() as session:
        return [Draft(row[0], row[1], Stage(row[2]), row[3], str(row[4])) for row in await session.execute(wanted)]


def _run(url: str, work: Callable[[Database], Awaitable[Found]]) -> Found:
    async def with_database() -> Found:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.aclose()

    return asyncio.run(with_database())


async def _sheet(database: Database, names: Names) -> bytes:
    async with database.session() as session:
        known = await _known(session)
    faqs = {id: content for id, (_, content) in known.items()}
    return faq_sheet.as_workbook(faqs, names)


async def _known(session: AsyncSession) -> dict[str, tuple[Item, FaqContent]]:
    """id → what citizens are answered from; what is on the way there, where nothing is."""
    version = Item.published
    wanted = (
        select(Item, Revision.content)
        .join(Revision, (Revision.kind == Item.kind) & (Revision.item_id == Item.id))
        .where(Item.kind == Kind.FAQ)
        .where((Revision.version == version) | (version.is_(None) & (Revision.version == Item.newest)))
        .order_by(Item.parent, Item.id)
    )
    found = {}
    for item, data in await session.execute(wanted):
        content = contents.parse(Kind.FAQ, data)
        if (item.published or item.stage not in _GONE) and isinstance(content, FaqContent):
            found[item.id] = (item, content)
    return found


async def _take(database: Database, rows: Sequence[Row], who: str) -> Taken:
    async with database.session() as session:
        known, texts = await _known(session), await _texts(session)
        wrong: list[Wrong] = []
        contents_of: list[tuple[Row, FaqContent]] = []
        twice = Counter(row.id or row.fields["title"] for row in rows)
        titles = {content.title for _, content in known.values()}
        for row in rows:
            words = list(row.wrong) + _misplaced(row, known, titles, twice)
            content = _content(row, known, texts, words)
            wrong += [Wrong(row.number, row.fields["title"] or "（没有写问题）", one) for one in words]
            if content is not None:
                contents_of.append((row, content))
        if wrong:
            raise RowsRefused(wrong)
        return await _keep(session, contents_of, known, who)


async def _keep(
    session: AsyncSession,
    rows: Sequence[tuple[Row, FaqContent]],
    known: dict[str, tuple[Item, FaqContent]],
    who: str,
) -> Taken:
    key, note = f"{_PREFIX}{new_key()}", "从表格导入"
    added = changed = unchanged = 0
    for row, content in rows:
        bundle = f"{key}.{(added + changed) // BUNDLE + 1}"
        if row.id and known[row.id][1] == content:
            unchanged += 1
        elif row.id:
            base = known[row.id][0].newest
            await add_version(session, Kind.FAQ, row.id, content, base=base, who=who, note=note, bundle=bundle)
            changed += 1
        else:
            await add_item(session, Kind.FAQ, new_id(Kind.FAQ), content, who=who, note=note, bundle=bundle)
            added += 1
    audit.note(session, who, Action.IMPORTED, "faq", detail=f"{added + changed}")
    return Taken(key if added + changed else "", added, changed, unchanged)


def _misplaced(row: Row, known: dict[str, tuple[Item, FaqContent]], titles: set[str], twice: Counter[str]) -> list[str]:
    """What stands against the row as a whole."""
    title = row.fields["title"]
    if twice[row.id or title] > 1 and (row.id or title):
        return ["表里有两处，请合到一起（同一个问题的几行要挨着）"]
    if not row.id:
        return [f"已经有叫“{title}”的问答。要改它，请把它的编号填上"] if title in titles else []
    if row.id not in known:
        return [f"没有编号是“{row.id}”的问答。新写的，编号空着"]
    item = known[row.id][0]
    is_open = item.stage in PENDING and item.newest != item.published
    return ["它还有没发布的修改。请先发布或者放弃那一版，再导入"] if is_open else []


def _content(
    row: Row, known: dict[str, tuple[Item, FaqContent]], texts: dict[str, _Text], words: list[str]
) -> FaqContent | None:
    """Says into `words` what is wrong."""
    fields = dict(row.fields)
    for answer in fields["answers"]:
        answer["jurisdiction"] = answer["jurisdiction"] or TENANT.jurisdiction
        for quote in answer["quotes"]:
            _place(quote, answer["jurisdiction"], texts, words)
    if row.id in known:
        fields["gap"] = known[row.id][1].gap
    if words:
        return None
    try:
        content = contents.parse(Kind.FAQ, fields)
    except InvalidContent as problem:
        words += dict.fromkeys(f"{_column(path)}：{said}" for path, said in problem.fields.items())
        return None
    assert isinstance(content, FaqContent)
    return content


def _place(quote: dict[str, Any], place: str, texts: dict[str, _Text], words: list[str]) -> None:
    """Finds the clause of a quote, and writes the quote as it stands there."""
    said = "".join(quote["text"].split())
    named = quote["clause"]
    if named:
        if named in texts:
            quote["text"] = _as_written(texts[named].text, said) or quote["text"]
        return
    holding = [(one, exact) for one in texts.values() if (exact := _as_written(one.text, said))]
    if not said or not holding:
        words.append(f"依据原文“{quote['text'][:30]}”在已发布的条款里找不到，要一字不差")
        return
    best, exact = max(holding, key=lambda pair: (pair[0].place == place, pair[0].issued, pair[0].id))
    quote["clause"], quote["text"] = best.id, exact


def _as_written(text: str, said: str) -> str:
    """The piece of `text` that is `said` (which holds no white space) but for white space; "" where it is not there."""
    if not said:
        return ""
    if (bare := "".join(text.split())) != text:
        if said not in bare:
            return ""
        found = re.search(r"\s*".join(re.escape(char) for char in said), text)
        return found[0] if found else ""
    return said if said in text else ""


async def _texts(session: AsyncSession) -> dict[str, _Text]:
    wanted = (
        select(Clause.id, Document.jurisdiction_id, Document.issue_date, Clause.text)
        .join(Document, Document.id == Clause.document_id)
        .where(Clause.live, Document.live)
    )
    return {row[0]: _Text(*row) for row in await session.execute(wanted)}


_COLUMNS = {
    "title": "问题",
    "wordings": "群众的问法",
    "missing": "没有写的是什么",
    "spoken": "电话里怎么说",
    "more_spoken": "接着说",
    "written": "书面答复",
    "quotes": "依据原文",
    "clause": "依据原文",
    "text": "依据原文",
    "jurisdiction": "地区",
    "valid_from": "生效日期",
    "valid_until": "失效日期",
    "answers": "答复",
}


def _column(path: str) -> str:
    """The column of a field's path; the last part of it that has one."""
    return next((_COLUMNS[part] for part in reversed(path.split(".")) if part in _COLUMNS), "这一行")
