"""The number that is known already, meant by words."""

from __future__ import annotations

import pytest

from bot.flows.apply.registered import means_registered
from tests.casework.office import Office


@pytest.mark.parametrize(
    "words",
    [
        "电话就用登记的那个",
        "就打这个号",
        "就这个手机",
        "用我登记的手机",
        "就这个号",
        "还是登记的那个号",
        "打俺这个电话就行",
        "我现在打的这个号",
        "预留的手机号",
        "收验证码的那个手机",
        "这个就行",
        "打这个",
        "用原来的",
        "还是那个号",
        "跟登记的一样",
    ],
)
def test_the_registered_one(words: str) -> None:
    assert means_registered(words)


@pytest.mark.parametrize(
    "words",
    [
        "19900000001",
        "幺九九零零零零零零零一",
        "这个电话是19900000066",
        "不是登记的那个",
        "登记的号换了",
        "登记的那个不对",
        "俺没有手机",
        "打俺闺女的手机",
        "不知道",
        "这个号还能用吗",
    ],
)
def test_not_the_registered_one(words: str) -> None:
    assert not means_registered(words)


@pytest.mark.parametrize("words", ["电话就用登记的那个", "就打这个号"])
async def test_it_is_read_back_by_its_ends(office: Office, words: str) -> None:
    elder = office.caller("phone")
    await elder.wants("file_item", "我要办门诊慢特病")
    await elder.proves("elder")
    await elder.says("高血压")
    await elder.says("邹城市人民医院")
    heard = await elder.says(words)
    assert "幺九九开头，尾号零零零幺" in heard
    assert "提交" in heard


async def test_in_the_summary_too(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要办门诊慢特病")
    await elder.proves("elder")
    for said in ("高血压", "邹城市人民医院", "19900000066"):
        await elder.says(said)
    assert "19900000001" in await elder.says("电话不对，用登记的那个")
