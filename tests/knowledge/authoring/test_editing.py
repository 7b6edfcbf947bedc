"""Editors write: versions, conflicts, lists, differences."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from base.staff_texts import StaffText
from knowledge.authoring import tables as live
from knowledge.authoring.content import ClauseContent, FaqContent, InvalidContent, parse
from knowledge.authoring.editing import Conflict
from knowledge.authoring.models import Kind, Revision, Stage
from knowledge.authoring.versions import NoSuchItem, changes
from knowledge.retrieval.normalise import seed_synonyms
from tests.knowledge.office import JINING_25, LI, WANG, ZHAO, Office

CLAUSE = f"{JINING_25}.m01"


async def test_everything_in_the_project_files_has_a_first_version(office: Office) -> None:
    counts = {kind: (await office.editing.find(kind)).total for kind in Kind}
    topics = len((await office.on_air()).topics)
    synonyms = len(seed_synonyms())
    assert counts == {
        Kind.DOCUMENT: 5,
        Kind.CLAUSE: 156,
        Kind.FAQ: topics,
        Kind.GUIDE: 45,
        Kind.FACT: 39,
        Kind.SYNONYM: synonyms,
        Kind.STAFF_TEXT: len(StaffText),
    }
    (first,) = await office.editing.history(Kind.CLAUSE, CLAUSE)
    assert (first.version, first.author, first.stage) == (1, "seed", Stage.PUBLISHED)


@pytest.mark.parametrize("kind", [Kind.DOCUMENT, Kind.CLAUSE, Kind.FAQ, Kind.GUIDE, Kind.STAFF_TEXT])
async def test_what_is_published_and_read_again_says_the_same(office: Office, kind: Kind) -> None:
    for number in range(1, 5):
        for listed in (await office.editing.find(kind, page=number)).items:
            content = (await office.editing.open(kind, listed.id)).content
            async with office.database.session() as session:
                await live.write(session, listed.id, content, author="seed", approver=None)
                session.expire_all()
                assert await live.read(session, kind, listed.id) == content, listed.id


async def test_an_edit_is_a_new_version_and_the_old_one_stays(office: Office) -> None:
    old = await office.clause(CLAUSE)
    saved = await office.editing.save(
        Kind.CLAUSE, CLAUSE, old.model_copy(update={"text": old.text + "（修订）"}), base=1, who=WANG, note="按新文件改"
    )
    assert (saved.version, saved.stage, saved.author, saved.note) == (2, Stage.DRAFT, WANG, "按新文件改")
    newest, first = await office.editing.history(Kind.CLAUSE, CLAUSE)
    assert isinstance(newest.content, ClauseContent)
    assert newest.content.text.endswith("（修订）")
    assert first.content == old
    assert (await office.on_air()).clauses[CLAUSE].text == old.text, "a draft is not answered from"


async def test_the_second_of_two_editors_is_shown_both_texts_and_nothing_is_overwritten(office: Office) -> None:
    old = await office.clause(CLAUSE)
    mine, hers = (old.model_copy(update={"heading": heading}) for heading in ("王芳的标题", "李蕾的标题"))
    await office.editing.save(Kind.CLAUSE, CLAUSE, mine, base=1, who=WANG)
    with pytest.raises(Conflict) as conflict:
        await office.editing.save(Kind.CLAUSE, CLAUSE, hers, base=1, who=LI)
    assert conflict.value.theirs.content == mine
    assert conflict.value.theirs.author == WANG
    assert conflict.value.yours == hers
    assert conflict.value.base is not None
    assert conflict.value.base.content == old
    assert await office.clause(CLAUSE) == mine


async def test_of_many_editors_at_the_same_moment_one_saves_and_the_others_are_told(office: Office) -> None:
    old = await office.clause(CLAUSE)
    saves = (
        office.editing.save(Kind.CLAUSE, CLAUSE, old.model_copy(update={"heading": who}), base=1, who=who)
        for who in (WANG, LI, ZHAO)
    )
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 2
    assert len(await office.editing.history(Kind.CLAUSE, CLAUSE)) == 2


async def test_rolling_back_brings_the_old_words_as_a_new_version(office: Office) -> None:
    old = await office.clause(CLAUSE)
    await office.save(Kind.CLAUSE, CLAUSE, old.model_copy(update={"text": "写错了"}))
    back = await office.editing.roll_back(Kind.CLAUSE, CLAUSE, to=1, base=2, who=LI)
    assert (back.version, back.author, back.content) == (3, LI, old)
    assert "第1版" in back.note


async def test_a_saved_version_cannot_be_changed_even_with_sql(office: Office) -> None:
    async def rewrite() -> None:
        async with office.database.session() as session:
            await session.execute(update(Revision).where(Revision.item_id == CLAUSE).values(content={"text": "别的"}))

    async def remove() -> None:
        async with office.database.session() as session:
            await session.execute(text("DELETE FROM revision"))

    with pytest.raises(DBAPIError, match="never edited"):
        await rewrite()
    with pytest.raises(DBAPIError, match="never deleted"):
        await remove()


async def test_script_in_a_clause_is_kept_as_the_text_it_is(office: Office) -> None:
    old = await office.clause(CLAUSE)
    evil = "<script>alert('x')</script>{{7*7}}'; DROP TABLE clause;--"
    await office.save(Kind.CLAUSE, CLAUSE, old.model_copy(update={"text": evil}))
    assert (await office.clause(CLAUSE)).text == evil


@pytest.mark.parametrize("typed", ["%", "_", "' OR '1'='1", "'; DROP TABLE item; --"])
async def test_what_is_typed_into_the_search_box_is_looked_for_literally(office: Office, typed: str) -> None:
    for listed in (await office.editing.find(Kind.CLAUSE, text=typed, page_size=200)).items:
        content = await office.clause(listed.id)
        assert typed in content.model_dump_json(), "a wildcard found what does not hold it"
    assert (await office.editing.find(Kind.CLAUSE, text=f"没有这样的{typed}")).total == 0
    assert (await office.editing.find(Kind.CLAUSE)).total == 156


async def test_an_editor_finds_clauses_by_words_document_and_stage(office: Office) -> None:
    found = await office.editing.find(Kind.CLAUSE, text="异地 备案", parent=JINING_25)
    assert found.items
    assert all(item.parent == JINING_25 for item in found.items)
    in_order = await office.editing.find(Kind.CLAUSE, parent=JINING_25, page_size=100)
    assert [item.id for item in in_order.items][4:6] == [f"{JINING_25}.m01", f"{JINING_25}.m02"]
    await office.save(Kind.CLAUSE, CLAUSE, await office.clause(CLAUSE))
    drafts = await office.editing.find(Kind.CLAUSE, stage=Stage.DRAFT)
    assert [item.id for item in drafts.items] == [CLAUSE]


async def test_a_list_comes_in_pages(office: Office) -> None:
    pages = [await office.editing.find(Kind.FAQ, page=number, page_size=50) for number in (1, 2, 3, 4, 5)]
    ids = [item.id for page in pages for item in page.items]
    assert len(ids) == len(set(ids)) == pages[0].total


async def test_the_difference_names_the_fields_that_changed(office: Office) -> None:
    old = await office.clause(CLAUSE)
    new = old.model_copy(update={"heading": "新标题", "searchable": not old.searchable})
    assert [(change.path, change.after) for change in changes(old, new)] == [
        ("heading", "新标题"),
        ("searchable", "否" if old.searchable else "是"),
    ]


async def test_an_unknown_item_is_said_to_be_unknown(office: Office) -> None:
    with pytest.raises(NoSuchItem):
        await office.editing.open(Kind.FAQ, "no-such-faq")


def test_an_answer_without_a_source_is_refused_beside_its_field() -> None:
    typed = {"title": "能报吗", "wordings": ["能报吗"], "answers": [{"jurisdiction": "sd-jining", "spoken": "能。"}]}
    with pytest.raises(InvalidContent) as refused:
        parse(Kind.FAQ, typed)
    assert refused.value.fields == {"answers.0": "答复必须注明依据：至少引用一条条款的原文"}


def test_every_wrong_field_is_told_in_chinese() -> None:
    with pytest.raises(InvalidContent) as refused:
        parse(Kind.DOCUMENT, {"title": " ", "doc_no": "x", "issue_date": "昨天", "jurisdiction": "a/b"})
    assert refused.value.fields == {
        "title": "请填写",
        "issuer": "请填写",
        "issue_date": "请按 2026-11-20 的样子填写日期",
        "jurisdiction": "编号只能用文字、数字、点和横线",
    }


def test_wordings_are_kept_once_each_and_blank_lines_go() -> None:
    faq = parse(Kind.FAQ, {"kind": "gap", "title": "问", "wordings": ["怎么报", " ", "怎么报 ", "咋报"]})
    assert isinstance(faq, FaqContent)
    assert faq.wordings == ("怎么报", "咋报")
