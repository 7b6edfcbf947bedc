"""Real documents of the trade with questions about them, brought into a base as staff would bring them.

A document's file and its questions stand side by side: `02-slug.txt` and `02-slug.yaml` (schema: bench/data/README.md).
They are of other cities, so that nothing here was written for them; the name of the place is changed to that of our
home wherever it stands, in the text and in the questions, as it would be when the home issued it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from base.database import Base, Database
from connectors.console.kit.forms import Form
from connectors.console.knowledge.findings import editable
from connectors.console.knowledge.typed_documents import parsed
from knowledge.authoring.editing import Editing
from knowledge.authoring.importing import import_seed
from knowledge.authoring.review import Review
from knowledge.documents.importing import import_document

FOLDER = Path(__file__).parent / "data" / "new_documents"
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WRITTEN_DATE = re.compile(
    "([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_STATES = ("北京", "上海", "天津", "重庆")


@dataclass(frozen=True, slots=True)
class Question:
    """`must_contain`: words of the document that a right answer holds, all of them; () for a near miss."""

    text: str
    must_contain: tuple[str, ...]
    official_words: bool
    kind: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file as staff upload it, what they would type beside it, and what is asked."""

    number: int
    name: str
    file_name: str
    data: bytes
    head: dict[str, Any]
    jurisdiction: str
    questions: tuple[Question, ...]


def load(folder: Path, wanted: Sequence[int] = (), *, even: bool | None = None) -> list[NewDocument]:
    """Those with questions, in order of number; `even` None: both halves."""
    found = []
    for path in sorted(folder.glob("[0-9]*-*.yaml"), key=_number):
        number = _number(path)
        if (wanted and number not in wanted) or (even is not None and (number % 2 == 0) is not even):
            continue
        found.append(_document(path, number))
    return found


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _document(path: Path, number: int) -> NewDocument:
    stored = yaml.safe_load(path.read_text(encoding="utf-8"))
    head = stored["doc"]
    change = _renaming(str(head.get("place", "")))
    file = path.parent / head["file"]
    data = file.read_bytes()
    if file.suffix in (".txt", ".html", ".htm"):
        data = _changed(data.decode("utf-8"), change).encode()
    asked = [
        Question(
            _changed(row["q"], change),
            tuple(_changed(str(words), change) for words in row["must_contain"]),
            bool(row.get("official_words")),
            str(row.get("kind", "")),
            _changed(str(row.get("answer", "")), change),
        )
        for row in stored["questions"]
    ]
    missed = [Question(_changed(row["q"], change), (), False, "near miss") for row in stored.get("near_misses", ())]
    head = {key: _changed(str(value), change) for key, value in head.items()}
    return NewDocument(number, path.stem, file.name, data, head, _jurisdiction(change), (*asked, *missed))


def _renaming(place: str) -> list[tuple[str, str]]:
    """吉林省长春市 → our province and our city; a province alone → our province; the country stays."""
    state = next((name for name in _STATES if place.startswith(name)), "")
    if state:
        return [(f"{state}市", "济宁市"), (state, "济宁")]
    province, _, city = place.partition("省")
    if not _ or "全国" in place:
        return []
    pairs = [(f"{province}省", "山东省"), (province, "山东")]
    if city:
        city = city.split("市")[0]
        pairs = [(f"{city}市", "济宁市"), (city, "济宁"), *pairs]
    return pairs


def _changed(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for before, after in pairs:
        text = text.replace(before, after)
    return text


def _jurisdiction(pairs: Sequence[tuple[str, str]]) -> str:
    names = [after for _, after in pairs]
    return "sd-jining" if "济宁市" in names else "sd" if names else "cn"


def same_dates(text: str) -> str:
    """二〇〇九年十二月十四日 → 2009年12月14日: which of the two a document prints says nothing of an answer."""
    return _WRITTEN_DATE.sub(lambda m: f"{m[1].translate(_DIGITS)}年{_small(m[2])}月{_small(m[3])}日", text)


def _small(number: str) -> int:
    tens, _, ones = number.rpartition("十")
    high = (int(tens.translate(_DIGITS)) if tens else 1) if "十" in number else 0
    return high * 10 + (int(ones.translate(_DIGITS)) if ones else 0)


async def fresh_base(path: Path) -> Database:
    """A database file with the seed knowledge."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await import_seed(database, lambda line: None)
    return database


def copied(template: Path, to: Path) -> Database:
    """The same base again, without importing anew."""
    shutil.copy(template, to)
    return Database(f"sqlite+aiosqlite:///{to}")


async def publish(database: Database, document: NewDocument) -> list[str]:
    """Upload, correct nothing but the head, submit, approve, publish; returns the ids of what is on air then."""
    imported = await import_document(document.data, document.file_name)
    found = editable(imported)
    for number, typed in enumerate(found["documents"]):
        typed["title"] = typed["title"] or document.head["title"]
        typed["doc_no"] = typed["doc_no"] or document.head.get("number") or "无文号"
        typed["issuer"] = typed["issuer"] or document.head["issuer"]
        typed["issue_date"] = typed["issue_date"] or document.head.get("date") or date.today().isoformat()
        typed["jurisdiction"] = document.jurisdiction
        if number == 0:
            typed |= {"title": document.head["title"][:300], "issuer": document.head["issuer"][:120]}
            typed["doc_no"] = document.head.get("number") or typed["doc_no"]
            typed["issue_date"] = document.head.get("date") or typed["issue_date"]
    form = Form()
    documents = parsed(form, found)
    if form.errors:
        raise ValueError(f"{document.name}: {form.errors}")
    editing, review = Editing(database), Review(database)
    made = [await editing.create_document(one, clauses, who="wangfang") for one, clauses in documents]
    for version in made:
        await review.submit(version.revision_id, who="wangfang")
        await review.approve(version.revision_id, who="lilei")
        await review.publish([version.revision_id], who="lilei")
    return [version.item_id for version in made]
