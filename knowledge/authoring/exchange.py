"""The whole knowledge as files, for git and for moving it: everything staff and seed ever wrote, with its history.

    files = await export(database)                         # {"faq/chronic-review.yaml": "…", …}
    await restore(empty_database, files, who="admin")      # and then export(empty_database) == files

    state.yaml           format, and which project files were imported last
    places.yaml          jurisdictions
    <kind>/<id>.yaml     one item: every version with its content, author, reviewers and times; of a gap also `true_of`,
                         the documents it was known of
    tests.yaml           test questions

The tables that citizens are answered from are not in the files: restoring publishes the published versions again.
Staff accounts, the audit log and citizens' questions stay where they are.
"""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from base import yaml_files
from base.database import Database
from base.errors import ServiceError
from knowledge.authoring import content as contents
from knowledge.authoring import publishing
from knowledge.authoring import tables as live
from knowledge.authoring.models import Approval, HitTest, Item, Kind, Revision, Stage
from knowledge.authoring.versions import shown
from knowledge.models import Fact, Jurisdiction, KnowledgeState, Status, Topic
from staff import audit
from staff.audit import Action

_FORMAT = 1
_MAX_FILES = 200_000
_MAX_BYTES = 500_000_000
_PATH = re.compile(r"(state|places|tests)\.yaml|(" + "|".join(Kind) + r")/[\w.-]+\.yaml")
_ORDER = (Kind.DOCUMENT, Kind.FACT, Kind.CLAUSE, Kind.FAQ, Kind.GUIDE, Kind.SYNONYM, Kind.STAFF_TEXT)


class CannotRestore(ServiceError):
    """The files cannot be brought in; nothing was. `citizen_text` says why, to staff."""

    code = "cannot_restore"
    retryable = False


async def export(database: Database) -> dict[str, str]:
    """Path → text of every file. Reading is one transaction; writing YAML happens in a thread."""
    async with database.session() as session:
        data = {"state.yaml": await _state(session), "places.yaml": await _places(session)}
        data["tests.yaml"] = await _tests(session)
        data |= await _items(session)
    return await asyncio.to_thread(lambda: {path: _dump(data[path]) for path in sorted(data)})


async def restore(database: Database, files: Mapping[str, str], *, who: str) -> int:
    """Bring an export into a database that holds no knowledge; returns the number of items. All or nothing.

    Raises CannotRestore: the database is not empty, a file is broken. An answer whose quotes do not hold (any more, or
    because somebody edited the files) is kept in history and not given to citizens.
    """
    data = await asyncio.to_thread(_load, files)
    async with database.session() as session:
        await _check_empty(session)
        await _restore_places(session, data["places.yaml"])
        items = [(path, row) for path, row in data.items() if "/" in path]
        items.sort(key=lambda item: (_ORDER.index(Kind(item[0].partition("/")[0])), item[0]))
        for path, row in items:
            await _restore_item(session, path, row)
        for row in data["tests.yaml"]:
            session.add(_test(row))
        state = await session.get(KnowledgeState, 1)
        if state is None:
            session.add(KnowledgeState(id=1, version=1, seed_hash=data["state.yaml"]["seed_hash"]))
        else:
            state.seed_hash, state.version = data["state.yaml"]["seed_hash"], state.version + 1
        await session.flush()
        audit.note(session, who, Action.IMPORTED, "knowledge", detail=f"{len(items)}")
    return len(items)


def packed(url: str) -> bytes:
    """The zip of the whole knowledge of a database, for a process of its own: it takes seconds."""
    return asyncio.run(_packed(url))


def unpacked_into(url: str, data: bytes, who: str) -> int:
    """Bring a zip into a database, for a process of its own. Raises CannotRestore."""
    return asyncio.run(_unpacked_into(url, data, who))


async def _packed(url: str) -> bytes:
    database = Database(url)
    try:
        return to_zip(await export(database))
    finally:
        await database.aclose()


async def _unpacked_into(url: str, data: bytes, who: str) -> int:
    database = Database(url)
    try:
        async with database.session() as session:
            await _check_empty(session)  # before minutes are spent on reading
        return await restore(database, from_zip(data), who=who)
    finally:
        await database.aclose()


def to_zip(files: Mapping[str, str]) -> bytes:
    """The same bytes for the same files: entries sorted, without times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path), files[path].encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def from_zip(data: bytes) -> dict[str, str]:
    """Raises CannotRestore: no archive, too large when unpacked, or holding something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_FILES or sum(entry.file_size for entry in entries) > _MAX_BYTES:
                raise CannotRestore("too large", citizen_text="压缩包展开后太大，没有导入。")
            return {entry.filename: archive.read(entry).decode() for entry in entries}
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError, EOFError) as error:
        raise CannotRestore("no archive", citizen_text="这不是导出的知识库压缩包，或者文件已损坏。") from error


async def _check_empty(session: AsyncSession) -> None:
    if await session.scalar(select(func.count()).select_from(Item)):
        raise CannotRestore("not empty", citizen_text="只能导入到空的知识库。")


async def _state(session: AsyncSession) -> dict[str, Any]:
    seed_hash = await session.scalar(select(KnowledgeState.seed_hash).where(KnowledgeState.id == 1))
    return {"format": _FORMAT, "seed_hash": seed_hash or ""}


async def _places(session: AsyncSession) -> list[dict[str, Any]]:
    rows = await session.scalars(select(Jurisdiction).order_by(Jurisdiction.id))
    return [{"id": row.id, "name": row.name, "level": row.level, "parent": row.parent_id} for row in rows]


async def _tests(session: AsyncSession) -> list[dict[str, Any]]:
    rows = await session.scalars(select(HitTest).order_by(HitTest.id))
    return [
        {
            "question": row.question,
            "place": row.place,
            "on": row.on.isoformat() if row.on else None,
            "channel": row.channel,
            "author": row.author,
            "created_at": row.created_at.isoformat(),
        }
        for row in rows
    ]


async def _items(session: AsyncSession) -> dict[str, Any]:
    rows = await session.scalars(
        select(Revision)
        .options(selectinload(Revision.approvals))
        .order_by(Revision.kind, Revision.item_id, Revision.version)
    )
    found: dict[str, Any] = {}
    for row in rows:
        item = found.setdefault(f"{row.kind}/{row.item_id}.yaml", {"id": row.item_id, "versions": []})
        item["versions"].append(_version(row))
    for gap_id, documents in await session.execute(select(Topic.id, Topic.true_of).order_by(Topic.id)):
        if documents and (path := f"{Kind.FAQ}/{gap_id}.yaml") in found:
            found[path]["true_of"] = sorted(documents)
    return found


def _version(row: Revision) -> dict[str, Any]:
    return {
        "version": row.version,
        "stage": str(row.stage),
        "author": row.author,
        "created_at": row.created_at.isoformat(),
        "published_at": row.published_at.isoformat() if row.published_at else None,
        "needs": row.needs,
        "approvals": [{"by": approval.approver, "at": approval.at.isoformat()} for approval in row.approvals],
        "bundle": row.bundle,
        "note": row.note,
        "answer_to_author": row.answer_to_author,
        "content": contents.parse(Kind(row.kind), row.content).to_json(),
    }


def _dump(data: Any) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000))


def _load(files: Mapping[str, str]) -> dict[str, Any]:
    strange = [path for path in files if not _PATH.fullmatch(path)]
    if strange or "state.yaml" not in files or "places.yaml" not in files:
        raise CannotRestore("not an export", citizen_text="这不是导出的知识库，或者缺少文件。")
    try:
        data = {path: yaml_files.load(text) for path, text in files.items()}
    except yaml.YAMLError as error:
        raise CannotRestore("broken file", citizen_text="有文件已损坏，没有导入。") from error
    if not isinstance(data["state.yaml"], dict) or data["state.yaml"].get("format") != _FORMAT:
        raise CannotRestore("other format", citizen_text="导出文件的版本不对，没有导入。")
    return {"tests.yaml": [], **data}


async def _restore_places(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    waiting = list(rows)
    there: set[str | None] = {None}
    while ready := [row for row in waiting if row["parent"] in there]:
        for row in ready:
            await session.merge(
                Jurisdiction(id=row["id"], name=row["name"], level=row["level"], parent_id=row["parent"])
            )
        await session.flush()
        there |= {row["id"] for row in ready}
        waiting = [row for row in waiting if row["id"] not in there]
    if waiting:
        raise CannotRestore("places", citizen_text="行政区的上下级关系不完整，没有导入。")


async def _restore_item(session: AsyncSession, path: str, row: dict[str, Any]) -> None:
    kind = Kind(path.partition("/")[0])
    try:
        item_id, versions = str(row["id"]), row["versions"]
        parsed = [(version, contents.parse(kind, version["content"])) for version in versions]
        session.add(_item(kind, item_id, *parsed[-1], versions))
        await session.flush()
        for version, content in parsed:
            await _restore_version(session, kind, item_id, version, content)
        if "true_of" in row and (topic := await session.get(Topic, item_id)):
            topic.true_of = [str(document) for document in row["true_of"]]  # not of those that came after it
        if kind is Kind.FACT and not any(version["stage"] == Stage.PUBLISHED for version in versions):
            session.add(_unpublished_fact(item_id, parsed[-1][1]))
        await session.flush()
    except (KeyError, IndexError, TypeError, ValueError, contents.InvalidContent, IntegrityError) as error:
        raise CannotRestore("broken item", citizen_text=f"文件 {path} 的内容不合要求，没有导入。") from error


def _item(
    kind: Kind, item_id: str, newest: dict[str, Any], content: contents.Content, versions: list[dict[str, Any]]
) -> Item:
    published = [version["version"] for version in versions if version["stage"] == Stage.PUBLISHED]
    return Item(
        kind=kind,
        id=item_id,
        newest=newest["version"],
        published=published[-1] if published else None,
        stage=Stage.PUBLISHED if newest["stage"] == Stage.DISCARDED and published else Stage(newest["stage"]),
        author=newest["author"],
        updated_at=datetime.fromisoformat(newest["published_at"] or newest["created_at"]),
        **shown(content),
    )


async def _restore_version(
    session: AsyncSession, kind: Kind, item_id: str, version: dict[str, Any], content: contents.Content
) -> None:
    row = Revision(
        kind=kind,
        item_id=item_id,
        version=version["version"],
        content=content.to_json(),
        stage=Stage.DRAFT,
        author=version["author"],
        note=version["note"],
        answer_to_author=version["answer_to_author"],
        needs=version["needs"],
        bundle=version["bundle"],
        created_at=datetime.fromisoformat(version["created_at"]),
        published_at=datetime.fromisoformat(version["published_at"]) if version["published_at"] else None,
        approvals=[
            Approval(author=version["author"], approver=given["by"], at=datetime.fromisoformat(given["at"]))
            for given in version["approvals"]
        ],
    )
    session.add(row)
    await session.flush()
    # As it went then: the database lets nothing be public without its approvals.
    row.stage = Stage(version["stage"])
    await session.flush()
    if row.stage == Stage.PUBLISHED:
        if isinstance(content, contents.FaqContent):
            content = await publishing.still_holding(session, content)
        approver = row.approvals[-1].approver if row.approvals else None
        await live.write(session, item_id, content, author=row.author, approver=approver)


def _unpublished_fact(item_id: str, content: contents.Content) -> Fact:
    assert isinstance(content, contents.FactContent)
    return Fact(
        id=item_id,
        subject=content.subject,
        jurisdiction_id=content.jurisdiction,
        text=content.text,
        source_title=content.source_title,
        doc_no=content.doc_no,
        confidence=content.confidence,
        usable=content.usable,
        status=Status.DRAFT,
    )


def _test(row: dict[str, Any]) -> HitTest:
    return HitTest(
        question=row["question"],
        place=row["place"],
        on=date.fromisoformat(row["on"]) if row["on"] else None,
        channel=row["channel"],
        author=row["author"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )
