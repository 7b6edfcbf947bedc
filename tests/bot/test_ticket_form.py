"""The call-back form: numbers as they are said, what cancels it and what does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from base.messages import Reply
from bot.actions.call_time import time_to_call
from bot.actions.digits import digits_said, masked_spoken, read_digits
from bot.actions.notes import NoNotes
from bot.actions.protocol import LISTEN, Outcome, Saying, Turn
from bot.actions.ticket import TicketForm
from bot.sayings import say
from casework.tickets.tickets import Kind
from tests.bot.conftest import TicketBook


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("幺三九 零零零零 一二三四", "13900001234"),
        ("我的电话是13805370005", "13805370005"),
        ("0537-2345678", "05372345678"),
        ("8613900000001", "13900000001"),
        ("一三九", "139"),
        ("后面是零零零一", "0001"),
        ("记一下 13562700009", "13562700009"),
        ("2023年的文件", ""),
        ("备案管6个月吗", ""),
        ("交380元", ""),
        ("异地就医怎么备案", ""),
        ("1" * 40, ""),
    ],
)
def test_digits_said(text: str, digits: str) -> None:
    assert digits_said(text) == digits


def test_numbers_said_back() -> None:
    assert read_digits("GD20261122-0001") == "G D，二零二六，幺幺二二，零零零幺"
    assert masked_spoken("19900000001") == "幺九九开头，尾号零零零幺"


def form_turn(text: str, intent: str = "give_phone", *, asked: str = "phone", **slots: Any) -> Turn:
    return Turn(text, intent, "phone", slots={"requested_slot": asked, **slots})


async def test_number_said_in_groups_is_put_together(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    slots: dict[str, Any] = {}
    for text in ("幺九九", "零零零零", "零零零一"):
        slots |= (await form.validate(form_turn(text, **slots))).slots
    assert slots["phone"] == "19900000001"
    landline = await form.validate(form_turn("零五三七 二三四五六七八"))
    assert landline.slots["phone"] == "05372345678"


async def test_too_many_digits_start_afresh(tickets: TicketBook) -> None:
    outcome = await TicketForm(tickets, NoNotes()).validate(form_turn("12345678", phone_part="19900"))
    assert outcome.slots["phone_part"] is None
    assert outcome.slots["phone"] is None


async def test_other_matters_are_left_to_the_rules(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    for asked in ("phone", "phone_confirmed"):
        assert await form.validate(form_turn("异地备案管几年", "ask_policy", asked=asked)) == Outcome()


async def test_ticket_is_opened_with_what_was_confirmed(tickets: TicketBook) -> None:
    turn = form_turn("对", "affirm", phone="19900000001", ticket_kind="COMPLAINT", topic="remote-valid")
    outcome = await TicketForm(tickets, NoNotes()).open(turn)
    assert tickets.opened == [(Kind.COMPLAINT, "phone", "19900000001", "remote-valid")]
    [said] = outcome.replies
    assert isinstance(said, Saying)
    assert said.values["due"] == "11月23日"
    assert set(outcome.slots.values()) == {None}, "the number is forgotten"


async def test_the_receipt_says_the_code_and_the_way_of_its_channel(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), "https://yibao.example")
    told: dict[str, Saying] = {}
    for channel in ("phone", "web", "wechat"):
        turn = Turn("对", "affirm", channel, slots={"phone": "none", "ticket_kind": "COMPLAINT"})
        [said] = (await form.open(turn)).replies
        assert isinstance(said, Saying)
        told[channel] = said
    saying = say(told["phone"].name)
    heard = saying.to_say.format(**told["phone"].values)
    assert "工单号G D，二零二六，幺幺二二，零零零幺。查询码四零七三。" in heard
    read = {channel: say(one.name).text.format(**one.values) for channel, one in told.items()}
    assert all("工单号 GD20261122-0001，查询码 4073。" in text for text in read.values())
    assert "按下面的链接看" in read["web"]
    assert "https://yibao.example/ticket?number=GD20261122-0001 。" in read["wechat"]
    assert "4073" not in read["wechat"].split("https", 1)[1]
    assert "看" not in read["phone"]


async def test_without_an_address_nobody_is_sent_to_it(tickets: TicketBook) -> None:
    turn = Turn("对", "affirm", "wechat", slots={"phone": "19900000001"})
    [said] = (await TicketForm(tickets, NoNotes()).open(turn)).replies
    assert isinstance(said, Saying)
    assert said.values["way"] == ""


@pytest.mark.parametrize("text", ["再催不办我去省里告", "不给办我就上访", "我再想想怎么告你们"])
async def test_a_threat_taken_for_a_cancelling_does_not_lose_the_complaint(tickets: TicketBook, text: str) -> None:
    turn = form_turn(text, "cancel", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT")
    outcome = await TicketForm(tickets, NoNotes()).validate(turn)
    assert outcome == Outcome((Saying("utter_words_kept"),), {"phone_confirmed": None})


@pytest.mark.parametrize("text", ["算了", "不登记了", "取消", "不用给我回电了", "俺不弄了", "别登记了", "不投诉了"])
async def test_who_says_so_cancels(tickets: TicketBook, text: str) -> None:
    turn = form_turn(text, "cancel", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT")
    assert await TicketForm(tickets, NoNotes()).validate(turn) == Outcome()


async def test_more_of_a_complaint_is_no_other_wish(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    turn = form_turn(
        "你们给我查清楚", "query_mine", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT"
    )
    assert (await form.validate(turn)).slots == {"phone_confirmed": None}
    call_back = form_turn("查余额", "query_mine", asked="phone_confirmed", phone="19900000001")
    assert await form.validate(call_back) == Outcome(), "who only wanted to be called back may want that instead"


async def test_a_goodbye_registers_a_complaint_whose_number_was_given(tickets: TicketBook) -> None:
    turn = form_turn("不说了 挂了", "goodbye", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT")
    assert (await TicketForm(tickets, NoNotes()).validate(turn)).slots == {"phone_confirmed": True}


DROPPED = ["没事了，不投诉了", "算了算了", "不用登记了", "别给我打了", "没事了 谢谢", "算了，我自己去窗口问吧"]


@pytest.mark.parametrize("intent", ["affirm", "goodbye", "deny", "thanks", "nlu_fallback", "ask_policy", "complaint"])
@pytest.mark.parametrize("kind", ["COMPLAINT", "CALLBACK"])
@pytest.mark.parametrize("asked", ["phone", "phone_confirmed"])
async def test_a_drop_drops_at_every_step_whatever_the_engine_makes_of_it(
    tickets: TicketBook, asked: str, kind: str, intent: str
) -> None:
    form = TicketForm(tickets, NoNotes())
    number = "19900000006" if asked == "phone_confirmed" else None
    for text in DROPPED:
        outcome = await form.validate(form_turn(text, intent, asked=asked, phone=number, ticket_kind=kind))
        assert outcome.slots["requested_slot"] is None, "the form ends"
        ended = await form.open(Turn(text, intent, "phone", slots=outcome.slots))
        assert ended.replies == (Saying("utter_ticket_cancelled"),)
    assert not tickets.opened


async def test_without_a_number_is_no_drop_of_a_complaint(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    for text in ("不用回电", "不用给我回电了", "匿名就行，别给我打电话", "不用了", "能不能不留电话"):
        slots = (await form.validate(form_turn(text, "deny", ticket_kind="COMPLAINT"))).slots
        assert slots == {"phone": "none", "phone_confirmed": True}


@pytest.mark.parametrize("text", ["不是让你记我电话，我先问问匿名能不能举报，有奖励不", "匿名的行不，有奖励不"])
async def test_a_question_in_place_of_the_number_registers_nothing(tickets: TicketBook, text: str) -> None:
    outcome = await TicketForm(tickets, NoNotes()).validate(form_turn(text, "ask_policy", ticket_kind="COMPLAINT"))
    assert outcome.slots.get("phone") is None
    assert not outcome.slots.get("phone_confirmed")


async def test_a_question_put_to_us_is_answered_before_the_number_is_asked_for(tickets: TicketBook) -> None:
    async def answer(turn: Turn) -> Outcome:
        return Outcome((Reply("可以匿名举报。"),), {"offer": "more"})

    form = TicketForm(tickets, NoNotes(), answer=answer)
    asked = form_turn("不是让你记电话，我先问问匿名能不能举报", "complaint", ticket_kind="COMPLAINT")
    assert (await form.validate(asked)).replies == (Reply("可以匿名举报。"),)
    told = form_turn("标价二十八，凭什么要我三十六", "complaint", ticket_kind="COMPLAINT")
    assert (await form.validate(told)).replies == (Saying("utter_words_kept"),)


@pytest.mark.parametrize("text", ["不用了", "那不用了，谢谢", "不用了不用了"])
async def test_a_complaint_of_which_nothing_was_told_is_not_registered(tickets: TicketBook, text: str) -> None:
    asked = (Reply(say("utter_ask_what_happened").text),)
    turn = replace(form_turn(text, "deny", ticket_kind="COMPLAINT"), said_before=asked)
    outcome = await TicketForm(tickets, NoNotes()).validate(turn)
    assert outcome.slots["requested_slot"] is None
    assert outcome.slots["phone"] is None


@pytest.mark.parametrize("text", ["我要投诉窗口态度不好，骂人", "俺想举报一个药店"])
async def test_a_complaint_told_while_a_call_back_number_is_awaited(tickets: TicketBook, text: str) -> None:
    form = TicketForm(tickets, NoNotes())
    turn = form_turn(text, "complaint", ticket_kind="CALLBACK")
    outcome = await form.validate(turn)
    assert outcome.slots["ticket_kind"] == "COMPLAINT"
    assert outcome.replies == (Saying("utter_complaint_heard"), Saying("utter_words_kept"))
    asked = await form.ask_phone(form_turn(text, "complaint", **outcome.slots))
    assert asked.replies == (Saying("utter_ask_phone_if_wanted"),)


async def test_the_bare_word_for_a_complaint_is_asked_about_there_too(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    outcome = await form.validate(form_turn("我要投诉", "complaint"))
    asked = await form.ask_phone(form_turn("我要投诉", "complaint", **outcome.slots))
    assert asked.replies == (Saying("utter_ask_what_happened"),)


async def test_who_needs_no_call_back_any_more_is_not_asked_for_a_number(tickets: TicketBook) -> None:
    outcome = await TicketForm(tickets, NoNotes()).validate(form_turn("不用了", "deny", ticket_kind="CALLBACK"))
    assert outcome.slots["requested_slot"] is None


async def _answers(turn: Turn) -> Outcome:
    return Outcome((Saying("utter_place_set"),), {"question": turn.text})


async def test_who_only_asks_is_answered_and_nothing_is_registered(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes(), answer=_answers)
    began = await form.start_complaint(form_turn("我不是要投诉，我是想知道门诊报多少", "complaint"))
    assert began.then == LISTEN
    assert began.slots["question"] == "门诊报多少"
    words = "不投诉了，就想问问居民医保几月份交"
    for intent in ("ask_policy", "complaint", "nlu_fallback"):
        dropped = await form.validate(form_turn(words, intent, ticket_kind="COMPLAINT"))
        assert dropped.slots["requested_slot"] is None
    told = await form.open(form_turn(words, "ask_policy"))
    assert told.slots["question"] == "居民医保几月份交"
    assert tickets.opened == []


async def test_no_number_is_asked_of_who_wants_no_call(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    began = await form.start_complaint(form_turn("我投诉窗口态度不好，不用回电", "complaint"))
    assert began.slots["phone_confirmed"] is True
    assert "phone" not in (await form.start_complaint(form_turn("我要投诉，不用回电", "complaint"))).slots


async def test_the_same_sentence_about_a_number_is_said_twice_at_most(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    again = say("utter_ask_phone_again").text
    talk = (("assistant", again), ("citizen", "嗯嗯"), ("assistant", again), ("citizen", "啥"))
    once = form_turn("啥", "nlu_fallback")
    assert "requested_slot" not in (await form.validate(replace(once, transcript=talk[:2]))).slots
    assert (await form.validate(replace(once, transcript=talk))).slots["requested_slot"] is None
    complaint = replace(form_turn("啥", "nlu_fallback", ticket_kind="COMPLAINT"), transcript=talk)
    assert (await form.validate(complaint)).slots["phone_confirmed"] is True, "kept without a number"


@pytest.mark.parametrize("asked", ["phone", "phone_confirmed"])
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("花了一千二百多，发票我有", "out_of_scope"),
        ("俺花了八百块钱他就给报了一百", "query_mine"),
        ("收据在家里呢", "ask_policy"),
        ("大夫多给俺开了两盒药", "medical_advice"),
        ("那天下着雨，俺跑了三趟", "ask_policy"),
        ("俺就要个报销的单子他不给", "file_item"),
    ],
)
async def test_a_part_of_the_story_belongs_to_the_complaint(
    tickets: TicketBook, text: str, intent: str, asked: str
) -> None:
    turn = form_turn(text, intent, asked=asked, ticket_kind="COMPLAINT", phone="19900000001")
    outcome = await TicketForm(tickets, NoNotes()).validate(turn)
    assert Saying("utter_words_kept") in outcome.replies


async def test_a_question_in_a_complaint_is_still_answered(tickets: TicketBook) -> None:
    for text in ("异地备案要带啥材料", "门诊能报多少"):
        turn = form_turn(text, "ask_policy", ticket_kind="COMPLAINT")
        assert await TicketForm(tickets, NoNotes()).validate(turn) == Outcome()


async def test_the_number_of_whom_they_complain_of_is_not_theirs(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    for text in ("他那个号码是170开头的，17012345678", "骗子的电话13900001234", "店里的电话0537-2345678"):
        outcome = await form.validate(form_turn(text, ticket_kind="COMPLAINT"))
        assert outcome.slots == {"phone": None}
    assert (await form.validate(form_turn("我的号13900001234", ticket_kind="COMPLAINT"))).slots["phone"]


async def test_told_to_its_end_a_complaint_needs_no_number(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    for text in ("是这么回事，报上去吧", "就这样报吧", "那给我登记上吧", "就这些"):
        outcome = await form.validate(form_turn(text, "affirm", ticket_kind="COMPLAINT"))
        assert outcome.slots["phone_confirmed"] is True, text


async def test_who_asks_for_a_person_and_says_the_number_with_it_is_not_asked_for_it(tickets: TicketBook) -> None:
    turn = replace(form_turn("让个人过两天给我打过来吧，13805371234", "human_agent"), slots={})
    assert (await TicketForm(tickets, NoNotes()).validate(turn)).slots["phone"] == "13805371234"


async def test_who_wants_a_person_now_is_told_that_none_is_free_before_a_number_is_asked(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    wants = replace(form_turn("现在就要人，别让我留电话", "human_agent"), slots={})
    assert (await form.ask_phone(wants)).replies == (Saying("utter_no_person_now"), Saying("utter_ask_phone"))
    later = replace(wants, text="让个人明天给我回个电话")
    assert (await form.ask_phone(later)).replies == (Saying("utter_ask_phone"),)
    again = replace(wants, slots={"requested_slot": "phone"})
    assert Saying("utter_no_person_now") not in (await form.ask_phone(again)).replies


async def test_a_person_asked_for_at_the_read_back_is_promised(tickets: TicketBook) -> None:
    turn = form_turn(
        "那转个真人给我吧", "human_agent", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT"
    )
    [reply] = (await TicketForm(tickets, NoNotes()).validate(turn)).replies
    assert isinstance(reply, Reply)
    assert "打给您" in reply.text


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("周四上午吧", "周四上午"),
        ("是周四上午吧？别周三打", "周四上午"),
        ("明儿上午十点", "明儿上午十点"),
        ("下午三点以后打，俺上午下地", "下午三点以后"),
    ],
)
async def test_when_to_call_is_noted_and_said_back(tickets: TicketBook, said: str, when: str) -> None:
    form = TicketForm(tickets, NoNotes())
    for asked in ("phone", "phone_confirmed"):
        told = await form.validate(form_turn(said, "ask_policy", asked=asked))
        assert told.replies == (Saying("utter_call_time_noted", {"when": when}),)
        assert told.slots == {asked: None}, "and the form goes on"


@pytest.mark.parametrize(
    "said", ["要一点", "一共三号窗口", "周四上午去开会的那个大夫态度很差我要投诉", "算了先给我记上"]
)
def test_what_is_no_time_to_call(said: str) -> None:
    assert time_to_call(said) == ""


@pytest.mark.parametrize("said", ["对，多久给信", "是的，下午三点以后打"])
async def test_a_yes_and_more_to_the_number_read_back_is_a_yes(tickets: TicketBook, said: str) -> None:
    turn = form_turn(said, "ask_policy", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT")
    assert (await TicketForm(tickets, NoNotes()).validate(turn)).slots["phone_confirmed"] is True


async def test_what_is_put_right_at_the_number_is_of_the_complaint(tickets: TicketBook) -> None:
    turn = form_turn(
        "不是昨天，是前天的事", "deny", asked="phone_confirmed", phone="19900000001", ticket_kind="COMPLAINT"
    )
    outcome = await TicketForm(tickets, NoNotes()).validate(turn)
    assert "phone" not in outcome.slots
    assert outcome.replies == (Saying("utter_words_kept"),)


async def test_no_number_is_left_and_nothing_lost(tickets: TicketBook) -> None:
    left_out = await TicketForm(tickets, NoNotes()).validate(form_turn("不留", "cancel", ticket_kind="COMPLAINT"))
    assert left_out.slots["phone_confirmed"] is True


async def test_half_a_number_is_not_asked_for_for_ever(tickets: TicketBook) -> None:
    form = TicketForm(tickets, NoNotes())
    assert (await form.ask_phone(form_turn("好的", "affirm", phone_part="135"))).replies == (
        Saying("utter_ask_phone_again"),
    )
