"""A new version of a document that is there: compared before anything is saved, and reviewed like everything else."""

from __future__ import annotations

import html
import io
import re

from aiohttp import FormData

from knowledge.authoring.content import ClauseContent, DocumentContent
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind, Stage
from staff import audit
from staff.audit import Action
from tests.connectors.console.knowledge.test_items import fields_of
from tests.connectors.console.knowledge.test_upload import NOTICE, as_docx, keep, untrusted, upload
from tests.connectors.console.office import Browser, Office

AMENDED = (
    *NOTICE[:1],
    "济医保发〔2027〕3号",
    *NOTICE[2:5],
    "一、缩短办理时限。门诊慢特病资格认定办理时限压缩为3个工作日。",
    "二、扩大病种范围。慢性肾脏病纳入门诊慢特病管理，随时可以申请认定。",
    "三、提高补助标准。每人每年补助300元。",
    "济宁市医疗保障局",
    "2027年1月8日",
)
SHORTER = (*NOTICE[:6], *NOTICE[7:])
"""Without its second clause."""


async def published(desk: Office) -> str:
    """The notice, uploaded and approved; the id of the document."""
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await upload(editor, "通知.docx", as_docx())
        await keep(editor, fields_of(editor.page), "submit")
        document = re.findall(r"/console/clauses\?parent=(document-\w+)", editor.page)[0]
        await approve(reviewer)
    return document


async def approve(reviewer: Browser, **fields: str) -> None:
    await reviewer.open("/review")
    link = re.findall(r'href="/console(/review/\d+)">济宁市医疗保障局关于优化门诊慢特病', reviewer.page)[0]
    await reviewer.open(link)
    assert "position" not in reviewer.text, "no code's word among what changed"
    await reviewer.send(link + "/approve", fields)
    assert "已通过并发布" in reviewer.text


async def reissue(browser: Browser, document: str, data: bytes, name: str = "新.docx", expect: int = 200) -> None:
    await browser.open(f"/documents/{document}/new-version")
    form = FormData()
    form.add_field("csrf", browser.token)
    form.add_field("file", io.BytesIO(data), filename=name)
    await browser._see(await browser.client.post(f"/console/documents/{document}/new-version", data=form), expect)


async def press(
    browser: Browser, document: str, then: str, expect: int = 200, fields: list[tuple[str, str]] | None = None
) -> None:
    """A button below the comparison, with what the page holds."""
    form = FormData()
    form.add_field("csrf", browser.token)
    for name, value in [*(fields_of(browser.page) if fields is None else fields), ("then", then)]:
        form.add_field(name, value, content_type="text/plain")
    form.add_field("end", b"", filename="")
    path = f"/console/documents/{document}/new-version/save"
    await browser._see(await browser.client.post(path, data=form), expect)


def states(page: str) -> list[str]:
    return re.findall(r'data-state="(\w+)"', page)


async def clauses(desk: Office, document: str) -> dict[str, str]:
    """id → published text."""
    editing, found = Editing(desk.database), {}
    for item in (await editing.find(Kind.CLAUSE, parent=document)).items:
        if version := (await editing.open(Kind.CLAUSE, item.id)).published:
            assert isinstance(version.content, ClauseContent)
            found[item.id] = version.content.text
    return found


async def test_it_is_compared_reviewed_published_and_taken_back(desk: Office) -> None:
    document = await published(desk)
    before = await clauses(desk, document)
    path = f"/documents/{document}"
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await editor.open(path)
        assert f'href="/console{path}/new-version">上传新版本' in editor.page
        await reissue(editor, document, as_docx(AMENDED))
        assert states(editor.page) == ["same", "changed", "new", "renumbered"]
        assert "没变 1 条，只变了编号 1 条，改了 1 条，新增 1 条" in editor.text
        assert "<del>5</del><ins>3</ins>" in editor.page
        assert 'value="济医保发〔2027〕3号"' in editor.page
        assert "现在：济医保发〔2026〕12号" in editor.text
        assert "现在：2026-11-20" in editor.text
        await press(editor, document, "submit")
        assert "等另一位同事审核" in editor.text
        assert "上传新版本：改 1 条、新增 1 条、只变编号 1 条" in editor.text
        assert await clauses(desk, document) == before
        await approve(reviewer)
        now = await clauses(desk, document)
        assert [id for id in now if id in before] == list(before), "the same clauses"
        assert sum("3个工作日" in text for text in now.values()) == 1
        assert len(now) == len(before) + 1
        await editor.open(path + "/history")
        await editor.send(path + "/roll-back", {"to": "1", "base": "2"})
        await editor.send(path + "/submit", {"revision": re.findall(r'name="revision" value="(\d+)"', editor.page)[0]})
        await approve(reviewer)
    assert await clauses(desk, document) == before
    opened = await Editing(desk.database).open(Kind.DOCUMENT, document)
    assert isinstance(opened.content, DocumentContent)
    assert opened.content.doc_no == "济医保发〔2026〕12号"


async def test_a_clause_that_is_gone_is_shown_with_the_answers_that_quote_it(desk: Office) -> None:
    source = "jining-yb-2023-25"
    content = (await Editing(desk.database).open(Kind.CLAUSE, f"{source}.m08")).content
    assert isinstance(content, ClauseContent)
    texts = [text for id, text in (await clauses(desk, source)).items() if id != f"{source}.m08"]
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, source, "\n".join(texts).encode(), "新.txt")
        assert "gone" in states(editor.page)
        assert content.text[:30] in editor.text
        assert "条款“m08" in editor.text
        assert re.search(r'href="/console/faq/remote-filing-\w+" target="_blank"', editor.page)
        assert (await Editing(desk.database).open(Kind.CLAUSE, f"{source}.m08")).version == 1, "nothing is saved yet"


async def test_the_editor_corrects_what_belongs_to_what(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, document, as_docx(AMENDED))
        was = [(name, value) for name, value in fields_of(editor.page) if name.endswith(".was") and value]
        (first, first_id), (last, last_id) = was[1], was[2]
        swapped = {first: last_id, last: first_id}
        fields = [(name, swapped.get(name, value)) for name, value in fields_of(editor.page)]
        await press(editor, document, "compare", fields=fields)
        assert [(name, value) for name, value in fields_of(editor.page) if name in swapped] == list(swapped.items())
        twice = [(name, first_id if name in swapped else value) for name, value in fields_of(editor.page)]
        await press(editor, document, "save", expect=422, fields=twice)
        assert "每一条现在的条款只能对应一次" in editor.text
        await press(editor, document, "save", fields=fields)
        assert "新版本已存为草稿" in editor.text
    history = await Editing(desk.database).history(Kind.CLAUSE, last_id)
    assert isinstance(history[0].content, ClauseContent)
    assert "3个工作日" in history[0].content.text


async def test_files_that_cannot_be_trusted_are_refused_and_nothing_is_lost(desk: Office) -> None:
    document = await published(desk)
    before = await clauses(desk, document)
    cases = [*untrusted(), ("", b"", "请先选择文件")]
    async with desk.logged_in("bianji") as editor:
        for name, data, words in cases:
            await reissue(editor, document, data, name, expect=422)
            assert words in editor.text, name
            assert "上传新版本" in editor.text
    assert (await audit.entries(desk.database, what=Action.UPLOAD_REFUSED)).total == len(cases) - 1
    assert await clauses(desk, document) == before
    assert (await Editing(desk.database).open(Kind.DOCUMENT, document)).version == 1


async def test_text_that_no_clause_holds_is_told_corrected_or_confirmed(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, document, as_docx(AMENDED))
        lost = [
            (name, value.replace("随时可以申请认定。", "") if name.endswith(".text") else value)
            for name, value in fields_of(editor.page)
        ]
        await press(editor, document, "save", expect=422, fields=lost)
        assert "原文有、条款里没有" in editor.text
        assert "随时可以申请认定。" in editor.text
        await press(editor, document, "correct")
        assert "核对识别结果" in editor.text
        assert '<mark class="lost">' in editor.page
        mended = [
            (name, value + "随时可以申请认定。" if value.endswith("门诊慢特病管理，") else value)
            for name, value in fields_of(editor.page)
        ]
        await press(editor, document, "compare", fields=mended)
        assert states(editor.page) == ["same", "changed", "new", "renumbered"]
        assert "完整性检查：新文件的每个字都在" in editor.text
        await press(editor, document, "save", fields=[*lost, ("accepted", "yes")])
        assert "新版本已存为草稿" in editor.text


async def test_the_second_of_two_editors_is_told_and_overwrites_nothing(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as first, desk.logged_in("bianji2") as second:
        await reissue(second, document, as_docx(SHORTER))
        mine = fields_of(second.page)
        await reissue(first, document, as_docx(AMENDED))
        await press(first, document, "save")
        await press(second, document, "submit", expect=409, fields=mine)
        assert "王编辑" in second.text
        assert "没有保存" in second.text
        assert "先发布或者放弃它们" in second.text
        await press(second, document, "submit", expect=409)
        await second.open(f"/documents/{document}/new-version")
        assert "先发布或者放弃它们" in second.text
        assert 'type="file"' not in second.page
    newest = (await Editing(desk.database).open(Kind.DOCUMENT, document)).newest
    assert (newest.version, newest.author, newest.stage) == (2, "bianji", Stage.DRAFT)


async def test_the_form_sent_twice_saves_once(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, document, as_docx(AMENDED))
        fields = fields_of(editor.page)
        await press(editor, document, "submit", fields=fields)
        await press(editor, document, "submit", fields=fields)
        assert "等另一位同事审核" in editor.text
    assert len(await Editing(desk.database).history(Kind.DOCUMENT, document)) == 2


async def test_a_comparison_survives_a_session_that_ended(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, document, as_docx(AMENDED))
        await desk.accounts.set_password("bianji", "another-horse-8", by="test")
        await press(editor, document, "submit", expect=401)
        login = FormData()
        kept = html.unescape(editor.page.split('name="kept" value="')[1].split('"')[0])
        back = f"/console/documents/{document}/new-version/save"
        for name, value in {"csrf": editor.token, "name": "bianji", "password": "another-horse-8"}.items():
            login.add_field(name, value, content_type="text/plain")
        login.add_field("next", back, content_type="text/plain")
        login.add_field("kept", kept, content_type="text/plain")
        await editor._see(await editor.client.post("/console/login", data=login), 200)
        assert "刚才填写的内容还在" in editor.text
        assert document not in editor.text, "no codes among the words"
        await press(editor, document, "submit")
        assert "等另一位同事审核" in editor.text


async def test_the_same_file_once_more_saves_nothing(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor:
        await reissue(editor, document, as_docx())
        assert set(states(editor.page)) == {"same"}
        await press(editor, document, "save", expect=422)
        assert "没有要保存的" in editor.text
    assert len(await Editing(desk.database).history(Kind.DOCUMENT, document)) == 1


async def test_only_who_may_edit_gets_there(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("shenhe") as reviewer:
        await reviewer.open(f"/documents/{document}")
        assert "上传新版本" not in reviewer.text
        await reviewer.open(f"/documents/{document}/new-version", expect=403)
    async with desk.logged_in("bianji") as editor:
        await editor.open("/documents/nothing/new-version", expect=404)


async def test_the_reviewer_sees_what_came_what_changed_and_what_goes(desk: Office) -> None:
    document = await published(desk)
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await reissue(editor, document, as_docx((*SHORTER[:5], AMENDED[6].replace("二、", "一、"), *SHORTER[6:])))
        await press(editor, document, "submit")
        await reviewer.open("/review")
        link = re.findall(r'href="/console(/review/\d+)">济宁市医疗保障局关于优化门诊慢特病', reviewer.page)[0]
        await reviewer.open(link)
        assert "新版本里没有" in reviewer.text
        assert '<span class="badge new">新增</span>' in reviewer.page
        await approve(reviewer)
    assert any("慢性肾脏病" in text for text in (await clauses(desk, document)).values())
    assert not any("300元" in text for text in (await clauses(desk, document)).values())
