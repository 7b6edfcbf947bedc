"""Questions about the errand itself are answered in its context, and the errand goes on."""

from __future__ import annotations

import pytest

from tests.bot.flows.test_withdrawing import handed_in
from tests.casework.office import CODE, Office, people


@pytest.mark.parametrize("words", ["为啥要我妈同意", "凭什么要她的验证码", "咋还要本人授权"])
async def test_why_she_must_agree(office: Office, words: str) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "给俺娘办慢病认定")
    await daughter.proves("daughter")
    await daughter.says(people()["mother"]["id_number"])
    heard = await daughter.says(words, "ask_policy")
    assert "要您母亲点头" in heard
    assert "6位数字" in heard, "and it goes on"
    assert "授权好了" in await daughter.says(CODE)


async def test_in_the_middle_of_a_filing(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "俺长期住在外地，要备案")
    assert "冒您的名" in await elder.says("为啥要身份证号")
    await elder.proves("grandpa")
    heard = await elder.says("要多久才能批下来", "ask_policy")
    assert "2个工作日内联系您" in heard
    assert "哪个城市" in heard
    assert "联系电话" in await elder.says("然后呢", "ask_more")
    assert "不用交材料" in await elder.says("要带什么材料", "ask_policy")


@pytest.mark.parametrize("words", ["要等多久呢", "几天能办好", "啥时候能批下来", "办下来要几天"])
async def test_how_long_after_handing_in(office: Office, words: str) -> None:
    elder = await handed_in(office)
    told = await office.parts.errands.about(elder.conversation, words)
    assert told is not None
    assert "11月24日前联系您" in told.text


async def test_what_comes_next(office: Office) -> None:
    elder = await handed_in(office)
    for words in ("然后呢", "接下来要干啥", "那我还要干什么不", "这就行了吗"):
        told = await office.parts.errands.about(elder.conversation, words)
        assert told is not None, words
        assert "等着就行" in told.text


@pytest.mark.parametrize("words", ["断交了要等多久", "慢病多久审一次", "异地备案管多久", "居民医保啥时候交"])
async def test_a_question_of_policy_stays_one(office: Office, words: str) -> None:
    elder = await handed_in(office)
    assert await office.parts.errands.about(elder.conversation, words) is None


async def test_how_long_beside_another_question(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要办慢特病认定")
    await elder.proves("elder")
    assert "工作日" in await elder.says("还有别的吗 什么时候能批", "ask_policy")


def test_materials_of_what_is_filed_here_are_told(office: Office) -> None:
    errands = office.parts.errands
    told = errands.materials("糖尿病办慢病本都拿啥材料")
    assert told is not None
    assert "病历" in told.text
    assert errands.materials("慢病本能报多少") is None
    assert errands.materials("办手机号变更要啥材料") is None
