"""The action server over HTTP, and each action as Rasa would call it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from base.errors import EngineUnavailable
from base.messages import Reply
from bot import actions
from bot.actions.answers import Answers, belongs_elsewhere
from bot.actions.digits import is_number_to_call, names_ticket
from bot.actions.errands import ErrandForm
from bot.actions.later import Later
from bot.actions.notes import NoNotes
from bot.actions.protocol import Outcome, Saying, Turn, turn_from_json
from bot.actions.server import actions as all_actions
from bot.actions.server import handler
from bot.actions.talk import faster, repeat, slower
from bot.flows.wording import say as in_flow
from bot.sayings import say
from bot.understood import Guess, Guesses
from casework.tickets.tickets import Kind
from knowledge.answering.replies import Answer, Declined, Unclear
from tests.bot.conftest import SOURCE, NoWords, Said, ScriptedErrands, ScriptedKnowledge, TicketBook

TODAY = date(2026, 11, 22)


async def no_answer(turn: Turn) -> Outcome:
    """Questions of policy are not what these tests are about."""
    return Outcome()


def tracker(text: str, **slots: Any) -> dict[str, Any]:
    """A conversation as Rasa posts it: a greeting was said, then the citizen said `text`."""
    return {
        "sender_id": "c1",
        "slots": slots,
        "latest_input_channel": "phone",
        "latest_message": {"text": text, "intent": {"name": "ask_policy"}, "entities": []},
        "events": [
            {"event": "user", "text": "你好", "metadata": {}},
            {"event": "bot", "text": "您好。", "data": {"custom": {"spoken": "您好，请讲。", "end": True}}},
            {"event": "user", "text": text, "metadata": {"caller": "19900000001"}},
        ],
    }


@pytest.fixture
def call(knowledge: ScriptedKnowledge, tickets: TicketBook) -> Any:
    """call("action_answer", turn) → the outcome."""
    known = all_actions(knowledge, tickets, ScriptedErrands(), NoWords(), lambda: TODAY)
    return lambda name, turn: known[name](turn)


async def post(app: web.Application, body: Any, token: str = "secret") -> tuple[int, Any]:
    async with TestClient(TestServer(app)) as client:
        response = await client.post("/actions", json=body, headers={"Authorization": f"Bearer {token}"})
        return response.status, await response.json()


@pytest.mark.parametrize("action", ["action_yes", "action_choose", "action_answer", "action_out_of_scope"])
async def test_the_one_thing_that_was_offered_is_answered_to_yes_a_number_or_its_name(call: Any, action: str) -> None:
    words = {"action_yes": "是的", "action_choose": "第一个"}.get(action, "是的，缴费基数。")
    offered = {"options": [{"topic": "d.008~3", "title": "缴费基数"}]}
    outcome = await call(action, Turn(words, "", "web", slots=offered))
    assert outcome.slots["topic"] == "d.008~3"
    assert outcome.slots["options"] is None


async def test_rasa_gets_responses_and_slots(knowledge: ScriptedKnowledge, tickets: TicketBook) -> None:
    app = web.Application()
    actions.setup(app, knowledge, tickets, ScriptedErrands(), NoWords(), token="secret")
    status, body = await post(app, {"next_action": "action_answer", "tracker": tracker("备案管几年", topic="old")})
    assert status == 200
    [response] = body["responses"]
    assert response["text"] == "济宁：remote-valid"
    assert response["custom"]["sources"] == [{"doc_no": SOURCE.doc_no, "clause": SOURCE.clause, "title": SOURCE.title}]
    assert {"event": "slot", "name": "topic", "value": "remote-valid"} in body["events"]
    assert knowledge.asked == [("备案管几年", None, "old")]


@pytest.mark.parametrize(
    ("body", "token", "status"),
    [
        ({"next_action": "action_answer", "tracker": tracker("x")}, "wrong", 401),
        ({"next_action": "rm", "tracker": tracker("x")}, "secret", 404),
        ({"next_action": "action_answer"}, "secret", 400),
        ({"next_action": "action_answer", "tracker": {"latest_message": 3, "events": "x"}}, "secret", 400),
        ([], "secret", 400),
    ],
)
async def test_what_is_not_rasa_is_refused(
    knowledge: ScriptedKnowledge, tickets: TicketBook, body: Any, token: str, status: int
) -> None:
    app = web.Application()
    actions.setup(app, knowledge, tickets, ScriptedErrands(), NoWords(), token="secret")
    assert (await post(app, body, token))[0] == status


async def test_a_failing_action_becomes_a_sentence() -> None:
    async def unavailable(turn: Turn) -> Outcome:
        raise EngineUnavailable

    async def broken(turn: Turn) -> Outcome:
        raise RuntimeError

    async def endless(turn: Turn) -> Outcome:
        await asyncio.sleep(60)
        return Outcome()

    app = web.Application()
    known = {"unavailable": unavailable, "broken": broken, "endless": endless}
    app.router.add_post("/actions", handler(known, "secret", seconds=0.05))
    async with TestClient(TestServer(app)) as client:
        for name in known:
            body = {"next_action": name, "tracker": tracker("x")}
            response = await client.post("/actions", json=body, headers={"Authorization": "Bearer secret"})
            [said] = (await response.json())["responses"]
            assert said.get("text") == EngineUnavailable.citizen_text or said == {"response": "utter_trouble"}


async def test_a_failure_in_a_form_leaves_the_form_where_it_was() -> None:
    """ "提交" was taken for a complaint when the database failed: without a slot Rasa looks for another rule."""

    async def broken(turn: Turn) -> Outcome:
        raise RuntimeError

    app = web.Application()
    app.router.add_post("/actions", handler({"validate": broken}, "secret"))
    async with TestClient(TestServer(app)) as client:
        body = {"next_action": "validate", "tracker": tracker("提交", requested_slot="errand_step", errand_step=None)}
        response = await client.post("/actions", json=body, headers={"Authorization": "Bearer secret"})
        assert (await response.json())["events"] == [{"event": "slot", "name": "errand_step", "value": None}]


def test_the_server_needs_a_token(knowledge: ScriptedKnowledge, tickets: TicketBook) -> None:
    with pytest.raises(ValueError, match="token"):
        actions.setup(web.Application(), knowledge, tickets, ScriptedErrands(), NoWords(), token="")


def test_turn_from_tracker() -> None:
    turn = turn_from_json(tracker("备案", place="sd-jinan"))
    assert turn == Turn(
        "备案",
        "ask_policy",
        "phone",
        slots={"place": "sd-jinan"},
        conversation="c1",
        caller="19900000001",
        is_spoken=True,
        said_before=(Reply("您好。", "您好，请讲。", end=True),),
        transcript=(("citizen", "你好"), ("assistant", "您好。"), ("citizen", "备案")),
    )


async def test_an_open_errand_gets_the_words_as_they_were_typed_or_spoken() -> None:
    class Listening(ScriptedErrands):
        how: Any = None

        async def hear(self, *said: Any, **how: Any) -> None:
            self.how = said[3], how["typed"], how["is_spoken"]

    errands = Listening({"c1"})
    form = ErrandForm(errands, Later(NoWords(), errands), no_answer)
    for channel, told, is_spoken in (
        ("web", {"typed": "張偉"}, False),
        ("wechat", {"spoken": True}, True),
        ("phone", {}, True),
    ):
        posted = tracker("张伟", requested_slot="errand_step", errand_step=None) | {"latest_input_channel": channel}
        posted["events"][-1]["metadata"] = told
        await form.validate(turn_from_json(posted))
        assert errands.how == ("张伟", told.get("typed", ""), is_spoken)


async def test_who_drops_an_errand_with_a_question_gets_both() -> None:
    asked: list[str] = []

    async def answer(turn: Turn) -> Outcome:
        asked.append(turn.text)
        return Outcome((Reply("交380块。"),), {"offer": "more"})

    errands = ScriptedErrands({"c1"})
    form = ErrandForm(errands, Later(NoWords(), errands), answer)
    posted = tracker("不查了，你就告诉我居民一年交多少钱", requested_slot="errand_step", errand_step=None)
    outcome = await form.validate(turn_from_json(posted))
    assert asked == ["居民一年交多少钱"]
    assert [reply.text for reply in outcome.replies if isinstance(reply, Reply)] == ["先放着。", "交380块。"]
    assert outcome.slots["errand_step"] == "done"
    assert outcome.slots["offer"] == "more"
    assert not errands.open


async def test_what_seems_out_of_scope_is_answered_when_staff_have_published_it(call: Any) -> None:
    answered = await call("action_out_of_scope", Turn("备案这种事", "out_of_scope", "phone"))
    assert answered.replies[0].text == "济宁：remote-valid"
    declined = await call("action_out_of_scope", Turn("养老金咋还没发", "out_of_scope", "phone"))
    assert declined.replies == (Saying("utter_out_of_scope"),)


async def test_what_seems_out_of_scope_goes_on_from_what_was_talked_about(
    knowledge: ScriptedKnowledge, call: Any
) -> None:
    slots = {"topic": "remote-valid"}
    for text in ("要几天", "哈哈哈哈", "孙子不听话咋管"):
        await call("action_out_of_scope", Turn(text, "out_of_scope", "web", slots=slots))
    assert [topic for _, _, topic in knowledge.asked] == ["remote-valid", None, None]


async def test_a_matter_known_to_be_in_no_document_is_not_called_out_of_scope(call: Any) -> None:
    lost = await call("action_out_of_scope", Turn("社保卡丢了", "out_of_scope", "web"))
    assert lost.replies[0].text == "补卡，文件没有写。"
    assert lost.slots["topic"] == "gap-card-loss"
    assert lost.slots["offer"] == "person"


async def test_what_seems_out_of_scope_is_noted_whatever_comes_of_it(knowledge: ScriptedKnowledge) -> None:
    class Noted(NoNotes):
        results: ClassVar[list[object]] = []

        def asked(self, turn: Turn, result: Answer | Declined | Unclear) -> None:
            self.results.append(type(result))

    answers = Answers(
        knowledge,
        lambda: TODAY,
        Noted(),
        ErrandForm(ScriptedErrands(), Later(NoWords(), ScriptedErrands()), no_answer).begin,
    )
    for text in ("备案这种事", "社保卡丢了", "养老金咋还没发", "慢病"):
        await answers.outside(Turn(text, "out_of_scope", "web"))
    assert Noted.results == [Answer, Declined, Declined, Unclear]


async def test_the_whole_clause_is_read_from_its_beginning(call: Any) -> None:
    slots = {"topic": "remote-valid", "answer_place": "sd-jining", "part": 1.0}
    for text in ("全文", "念念原文", "把整条念给我"):
        outcome = await call("action_more", Turn(text, "ask_more", "web", slots=slots))
        assert outcome.replies[0].text == "全文：remote-valid"
        assert outcome.slots == {"part": 3, "offer": "more"}


async def test_more_and_source_stay_with_the_place_of_the_answer(call: Any) -> None:
    turn = Turn("还有呢", "ask_more", "web", slots={"topic": "remote-valid", "answer_place": "sd-jinan", "part": 0.0})
    outcome = await call("action_more", turn)
    assert outcome.replies[0].text == "济南：remote-valid 第1部分"
    assert outcome.slots == {"part": 1, "offer": "more"}
    assert (await call("action_source", turn)).replies[0].to_say == "依据是第八条。"
    nothing = Turn("还有呢", "ask_more", "web")
    assert await call("action_more", nothing) == Outcome((Saying("utter_no_question_yet"),))


async def test_place_named_last_counts(call: Any) -> None:
    turn = Turn("不是济宁是济南", "state_place", "web", ("sd-jining", "sd-jinan"), {"question": "备案", "topic": "t"})
    outcome = await call("action_set_place", turn)
    assert outcome.replies[0].text == "济南：t"
    assert outcome.slots["place"] == "sd-jinan"


async def test_how_the_place_was_named_is_passed_on(knowledge: ScriptedKnowledge, call: Any) -> None:
    slots = {"question": "医保站在哪", "topic": "gap-station-list"}
    await call("action_set_place", Turn("俺在任城区", "state_place", "web", ("sd-jining",), slots))
    assert knowledge.said == ["俺在任城区"]


async def test_a_question_that_goes_on_stays_with_the_place_of_the_answer(
    knowledge: ScriptedKnowledge, call: Any
) -> None:
    slots = {"topic": "t", "answer_place": "sd-jinan", "place": None}
    await call("action_answer", Turn("要几天", "ask_policy", "web", slots=slots))
    await call("action_out_of_scope", Turn("要几天", "out_of_scope", "web", slots=slots))
    await call("action_answer", Turn("新生儿咋参保", "ask_policy", "web", slots=slots))
    assert [place for _, place, _ in knowledge.asked] == ["sd-jinan", "sd-jinan", None]


async def test_to_compare_with_another_place_is_not_to_move_there(call: Any) -> None:
    slots = {"question": "备案", "topic": "t", "place": None}
    compared = await call("action_set_place", Turn("那济南呢", "state_place", "web", ("sd-jinan",), slots))
    assert compared.replies[0].text == "济南：t"
    assert "place" not in compared.slots
    moved = await call("action_set_place", Turn("俺是济南的", "state_place", "web", ("sd-jinan",), slots))
    assert moved.slots["place"] == "sd-jinan"


async def test_unclear_offers_two_and_takes_one(call: Any) -> None:
    asked = await call("action_answer", Turn("慢病", "ask_policy", "web"))
    assert [button.title for button in asked.replies[0].buttons] == ["慢病多久审一次", "慢病去哪里办"]
    for text, topic in (("头一个", "chronic-review"), ("后面那个", "chronic-where"), ("2", "chronic-where")):
        chosen = await call("action_choose", Turn(text, "choose", "web", slots=asked.slots))
        assert chosen.slots["topic"] == topic
    neither = await call("action_choose", Turn("都不是", "choose", "web", slots=asked.slots))
    assert neither.replies == (Saying("utter_ask_again"),)


async def test_what_was_quoted_as_the_nearest_is_not_read_out_again_after_a_yes(
    knowledge: ScriptedKnowledge, call: Any
) -> None:
    asked = await call("action_answer", Turn("床位一天多少钱", "ask_policy", "web"))
    assert [button.title for button in asked.replies[0].buttons] == ["是的", "不是"]
    meant = await call("action_yes", Turn("是的", "affirm", "web", slots=asked.slots))
    source = await knowledge.source("d.1~0", place=None, on=date(2026, 1, 5))
    assert source is not None
    assert meant.replies[0].text == source.text
    assert meant.slots["topic"] == "d.1~0"


async def test_repeat_does_not_hang_up_again() -> None:
    before = (Reply("再见。", end=True), Reply("慢一点", pace=0.8))
    outcome = await repeat(Turn("啥", "repeat", "phone", said_before=before))
    assert outcome.replies == (Reply("再见。"), Reply("慢一点"))
    assert (await repeat(Turn("啥", "repeat", "phone"))).replies == (Saying("utter_nothing_to_repeat"),)


async def test_pace_has_ends() -> None:
    turn = Turn("慢点", "slower", "phone", slots={"pace": 0.7})
    assert (await slower(turn)).slots == {"pace": 0.7}
    assert (await faster(Turn("快点", "faster", "phone", slots={"pace": 1.2}))).slots == {"pace": 1.25}


async def test_each_question_of_a_message_is_answered_and_the_last_is_talked_about(
    call: Any, knowledge: ScriptedKnowledge
) -> None:
    answered = await call("action_answer", Turn("异地备案管几年？另外社保卡丢了咋办", "ask_policy", "web"))
    assert [reply.text for reply in answered.replies] == ["济宁：remote-valid", "补卡，文件没有写。"]
    assert answered.slots["topic"] == "gap-card-loss"
    assert answered.slots["offer"] == "person"


async def test_a_question_that_goes_on_is_asked_of_what_the_one_before_was_about(
    call: Any, knowledge: ScriptedKnowledge
) -> None:
    answered = await call("action_answer", Turn("异地备案去哪办？要带啥材料？", "ask_policy", "web"))
    assert [(question, topic) for question, _, topic in knowledge.asked] == [
        ("异地备案去哪办", None),
        ("要带啥材料", "remote-valid"),
    ]
    assert "您问的“要带啥材料”，我在手里的文件里没查到" in answered.replies[-1].text


async def test_where_nothing_is_known_of_the_parts_the_whole_is_asked(call: Any, knowledge: ScriptedKnowledge) -> None:
    await call("action_answer", Turn("床位一天收多少钱？能不能报", "ask_policy", "web"))
    assert knowledge.asked[-1][0] == "床位一天收多少钱？能不能报"


async def test_a_forgetful_engine_is_told_what_is_open() -> None:
    errands = ScriptedErrands(open={"begun"})
    form = ErrandForm(errands, Later(NoWords(), errands), no_answer)
    told = (await form.take_up(Turn("135790", "give_phone", "web", conversation="begun"))).to_json()["events"]
    assert [event["event"] for event in told] == ["session_started", "active_loop", "slot", "action"]
    assert told[1]["name"] == "errand_form"
    fresh = (await form.take_up(Turn("你好", "greet", "web", conversation="new"))).to_json()["events"]
    assert [event["event"] for event in fresh] == ["session_started", "action"]


async def test_after_a_long_silence_what_was_open_is_over() -> None:
    errands = ScriptedErrands(open={"begun"})
    before = (("citizen", "查余额"), ("assistant", "什么颜色？"))
    back = Turn("你好", "greet", "web", conversation="begun", transcript=before)
    told = (await ErrandForm(errands, Later(NoWords(), errands), no_answer).take_up(back)).to_json()["events"]
    assert [event["event"] for event in told] == ["session_started", "action"]
    assert errands.left == ["begun"]


async def test_a_question_nobody_answered_is_a_consultation(call: Any) -> None:
    declined = await call("action_answer", Turn("窗口几点开门", "ask_policy", "web"))
    assert declined.slots["ticket_kind"] == Kind.CONSULTATION.name
    answered = await call("action_answer", Turn("备案管几年", "ask_policy", "web", slots=declined.slots))
    assert answered.slots["ticket_kind"] is None
    asked = {"requested_slot": "phone", "ticket_kind": "COMPLAINT"}
    between = await call("action_answer", Turn("窗口几点开门", "ask_policy", "web", slots=asked))
    assert "ticket_kind" not in between.slots, "it stays a complaint"


async def test_who_asks_for_a_person_in_a_query_has_a_query(errands: ScriptedErrands) -> None:
    form = ErrandForm(errands, Later(NoWords(), errands), no_answer)
    begun = await form.begin(Turn("查参保", "query_mine", "web", conversation="c"))
    assert begun.slots["ticket_kind"] == Kind.QUERY.name
    asked = {**begun.slots, "requested_slot": "errand_step"}
    done = await form.validate(Turn("红", "query_mine", "web", conversation="c", slots=asked))
    assert done.slots["ticket_kind"] is None
    filing = await form.begin(Turn("办备案", "file_item", "web", conversation="c"))
    assert filing.slots["ticket_kind"] is None


async def test_what_was_wanted_before_proof_is_noted_after_it(errands: ScriptedErrands) -> None:
    words = NoWords()
    later = Later(words, errands)
    begun = await later.urge(Turn("快点给办", "urge_case", "web", conversation="c"))
    assert begun.then == "errand_form"
    asked = {**begun.slots, "requested_slot": "errand_step"}
    form = ErrandForm(errands, later, no_answer)
    done = await form.validate(Turn("红", "affirm", "web", conversation="c", slots=asked))
    assert words.said == [("urge", "快点给办"), ("urge", "快点给办")]
    assert (done.slots["later"], done.slots["later_words"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("13900000000", True),
        ("我电话是幺三九零零零零零零零零", True),
        ("幺三九", True),
        ("2316789", True),
        ("打我手机 139 0000", True),
        *((other, False) for other in ("血压180 110", "血糖11.1", "车牌鲁H12345", "邮编272000", "25号文", "2027年")),
        *((other, False) for other in ("济医保字〔2023〕25号", "300块", "12345", "2026", "GD20261129-0029 查询码3247")),
        ("12393是啥电话", False),
    ],
)
def test_only_a_number_to_call_opens_the_call_back_form(text: str, is_one: bool) -> None:
    assert is_number_to_call(text) is is_one


async def test_numbers_that_nobody_asked_for(call: Any, knowledge: ScriptedKnowledge) -> None:
    assert (await call("action_give_number", Turn("13900000000", "give_phone", "web"))).then == "ticket_form"
    assert (await call("action_give_number", Turn("2026", "give_phone", "web"))).replies == (
        Saying("utter_which_number"),
    )
    await call("action_give_number", Turn("血压180 110", "give_phone", "web"))
    assert knowledge.asked[-1][0] == "血压180 110"
    told = await call("action_give_number", Turn("工单号GD20261129-0029", "give_phone", "web", conversation="c"))
    assert told.then == "errand_form"
    assert names_ticket("GD20261129-0029 查询码3247")


async def test_who_belongs_elsewhere_is_not_given_our_rules(knowledge: ScriptedKnowledge, call: Any) -> None:
    assert belongs_elsewhere("我是菏泽的") == "菏泽"
    assert belongs_elsewhere("我在北京参的保") == "北京"
    assert not belongs_elsewhere("我在北京看病")
    assert not belongs_elsewhere("我是邹城的")
    stated = await call("action_set_place", Turn("我是菏泽的", "state_place", "web", ("菏泽",)))
    assert stated.slots["place"] == "菏泽"
    await call("action_answer", Turn("备案管几年", "ask_policy", "web", slots=stated.slots))
    await call("action_answer", Turn("济宁的备案管几年", "ask_policy", "web", slots=stated.slots))
    assert [question for question, *_ in knowledge.asked[-2:]] == ["菏泽参保的，备案管几年", "济宁的备案管几年"]


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("邹城咋办备案", "sd-jining-zoucheng"),
        ("济南咋备案", "sd-jinan"),
        ("济宁和济南的备案一样吗", "sd-jining"),
        ("金乡县备案电话", "sd-jining"),
    ],
)
async def test_a_place_in_a_question_does_not_swallow_it(
    knowledge: ScriptedKnowledge, call: Any, question: str, place: str
) -> None:
    asked = await call("action_set_place", Turn(question, "state_place", "web", (place,)))
    assert "remote-valid" in asked.replies[0].text
    assert knowledge.asked[-1][0] == question


async def test_what_may_be_a_wish_is_answered_and_offered_and_yes_begins_it(call: Any) -> None:
    turn = Turn("备案 想弄一个", "ask_policy", "web", conversation="c", ranking={"ask_policy": 0.4, "file_item": 0.35})
    answered = await call("action_answer", turn)
    assert [button.payload for button in answered.replies[-1].buttons] == ["好的", "不用"]
    begun = await call("action_yes", Turn("好的", "affirm", "web", conversation="c", slots=answered.slots))
    assert begun.replies[0].text == "file_item开始了。"
    assert begun.then == "errand_form"
    sure = await call("action_answer", Turn("备案管几年", "ask_policy", "web", ranking={"ask_policy": 0.9}))
    assert len(sure.replies) == 1


async def test_a_question_about_the_rule_just_answered_is_no_query_of_mine(call: Any) -> None:
    slots = {"topic": "remote-valid"}
    asked = await call("action_begin_errand", Turn("备案办下来要几天", "query_mine", "web", slots=slots))
    assert "remote-valid" in asked.replies[0].text
    assert not asked.then
    mine = await call(
        "action_begin_errand", Turn("给我查查批下来没", "query_mine", "web", conversation="c", slots=slots)
    )
    assert mine.then == "errand_form"


async def test_yes_to_nothing_and_to_two_readings(call: Any) -> None:
    assert (await call("action_yes", Turn("好的", "affirm", "web"))).replies == (Saying("utter_what_to_ask"),)
    two = [{"topic": "t", "title": "T"}, {"topic": "u", "title": "U"}]
    between = Turn("好的", "affirm", "web", slots={"options": two})
    assert (await call("action_yes", between)).replies == (Saying("utter_which_of_the_two"),)
    person = Turn("好的", "affirm", "web", slots={"offer": "person"})
    assert await call("action_yes", person) == Outcome(then="ticket_form")


async def test_what_only_staff_can_do_is_offered_to_them_and_a_question_of_it_is_answered(call: Any) -> None:
    wished = await call("action_other_errand", Turn("俺把俺娘的停了吧，她跟着俺哥了", "other_errand", "web"))
    assert [reply.text for reply in wished.replies] == [say("utter_other_errand").text]
    assert wished.slots["offer"] == "person"
    told = await call("action_other_errand", Turn("俺的备案给停了", "other_errand", "web"))
    assert [reply.text[:3] for reply in told.replies] == ["济宁：", "这件事"], "what the documents say, and who does it"
    asked = await call("action_other_errand", Turn("停了备案还给报吗", "other_errand", "web"))
    assert [reply.text for reply in asked.replies] == ["济宁：remote-valid"]


async def test_what_no_rule_foresees_ends_the_turn_or_goes_back_to_the_form(call: Any) -> None:
    assert (await call("action_not_foreseen", Turn("嗯嗯", "thanks", "web"))).then == "action_listen"
    assert (await call("action_not_foreseen", Turn("嗯嗯", "thanks", "web", form="ticket_form"))).then == "ticket_form"


async def test_who_cannot_hear_is_heard() -> None:
    assert (await repeat(Turn("喂喂 听不清", "repeat", "phone"))).replies == (Saying("utter_hear_me"),)
    again = await repeat(Turn("大点声", "repeat", "phone", said_before=(Reply("要备案。"),)))
    assert again.replies == (Saying("utter_louder"), Reply("要备案。"))
    twice = await repeat(Turn("再说一遍", "repeat", "phone", said_before=(say("utter_louder"), Reply("要备案。"))))
    assert twice.replies == (Reply("要备案。"),)


async def test_stars_beside_other_words_are_praise(call: Any) -> None:
    for text in ("这小伙子服务怪好 给五星", "打满分"):
        assert (await call("action_thanks", Turn(text, "thanks", "phone"))).replies == (Saying("utter_good_rating"),)
    assert (await call("action_thanks", Turn("谢谢你", "thanks", "phone"))).replies == (Saying("utter_thanks"),)


async def test_a_yes_after_a_declined_offer_opens_nothing(call: Any) -> None:
    declined = (say("utter_anything_else"),)
    outcome = await call("action_yes", Turn("那行吧", "affirm", "web", slots={"offer": "person"}, said_before=declined))
    assert outcome.then == ""
    assert outcome.slots == {"offer": None}


async def test_a_yes_to_a_wish_to_take_back_that_was_noted_says_so(call: Any) -> None:
    outcome = await call("action_yes", Turn("是的", "affirm", "web", slots={"offer": "taken_back"}))
    assert "已经记上了" in outcome.replies[0].text


@pytest.mark.parametrize(
    ("kind", "saying"),
    [
        ("medical", "utter_emergency"),
        ("fire", "utter_emergency_fire"),
        ("police", "utter_emergency_police"),
        ("despair", "utter_emergency_despair"),
        ("", "utter_emergency"),
    ],
)
async def test_what_is_said_first_fits_the_danger(call: Any, kind: str, saying: str) -> None:
    guesses = Guesses("他又打我，我躲厕所里", danger=Guess(kind, 0.95))
    done = await call("action_emergency", Turn("他又打我，我躲厕所里", "emergency", "phone", guesses=guesses))
    assert done.replies == (say(saying),)
    assert done.replies[0].emergency


@pytest.mark.parametrize(
    ("text", "before", "what"),
    [("俺闺女还能看我的不", "授权取消了。", "family"), ("我不知道我有没有", "慢病的本怎么办", "chronic")],
)
async def test_a_query_that_is_meant_is_begun_by_its_name_and_for_nobody_else(
    errands: ScriptedErrands, monkeypatch: pytest.MonkeyPatch, text: str, before: str, what: str
) -> None:
    begun: list[tuple[str, str, str]] = []

    async def begin(conversation: str, channel: str, intent: str, text: str, *_: object, **how: Any) -> Said:
        begun.append((intent, text, how["what"]))
        return Said((Reply("好的。"),))

    monkeypatch.setattr(errands, "begin", begin)
    form = ErrandForm(errands, Later(NoWords(), errands), no_answer)
    said = (("citizen", before), ("citizen", text))
    await form.in_context(no_answer)(Turn(text, "ask_policy", "web", conversation="c", transcript=said))
    assert begun == [("query_mine", "", what)]


async def test_what_was_spoken_is_answered_by_its_sound_and_what_was_typed_as_it_stands(
    knowledge: ScriptedKnowledge,
) -> None:
    answers = Answers(knowledge, lambda: TODAY, NoNotes(), no_answer)
    spoken = Turn("在外地住院背安管几年", "ask_policy", "phone", is_spoken=True)
    outcome = await answers.answer(spoken)
    assert outcome.slots["topic"] == "remote-valid"
    assert outcome.slots["question"] == "在外地住院备案管几年", "what is asked again for another place"
    assert (await answers.outside(replace(spoken, intent="out_of_scope"))).slots["topic"] == "remote-valid"
    typed = await answers.answer(replace(spoken, channel="web", is_spoken=False))
    assert typed.slots["topic"] is None


_CODE_SENT = (
    ("assistant", "验证码发到尾号0001的手机了，请说出来。"),
    ("citizen", "不办了"),
    ("assistant", "好的，先不办。"),
)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("action_give_number", "135790"),
        ("action_begin_errand", "验证码是135790"),
        ("action_out_of_scope", "重新发"),
        ("action_repeat", "再发一遍"),
        ("action_answer", "短信没收到"),
    ],
)
async def test_a_code_that_nothing_waits_for_any_more_is_said_to_be_none(call: Any, action: str, text: str) -> None:
    transcript = (*_CODE_SENT, ("citizen", text))
    outcome = await call(action, Turn(text, "give_phone", "web", conversation="c", transcript=transcript))
    assert outcome.replies == (Saying("utter_no_code_waits"),)
    assert outcome.then == ""


async def test_six_digits_are_a_number_where_no_code_was_spoken_of(call: Any) -> None:
    assert (await call("action_give_number", Turn("135790", "give_phone", "web"))).then == "ticket_form"


@pytest.mark.parametrize("text", ["我爸走了，医保怎么停", "俺娘没了，卡里的钱咋取"])
async def test_who_mourns_and_asks_is_answered_as_well(call: Any, knowledge: ScriptedKnowledge, text: str) -> None:
    outcome = await call("action_grief", Turn(text, "grief", "web", conversation="c"))
    assert outcome.replies[0] == in_flow("condolence")
    assert len(outcome.replies) > 1
    assert text in knowledge.asked[-1][0]


@pytest.mark.parametrize("text", ["我爸走了", "俺娘没了，心里难受", "老伴走了，家里就剩我一个人了"])
async def test_who_only_mourns_hears_a_human_word(call: Any, text: str) -> None:
    assert (await call("action_grief", Turn(text, "grief", "web"))).replies == (Saying("utter_grief"),)


@pytest.mark.parametrize("said", ["你们服务真差", "态度太差了"])
async def test_who_finds_fault_is_not_thanked(call: Any, said: str) -> None:
    assert (await call("action_thanks", Turn(said, "thanks", "web"))).replies == (Saying("utter_abuse"),)


async def test_who_asks_what_an_authorisation_lets_somebody_do_is_offered_one(call: Any) -> None:
    told = await call("action_answer", Turn("授权闺女，她能取我的钱不", "ask_policy", "web"))
    assert [reply.text for reply in told.replies] == [
        in_flow("authorised_no_money").text,
        in_flow("authorise_now").text,
    ]
    assert (told.slots["offer"], told.slots["offered_intent"]) == ("errand", "authorise")


async def test_where_they_belong_is_kept_with_several_questions(call: Any) -> None:
    told = await call("action_answer", Turn("我是菏泽的，异地备案管几年？社保卡丢了咋办", "ask_policy", "web"))
    assert len(told.replies) == 2
    assert told.slots["place"] == "菏泽"
