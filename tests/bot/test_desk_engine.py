"""Asking for a person at the live desk, on the real Rasa: the form stays closed while somebody is expected."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from base.messages import Reply
from bot.turn import Dialogue
from casework.tickets.tickets import Kind
from tests.bot.conftest import RunningRasa

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="session")]

WAIT = Reply("请稍等，下一位就是您。")


class FreePerson:
    """Somebody is always free."""

    async def takes(self, conversation: str, channel: str, text: str) -> bool:
        return False

    def heard(self, conversation: str, channel: str, text: str) -> None: ...

    def said(self, conversation: str, channel: str, replies: Sequence[Reply]) -> None: ...

    async def person_is_free(self, conversation: str, channel: str) -> bool:
        return True

    async def wait_for_person(self, conversation: str, channel: str) -> list[Reply]:
        return [WAIT]


@pytest.mark.parametrize("first", ["异地备案管几年", "你好", None])
async def test_who_waits_is_asked_no_number_until_nobody_came(rasa: RunningRasa, first: str | None) -> None:
    dialogue, name = Dialogue(rasa.client, desk=FreePerson()), f"web-desk-{first}"

    async def hears(text: str) -> str:
        return "".join(reply.text for reply in await dialogue.reply(name, text, "web"))

    if first:
        await hears(first)
    assert await hears("转人工") == WAIT.text
    assert await hears("再说一遍") == WAIT.text
    assert await hears("异地备案管几年") == "济宁：remote-valid"
    assert await hears("我要找真人") == WAIT.text
    nobody = "".join(reply.text for reply in await dialogue.nobody_came(name, "web"))
    assert "电话号码" in nobody
    await hears("19900000001")
    assert "GD20261122-0001" in await hears("对")
    assert rasa.tickets.opened[-1][:3] == (Kind.CALLBACK, "web", "19900000001")


async def test_in_the_middle_of_an_errand(rasa: RunningRasa) -> None:
    dialogue, name = Dialogue(rasa.client, desk=FreePerson()), "web-desk-errand"

    async def hears(text: str) -> str:
        return "".join(reply.text for reply in await dialogue.reply(name, text, "web"))

    await hears("我要办异地就医备案")
    assert await hears("转人工") == WAIT.text
    assert await hears("异地备案管几年") == "济宁：remote-valid"
