"""A name is kept in the characters it was typed in; what was spoken is asked back where it may have been misheard."""

from __future__ import annotations

import pytest

from language.cleaning import as_typed, simplified
from tests.casework.office import Caller, Office


async def renaming(office: Office, channel: str = "web") -> Caller:
    """At "正确的姓名是什么？"."""
    elder = office.caller(channel)
    await elder.wants("file_item", "俺要改名字，信息变更")
    await elder.proves("elder")
    if "改哪一样" in str(elder.last):
        await elder.says("姓名")
    return elder


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("張偉", "張偉"),
        ("我叫張偉。", "張偉"),
        ("姓名：歐陽國華", "歐陽國華"),
        ("張乾坤", "張乾坤"),
        ("阿卜杜拉．買買提", "阿卜杜拉·買買提"),
        ("John Smith", "John Smith"),
        ("我叫María José García", "María José García"),
    ],
)
async def test_a_name_is_kept_as_it_was_typed(office: Office, typed: str, kept: str) -> None:
    elder = await renaming(office)
    assert kept in await elder.says(simplified(typed), typed=typed)


async def test_a_correction_is_kept_as_it_was_typed_too(office: Office) -> None:
    elder = await renaming(office)
    await elder.says("张伟")
    assert "張偉" in await elder.says("不对，姓名是张伟", "ask_policy", typed="不對，姓名是張偉")


async def test_what_cannot_be_told_stays_as_it_was_read() -> None:
    assert as_typed("张伟", "我叫张伟", "我叫張偉") == "張偉"
    assert as_typed("张伟", "我叫张伟", "") == "张伟"
    assert as_typed("张伟", "我叫张伟", "我的名字叫張偉") == "张伟", "of another length"
    assert as_typed("买买提·阿不都", "买买提 阿不都", "買買提 阿不都") == "買買提·阿不都"


@pytest.mark.parametrize("is_spoken", [True, False])
async def test_only_what_was_spoken_may_have_been_misheard(office: Office, is_spoken: bool) -> None:
    elder = office.caller("wechat")
    await elder.wants("file_item", "俺要转诊备案")
    await elder.proves("elder")
    await elder.says("转到徐州")
    heard = await elder.says("四水医院", is_spoken=is_spoken)
    assert ("泗水医院" in heard) is is_spoken
