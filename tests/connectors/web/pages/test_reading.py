"""Guides and documents as they are read: every sentence with its source, nothing that nobody stated."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from knowledge.authoring.models import Guide, Synonym
from knowledge.models import Clause, Document
from tests.connectors.web.reading import Reader, seen

CLAUSE = "jining-yb-2023-25.m08"


async def test_the_list_names_every_guide_that_says_something(site: Reader):
    page = await site.page("/guides")
    assert "城乡居民参保登记" in page
    assert page.count('href="/guides/') == 38
    assert "day-care" not in page, "no document says a word of it: there is no page to open"
    rest = seen(page).split("文件里没有写的")[1]
    assert "只有名称，没有写去哪里办、怎么办" in rest
    names = ["日间病房、日间手术结算", "异地急诊转住院联网备案", "医保政策宣传", "计划生育医疗费支付"]
    assert all(name in rest for name in names)
    assert "城乡居民参保登记" not in rest


async def test_who_looks_for_what_no_document_states_is_told_so(site: Reader):
    page = await site.page("/guides", params={"q": "日间手术"})
    assert 'href="/guides/' not in page
    assert "日间病房、日间手术结算" in seen(page).split("文件里没有写的")[1]
    assert "文件里没有写的" not in await site.page("/guides", params={"q": "新生儿"})


async def test_a_statement_has_its_number_year_and_a_link_to_its_clause(site: Reader):
    page = await site.page("/guides/enroll-resident")
    assert "办理地点" in seen(page)
    assert "济医保字〔2023〕25号 第19条（2023年）" in seen(page)
    links = re.findall(r'<li><a href="(/documents/[^"]+)"', page)
    assert links
    for link in links:
        document = await site.page(link.replace("&amp;", "&"))
        assert 'class="clause opened"' in document


async def test_elements_without_statements_are_not_promised(site: Reader):
    page = seen(await site.page("/guides/enroll-resident"))
    for nothing in ("申办材料", "办理时限", "监督电话", "查询方式"):
        assert nothing not in page


async def test_what_holds_in_a_part_of_the_city_says_so_and_jinan_is_never_told(site: Reader):
    pages = [await site.page(f"/guides/{guide}") for guide in await _guides(site)]
    assert any("只在邹城市：" in page for page in pages)
    assert not any("济医保发〔2021〕1号" in page for page in pages), "Jinan's document"


async def test_a_guide_that_was_taken_down_is_gone_from_both(site: Reader):
    async with site.database.session() as session:
        await session.execute(update(Guide).where(Guide.id == "enroll-resident").values(live=False))
    assert 'href="/guides/enroll-resident"' not in await site.page("/guides")
    assert "可能已经更新或者撤下" in await site.page("/guides/enroll-resident", 404)


async def test_the_search_box_narrows_the_list_and_says_when_it_finds_nothing(site: Reader):
    page = await site.page("/guides?q=异地")
    assert 0 < page.count('href="/guides/') < 38
    page = seen(await site.page("/guides", params={"q": "<script>alert(1)</script>"}))
    assert "没有找到和“<script>alert(1)</script>”有关的事项" in page
    assert "<script>alert" not in await site.page("/guides", params={"q": "<script>alert(1)</script>"})


@pytest.mark.parametrize(
    ("words", "guide"),
    [
        ("新农合", "enroll-resident"),
        ("慢病卡", "chronic-recognition"),
        ("慢病卡 认定", "chronic-recognition"),
        ("一地就医", "remote-longterm"),
    ],
)
async def test_a_guide_is_found_by_what_people_call_the_thing(site: Reader, words: str, guide: str):
    page = await site.page("/guides", params={"q": words})
    assert f'href="/guides/{guide}"' in page
    assert page.count('href="/guides/') < 15


async def test_a_synonym_that_was_taken_down_finds_nothing(site: Reader):
    async with site.database.session() as session:
        await session.execute(update(Synonym).where(Synonym.word == "居民医保").values(live=False))
    assert 'href="/guides/' not in await site.page("/guides", params={"q": "新农合"})


async def test_a_document_opens_at_the_clause_with_the_answer_marked(site: Reader):
    whole = await site.page("/documents/jining-yb-2023-25")
    assert whole.count('class="clause"') == 28
    assert "<mark>" not in whole
    page = await site.page("/documents/jining-yb-2023-25", params={"clause": CLAUSE, "mark": _words(whole)})
    opened = re.search(r'<li class="clause opened" id="c-jining-yb-2023-25\.m08".*?</li>', page, re.S)
    assert opened
    assert f"<mark>{_words(whole)}</mark>" in opened[0]
    assert "划出来的是回答您的话" in seen(page)


async def test_contacts_of_offices_are_left_out_and_said_to_be(site: Reader):
    page = await site.page("/documents/jining-ybzx-2021-1")
    assert "2937929" not in page
    assert "jnsybzx" not in page
    assert "不是群众咨询电话" in page


async def test_table_rows_stand_below_and_open_when_they_are_asked_for(site: Reader):
    page = await site.page("/documents/jining-ybzx-2021-1")
    assert '<details class="card">' in page
    page = await site.page("/documents/jining-ybzx-2021-1?clause=jining-ybzx-2021-1.a1-05")
    assert '<details class="card" open>' in page


async def test_unknown_documents_and_clauses_are_met_calmly(site: Reader):
    for path in ("/documents/nothing", "/documents/..%2Fsecret", "/documents/<script>", "/guides/%F0%9F%98%80"):
        page = await site.page(path, 404)
        assert 'href="tel:12393"' in page
        assert "<script>alert" not in page
    page = seen(await site.page("/documents/jining-yb-2023-25?clause=gone&mark=x"))
    assert "您要看的那一条已经更新或者撤下了" in page


async def test_a_document_that_was_taken_down_is_gone_and_nothing_cites_it(site: Reader):
    async with site.database.session() as session:
        await session.execute(update(Document).where(Document.id == "jining-yb-2023-25").values(live=False))
    await site.page("/documents/jining-yb-2023-25", 404)
    assert "济医保字〔2023〕25号" not in await site.page("/guides/enroll-resident")
    assert "济医保字〔2023〕25号" not in await site.page("/points")


async def test_a_script_in_a_clause_is_text(site: Reader):
    attack = "<script>alert(1)</script>"
    async with site.database.session() as session:
        await session.execute(update(Clause).where(Clause.id == CLAUSE).values(text=attack))
    page = await site.page("/documents/jining-yb-2023-25", params={"clause": CLAUSE, "mark": attack})
    assert attack not in page
    assert attack in seen(page)


async def test_documents_of_other_places_are_listed_apart(site: Reader):
    page = seen(await site.page("/documents"))
    here, elsewhere = page.split("别的地方的文件（在济宁不适用）")
    assert "济医保字〔2023〕25号" in here
    assert "邹" in here
    assert "济医保发〔2021〕1号" in elsewhere


async def test_no_page_needs_a_script_or_another_host(site: Reader):
    for path in ("/", "/guides", "/guides/enroll-resident", "/documents", "/documents/jining-yb-2023-25", "/points"):
        response = await site.client.get(path)
        page = await response.text()
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert 'lang="zh-CN"' in page
        for address in re.findall(r'(?:src|href|action)="([^"]+)"', page):
            assert not urlsplit(address).netloc, address
        assert " onclick=" not in page
        assert " style=" not in page
        assert len(page.encode()) < 100_000


async def _guides(site: Reader) -> list[str]:
    return re.findall(r'href="/guides/([^"]+)"', await site.page("/guides"))


def _words(page: str) -> str:
    """A sentence of the clause, as its page shows it."""
    found = re.search(r'id="c-jining-yb-2023-25\.m08".*?<p class="text">([^<]{20,})</p>', page, re.S)
    assert found
    return found[1][10:30]


async def test_danger_typed_into_the_search_is_told_whom_to_call_first(site) -> None:
    page = await site.page("/guides", params={"q": "俺娘晕倒了"})
    assert page.index('href="tel:120"') < page.index("没有找到和")
    assert 'href="tel:110"' in await site.page("/guides", params={"q": "家里进贼了"})
    assert 'href="tel:120"' not in await site.page("/guides", params={"q": "日间手术"})
