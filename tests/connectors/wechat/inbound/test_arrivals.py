"""Two `Arrivals` on one database are two processes."""

from __future__ import annotations

import asyncio

import pytest

from connectors.wechat.inbound.arrivals import Arrivals
from tests.connectors.wechat.conftest import event, text_message

MESSAGE = text_message("俺在北京看病😀", msg_id="9")


@pytest.fixture
def one(database, vault, clock):
    return Arrivals(database, vault, clock)


@pytest.fixture
def other(database, vault, clock):
    return Arrivals(database, vault, clock)


async def finish_as_reply(arrivals, database, text="要备案。"):
    async with database.session() as session:
        return await arrivals.finish_as_reply(MESSAGE, text, session)


async def test_only_the_first_delivery_is_claimed_by_whichever_process(one, other):
    claims = await asyncio.gather(*(arrivals.claim(MESSAGE) for arrivals in (one, other, one, other)))
    assert sorted(claims) == [False, False, False, True]
    assert await one.claim(event("click", "bind"))
    assert not await other.claim(event("click", "bind"))
    assert await other.claim(event("click", "unbind"))


async def test_an_answer_in_time_goes_in_the_reply_and_again_to_a_repetition(one, other, database):
    await one.claim(MESSAGE)
    assert await one.start(MESSAGE)
    assert not await other.start(MESSAGE)
    assert await finish_as_reply(one, database)
    assert await one.settle(MESSAGE) == "要备案。"
    assert await other.settle(MESSAGE) == "要备案。"


async def test_once_the_delivery_has_ended_the_answer_goes_by_the_queue(one, other, database):
    await one.claim(MESSAGE)
    await one.start(MESSAGE)
    assert await other.settle(MESSAGE) == "", "a repetition while it is being worked on"
    assert not await finish_as_reply(one, database), "the first delivery may be dead: nobody may rely on it"


async def test_a_message_not_begun_is_taken_over_whole(one, other, clock):
    await one.claim(MESSAGE)
    assert await other.adopt() == [], "its process still lives"
    clock.forward(minutes=2)
    (orphan,) = await other.adopt()
    assert orphan.message == MESSAGE
    assert not orphan.started
    assert await other.adopt() == [], "taken over once"


async def test_a_turn_cut_off_in_the_middle_is_known_as_such(one, other):
    await one.claim(MESSAGE)
    await one.start(MESSAGE)
    await one.abandon(MESSAGE)
    (orphan,) = await other.adopt()
    assert orphan.started


async def test_neither_words_nor_openid_are_in_a_file(one, database, tmp_path):
    await one.claim(MESSAGE)
    await database.aclose()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert MESSAGE.openid.encode() not in written
    assert "北京看病".encode() not in written
