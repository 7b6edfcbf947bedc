"""A person at the desk and a phone at the stand-in for WeChat, over the whole account, restarts included."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from base.database import Database
from base.personal_data import Vault
from base.room import Room
from bot.flows.wording import say as in_flow
from bot.sayings import say
from bot.turn import Dialogue
from casework.livechat.book import Book
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.outward import Outward
from casework.livechat.pictures import LivePictures
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.watch import Watch
from casework.livechat.wording import say as desk_says
from casework.livechat.writer import Writer
from staff import models as staff_models  # noqa: F401  # tables
from tests.casework.bureau import SUN
from tests.casework.filings.test_materials import picture
from tests.connectors.console.office import EchoEngine
from tests.connectors.wechat.inbound.test_hearing import tone, wav
from tests.connectors.wechat.test_with_standin import SECRET, World
from tests.guard import GUARD_SECONDS
from tests.tables import make_tables


class LiveWorld(World):
    """With a desk, which starts anew whenever the service does."""

    later = timedelta()

    async def start_service(self, **changed):
        self.database = Database(f"sqlite+aiosqlite:///{self._database_path}")
        await make_tables(self.database)
        self.book = book = Book(Vault(SECRET["data_key"]), lambda: datetime.now(UTC) + self.later)
        self.writer, outward, self.accepted = Writer(self.database), Outward(), None
        self.presence, held = Presence(self.database), Held(self.database)
        self.desk = LiveDesk(held, book, self.writer, self.presence, quick_seconds=GUARD_SECONDS)
        self.dialogue = Dialogue(EchoEngine(), desk=self.desk)
        self.steps = LiveSteps(self.database, book, outward, held)
        self.watch = Watch(self.database, book, self.presence, outward, self.dialogue.nobody_came)
        self._writing = asyncio.create_task(self.writer.run())
        await super().start_service(**changed)
        outward.wechat = self.account.push

    def _live(self, database, vault):
        self.pictures = LivePictures(database, vault, self.book, self.steps, self._accept, Room(Path("/")))
        return {"to_person": self.pictures.take, "desk": self.desk}

    async def _accept(self, conversation, channel, content):
        return self.accepted

    async def stop_service(self):
        await super().stop_service()
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        await self.database.aclose()

    async def only_line(self):
        async def there():
            return len(await self.steps.lines(SUN)) == 1

        await self.until(there)
        (line,) = await self.steps.lines(SUN)
        return line

    async def said(self, text):
        """Until staff see it."""
        await self.press("text", text=text)

        async def seen():
            asked = (await self.steps.lines(SUN))[0].asked
            return asked is not None and asked.reply.text == text

        await self.until(seen)


@pytest.fixture
async def world(tmp_path, database):
    made = LiveWorld(tmp_path, tmp_path / "wechat.db")
    await made.start_platform()
    await made.start_service(wechat_api_base=made.url)
    yield made
    await made.aclose()


TAKEN, BACK = "【工作人员】" + desk_says("taken").text, desk_says("given_back").text


async def test_a_person_answers_over_a_restart_and_gives_back(world):
    await world.press("text", text="医保怎么交")
    assert await world.until_shown(1) == ["答：医保怎么交"]
    line = await world.only_line()
    await world.steps.take(line.id, SUN)
    assert (await world.until_shown(2))[-1] == TAKEN
    await world.said("我在北京住院了")
    await world.stop_service()
    await world.start_service(wechat_api_base=world.url)
    await world.said("要办什么手续")
    await world.steps.say(line.id, SUN, "带身份证到窗口就行")
    assert (await world.until_shown(3))[-1] == "【工作人员】带身份证到窗口就行"
    await world.press("text", text="我爸突然晕倒了叫不醒")
    assert (await world.until_shown(4))[-1] == say("utter_emergency").text
    await world.steps.give_back(line.id, SUN)
    assert (await world.until_shown(5))[-1] == BACK
    await world.press("text", text="谢谢")
    assert (await world.until_shown(6))[-1] == in_flow("call_now", number="120", number_spoken="幺二零").text


async def test_pictures_and_voice_reach_the_person_who_answers(world):
    await world.press("text", text="医保怎么交")
    await world.until_shown(1)
    line = await world.only_line()
    await world.steps.take(line.id, SUN)
    await world.until_shown(2)
    photo = picture()
    await world.send("image", photo)

    async def there():
        return any(turn.file for turn in (await world.steps.news(line.id, SUN, 0))[1])

    await world.until(there)
    [turn] = [turn for turn in (await world.steps.news(line.id, SUN, 0))[1] if turn.file]
    assert (turn.who, turn.file) == ("citizen", "image/jpeg")
    assert await world.pictures.look(line.id, turn.id, SUN) == ("image/jpeg", photo)
    await world.send("voice", wav(tone(2)))
    assert "您说的是：“第1段”" in (await world.until_shown(3))[-1]
    assert (await world.steps.look(line.id, SUN))[1][-1].reply.text == "第1段", "staff read what was heard"
    await world.send("image", b"\x89PNG no picture")
    assert "打不开" in (await world.until_shown(4))[-1]


async def test_who_asks_for_a_person_waits_and_is_not_forgotten(world):
    await world.presence.switch("zuoxi", is_on=True)
    await world.press("text", text="转人工")
    assert await world.until_shown(1) == [desk_says("waiting_next").text]
    await world.presence.switch("zuoxi", is_on=False)
    await world.stop_service()
    await world.start_service(wechat_api_base=world.url)
    world.later = timedelta(seconds=30)
    await world.watch.round()
    shown = await world.until_shown(2)
    assert shown[-1].startswith(desk_says("nobody_came").text)
    assert shown[-1].endswith("答：转人工"), "the call-back form of the scripted engine"
