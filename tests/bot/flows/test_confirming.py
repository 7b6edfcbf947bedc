"""Where a filing is read back: what is wrong is corrected, who does not want it is let go, and no reply is a flood."""

from __future__ import annotations

import pytest

from base.messages import Button, Reply, Source
from bot.flows.bubbles import few
from tests.casework.office import Caller, Office


async def at_promise(office: Office, channel: str = "web") -> Caller:
    grandpa = office.caller(channel)
    await grandpa.wants("file_item", "俺长期住在外地，要备案")
    await grandpa.proves("grandpa")
    for said in ("徐州", "今年六月三号"):
        await grandpa.says(said)
    assert "承诺" in await grandpa.says("19900000001")
    return grandpa


async def at_summary(office: Office) -> Caller:
    grandpa = await at_promise(office)
    assert "请您核对" in await grandpa.says("同意")
    return grandpa


def buttons(caller: Caller) -> list[str]:
    assert caller.last is not None
    return [button.title for button in caller.last.replies[-1].buttons]


@pytest.mark.parametrize("words", ["有不对的", "不对", "有个地方错了", "我要改一下", "填错了", "等等，有错", "不太对"])
async def test_something_wrong_is_no_refusal_of_the_promise(office: Office, words: str) -> None:
    for arrive, then in ((at_promise, "看承诺"), (at_summary, "请您核对")):
        caller = await arrive(office)
        heard = await caller.says(words, "deny")
        assert "哪里不对" in heard
        assert {"备案到哪里", "联系电话"} <= set(buttons(caller))
        await caller.says("备案到哪里", "ask_policy")
        assert then in await caller.says("苏州")
        await caller.says("不办了，都删了")


async def test_the_name_of_an_answer_corrects_it_there(office: Office) -> None:
    for arrive in (at_promise, at_summary):
        caller = await arrive(office)
        assert "？" in await caller.says("备案到哪里", "ask_policy")
        assert "江苏省苏州市" in await caller.says("苏州")
        await caller.says("不办了，都删了")


async def test_what_is_right_said_at_once_at_the_promise(office: Office) -> None:
    caller = await at_promise(office)
    heard = await caller.says("不对，是苏州", "ask_policy")
    assert "江苏省苏州市" in heard
    assert "看承诺" in heard


async def test_who_does_not_promise_is_told_what_then(office: Office) -> None:
    assert "窗口" in await (await at_promise(office)).says("我不愿意", "deny")


UNWILLING = ["不，我不愿意", "我不同意", "我不同意交", "我不愿意办", "不想办了", "我反悔了", "俺又不想交了", "不愿意了"]


@pytest.mark.parametrize("words", UNWILLING)
async def test_who_does_not_want_it_is_not_asked_what_is_wrong(office: Office, words: str) -> None:
    caller = await at_summary(office)
    heard = await caller.says(words, "deny")
    assert "哪里不对" not in heard
    assert "先不办" in heard or "先放一放" in heard
    assert "留着" in heard


async def test_a_bare_no_twice_is_one(office: Office) -> None:
    caller = await at_summary(office)
    assert "哪里不对" in await caller.says("不中", "deny")
    assert "不想办了" in buttons(caller)
    assert "先不办" in await caller.says("不", "deny")


def test_acknowledgements_are_joined_and_the_question_stands_alone() -> None:
    question = Reply("从哪天开始？", "从哪天？", buttons=(Button("今天", "今天"),))
    said = [
        Reply("核对好了，孙**。", "核对好了。"),
        Reply("办理备案，要问您3件事。"),
        Reply("记下了，北京。"),
        question,
    ]
    told = few(said)
    assert len(told) == 3
    assert told[-1] == question
    assert "".join(reply.text for reply in told) == "".join(reply.text for reply in said)
    assert "".join(reply.to_say for reply in told) == "".join(reply.to_say for reply in said)
    assert few(said[:3]) == said[:3]


def test_an_answer_of_policy_and_one_of_casework_come_in_three_bubbles() -> None:
    source = Source("文号", "第8条", "标题")
    answers = [Reply("管几年。", sources=(source,)), Reply("报多少。", sources=(source, source))]
    said = [*answers, Reply("记下了。"), Reply("办备案。"), Reply("哪一种？", buttons=(Button("一", "一"),))]
    told = few(said)
    assert len(told) == 3
    assert told[-1] == said[-1]
    assert "".join(reply.text.replace("\n", "") for reply in told) == "".join(reply.text for reply in said)
    assert sum(len(reply.sources) for reply in told) == 3


async def test_no_more_than_three_bubbles_at_once(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要办异地就医备案，我长期住在北京")
    heard = await elder.proves("elder")
    assert elder.last is not None
    assert "核对好了" in heard
    assert "北京市" in heard
    assert len(elder.last.replies) <= 3
