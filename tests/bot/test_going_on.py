"""What a message means behind what was said."""

from __future__ import annotations

import pytest

from base.messages import Button, Reply, Source
from bot.actions.going_on import DO_IT, ERRAND, asks_on, drug, looked_on, of_other_insurance, to_do
from bot.actions.protocol import Turn

ANSWER = Reply(
    "备案长期有效。",
    sources=(Source("济医保字〔2023〕25号", "第8条", "便民措施"),),
    buttons=(Button(DO_IT, "异地就医备案"),),
)
BALANCE = Reply("您的个人账户余额是1862.35元。"), Reply("您还要查什么、办什么？")


def said(text: str, *before: Reply, asked: str = "异地备案管多久", **slots: str) -> Turn:
    transcript = (("citizen", asked), ("assistant", "…"), ("citizen", text))
    return Turn(text, "ask_policy", "web", said_before=before, transcript=transcript, slots=slots)


@pytest.mark.parametrize("text", ["办", "那给俺办一个吧", "你能给办不", "就现在办", "帮我申请一下"])
def test_to_do_it_is_for_what_was_just_answered(text: str) -> None:
    assert to_do(said(text, ANSWER)) == f"异地备案管多久，异地就医备案，{text}"
    assert to_do(said(f"{text},叫张桂兰", ANSWER))
    assert to_do(said(text, offer=ERRAND, offered_intent="file_item", offered_words="想领津贴")) == f"想领津贴，{text}"


@pytest.mark.parametrize("text", ["好", "怎么办", "不办", "办了", "办好了吗", "给我办个备案"])
def test_other_words_are_no_such_wish(text: str) -> None:
    assert not to_do(said(text, ANSWER))


def test_a_question_goes_on_behind_an_answer_only() -> None:
    assert asks_on(said("住院呢", ANSWER))
    assert asks_on(said("要是没备案呢"))
    assert not asks_on(said("住院呢", *BALANCE))
    assert not asks_on(said("我妈的呢", ANSWER))


def test_another_drug_is_asked_by_its_name_alone() -> None:
    assert "阿卡波糖在不在目录里" in drug(said("阿卡波糖呢", Reply("医保药品目录里有：二甲双胍，甲类")))
    assert drug(said("阿卡波糖呢", ANSWER)) == "阿卡波糖呢"


def test_what_is_looked_up_next_or_once_more() -> None:
    assert looked_on(said("缴费呢", *BALANCE)) == "缴费呢"
    assert looked_on(said("还得等几天", *BALANCE, asked="我那个转移办到哪了")) == "我那个转移办到哪了"
    assert looked_on(said("这个还管用不", *BALANCE, asked="查查备案")) == "查查备案"
    assert looked_on(said("咋才这么点？上个月不是还有三千多吗", *BALANCE, asked="查余额")) == "查结算记录"
    assert not looked_on(said("还得等几天", *BALANCE, asked="查余额"))
    assert not looked_on(said("缴费呢", ANSWER))


@pytest.mark.parametrize("text", ["中，那恁给俺弄上吧", "行，你给办一个吧", "好，办吧"])
def test_agreeing_first_is_still_the_wish(text: str) -> None:
    assert to_do(said(text, ANSWER))


def test_the_errand_may_have_been_named_before_the_last_question() -> None:
    transcript = tuple(
        ("citizen", words) for words in ("俺要去青岛住，备案咋弄", "在那边看腿，这钱咋算", "那恁给俺弄上吧")
    )
    turn = Turn("那恁给俺弄上吧", "file_item", "web", transcript=transcript)
    assert "青岛" in to_do(turn, names_it=lambda words: "备案" in words)


@pytest.mark.parametrize(
    ("text", "asked", "now"),
    [
        ("那居民的呢", "职工医保普通门诊能报多少", "居民医保普通门诊能报多少"),
        ("不是，俺说的是职工的。", "居民医保住院报多少", "职工医保住院报多少"),
        ("我问的是居民医保", "职工的住院报多少", "居民医保的住院报多少"),
        ("职工医保呢", "断缴了咋补", "职工医保的，断缴了咋补"),
        ("那济南的呢", "断缴了咋补", ""),
        ("居民的", "断缴了咋补", ""),
        ("不是，俺问的是居民的，一年交多少钱", "退休了还用交不", ""),
    ],
)
def test_the_last_question_is_asked_of_the_insurance_that_is_named_now(text: str, asked: str, now: str) -> None:
    assert of_other_insurance(said(text, ANSWER, question=asked)) == now
    assert of_other_insurance(said(text, ANSWER)) == ""


@pytest.mark.parametrize("said", ["那我能办吗", "俺能办不", "像我这种情况能申请吗", "那俺媳妇能办吗", "他能办不"])
def test_whether_it_is_for_them_is_no_wish(said: str) -> None:
    assert to_do(Turn(said, "ask_policy", "web", slots={"topic": "chronic-where"})) == ""
    assert to_do(Turn("那你给我办吧", "file_item", "web", slots={"topic": "chronic-where"})) != ""
