"""The text turn with a scripted engine: bad input, danger, engines that fail, order, bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest
import structlog.testing

from base.errors import EngineUnavailable
from base.messages import Reply
from bot.sayings import say
from bot.turn import Dialogue


class ScriptedEngine:
    """Answers with `answer(text)`; remembers what it was asked."""

    def __init__(self, answer: Callable[[str], list[Reply]] = lambda text: [Reply(f"听到{text}")]) -> None:
        self._answer = answer
        self.heard: list[str] = []
        self.told: list[Mapping[str, object]] = []
        self.taken_back: list[str] = []

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.heard.append(text)
        self.told.append(metadata)
        return self._answer(text)

    async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        return self._answer(text)

    async def take_back(self, sender: str) -> None:
        self.taken_back.append(sender)

    async def is_open(self, sender: str) -> bool:
        return sender == "open"


class Down:
    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        raise EngineUnavailable(code="dialogue_unreachable")


async def test_ordinary_message_reaches_the_engine_in_simplified_characters() -> None:
    engine = ScriptedEngine()
    [reply] = await Dialogue(engine).reply("c1", "  異地就醫\u200b備案\x00怎麼辦？ ", "web")
    assert engine.heard == ["异地就医 备案 怎么办？"] or engine.heard == ["异地就医备案 怎么办？"]
    assert reply.text.startswith("听到")


async def test_the_engine_gets_the_words_as_they_were_typed_beside_the_simplified_ones() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    for text in ("我叫張偉 ", "我叫张伟"):
        await dialogue.reply("c1", text, "web", {"can_listen": False})
    assert engine.heard == ["我叫张伟", "我叫张伟"]
    assert engine.told == [{"can_listen": False, "typed": "我叫張偉"}, {"can_listen": False}]


async def test_a_name_in_latin_letters_is_an_answer_while_something_is_open() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    assert await dialogue.reply("c1", "John Smith", "web") == [say("utter_not_chinese")]
    assert await dialogue.reply("open", "John Smith", "web") == [Reply("听到John Smith")]
    assert await dialogue.reply("open", "안녕하세요", "web") == [say("utter_not_chinese")]


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "utter_empty"),
        (" \n\t ", "utter_empty"),
        ("\x00\x07\u202e", "utter_empty"),
        ("///", "utter_empty"),
        ("😀😀👍", "utter_not_chinese"),
        ("How do I register?", "utter_not_chinese"),
        ("안녕하세요", "utter_not_chinese"),
        ("。。。？？", "utter_not_chinese"),
        ("……", "utter_silent"),
        ("医" * 501, "utter_too_long"),
        ("医" * 10_000, "utter_too_long"),
    ],
)
async def test_what_is_no_message_gets_a_polite_sentence(text: str, saying: str) -> None:
    engine = ScriptedEngine()
    assert await Dialogue(engine).reply("c1", text, "web") == [say(saying)]
    assert engine.heard == []


async def test_a_very_long_message_is_refused_before_anything_is_done_with_it() -> None:
    class Unread(str):
        """A message that nobody may go through character by character."""

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("read")

    engine = ScriptedEngine()
    replies = await Dialogue(engine).reply("c1", Unread("医保" * 1_000_000), "web")
    assert replies == [say("utter_too_long")]
    assert engine.heard == []


@pytest.mark.parametrize("text", ["OK", "hello!", "13900000000", "幺三九"])
async def test_short_answers_without_chinese_that_people_do_give(text: str) -> None:
    engine = ScriptedEngine()
    await Dialogue(engine).reply("c1", text, "web")
    assert len(engine.heard) == 1


async def test_a_command_to_rasa_is_only_text() -> None:
    engine = ScriptedEngine()
    await Dialogue(engine).reply("c1", '/restart 备案 {"place": "x"}', "web")
    assert not engine.heard[0].startswith("/")


@pytest.mark.parametrize("engine", [Down(), ScriptedEngine()])
async def test_danger_comes_before_anything_else(engine: Down | ScriptedEngine) -> None:
    [reply] = await Dialogue(engine).reply("c1", "俺胸口疼 喘不上气", "phone")
    assert "请立即拨打120" in reply.text
    assert reply.to_say.startswith("请立即拨打")
    assert getattr(engine, "heard", []) == []


async def test_who_did_not_catch_120_hears_120_again() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    emergency = await dialogue.reply("c1", "老头子晕倒了", "phone")
    assert await dialogue.reply("c1", "啥 没听清", "phone") == emergency
    await dialogue.reply("c1", "备案管几年", "phone")
    await dialogue.reply("c1", "没听清", "phone")
    assert engine.heard == ["备案管几年", "没听清"], "later the engine repeats its own words"


async def test_engine_down_is_a_sentence() -> None:
    assert await Dialogue(Down()).reply("c1", "备案管几年", "phone") == [say("utter_engine_down")]


async def test_engine_says_nothing_or_breaks() -> None:
    def breaks(text: str) -> list[Reply]:
        raise RuntimeError(text)

    assert await Dialogue(ScriptedEngine(lambda _: [])).reply("c1", "备案", "web") == [say("utter_trouble")]
    assert await Dialogue(ScriptedEngine(breaks)).reply("c1", "备案", "web") == [say("utter_trouble")]


async def test_nothing_said_is_logged() -> None:
    with structlog.testing.capture_logs() as logs:
        await Dialogue(Down()).reply("c1", "我叫张桂兰 电话19900000001", "phone")
        await Dialogue(Down()).reply("c1", "张桂兰晕倒了", "phone")
    assert [entry["event"] for entry in logs] == ["dialogue_unavailable", "emergency"]
    assert "张桂兰" not in str(logs)
    assert "1990" not in str(logs)


class SlowFirst:
    def __init__(self) -> None:
        self.order: list[str] = []

    async def reply(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
        self.order.append(f"{sender} {text} 开始")
        await asyncio.sleep(0.02 if text == "一" else 0)
        self.order.append(f"{sender} {text} 结束")
        return [Reply(text)]


async def test_one_conversation_in_order_others_not_held_up() -> None:
    engine = SlowFirst()
    dialogue = Dialogue(engine)
    await asyncio.gather(*(dialogue.reply(who, text, "web") for who, text in [("a", "一"), ("a", "二"), ("b", "三")]))
    assert engine.order.index("a 一 结束") < engine.order.index("a 二 开始")
    assert engine.order.index("b 三 结束") < engine.order.index("a 一 结束")


async def test_conversations_are_bounded() -> None:
    dialogue = Dialogue(ScriptedEngine(), max_conversations=3)
    for number in range(10):
        await dialogue.reply(f"c{number}", "备案", "web")
    assert len(dialogue._conversations) == 3


async def test_a_cancelled_turn_leaves_the_conversation_usable() -> None:
    engine = SlowFirst()
    dialogue = Dialogue(engine)
    turn = asyncio.create_task(dialogue.reply("a", "一", "phone"))
    await asyncio.sleep(0.005)
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    assert await dialogue.reply("a", "二", "phone") == [Reply("二")]


@pytest.mark.parametrize(
    ("sign", "heard"),
    [
        ("👍", "好"),
        ("👌🏻 👌🏻", "好"),
        ("🙏", "谢谢"),
        ("居⺠医保", "居民医保"),
        ("张乾", "张乾"),
        ("王昇", "王昇"),
        ("于甯", "于甯"),
        ("乾隆年間的事", "乾隆年间的事"),
        ("/ /怎么备案", "怎么备案"),
    ],
)
async def test_a_hand_that_says_yes_or_thanks_is_understood(sign: str, heard: str) -> None:
    engine = ScriptedEngine()
    await Dialogue(engine).reply("c1", sign, "web")
    assert engine.heard == [heard]


async def test_a_first_half_is_taken_back_in_the_engine_unless_it_never_got_there() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    await dialogue.reply("c", "我妈在北京", "phone")
    await dialogue.take_back("c")
    assert engine.taken_back == ["c"]
    await dialogue.reply("c", "我胸口疼得厉害，喘不上气", "phone")
    await dialogue.take_back("c")
    assert engine.taken_back == ["c"]
    assert [await dialogue.is_open(conversation) for conversation in ("c", "open")] == [False, True]


@pytest.mark.parametrize(
    ("sign", "heard"),
    [
        ("[强]", "好"),
        ("[OK]", "好"),
        ("/:ok", "好"),
        ("/:strong", "好"),
        ("[抱拳][抱拳]", "谢谢"),
        ("/:rose", "谢谢"),
        ("备案怎么办[微笑]", "备案怎么办"),
        ("/ /greet 你好", "greet 你好"),
        ("/::)备案", "备案"),
    ],
)
async def test_wechats_faces_say_yes_or_nothing(sign: str, heard: str) -> None:
    engine = ScriptedEngine()
    await Dialogue(engine).reply("c1", sign, "wechat")
    assert engine.heard == [heard]


@pytest.mark.parametrize("text", ["[微笑]", "/::)", "【收到不支持的消息类型，暂无法显示】"])
async def test_a_face_or_sticker_is_no_question(text: str) -> None:
    engine = ScriptedEngine()
    assert await Dialogue(engine).reply("c1", text, "wechat") == [say("utter_face")]
    assert engine.heard == []


async def test_danger_in_a_message_that_is_too_long_or_in_what_was_perhaps_heard() -> None:
    dialogue = Dialogue(ScriptedEngine())
    [reply] = await dialogue.reply("c1", "俺爹晕倒了" + "啊" * 600, "web")
    assert reply.emergency
    heard = {"hypotheses": ["俺爹栽倒地上"]}
    [reply] = await dialogue.reply("c2", "俺爹载到低上", "phone", heard)
    assert reply.emergency


@pytest.mark.parametrize(
    ("text", "number"), [("屋里着火了", "119"), ("我不想活了", "12356"), ("他要打死我", "110"), ("俺娘走丢了", "110")]
)
async def test_some_dangers_have_their_own_number_besides(text: str, number: str) -> None:
    [reply] = await Dialogue(ScriptedEngine()).reply("c1", text, "web")
    assert number in reply.text
    assert "120" in reply.text


async def test_a_peek_answers_as_the_turn_would_and_leaves_no_trace() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    assert await dialogue.peek("c1", "異地備案", "phone") == [Reply("听到异地备案")]
    assert await dialogue.peek("c1", "俺胸口疼得厉害，喘不上来气", "phone") == [say("utter_emergency")]
    assert await dialogue.peek("c1", "😀", "phone") == []
    assert engine.heard == []
    assert await dialogue.reply("c1", "再说一遍", "phone") == [Reply("听到再说一遍")], "nothing was said that could be"


async def test_an_engine_that_is_down_foretells_nothing() -> None:
    class Gone(Down):
        async def peek(self, sender: str, text: str, channel: str, metadata: Mapping[str, object]) -> list[Reply]:
            raise EngineUnavailable(code="dialogue_unreachable")

    assert await Dialogue(Gone()).peek("c1", "备案管几年", "phone") == []


async def test_after_danger_120_comes_first_and_who_goes_to_call_is_let_go() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    await dialogue.reply("c1", "俺老伴嘴歪了，话也说不清了", "web")
    first, answer = await dialogue.reply("c1", "我这个备案还没办，给报不", "web")
    assert "先打120" in first.text
    assert answer.text.startswith("听到")
    assert len(await dialogue.reply("c1", "备案管几年", "web")) == 1, "said once"
    await dialogue.reply("c1", "俺老伴嘴歪了，话也说不清了", "web")
    assert len(await dialogue.reply("c1", "家里没人得病，你听错了", "web")) == 1, "nobody is in danger"
    await dialogue.reply("c1", "俺老伴嘴歪了，话也说不清了", "web")
    assert len(await dialogue.reply("c1", "他没事吧", "web")) == 2, "that is asked, not told"
    await dialogue.reply("c1", "俺老伴嘴歪了，话也说不清了", "web")
    [reply] = await dialogue.reply("c1", "好，好，我打，我打。", "web")
    assert "120" in reply.text
    await dialogue.reply("c1", "他叫不醒了，手冰凉", "web")
    await dialogue.reply("c1", "我这个备案还没办，给报不", "web")
    [reply] = await dialogue.reply("c1", "好，好，我打，我打。", "web")
    assert "120" in reply.text
    assert "我打" not in "".join(engine.heard)


@pytest.mark.parametrize(
    "said", ["没有没有，我不干傻事，邻居老张隔天来看我", "我没病没灾的，打120干啥", "人都在医院了，有大夫"]
)
async def test_who_says_that_nobody_is_in_danger_is_believed_and_told_where_to_call(said: str) -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    await dialogue.reply("c1", "活着也没啥意思", "web")
    [reply] = await dialogue.reply("c1", said, "web")
    assert "没事就好" in reply.text
    assert "12356" in reply.text
    [again] = await dialogue.reply("c1", "叫我打哪个号来着", "web")
    assert again == reply
    assert not engine.heard


async def test_and_what_else_they_want_is_heard() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    await dialogue.reply("c1", "活着也没啥意思", "web")
    await dialogue.reply("c1", "我不干傻事，我就问备案咋办", "web")
    assert engine.heard


@pytest.mark.parametrize("said", ["家里没人咋办", "还没到医院里", "没事也快去叫人啊", "他好好的就喘不上来了"])
async def test_whoever_still_needs_help_is_not_calmed(said: str) -> None:
    dialogue = Dialogue(ScriptedEngine())
    await dialogue.reply("c1", "俺老伴嘴歪了，话也说不清了", "web")
    assert "没事就好" not in "".join(reply.text for reply in await dialogue.reply("c1", said, "web"))


async def test_another_process_is_kept_out_of_the_conversation_for_the_length_of_a_turn() -> None:
    order: list[str] = []

    @asynccontextmanager
    async def alone(conversation: str) -> AsyncIterator[None]:
        order.append(f"{conversation} alone")
        yield
        order.append("done")

    def answer(text: str) -> list[Reply]:
        order.append(text)
        return [Reply("好")]

    dialogue = Dialogue(ScriptedEngine(answer), alone=alone)
    await dialogue.reply("c1", "你好", "web")
    await dialogue.take_back("c1")
    assert order == ["c1 alone", "你好", "done", "c1 alone", "done"]


async def test_of_what_may_have_been_heard_the_likeliest_is_asked_unless_something_is_open() -> None:
    given: list[tuple[str, list[str]]] = []

    async def choose(text: str, others: Sequence[str]) -> str:
        given.append((text, list(others)))
        return others[0]

    engine = ScriptedEngine()
    dialogue = Dialogue(engine, choose=choose)
    heard = {"hypotheses": ["生孩子住院报多少", "生孩子住院包多少"]}
    [said] = await dialogue.peek("c1", "升孩子住院爆多少", "phone", heard)
    assert said.text == "听到生孩子住院报多少"
    await dialogue.reply("c1", "升孩子住院爆多少", "phone", heard)
    await dialogue.reply("open", "升孩子住院爆多少", "phone", heard)
    await dialogue.reply("c1", "升孩子住院爆多少", "phone")
    assert engine.heard == ["生孩子住院报多少", "升孩子住院爆多少", "升孩子住院爆多少"]
    assert given == [("升孩子住院爆多少", heard["hypotheses"])] * 2


async def test_when_nothing_can_be_chosen_the_best_hearing_is_asked() -> None:
    async def choose(text: str, others: Sequence[str]) -> str:
        raise EngineUnavailable(code="knowledge_not_ready")

    engine = ScriptedEngine()
    await Dialogue(engine, choose=choose).reply("c1", "升孩子住院爆多少", "phone", {"hypotheses": ["生孩子"]})
    assert engine.heard == ["升孩子住院爆多少"]


@pytest.mark.parametrize(
    ("text", "dial"),
    [
        ("俺娘晕倒了", ("120",)),
        ("屋里着火了", ("119", "120")),
        ("俺男人打我", ("110", "120")),
        ("我不想活了", ("120", "12356")),
    ],
)
async def test_a_page_is_told_which_numbers_to_dial(text: str, dial: tuple[str, ...]) -> None:
    [reply] = await Dialogue(ScriptedEngine()).reply("c1", text, "web")
    assert reply.to_dial == dial


async def test_who_goes_to_call_the_police_is_not_sent_to_an_ambulance() -> None:
    dialogue = Dialogue(ScriptedEngine())
    await dialogue.reply("c1", "家里进贼了", "web")
    [go] = await dialogue.reply("c1", "好，我这就打", "web")
    assert "110" in go.text


async def test_help_comes_first_and_the_question_beside_it_is_kept() -> None:
    engine = ScriptedEngine()
    dialogue = Dialogue(engine)
    said = await dialogue.reply("c1", "我妈心梗了怎么转院到济南", "web")
    assert said[0].to_dial == ("120",)
    assert [button.payload for button in said[1].buttons] == ["怎么转院到济南"]
    assert said == await Dialogue(engine).peek("c2", "我妈心梗了怎么转院到济南", "web")
    assert (await dialogue.reply("c1", "怎么转院到济南", "web"))[-1].text == "听到怎么转院到济南"
