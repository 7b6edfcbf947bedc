"""The whole knowledge leaves as files and comes back exactly."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from base.database import Database
from knowledge.authoring import exchange
from knowledge.authoring.exchange import CannotRestore
from knowledge.authoring.importing import import_seed
from knowledge.authoring.models import Kind, Stage
from knowledge.retrieval import snapshot
from staff import audit
from tests.knowledge.authoring.test_review import draft, one_quote, upload
from tests.knowledge.office import LI, WANG, ZHAO, Office


async def a_busy_week(office: Office) -> None:
    """Something of everything: uploads, edits, rejections, approvals under way, things taken down."""
    document = await office.editing.create_document(*upload(), who=WANG)
    await office.publish(document)
    await office.publish(await draft(office))
    rejected = await draft(office)
    await office.review.submit(rejected.revision_id, who=WANG)
    await office.review.reject(rejected.revision_id, who=LI, reason="口语太长：请分两句")
    faq_id, clause_id, quote = await one_quote(office)
    await office.review.unpublish(Kind.FAQ, faq_id, who=LI, reason="政策有变")
    _, clause_id, quote = await one_quote(office)
    old = await office.clause(clause_id)
    edited = await office.save(Kind.CLAUSE, clause_id, old.model_copy(update={"text": old.text.replace(quote, "废止")}))
    await office.approve(edited)
    await office.review.publish([edited.revision_id], who=LI, withdraw_broken=True)
    fact = next(waiting for waiting in await office.review.queue() if waiting.kind is Kind.FACT)
    await office.review.approve(fact.revision_id, who=ZHAO)


async def test_export_import_export_is_the_same_to_the_byte(office: Office, empty: Database) -> None:
    await a_busy_week(office)
    files = await exchange.export(office.database)
    await exchange.restore(empty, files, who="admin")
    again = await exchange.export(empty)
    assert sorted(again) == sorted(files)
    assert [path for path in files if again[path] != files[path]] == []
    assert exchange.to_zip(again) == exchange.to_zip(files)


async def test_citizens_are_answered_the_same_from_the_restored_knowledge(office: Office, empty: Database) -> None:
    await a_busy_week(office)
    await exchange.restore(empty, await exchange.export(office.database), who="admin")
    before, after = await snapshot.read(office.database), await snapshot.read(empty)
    assert after.clauses == before.clauses
    assert {clause.id for clause in after.loose} == {clause.id for clause in before.loose}
    assert after.topics == before.topics
    assert after.places == before.places


async def test_work_goes_on_after_a_restore(office: Office, empty: Database) -> None:
    await a_busy_week(office)
    await exchange.restore(empty, await exchange.export(office.database), who="admin")
    assert not await import_seed(empty, lambda line: None), "the same project files: nothing to bring in"
    elsewhere = Office(empty)
    fact = next(v for v in await elsewhere.review.queue() if v.kind is Kind.FACT and v.approvers)
    assert fact.approvers == (ZHAO,), "one of two approvals is still there"
    assert await elsewhere.review.approve(fact.revision_id, who=LI) is Stage.APPROVED
    assert (await audit.entries(empty, what=audit.Action.IMPORTED)).total == 1


async def test_one_edit_changes_one_file(office: Office) -> None:
    before = await exchange.export(office.database)
    faq_id, _, _ = await one_quote(office)
    await office.save(Kind.FAQ, faq_id, await office.faq(faq_id))
    after = await exchange.export(office.database)
    assert [path for path in after if after[path] != before.get(path)] == [f"faq/{faq_id}.yaml"]


async def test_a_zip_goes_out_and_comes_in(office: Office) -> None:
    files = await exchange.export(office.database)
    assert exchange.from_zip(exchange.to_zip(files)) == files


async def test_knowledge_is_not_poured_over_knowledge(office: Office) -> None:
    files = await exchange.export(office.database)
    with pytest.raises(CannotRestore, match="not empty"):
        await exchange.restore(office.database, files, who="admin")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("../../etc/passwd", "x"),
        ("faq/a.yaml", "!!python/object/apply:os.system ['true']"),
        ("faq/a.yaml", "id: a\nversions: []\n"),
        ("faq/a.yaml", "{broken"),
        ("state.yaml", "format: 99"),
    ],
)
async def test_files_that_are_no_export_are_refused_and_nothing_is_kept(
    office: Office, empty: Database, path: str, content: str
) -> None:
    files = await exchange.export(office.database) | {path: content}
    with pytest.raises(CannotRestore):
        await exchange.restore(empty, files, who="admin")
    assert (await snapshot.read(empty)).clauses == {}


def test_a_zip_bomb_and_what_is_no_zip_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("state.yaml", "0" * 2_000_000)
    monkeypatch.setattr(exchange, "_MAX_BYTES", 1_000_000)
    with pytest.raises(CannotRestore, match="too large"):
        exchange.from_zip(out.getvalue())
    with pytest.raises(CannotRestore, match="no archive"):
        exchange.from_zip(b"%PDF-1.7")


async def test_an_export_cannot_smuggle_an_unreviewed_answer_past_review(office: Office, empty: Database) -> None:
    made = await draft(office)
    files = await exchange.export(office.database)
    path = f"faq/{made.item_id}.yaml"
    files[path] = files[path].replace("stage: draft", "stage: published")
    with pytest.raises(CannotRestore):
        await exchange.restore(empty, files, who="admin")
