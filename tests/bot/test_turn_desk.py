"""The text turn with a scripted desk: who is silent when, and what the desk is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.test_utils import TestServer

from base.messages import Command, Reply
from bot.engine import INTENTS, RasaClient
from bot.sayings import say
from bot.turn import Dialogue

WAIT, FORM = Reply("请稍等。"), say("utter_ask_phone")


class ScriptedDesk:
    def __init__(self, *, takes: bool = False, is_free: bool = False, waits: bool = True) -> None:
        self._takes, self._is_free, self._waits = takes, is_free, waits
        self.told: list[tuple[str, str]] = []

    async def has_person(self, conversation: str) -> bool:
        return self._takes

    async def takes(self, conversation: str, channel: str, text: str) -> bool:
        self.told.append(("asked", text))
        return self._takes

    def heard(self, conversation: str, channel: str, text: str) -> None:
        self.told.append(("heard", text))

    def said(self, conversation: str, channel: str, replies: Sequence[Reply]) -> None:
        self.told += [("said", reply.text) for reply in replies]

    async def person_is_free(self, conversation: str, channel: str) -> bool:
        return self._is_free

    async def wait_for_person(self, conversation: str, channel: str) -> list[Reply]:
        return [WAIT] if self._waits else []


class Engine:
    def __init__(self) -> None:
        self.heard: list[str] = []

    async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        return [Reply(f"答：{text}")]

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.heard.append(text)
        if text != "转人工":
            return [Reply(f"答：{text}")]
        return [say("utter_transfer") if metadata.get("can_transfer") else FORM]


async def test_what_a_person_answers_the_assistant_does_not_even_hear() -> None:
    desk, engine = ScriptedDesk(takes=True), Engine()
    dialogue = Dialogue(engine, desk=desk)
    for text in ("在吗", "😀", "再说一遍", "转人工"):
        assert await dialogue.reply("c1", text, "web") == []
    assert engine.heard == []
    assert desk.told == [("asked", "在吗"), ("asked", "😀"), ("asked", "再说一遍"), ("asked", "转人工")]


async def test_danger_comes_before_the_desk() -> None:
    desk, emergency = ScriptedDesk(takes=True), say("utter_emergency")
    assert await Dialogue(Engine(), desk=desk).reply("c1", "我爸突然晕倒了叫不醒", "web") == [emergency]
    assert desk.told == [("heard", "我爸突然晕倒了叫不醒"), ("said", emergency.text)]


async def test_who_is_free_is_waited_for_and_the_engines_form_is_closed() -> None:
    engine = Engine()
    dialogue = Dialogue(engine, desk=ScriptedDesk(is_free=True))
    assert await dialogue.reply("c1", "转人工", "web") == [WAIT]
    assert engine.heard == ["转人工", "取消"]
    assert await dialogue.reply("c1", "没听清", "web") == [WAIT]
    assert await dialogue.nobody_came("c1", "web") == [FORM]


async def test_a_desk_that_fails_to_queue_leaves_the_form() -> None:
    dialogue = Dialogue(Engine(), desk=ScriptedDesk(is_free=True, waits=False))
    assert await dialogue.reply("c1", "转人工", "web") == [FORM]


async def test_a_page_that_cannot_listen_is_answered_by_the_assistant_alone() -> None:
    dialogue = Dialogue(Engine(), desk=ScriptedDesk(takes=True, is_free=True))
    assert await dialogue.reply("c1", "在吗", "web", {"can_listen": False}) == [Reply("答：在吗")]
    assert await dialogue.reply("c1", "转人工", "web", {"can_listen": False}) == [FORM]


async def test_a_peek_tells_the_desk_nothing_and_the_engine_only_what_a_person_does_not_answer() -> None:
    desk = ScriptedDesk()
    assert await Dialogue(Engine(), desk=desk).peek("c1", "备案管几年", "web") == [Reply("答：备案管几年")]
    assert desk.told == []
    assert await Dialogue(Engine(), desk=ScriptedDesk(takes=True)).peek("c1", "备案管几年", "web") == []


async def test_what_our_own_code_asks_is_a_command_with_its_intent_and_nothing_is_guessed() -> None:
    posted: list[dict[str, object]] = []

    async def webhook(request: web.Request) -> web.Response:
        posted.append(await request.json())
        return web.json_response([])

    app = web.Application()
    app.router.add_post("/webhooks/hotline/webhook", webhook)
    async with TestServer(app) as server:
        client = RasaClient(str(server.make_url("/")), "token")
        dialogue = Dialogue(client, desk=ScriptedDesk(is_free=True))
        await dialogue.nobody_came("c1", "web")
        await dialogue.reply("c1", "转人工", "web", {"can_listen": False})
        await client.aclose()
    ours, theirs = posted[0], posted[-1]
    assert (ours["message"], ours["intent"]) == ("转人工", "human_agent")
    assert "intent" not in theirs, "what a citizen says is understood, whatever it says"
    assert set(INTENTS) == set(Command)
