"""The whole account against the stand-in, a process of its own: sealed messages, its quotas, faults, restarts."""

from __future__ import annotations

import asyncio
import io
import socket
from contextlib import AsyncExitStack
from datetime import datetime
from types import SimpleNamespace
from unittest.mock import AsyncMock, Mock

import numpy as np
import pytest
from aiohttp import ClientSession, web

from base.database import Database
from base.messages import Button, Reply
from base.personal_data import Vault
from base.settings import Settings
from casework.outbox import KeepingGateway
from casework.people.identity import Codes
from connectors.wechat.channel import Progress
from demo.core import DemoCore
from service.wiring import wechat
from service.wiring.assembly import assemble
from tests.connectors.wechat.conftest import OPENID
from tests.connectors.wechat.inbound.test_hearing import Ear, Loudness, tone, wav
from tests.guard import GUARD_SECONDS

SECRET = {"data_key": "ab" * 32, "rasa_token": "r", "action_token": "a"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dialogue:
    """Answers with what was asked, after `seconds`."""

    def __init__(self):
        self.asked, self.seconds, self.replies = [], 0.0, None

    async def reply(self, conversation_id, text, channel, metadata=None):
        self.asked.append(text)
        await asyncio.sleep(self.seconds)
        return [Reply(f"答：{text}")] if self.replies is None else self.replies


class World:
    """The service's side, and a phone at the stand-in."""

    def __init__(self, tmp_path, database_path):
        self.dialogue, self.ear = Dialogue(), Ear()
        self._database_path = database_path
        self.settings = Settings(
            _env_file=None,
            demo=True,
            port=free_port(),
            var_dir=tmp_path,
            wechat_standin_port=free_port(),
            wechat_secret="s" * 32,
            **SECRET,
        )
        self.url = f"http://127.0.0.1:{self.settings.wechat_standin_port}"
        self.account = None
        self._service, self._platform = AsyncExitStack(), AsyncExitStack()

    async def start_service(self, **changed):
        """With `changed` settings: those of a service that finds the stand-in running."""
        self._service = AsyncExitStack()
        database = Database(f"sqlite+aiosqlite:///{self._database_path}")
        self._service.push_async_callback(database.aclose)
        app = web.Application()
        engines = SimpleNamespace(recogniser=self.ear, correct=lambda text: text, detector=Loudness)
        vault = Vault(SECRET["data_key"])
        self.account, _ = await wechat.set_up(
            app,
            self.settings.model_copy(update=changed),
            self._service,
            database=database,
            vault=vault,
            dialogue=self.dialogue,
            engines=engines,
            casework=self._casework(database, vault),
            **self._live(database, vault),
        )
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        self._service.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self.settings.port).start()

    def _live(self, database, vault):
        """Nobody is at the desk."""
        return {
            "to_person": AsyncMock(return_value=None),
            "desk": Mock(takes=AsyncMock(return_value=False), has_person=AsyncMock(return_value=False)),
        }

    def _casework(self, database, vault):
        return assemble(
            database,
            vault,
            DemoCore(database, vault),
            KeepingGateway(),
            Codes("135790"),
            materials=self.settings.var_dir / "materials",
            address=self.settings.address,
        )

    async def stop_service(self):
        await self._service.aclose()

    async def start_platform(self):
        config = wechat.configured(self.settings)
        await wechat._start_standin(config, self.settings, self._platform)
        self.http = await self._platform.enter_async_context(ClientSession())
        await self.until(self._answers)

    async def aclose(self):
        await self.stop_service()
        await self._platform.aclose()

    async def _answers(self):
        try:
            async with self.http.get(f"{self.url}/menu"):
                return True
        except OSError:
            return False

    async def press(self, what, **fields):
        async with self.http.post(f"{self.url}/phone/{OPENID}/{what}", json=fields) as response:
            assert response.status == 200

    async def send(self, what, data):
        async with self.http.post(f"{self.url}/phone/{OPENID}/{what}", data=io.BytesIO(data)) as response:
            assert response.status == 200

    async def shown(self, after=0):
        """Everything the phone shows that the account has said."""
        async with self.http.get(f"{self.url}/phone/{OPENID}/messages", params={"after": after}) as response:
            return [bubble["text"] for bubble in await response.json() if bubble["who"] != "me"]

    async def fault(self, **fault):
        async with self.http.post(f"{self.url}/standin/faults", json=fault):
            pass

    async def calls(self):
        async with self.http.get(f"{self.url}/standin/calls") as response:
            return [tuple(call) for call in await response.json()]

    async def until(self, condition):
        async with asyncio.timeout(GUARD_SECONDS):
            while not await condition():
                await asyncio.sleep(0.05)

    async def until_shown(self, count):
        async def enough():
            return len(await self.shown()) >= count

        await self.until(enough)
        await asyncio.sleep(0.3)  # whatever came twice would be there by now
        return await self.shown()


@pytest.fixture
async def world(tmp_path, database):
    made = World(tmp_path, tmp_path / "wechat.db")
    await made.start_platform()
    await made.start_service(wechat_api_base=made.url)
    yield made
    await made.aclose()


SEND = "/cgi-bin/message/custom/send"


async def test_a_question_is_answered_once_through_encryption(world):
    await world.press("text", text="俺在北京看病用不用备案😀")
    assert await world.until_shown(1) == ["答：俺在北京看病用不用备案😀"]
    assert await world.calls() == [], "the reply cost no message"


async def test_a_slow_answer_follows_as_a_message(world):
    world.dialogue.seconds = 4.6
    await world.press("text", text="备案")
    assert await world.until_shown(1) == ["答：备案"]
    assert (SEND, 0) in await world.calls()
    assert world.dialogue.asked == ["备案"]


@pytest.mark.parametrize("errcode", [40001, 42001, -1])
async def test_a_token_that_ends_in_mid_send_costs_nothing(world, errcode):
    await world.press("text", text="一")
    await world.until_shown(1)
    await world.fault(path=SEND, errcode=errcode)
    await world.account.push(OPENID, [Reply("您的事办好了。")])
    assert await world.until_shown(2) == ["答：一", "您的事办好了。"]
    assert [call for call in await world.calls() if call[0] == SEND] == [(SEND, errcode), (SEND, 0)]


async def test_a_lost_connection_is_tried_again(world):
    await world.press("text", text="一")
    await world.until_shown(1)
    await world.fault(path=SEND, drop=True, times=2)
    await world.account.push(OPENID, [Reply("您的事办好了。")])
    assert await world.until_shown(2) == ["答：一", "您的事办好了。"]


async def test_the_sixth_message_waits_until_they_write_again(world):
    await world.press("text", text="一")
    await world.until_shown(1)
    for number in range(7):
        await world.account.push(OPENID, [Reply(f"{number}" + "长" * 680)])
        await world.until_shown(min(number, 4) + 2)
    assert len(await world.shown()) == 6
    await world.press("text", text="二")
    shown = await world.until_shown(9)
    assert sorted(text[0] for text in shown) == sorted("0123456答答")
    assert all(errcode == 0 for _, errcode in await world.calls()), "our count never ran into the platform's"


async def test_a_window_the_platform_closed_is_believed(world):
    await world.press("text", text="一")
    await world.until_shown(1)
    await world.fault(path=SEND, errcode=45015)
    await world.account.push(OPENID, [Reply("您的事办好了。")])

    async def refused():
        return (SEND, 45015) in await world.calls()

    await world.until(refused)
    await world.press("text", text="二")
    assert sorted(await world.until_shown(3)) == ["您的事办好了。", "答：一", "答：二"]


async def test_fifty_messages_in_a_second(world):
    await asyncio.gather(*(world.press("text", text=f"第{number}问") for number in range(50)))
    shown = await world.until_shown(50)
    assert len(shown) == 50, "each gets one sentence"
    answered = [text for text in shown if text.startswith("答：")]
    assert sorted(answered) == sorted(f"答：{text}" for text in world.dialogue.asked)
    assert len(set(world.dialogue.asked)) == len(world.dialogue.asked)


async def test_a_voice_message_is_heard_here(world):
    await world.send("voice", wav(tone(2)))
    assert await world.until_shown(1) == ["您说的是：“第1段”\n（我听错了的话，打字再发一遍就行。）\n\n答：第1段"]


async def test_a_minute_of_silence_gets_a_sentence(world):
    await world.send("voice", wav(np.zeros(60 * 16000)))
    (text,) = await world.until_shown(1)
    assert "没听到您说话" in text
    assert world.dialogue.asked == []


async def test_media_that_fails_gets_a_sentence(world):
    await world.fault(path="/cgi-bin/media/get", errcode=40007)
    await world.send("voice", wav(tone(2)))
    (text,) = await world.until_shown(1)
    assert "没有收到" in text


async def test_the_menu_is_applied_and_a_click_asks(world):
    await wechat.push_menu(
        world.settings.model_copy(
            update={"wechat_api_base": world.url, "database_url": f"sqlite+aiosqlite:///{world._database_path}"}
        )
    )
    async with world.http.get(f"{world.url}/menu") as response:
        menu = await response.json()
    assert [column["name"] for column in menu["button"]] == ["问政策", "查业务", "帮家人办"]
    await world.press("click", key=menu["button"][0]["sub_button"][1]["key"])
    assert await world.until_shown(1) == ["答：门诊慢特病怎么申请"]


async def test_a_digit_chooses(world):
    world.dialogue.replies = [Reply("要备案。", buttons=(Button("怎么备案？", "异地就医怎么备案"),))]
    await world.press("text", text="看病")
    await world.until_shown(1)
    await world.press("text", text="1")
    await world.until_shown(2)
    assert world.dialogue.asked == ["看病", "异地就医怎么备案"]


async def test_what_is_owed_survives_a_restart(world):
    await world.press("text", text="一")
    await world.until_shown(1)
    await world.fault(path=SEND, errcode=45009, times=1)
    await world.account.push(OPENID, [Reply("您的事办好了。")])

    async def limited():
        return (SEND, 45009) in await world.calls()

    await world.until(limited)
    await world.stop_service()
    await world.start_service(wechat_api_base=world.url)
    assert await world.until_shown(2) == ["答：一", "您的事办好了。"]


async def test_a_message_cut_off_by_a_restart_gets_its_sentence(world):
    world.dialogue.seconds = 60.0
    await world.press("text", text="备案")

    async def begun():
        return world.dialogue.asked == ["备案"]

    await world.until(begun)
    await world.stop_service()
    world.dialogue.seconds = 0.0
    await world.start_service(wechat_api_base=world.url)
    (text,) = await world.until_shown(1)
    assert "请再发一次" in text
    assert world.dialogue.asked == ["备案"], "a turn that had begun is not run twice"


async def test_notices_go_to_who_agreed(world):
    await world.press("text", text="一")
    await world.until_shown(1)
    await world.press("consent", agree=True)
    await world.until_shown(2)
    await world.account._followers.set_person(OPENID, "k" * 64)
    progress = Progress("BL20261124-0001", "异地就医备案", "已受理", datetime(2026, 11, 24, 9, 0), "您的备案已受理。")
    assert await world.account.progress("k" * 64, progress) == 1
    await world.until_shown(3)
    assert await world.account.progress("k" * 64, progress) == 1
    shown = await world.until_shown(4)
    assert shown[2] == "BL20261124-0001\n异地就医备案\n已受理\n2026-11-24 09:00"
    assert shown[3] == "您的备案已受理。"
