from __future__ import annotations

import asyncio

import pytest

from base.errors import EngineUnavailable, ServiceError
from connectors.wechat.followers.followers import Choices, Followers
from connectors.wechat.inbound.arrivals import Arrivals
from connectors.wechat.inbound.inbox import INTERRUPTED, MAX_WAITING, TOO_FAST, Inbox
from connectors.wechat.outbound.outgoing import OutgoingQueue
from tests.connectors.wechat.conftest import OPENID, event, text_message
from tests.guard import GUARD_SECONDS, until


class Process:
    """One process: an inbox whose turns do what the test says."""

    def __init__(self, database, vault, clock, reply_seconds=5.0):
        self.turns, self.gate, self.error = [], asyncio.Event(), None
        self.gate.set()
        self.queue = OutgoingQueue(database, vault, clock)
        self.inbox = Inbox(
            database,
            Arrivals(database, vault, clock),
            Followers(database, vault, clock),
            self.queue,
            self.respond,
            lambda: None,
            reply_seconds,
        )

    async def respond(self, message):
        self.turns.append(message.text)
        await self.gate.wait()
        if self.error:
            raise self.error
        return (f"答：{message.text}" if message.text else ""), Choices()

    async def owed(self):
        claimed = await self.queue.claim()
        for owed in claimed:
            await self.queue.sent(owed)
        return [owed.text for owed in claimed]


@pytest.fixture
async def start(database, vault, clock):
    processes = []

    def start(**options):
        processes.append(Process(database, vault, clock, **options))
        return processes[-1]

    yield start
    for process in processes:
        process.gate.set()
        await process.inbox.aclose()


async def test_an_answer_in_time_is_the_reply(start):
    process = start()
    assert await process.inbox.answer(text_message("备案")) == "答：备案"
    assert await process.owed() == []


async def test_a_slow_answer_follows_by_the_queue_once(start):
    process = start(reply_seconds=0.1)
    process.gate.clear()
    deliveries = [await process.inbox.answer(text_message("备案")) for _ in range(3)]
    assert deliveries == ["", "", ""]
    process.gate.set()
    await process.inbox.aclose()
    assert await process.owed() == ["答：备案"]
    assert process.turns == ["备案"], "three deliveries, one turn"
    assert await process.inbox.answer(text_message("备案")) == ""


async def test_a_repetition_gets_the_same_reply_again(start):
    one, other = start(), start()
    assert await one.inbox.answer(text_message("备案")) == "答：备案"
    assert await other.inbox.answer(text_message("备案")) == "答：备案"
    assert one.turns + other.turns == ["备案"]


async def test_repetitions_at_the_same_moment_to_two_processes_answer_once(start):
    one, other = start(), start()
    answers = await asyncio.gather(
        *(process.inbox.answer(text_message("备案")) for process in (one, other, one, other))
    )
    await one.inbox.aclose()
    await other.inbox.aclose()
    owed = await one.owed()
    assert one.turns + other.turns == ["备案"]
    assert set(answers) <= {"", "答：备案"}
    assert ("答：备案" in answers) != (owed == ["答：备案"]), "by one way, not by both, not by none"


async def test_messages_of_one_citizen_are_answered_in_order(start):
    process = start()
    texts = [str(number) for number in range(8)]
    answers = await asyncio.gather(*(process.inbox.answer(text_message(text, msg_id=text)) for text in texts))
    assert process.turns == texts
    assert answers == [f"答：{text}" for text in texts]


async def burst(process, count):
    """So many messages at the same moment, while the first is still being answered; what each delivery was answered."""
    process.gate.clear()
    asking = [asyncio.create_task(process.inbox.answer(text_message(str(n), msg_id=str(n)))) for n in range(count)]
    await until(lambda: process.turns)
    await until(lambda: len(process.inbox._turns) + sum(task.done() for task in asking) >= count)
    process.gate.set()
    return await asyncio.gather(*asking)


async def test_fifty_messages_in_a_second_are_all_answered_once_and_in_order(start):
    process = start(reply_seconds=GUARD_SECONDS)
    answers = await burst(process, 50)
    assert process.turns == [str(n) for n in range(50)]
    assert answers == [f"答：{n}" for n in range(50)]
    assert await process.owed() == []


async def test_what_a_program_sends_gets_a_sentence_from_some_number_on(start):
    process = start(reply_seconds=GUARD_SECONDS)
    answers = await burst(process, MAX_WAITING + 20)
    assert answers.count(TOO_FAST) == 20
    assert len(set(process.turns)) == len(process.turns) == MAX_WAITING


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (EngineUnavailable(), EngineUnavailable.citizen_text),
        (RuntimeError("俺的身份证"), ServiceError.citizen_text),
    ],
)
async def test_a_failed_turn_still_gets_a_sentence(start, error, sentence):
    process = start()
    process.error = error
    assert await process.inbox.answer(text_message()) == sentence


async def test_nothing_to_say_is_success_and_is_not_asked_again(start):
    process = start()
    assert await process.inbox.answer(text_message("")) == ""
    assert await process.inbox.answer(text_message("")) == ""
    assert process.turns == [""]
    assert await process.owed() == []


async def until_async(condition):
    async with asyncio.timeout(GUARD_SECONDS):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_restart_in_the_middle_loses_nothing(start):
    dying = start(reply_seconds=0.1)
    dying.gate.clear()
    await dying.inbox.answer(text_message("第一条", msg_id="1"))
    await dying.inbox.answer(text_message("第二条", msg_id="2"))
    for turn in tuple(dying.inbox._turns):  # the process is told to stop and has no time left
        turn.cancel()
    await asyncio.gather(*dying.inbox._turns, return_exceptions=True)
    assert dying.turns == ["第一条"]

    following = start()
    running = asyncio.create_task(following.inbox.run())
    owed = []

    async def both_are_owed():
        owed.extend(await following.owed())
        return "答：第二条" in "".join(owed) and INTERRUPTED in "".join(owed)

    await until_async(both_are_owed)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert following.turns == ["第二条"], "the turn that had begun may have acted: it is not run twice"


async def test_digits_are_remembered_with_the_answer(start, database, vault, clock):
    process = start()

    async def respond(message):
        return "1 怎么备案？", Choices((("1", "异地就医怎么备案"),))

    process.inbox._respond = respond
    await process.inbox.answer(text_message())
    assert (await Followers(database, vault, clock).choices(OPENID)).meanings == (("1", "异地就医怎么备案"),)


async def test_nothing_is_owed_to_who_has_left(start, database):
    process = start()
    async with database.session() as session:
        await process.queue.add(OPENID, "您的事办好了。", session)
    await process.inbox.answer(event("unsubscribe"))
    assert await process.owed() == []
