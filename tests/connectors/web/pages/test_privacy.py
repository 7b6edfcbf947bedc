"""The page about a citizen's data is found from everywhere, and says how long things are kept as it is done."""

from __future__ import annotations

from casework.retention import RULES
from tests.connectors.web.reading import Reader


async def test_it_says_what_is_kept_and_how_long(site: Reader) -> None:
    page = await site.page("/privacy")
    for rule in RULES:
        assert rule.what in page
        assert f"{rule.days}天" in page
    for told in ("敏感个人信息", "不录音", "是电脑程序", "删掉", "tel:12393"):
        assert told in page


async def test_every_page_leads_to_it(site: Reader) -> None:
    for path in ("/", "/guides", "/documents", "/points", "/ticket"):
        response = await site.client.get(path)
        if response.status == 200:
            assert 'href="/privacy"' in await response.text(), path
