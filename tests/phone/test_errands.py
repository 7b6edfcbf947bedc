"""Things done by phone: who they are by keys, what they want by voice, and taken up again after a dropped call."""

from __future__ import annotations

import aiohttp
import pytest

from tests.casework.office import CODE, people
from tests.phone.caller import SipCaller
from tests.phone.test_hotline import Caller, mentions
from tests.whole import Whole
from voice.kokoro import Kokoro
from voice.whisper import WhisperRecogniser

pytestmark = [pytest.mark.phone, pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]


async def sent(hotline: Whole, who: str) -> list[str]:
    """The messages to this person's phone, newest first."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{hotline.url}/dev/outbox", params={"phone": people()[who]["phone"]}) as answer,
    ):
        messages = await answer.json()
    return [str(message["text"]) for message in messages]


async def test_the_balance_by_keys(hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser) -> None:
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        await caller.is_greeted()
        heard = await caller.asks("我的个人账户还有多少钱？")
        assert mentions(heard, "身份证号"), heard
        heard = await caller.keys("37089919751120906*#")
        assert mentions(heard, "验证码"), heard
        assert CODE in (await sent(hotline, "daughter"))[0]
        heard = await caller.keys(f"{CODE}#")
        assert mentions(heard, "核对好了"), heard
        assert "2318" in heard or mentions(heard, "二千三百一十八元"), heard
    assert "37089919751120906" not in hotline.log
    assert CODE not in hotline.log


async def test_a_dropped_call_is_taken_up_again(hotline: Whole, grandma: Kokoro, ear: WhisperRecogniser) -> None:
    worker = people()["worker"]["id_number"]
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        await caller.is_greeted()
        await caller.asks("我要办理门诊慢特病。")
        await caller.keys(f"{worker}#")
        heard = await caller.keys(f"{CODE}#")
        assert mentions(heard, "申请哪种病"), heard
        heard = await caller.asks("糖尿病。")
        assert mentions(heard, "哪家医院"), heard
        phone.hang_up()
    async with SipCaller(hotline.sip_port) as phone:
        await phone.dial()
        caller = Caller(hotline, phone, grandma, ear)
        await caller.is_greeted()
        heard = await caller.asks("刚才电话断了，接着办。")
        assert mentions(heard, "身份证号"), heard
        await caller.keys(f"{worker}#")
        heard = await caller.keys(f"{CODE}#")
        assert mentions(heard, "办到一半"), heard
        assert mentions(heard, "哪家医院"), heard
        heard = await caller.asks("邹城市人民医院。")
        assert mentions(heard, "手机号"), heard
        heard = await caller.keys("19900000006#")
        assert mentions(heard, "糖尿病"), heard
        assert mentions(heard, "都对就说提交"), heard
        heard = await caller.asks("对，提交。")
        assert mentions(heard, "提交好了") or mentions(heard, "短信也发给您了"), heard
    assert any("门诊慢特病资格认定" in message for message in await sent(hotline, "worker")), heard
