"""Editing, review and history as staff live them: one writes, another approves, anything can come back."""

from __future__ import annotations

import re

from connectors.console.kit.fields import nested
from knowledge.authoring.editing import Editing
from knowledge.authoring.models import Kind
from tests.connectors.console.office import Browser, Office

FAQ = "/faq/remote-filing-online"


def fields_of(page: str) -> list[tuple[str, str]]:
    """What a browser would send of the page's main form, unchanged."""
    import html

    from lxml.html import fromstring

    form = next(form for form in fromstring(page).forms if "data-guard" in form.attrib)
    fields = [(name, value) for name, value in form.form_values() if name != "csrf"]
    return [(name, html.unescape(str(value)).removeprefix("\n")) for name, value in fields]


def changed(fields: list[tuple[str, str]], **to: str) -> list[tuple[str, str]]:
    return [(name, to.get(name.replace(".", "_"), value)) for name, value in fields]


async def published(desk: Office, kind: Kind, item_id: str) -> object:
    opened = await Editing(desk.database).open(kind, item_id)
    assert opened.published
    return opened.published.content


async def save_faq(browser: Browser, then: str = "save", expect: int = 200, **to: str) -> None:
    fields = changed(fields_of(await browser.open(FAQ + "/edit")), **to)
    await browser.send(FAQ + "/edit", [*fields, ("then", then)], expect=expect)


async def test_saving_an_unchanged_form_changes_nothing(desk: Office) -> None:
    for kind, path in (
        (Kind.FAQ, FAQ),
        (Kind.CLAUSE, "/clauses/jining-yb-2023-25.m08"),
        (Kind.DOCUMENT, "/documents/jining-yb-2023-25"),
        (Kind.GUIDE, "/guides/site-complaint"),
        (Kind.SYNONYM, "/synonyms/医保卡"),
    ):
        async with desk.logged_in("bianji") as browser:
            fields = fields_of(await browser.open(path + "/edit"))
            await browser.send(path + "/edit", [*fields, ("then", "save")])
            assert "已保存为草稿" in browser.text
        opened = await Editing(desk.database).open(kind, path.rsplit("/", 1)[-1])
        assert opened.published
        assert opened.content == opened.published.content


async def test_an_edit_is_reviewed_by_somebody_else_and_then_public(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await save_faq(editor, "submit", title="手机上怎么备案")
        assert "等另一位同事审核" in editor.text
        await editor.open(FAQ)
        assert "现在答复用的是第 1 版" in editor.text
    async with desk.logged_in("shenhe") as reviewer:
        await reviewer.open("/review")
        link = re.findall(r'href="/console(/review/\d+)">手机上怎么备案', reviewer.page)[0]
        await reviewer.open(link)
        assert "<del>" in reviewer.page
        assert "<ins>" in reviewer.page
        await reviewer.send(link + "/approve", {})
        assert "已通过并发布" in reviewer.text
    assert (await published(desk, Kind.FAQ, "remote-filing-online")).title == "手机上怎么备案"  # type: ignore[attr-defined]


async def test_nobody_approves_their_own(desk: Office) -> None:
    async with desk.logged_in("zhuguan") as both:
        await save_faq(both, "submit", title="自己写自己审")
        await both.open("/review")
        assert "自己写的" in both.text
        link = re.findall(r'href="/console(/review/\d+)">自己写自己审', both.page)[0]
        await both.open(link)
        assert "要由另一位同事审核" in both.text
        await both.send(link + "/approve", {}, expect=422)
        assert "另一位同事审核" in both.text


async def test_rejecting_needs_a_reason_and_the_author_reads_it(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await save_faq(editor, "submit", title="改得不对")
        await reviewer.open("/review")
        link = re.findall(r'href="/console(/review/\d+)">改得不对', reviewer.page)[0]
        await reviewer.open(link)
        await reviewer.send(link + "/reject", {"reason": " "}, expect=422)
        assert "请写明为什么退回" in reviewer.text
        await reviewer.send(link + "/reject", {"reason": "请写清是哪个小程序"})
        await editor.open(FAQ)
        assert "请写清是哪个小程序" in editor.text


async def test_two_editors_on_one_faq_the_second_is_told_and_loses_nothing(desk: Office) -> None:
    async with desk.logged_in("bianji") as first, desk.logged_in("bianji2") as second:
        mine = fields_of(await second.open(FAQ + "/edit"))
        await save_faq(first, title="第一位改的标题")
        await second.send(FAQ + "/edit", [*changed(mine, title="第二位改的标题"), ("then", "save")], expect=409)
        assert "别人已经保存了新版本" in second.text
        assert "王编辑" in second.text
        assert "第一位改的标题" in second.text.replace(" ", "")
        assert 'value="第二位改的标题"' in second.page
        await first.open(FAQ)
        assert "第一位改的标题" in first.text
        merged = fields_of(second.page)
        await second.send(FAQ + "/edit", [*merged, ("then", "save")])
        assert "第二位改的标题" in second.text


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await save_faq(editor, expect=422, title=" ", wordings="怎么备案呀\n在哪备案呀", answers_0_spoken="")
        assert "还没有保存，有 2 处需要改" in editor.text
        assert 'id="title-error"' in editor.page
        assert 'id="answers.0.spoken-error"' in editor.page
        assert "怎么备案呀\n在哪备案呀" in editor.page


async def test_an_answer_without_a_source_cannot_be_saved(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        fields = fields_of(await editor.open(FAQ + "/edit"))
        without = [(name, value) for name, value in fields if ".quotes." not in name]
        await editor.send(FAQ + "/edit", [*without, ("then", "save")], expect=422)
        assert "答复必须注明依据" in editor.text


async def test_the_last_row_of_a_list_can_be_removed(desk: Office) -> None:
    path = "/guides/site-complaint"
    async with desk.logged_in("bianji") as editor:
        fields = fields_of(await editor.open(path + "/edit"))
        without = [(name, value) for name, value in fields if not name.startswith("process.")]
        await editor.send(path + "/edit", [*without, ("then", "save")])
        assert "办理流程" in editor.text.split("缺的内容不会对群众说")[0].split("还没有填的：")[1]


async def test_script_in_a_clause_is_shown_as_text_everywhere(desk: Office) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    path = "/clauses/jining-yb-2023-25.m08"
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        fields = fields_of(await editor.open(path + "/edit"))
        await editor.send(path + "/edit", [*changed(fields, heading=attack, text=attack + "全文"), ("then", "save")])
        pages = [await editor.open(where) for where in (path, path + "/edit", path + "/history", "/clauses?q=script")]
        pages.append(await editor.open("/clauses/pick?row=0&q=alert"))
        pages.append(await editor.open("/clauses/quote?row=0&clause=jining-yb-2023-25.m08&sentence=0"))
        pages.append(await reviewer.open("/audit", expect=403))
        for page in pages[:-1]:
            assert "<script>alert" not in page
            assert "<img src=x" not in page
            assert "&lt;script&gt;alert(1)" in page


async def test_sql_in_the_search_box_finds_nothing_and_breaks_nothing(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        for attack in ("%27%20OR%201%3D1%20--", "%25%25", "___", "%22%3B%20DROP%20TABLE%20item%3B"):
            await editor.open(f"/clauses?q={attack}")
            assert "没有符合条件的条款" in editor.text
        await editor.open("/faq?page=99999&stage=%27&place=%27%3B--")
        await editor.open("/clauses")
        assert "共 156 条" in editor.text


async def test_an_old_version_comes_back_as_a_draft(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await save_faq(editor, title="新标题新标题")
        await editor.open(FAQ + "/history")
        assert "第 2 版" in editor.text
        await editor.send(FAQ + "/roll-back", {"to": "1", "base": "2"})
        assert "已用旧版本的内容新建一份草稿" in editor.text
        assert "异地就医备案在手机上哪里办" in editor.text
    assert (await Editing(desk.database).open(Kind.FAQ, "remote-filing-online")).version == 3


QUOTED = "/clauses/jining-yb-2023-25.m07"
OLD, NEW = "申请办理异地就医备案手续", "申请办备案"


async def test_a_clause_and_the_answers_that_quote_it_wait_for_each_other(desk: Office) -> None:
    """Neither could be submitted: the clause broke the answer's quote, the answer quoted what was not public yet."""
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await change_quotes(editor, QUOTED)
        assert "要和别的内容一起发布" in editor.text
        answers = re.findall(r'href="/console(/faq/[\w-]+)">', editor.page)
        assert FAQ in answers
        await approve(reviewer, await waiting(reviewer, "第7条"), "已记下您的同意")
        assert NEW not in (await published(desk, Kind.CLAUSE, "jining-yb-2023-25.m07")).text  # type: ignore[attr-defined]
        for answer in dict.fromkeys(answers):
            await change_quotes(editor, answer)
            await approve(reviewer, (await all_waiting(reviewer))[-1], "已")
        assert "已通过并发布" in reviewer.text
    assert NEW in (await published(desk, Kind.CLAUSE, "jining-yb-2023-25.m07")).text  # type: ignore[attr-defined]


async def test_the_reviewer_need_not_wait_for_the_answers_that_no_longer_hold(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await change_quotes(editor, QUOTED)
        link = await waiting(reviewer, "第7条")
        await approve(reviewer, link, "已记下您的同意")
        await reviewer.send(link + "/publish", {"then": "publish"}, expect=409)
        assert "还没有发布" in reviewer.text
        await reviewer.send(link + "/publish", {"then": "publish", "withdraw_broken": "yes"})
        assert "已通过并发布" in reviewer.text


async def test_what_is_quoted_cannot_be_taken_down_and_the_page_says_by_which_answers(desk: Office) -> None:
    async with desk.logged_in("shenhe") as reviewer:
        await reviewer.open(QUOTED)
        await reviewer.send(QUOTED + "/unpublish", {"reason": "作废"}, expect=409)
        assert "没有撤下" in reviewer.text
        assert 'href="/console/faq/remote-filing-online"' in reviewer.page


async def change_quotes(editor: Browser, path: str) -> None:
    """The same words in the clause or in what quotes it."""
    fields = [(name, value.replace(OLD, NEW)) for name, value in fields_of(await editor.open(path + "/edit"))]
    await editor.send(path + "/edit", [*fields, ("then", "submit")])
    assert "等另一位同事审核" in editor.text


async def all_waiting(reviewer: Browser) -> list[str]:
    """Oldest first, those of all pages of the list."""
    links = set()
    for page in range(1, 9):
        links |= set(re.findall(r'href="/console(/review/\d+)"', await reviewer.open(f"/review?page={page}")))
    return sorted(links, key=lambda link: int(link.rpartition("/")[2]))


async def waiting(reviewer: Browser, title: str) -> str:
    return re.findall(rf'href="/console(/review/\d+)">[^<]*{title}', await reviewer.open("/review"))[0]


async def approve(reviewer: Browser, link: str, told: str) -> None:
    await reviewer.open(link)
    await reviewer.send(link + "/approve", {})
    assert told in reviewer.text


async def test_a_form_sent_twice_makes_one_item(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        fields = changed(fields_of(await editor.open("/synonyms/new")), word="银龄卡", variants="老年卡片")
        for _ in range(2):
            await editor.send("/synonyms/new", [*fields, ("then", "submit")])
            assert "等另一位同事审核" in editor.text
        await editor.open("/synonyms?q=银龄卡")
        assert "共 1 条" in editor.text
        later = [(name, "老年卡片\n红本本" if name == "variants" else value) for name, value in fields]
        await editor.send("/synonyms/new", [*later, ("then", "save")])  # back to the form, and changed
        assert "第 2 版" in editor.text


async def test_an_edit_sent_twice_is_no_conflict_with_oneself(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        fields = changed(fields_of(await editor.open(FAQ + "/edit")), title="按了两下")
        for _ in range(2):
            await editor.send(FAQ + "/edit", [*fields, ("then", "submit")])
            assert "等另一位同事审核" in editor.text
    assert (await Editing(desk.database).open(Kind.FAQ, "remote-filing-online")).version == 2


async def test_long_lists_come_in_pages(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.open("/clauses")
        assert "第 1 / 4 页" in editor.text
        await editor.open("/clauses?page=4")
        assert "下一页" not in editor.text
        assert editor.page.count("<tr>") == 1 + 6


def test_rows_are_numbered_anew_in_their_order() -> None:
    typed = [("answers.5.spoken", "b"), ("answers.0.spoken", "a"), ("wordings", "x\r\n\r\n y "), ("csrf", "t")]
    typed += [("answers.5.valid_until", ""), ("answers.5.quotes.1700000000000000.text", "q")]
    assert nested(typed) == {
        "answers": [{"spoken": "a"}, {"spoken": "b", "valid_until": None, "quotes": [{"text": "q"}]}],
        "wordings": ["x", "y"],
    }


async def test_staff_enter_a_synonym_and_another_person_publishes_it(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        await editor.open("/synonyms?q=社保卡")
        assert "医保卡（社保卡、" in editor.text
        fields = fields_of(await editor.open("/synonyms/医保卡/edit"))
        typed = changed(fields, variants="社保卡\n社会保障卡\n那张小蓝卡")
        await editor.send("/synonyms/医保卡/edit", [*typed, ("then", "submit")])
        assert "等另一位同事审核" in editor.text
        await reviewer.open("/review")
        link = re.findall(r'href="/console(/review/\d+)">医保卡', reviewer.page)[0]
        await reviewer.open(link)
        assert "群众的说法" in reviewer.text
        assert "<ins>" in reviewer.page
        await reviewer.send(link + "/approve", {})
        assert "已通过并发布" in reviewer.text
        await editor.open("/synonyms/医保卡/history")
        assert "第 2 版" in editor.text
    assert (await published(desk, Kind.SYNONYM, "医保卡")).variants[-1] == "那张小蓝卡"  # type: ignore[attr-defined]


async def test_a_saying_that_has_its_word_already_is_pointed_out(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        fields = fields_of(await editor.open("/synonyms/new"))
        await editor.send("/synonyms/new", [*changed(fields, word="金卡", variants="社保卡"), ("then", "submit")])
        assert "“社保卡”已经写在同义词“医保卡”里了" in editor.text
        fields = fields_of(await editor.open("/synonyms/new"))
        await editor.send(
            "/synonyms/new", [*changed(fields, word="金卡", variants="金 卡"), ("then", "save")], expect=422
        )
        assert 'id="variants-error"' in editor.page


async def test_a_guide_s_clauses_are_found_by_words_and_named(desk: Office) -> None:
    """Their ids had to be known by heart."""
    async with desk.logged_in("bianji") as editor:
        found = await editor.open("/clauses/find?into=process.0&q=异地就医备案手续")
        assert 'data-use="jining-yb-2023-25.m07"' in found
        assert 'data-into="process.0"' in found
        await editor.open("/clauses/find?into=%22%3E%3Cscript%3E&q=备案")
        assert "<script>" not in editor.page
        await editor.open("/guides/site-complaint/edit")
        assert "zoucheng-zb-2021-39.std-11：" in editor.text


async def test_what_has_ended_is_called_so_in_the_lists(desk: Office) -> None:
    """A document that nobody is answered from any more stood there as published, like all others."""
    path = "/documents/jining-yb-2023-25"
    async with desk.logged_in("bianji") as editor, desk.logged_in("shenhe") as reviewer:
        fields = changed(fields_of(await editor.open(path + "/edit")), valid_until="2025-12-31")
        await editor.send(path + "/edit", [*fields, ("then", "submit")])
        await editor.open("/documents")
        assert "已失效" not in editor.text, "it is not approved yet"
        await approve(reviewer, (await all_waiting(reviewer))[-1], "已通过并发布")
        for where in ("/documents", "/clauses?parent=jining-yb-2023-25", "/clauses/jining-yb-2023-25.m07", path):
            await editor.open(where)
            assert "2025-12-31 已失效" in editor.text, where


async def test_a_draft_that_is_given_up_leaves_what_is_published_as_it_was(desk: Office) -> None:
    path = "/faq/remote-filing-online"
    async with desk.logged_in("bianji") as editor:
        await editor.open(path + "/edit")
        await editor.send(path + "/edit", [*changed(fields_of(editor.page), title="改坏了的标题"), ("then", "save")])
        revision = re.findall(r'name="revision" value="(\d+)"', editor.page)[0]
        await editor.send(path + "/discard", {"revision": revision})
        assert "已经公布的内容没有变" in editor.text
        assert "已撤下" not in editor.text
        assert "已发布" in editor.text
        await editor.open("/faq?q=改坏了的标题")
        assert "没有符合条件" in editor.text, "lists show what is published"
        await editor.open(path + "/edit")
        assert "改坏了的标题" not in editor.page, "the next change starts from what is published"
        await editor.send(path + "/edit", [*changed(fields_of(editor.page), title="改好了的标题"), ("then", "save")])
        assert "改好了的标题" in editor.text


async def test_a_draft_that_never_was_published_is_out_of_the_way_once_given_up(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.open("/synonyms/new")
        fields = changed(fields_of(editor.page), word="石榴卡", variants="石榴红卡")
        await editor.send("/synonyms/new", [*fields, ("then", "save")])
        path = re.findall(r'action="/console(/synonyms/[^"]+)/discard"', editor.page)[0]
        revision = re.findall(r'name="revision" value="(\d+)"', editor.page)[0]
        await editor.send(path + "/discard", {"revision": revision})
        assert "已放弃的草稿" in editor.text
        await editor.open("/synonyms?q=石榴卡")
        assert "没有符合条件" in editor.text
        await editor.open("/synonyms?q=石榴卡&stage=discarded")
        assert "石榴卡" in editor.text
