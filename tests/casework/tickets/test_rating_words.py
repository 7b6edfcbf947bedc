"""Ratings in words, in the conversation they were asked for in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from casework.tickets.rating_words import RatingWords, score
from casework.tickets.ratings import Score
from casework.tickets.tickets import Kind
from tests.casework.bureau import SUN, Bureau, bureau

OPENID = "wechat-oTestAaaaaaaaaaaaaaaaaaaaaa1"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Bureau]:
    async with bureau(tmp_path) as opened:
        yield opened


async def closed(office: Bureau) -> str:
    opened = await office.tickets.open(Kind.CONSULTATION, channel="wechat", phone="19900000001", conversation=OPENID)
    await office.work.take(opened.number, SUN)
    await office.work.close(opened.number, SUN, "已回电")
    return opened.number


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("5分", 5),
        ("打五分。", 5),
        ("1分", 1),
        ("非常满意！", 5),
        ("不满意", 2),
        ("5", None),
        ("6分", None),
        ("满意吗", None),
        ("打五星，很满意", 5),
        ("五星好评！", 5),
        ("给你们打四星吧", 4),
        ("五颗星", 5),
        ("我打3星", 3),
        ("两星", 2),
        ("很满意，谢谢", 5),
        ("满分", 5),
        ("挺好", 4),
        ("服务挺好的", 4),
        ("挺满意的", 4),
        ("还行吧", 3),
        ("不咋样", 2),
        ("你们服务不咋样", 2),
        ("很不满意", 1),
        ("太差了", 1),
        ("打五星，就是太慢了", None),
        ("谢谢", None),
        ("不满意我要投诉", None),
        ("五星村怎么走", None),
        ("", None),
    ],
)
def test_what_is_a_rating(said: str, meant: int | None) -> None:
    assert score(said) == (Score(meant) if meant else None)


async def test_it_counts_where_it_was_asked_for_and_only_then(office: Bureau) -> None:
    words = RatingWords(office.database, office.vault, office.ratings, lambda: office.now)
    assert await words.take(OPENID, "wechat", "满意") == [], "nobody asked"
    number = await closed(office)
    assert await words.take("wechat-another", "wechat", "满意") == []
    assert await words.take(OPENID, "wechat", "异地就医怎么备案") == []
    [thanks] = await words.take(OPENID, "wechat", "1分")
    assert "您选的是：非常不满意" in thanks.text
    assert "一个工作日内给您回电话" in thanks.text
    row = await office.row(number)
    assert (row.rating, row.rated_by) == (1, "wechat")
    [thanks] = await words.take(OPENID, "wechat", "五分")
    assert "非常满意" in thanks.text, "changed within a day"
    office.days_pass(31)
    assert await words.take(OPENID, "wechat", "五分") == [], "the link has ended, too"
