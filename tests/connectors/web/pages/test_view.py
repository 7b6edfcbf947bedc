"""Normal, large and high-contrast print: by a link, remembered, without JavaScript."""

from __future__ import annotations

from base.messages import Reply
from base.staff_texts import STAFF_TEXTS, Dated, StaffText
from tests.connectors.web.reading import Reader, seen
from tests.connectors.web.scripted import ANSWER


async def test_a_link_chooses_the_print_and_it_is_remembered(site: Reader):
    assert 'class="normal"' in await site.page("/")
    assert 'class="elder"' in await site.page("/?view=elder")
    for path in ("/", "/guides", "/documents", "/points", "/guides/enroll-resident"):
        assert 'class="elder"' in await site.page(path)
    assert 'class="contrast"' in await site.page("/guides?view=contrast")
    assert 'class="contrast"' in await site.talk("你好")
    assert 'class="normal"' in await site.page("/?view=normal")


async def test_an_unknown_print_is_the_normal_one(site: Reader):
    page = await site.page('/?view="><script>')
    assert 'class="normal"' in page
    assert '<script>"' not in page


async def test_the_links_keep_what_the_page_was_asked(site: Reader):
    page = await site.page("/documents/jining-yb-2023-25?clause=jining-yb-2023-25.m08")
    assert 'href="/documents/jining-yb-2023-25?clause=jining-yb-2023-25.m08&amp;view=elder"' in page
    assert 'formaction="/talk?view=elder#newest"' in await site.talk("你好"), "a conversation goes on in another print"


async def test_sources_are_shown_once(site: Reader):
    """The line with them may stand in the middle: what no document says comes after it."""
    line = "（依据：济医保字〔2023〕25号 第19条，2023年）"
    site.dialogue.replies = [Reply(f"要认定。\n{line}\n要几天，文件没有写。", sources=ANSWER.sources)]
    page = seen(await site.talk("慢病"))
    assert "要认定。 要几天，文件没有写。" in page
    assert "依据：" not in page
    site.dialogue.replies = [Reply(f"要认定。\n{line}")]
    assert line in seen(await site.talk("慢病")), "where no list follows, it stays"


async def test_what_staff_announce_stands_on_every_page(site: Reader):
    pages = ("/", "/guides", "/documents", "/points", "/privacy")
    for path in pages:
        assert 'class="announcement"' not in await site.page(path)
    STAFF_TEXTS.use(
        {
            StaffText.ANNOUNCEMENT: Dated("今晚8点到10点<维护>"),
            StaffText.HOURS: Dated("周一至周五 8:30-17:00"),
        }
    )
    try:
        for path in pages:
            assert "今晚8点到10点<维护>" in seen(await site.page(path))
        assert "人工服务时间：周一至周五 8:30-17:00" in seen(await site.page("/guides"))
    finally:
        STAFF_TEXTS.use({})
