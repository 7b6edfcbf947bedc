"""Messages answered on trial by the real Rasa process."""

from __future__ import annotations

import pytest

from bot.turn import Dialogue
from tests.bot.conftest import RunningRasa

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]


async def test_a_peek_says_what_the_turn_says_and_leaves_the_conversation_as_it_was(rasa: RunningRasa) -> None:
    dialogue = Dialogue(rasa.client)
    await dialogue.reply("ahead-0", "备案管几年", "phone")  # an engine's first message loads what it needs
    foretold = await dialogue.peek("ahead-1", "俺在北京跟着闺女住，看病用不用先备案", "phone")
    assert foretold
    assert foretold[0].text == "济宁：remote-valid"
    assert await dialogue.reply("ahead-1", "还有呢", "phone") != await dialogue.reply("ahead-2", "备案管几年", "phone")
    assert foretold == await dialogue.reply("ahead-1", "俺在北京跟着闺女住，看病用不用先备案", "phone")
    more = await dialogue.peek("ahead-1", "还有呢", "phone")
    assert [reply.text for reply in more] == ["济宁：remote-valid 第1部分"]
    assert more == await dialogue.reply("ahead-1", "还有呢", "phone"), "the part was not counted twice"


async def test_what_is_done_or_open_is_only_understood(rasa: RunningRasa) -> None:
    dialogue = Dialogue(rasa.client)
    assert await dialogue.peek("ahead-3", "帮我办一下慢病认定", "phone") == []
    assert "ahead-3" not in rasa.errands.open
    started = await dialogue.reply("ahead-3", "帮我办一下慢病认定", "phone")
    assert started[-1].text == "什么颜色？"
    assert await dialogue.peek("ahead-3", "红", "phone") == []
    assert "ahead-3" in rasa.errands.open
    assert (await dialogue.reply("ahead-3", "红", "phone"))[0].text == "红的办好了。"
