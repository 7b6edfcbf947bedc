"""The queue and the sender, with a platform that answers what the test says."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from base.tasks import own
from connectors.wechat.channel import WeChat
from connectors.wechat.followers.followers import Followers
from connectors.wechat.outbound.outgoing import OutgoingQueue
from connectors.wechat.outbound.sender import Sender
from connectors.wechat.platform.errors import PlatformBusy, platform_error
from tests.connectors.wechat.conftest import OPENID, event, text_message
from tests.guard import GUARD_SECONDS


class ScriptedApi:
    """Errors to raise, in order; then everything is sent."""

    def __init__(self):
        self.errors, self.sent = [], []

    async def post(self, tokens, path, body):
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((path.rsplit("/", 1)[1], body))

    @property
    def texts(self):
        return [body["text"]["content"] for path, body in self.sent if path == "send"]


@pytest.fixture
def api():
    return ScriptedApi()


@pytest.fixture
def queue(database, vault, clock):
    return OutgoingQueue(database, vault, clock)


@pytest.fixture
def followers(database, vault, clock):
    return Followers(database, vault, clock)


@pytest.fixture
def sender(database, queue, followers, api):
    return Sender(database, queue, followers, api, tokens=None)


@pytest.fixture
def owe(database, queue):
    async def owe(text, openid=OPENID, notice=None):
        async with database.session() as session:
            await queue.add(openid, text, session, notice=notice)

    return owe


async def test_texts_that_wait_together_are_one_message(sender, followers, owe, api):
    await followers.heard(text_message())
    await owe("第一条。")
    await owe("第二条。")
    await sender.send_due()
    assert api.texts == ["第一条。\n\n——\n\n第二条。"]
    assert await sender.send_due() == 0


async def test_each_citizen_gets_their_own(sender, followers, owe, api):
    for number in range(3):
        await followers.heard(text_message(openid=f"o{number}"))
        await owe(f"第{number}位", openid=f"o{number}")
    await sender.send_due()
    assert sorted(body["touser"] for _, body in api.sent) == ["o0", "o1", "o2"]


async def test_over_the_quota_it_is_held_until_they_write_again(sender, followers, queue, owe, api):
    await followers.heard(text_message())
    for number in range(7):
        await owe(f"{number}。" + "长" * 680)  # too long to travel together
    while await sender.send_due():
        pass
    assert [text[0] for text in api.texts] == ["0", "1", "2", "3", "4"]
    await followers.heard(text_message(msg_id="2"))
    assert await queue.release(OPENID)
    while await sender.send_due():
        pass
    assert [text[0] for text in api.texts] == ["0", "1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize("errcode", [45015, 45047])
async def test_a_closed_window_holds(sender, followers, queue, owe, api, errcode):
    await followers.heard(text_message())
    api.errors = [platform_error(errcode)]
    await owe("要备案。")
    while await sender.send_due():
        pass
    assert api.texts == []
    await followers.heard(text_message(msg_id="2"))
    await queue.release(OPENID)
    await sender.send_due()
    assert api.texts == ["要备案。"]


async def test_who_writes_while_it_is_refused_gets_it(sender, followers, queue, owe, api, clock):
    """Their message found nothing held, and the refusal held it afterwards: it would have waited for the next one."""
    await followers.heard(text_message())
    api.errors = [platform_error(45015)]
    answer = api.post

    async def they_write(tokens, path, body):
        clock.forward(seconds=1)
        await followers.heard(text_message(msg_id="2"))
        assert not await queue.release(OPENID)
        api.post = answer
        await answer(tokens, path, body)

    api.post = they_write
    await owe("要备案。")
    while await sender.send_due():
        pass
    assert api.texts == ["要备案。"]


@pytest.mark.parametrize("error", [PlatformBusy(code="wechat_unreached"), platform_error(45009), platform_error(40001)])
async def test_a_busy_platform_is_tried_again_later_in_order(sender, followers, owe, api, clock, error):
    await followers.heard(text_message())
    api.errors = [error]
    await owe("第一条。")
    await sender.send_due()
    await owe("第二条。")
    assert await sender.send_due() == 0, "the second does not overtake the first"
    clock.forward(seconds=3)
    await sender.send_due()
    assert api.texts == ["第一条。\n\n——\n\n第二条。"]


async def test_a_limit_uses_up_no_quota(sender, followers, owe, api, clock, database, vault):
    await followers.heard(text_message())
    api.errors = [platform_error(45009)] * 6
    await owe("要备案。")
    for _ in range(7):
        await sender.send_due()
        clock.forward(minutes=11)
    assert api.texts == ["要备案。"]


async def test_somebody_who_left_is_not_written_to(sender, followers, owe, api, queue):
    await followers.heard(text_message())
    api.errors = [platform_error(43004)]
    await owe("要备案。")
    await sender.send_due()
    await followers.heard(text_message(msg_id="2"))
    assert not await queue.release(OPENID)


async def test_a_message_of_a_process_that_died_is_sent_by_the_next(sender, followers, queue, owe, api, clock):
    await followers.heard(text_message())
    await owe("要备案。")
    assert len(await queue.claim()) == 1
    assert await sender.send_due() == 0, "claimed by the process that is about to die"
    clock.forward(minutes=2)
    await sender.send_due()
    assert api.texts == ["要备案。"]


class SlowApi(ScriptedApi):
    """Takes the message or refuses it at once, and says so when it is told to."""

    def __init__(self):
        super().__init__()
        self.asked, self.answers = asyncio.Event(), asyncio.Event()

    async def post(self, tokens, path, body):
        try:
            await super().post(tokens, path, body)
        finally:
            self.asked.set()
            await self.answers.wait()


@pytest.mark.parametrize("refusals", [0, 1])
async def test_a_service_that_ends_finishes_what_it_is_sending(
    database, queue, followers, owe, clock, sender, api, refusals
):
    slow = SlowApi()
    slow.errors = [platform_error(45009)] * refusals
    await followers.heard(text_message())
    await owe("要备案。")
    stack = AsyncExitStack()
    own(stack, Sender(database, queue, followers, slow, tokens=None).run(), "sender")
    async with asyncio.timeout(GUARD_SECONDS):
        await slow.asked.wait()
        asyncio.get_running_loop().call_later(0.05, slow.answers.set)
        await stack.aclose()
    clock.forward(seconds=3)
    await sender.send_due()
    assert slow.texts + api.texts == ["要备案。"], "a no is known: tried again before the lease would have ended"
    clock.forward(minutes=2)
    await sender.send_due()
    assert slow.texts + api.texts == ["要备案。"], "a yes is known: not sent twice"


async def test_a_service_that_ends_does_not_wait_for_a_platform_that_hangs(
    database, queue, followers, owe, monkeypatch
):
    monkeypatch.setattr("connectors.wechat.outbound.sender._FINISH_SECONDS", 0.05)
    slow = SlowApi()
    await followers.heard(text_message())
    await owe("要备案。")
    stack = AsyncExitStack()
    own(stack, Sender(database, queue, followers, slow, tokens=None).run(), "sender")
    async with asyncio.timeout(GUARD_SECONDS):
        await slow.asked.wait()
        await stack.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_two_processes_never_claim_the_same(queue, owe, database, vault, clock):
    await owe("要备案。")
    assert len(await queue.claim()) + len(await OutgoingQueue(database, vault, clock).claim()) == 1


async def test_after_two_days_it_is_given_up(sender, followers, queue, owe, api, clock):
    await owe("要备案。")
    await sender.send_due()
    clock.forward(hours=49)
    await queue.forget_old()
    assert not await queue.release(OPENID)


NOTICE = {"template_id": "t", "data": {"phrase3": {"value": "已受理"}}}


async def test_a_notice_goes_to_who_agreed_and_else_as_a_text(sender, followers, owe, api):
    await followers.heard(text_message())
    await followers.heard(replace(event("subscribe_msg_popup_event"), accepted=(("t", True),)))
    await owe("您的备案已受理。", notice=NOTICE)
    await owe("您的备案已办结。", notice=NOTICE)
    while await sender.send_due():
        pass
    assert [path for path, _ in api.sent] == ["bizsend", "send"]
    assert api.sent[0][1] == {"touser": OPENID, **NOTICE}
    assert api.texts == ["您的备案已办结。"]


async def test_a_withdrawn_consent_falls_back_to_text(sender, followers, owe, api):
    await followers.heard(text_message())
    await followers.heard(replace(event("subscribe_msg_popup_event"), accepted=(("t", True),)))
    api.errors = [platform_error(43101)]
    await owe("您的备案已受理。", notice=NOTICE)
    while await sender.send_due():
        pass
    assert api.texts == ["您的备案已受理。"]


async def test_what_must_be_answered_by_a_time_is_not_sent_later(sender, followers, queue, owe, api, clock, database):
    async with database.session() as session:
        await queue.add(OPENID, "十分钟内有效", session, until=clock.at + timedelta(minutes=10))
    await owe("您的事办好了。")
    while await sender.send_due():
        pass
    assert api.texts == [], "held: nothing may be sent yet"
    clock.forward(minutes=11)
    await followers.heard(text_message())
    await queue.release(OPENID)
    while await sender.send_due():
        pass
    assert api.texts == ["您的事办好了。"]


async def test_a_request_is_a_message_in_the_window_and_a_notice_outside(
    sender, followers, queue, api, clock, database
):
    account = WeChat(database, queue, followers, sender, notice_template="t")
    until = clock.at + timedelta(days=4)

    async def ask():
        async with database.session() as session:
            await account.owe_request(
                session, f"wechat-{OPENID}", "请看", link="https://h/consent/x", until=until, matter="家人请您授权代办"
            )
        while await sender.send_due():
            pass

    await followers.heard(replace(text_message(), accepted=(("t", True),)))
    await ask()
    assert api.texts == ["请看"]
    clock.forward(hours=49)
    await ask()
    path, body = api.sent[-1]
    assert path == "bizsend"
    assert body["page"] == "https://h/consent/x"
    assert all(len(body["data"][name]["value"]) <= most for name, most in (("thing2", 20), ("phrase3", 5)))
    await ask()
    assert len(api.sent) == 2, "agreed to one notice"


async def test_what_is_owed_is_in_no_file(owe, database, tmp_path):
    await owe("您的备案已受理。", notice=NOTICE)
    await database.aclose()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert OPENID.encode() not in written
    assert json.dumps("已受理").encode() not in written
    assert "已受理".encode() not in written


async def test_what_a_click_allowed_and_was_not_used_is_given_back_to_the_click(
    sender, followers, owe, api, clock, database, vault
):
    """It was given to the messages of 48 hours: one too many after the minute was over."""
    await followers.heard(event("click"))
    api.errors = [platform_error(45009)]
    await owe("要备案。")
    await sender.send_due()
    async with followers.row(OPENID) as row:
        assert (row.event_left, row.message_left) == (3, 0)
    await followers.give_back(vault.lookup(OPENID), "event")
    async with followers.row(OPENID) as row:
        assert row.event_left == 3, "never more than the platform allows"
