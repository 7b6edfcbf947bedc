"""附近的服务点: the plan with its source, and only what staff have entered."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

from knowledge.public.points import NewPoint, ServicePoints
from tests.connectors.web.reading import Reader, seen


async def test_before_staff_enter_one_the_page_says_that_there_is_none(site: Reader):
    page = await site.page("/points")
    assert "还没有登记，公开的文件里也没有写" in seen(page)
    assert 'href="tel:12393"' in page


async def test_the_plan_is_told_as_a_plan_with_source_and_year(site: Reader):
    page = await site.page("/points")
    text = seen(page)
    for words in ("邹城市：“1+21+N”服务网络（2021年的计划）", "15分钟医保服务圈", "N≥100", "文件未说明是否建成"):
        assert words in text
    assert "邹政办字〔2021〕39号" in text
    assert 'href="/documents/zoucheng-zb-2021-39?clause=' in page


async def test_every_statement_is_a_quote_and_its_link_marks_it(site: Reader):
    page = await site.page("/points")
    links = re.findall(r'href="(/documents/[^"]+mark=[^"]+)"', page)
    assert len(links) >= 10
    for link in map(html.unescape, links):
        clause = await site.page(link)
        marked = "".join(re.findall(r"<mark>(.*?)</mark>", clause, re.DOTALL))
        (quote,) = parse_qs(urlsplit(link).query)["mark"]
        assert html.unescape(marked).startswith(quote)
        assert quote in html.unescape(page)


async def test_contacts_of_offices_are_never_shown(site: Reader):
    page = await site.page("/points")
    for contact in ("2937929", "86198935", "68966819", "68916807", "@"):
        assert contact not in page


async def test_what_staff_enter_is_there_at_once(site: Reader):
    points = ServicePoints(site.database)
    await points.add(
        NewPoint("太平镇医保服务站", "邹城市", "太平镇", "0537-5551234、5551235", "周一到周五"), who="bianji"
    )
    await points.add(NewPoint("<script>站</script>", "任城区"), who="bianji")
    page = await site.page("/points")
    assert "太平镇医保服务站" in page
    assert 'href="tel:05375551234"' in page
    assert "<script>站" not in page
    page = await site.page("/points", params={"county": "邹城市"})
    assert "太平镇医保服务站" in page
    assert "站&lt;/script&gt;" not in page
    assert "太平镇医保服务站" in await site.page("/points", params={"county": "<b>"})
