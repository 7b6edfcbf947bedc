"""Taking authorisations back: one, or all of them after one question that names them."""

from __future__ import annotations

import pytest

from bot.flows.authorise.authorising import all_are_meant
from bot.flows.goals import goal
from bot.understood import Guess
from casework.filings.items import load
from tests.casework.office import Caller, Office, people


async def two_granted(office: Office) -> Caller:
    mother = office.caller()
    await mother.wants("prove_identity", "核实身份")
    await mother.proves("mother")
    for who, matter in (("daughter", "全部"), ("father", "备案")):
        await mother.wants("authorise", "我要授权给家里人")
        for said in (people()[who]["id_number"], matter, "一年"):
            await mother.says(said)
        assert "授权好了" in await mother.says("同意")
    return mother


@pytest.mark.parametrize("words", ["授权的都收回", "把授权全部取消", "两个授权都不要了"])
async def test_all_are_ended_after_one_question_that_names_them(office: Office, words: str) -> None:
    mother = await two_granted(office)
    asked = await mother.wants("revoke_authorisation", words)
    assert "陈**替您办全部事项" in asked
    assert "李**替您办" in asked
    assert "2个授权都已经收回" in await mother.says("对")
    assert "没有生效的授权" in await mother.wants("revoke_authorisation", "收回授权")


@pytest.mark.parametrize("words", ["都收回", "两个都要收", "都", "一个不留"])
async def test_all_is_an_answer_to_which(office: Office, words: str) -> None:
    mother = await two_granted(office)
    assert "第几个" in await mother.wants("revoke_authorisation", "收回授权")
    assert "收回这2个授权" in await mother.says(words)
    assert "没有变" in await mother.says("先别收回了")
    assert "第几个" in await mother.wants("revoke_authorisation", "收回授权"), "both are still there"


async def test_one_of_two_is_ended_and_the_other_stays(office: Office) -> None:
    mother = await two_granted(office)
    await mother.wants("revoke_authorisation", "收回授权")
    assert "李**" in await mother.says("第一个")
    assert "已经收回" in await mother.says("对")
    assert "陈**替您办全部事项" in await mother.wants("revoke_authorisation", "收回授权")


@pytest.mark.parametrize("words", ["别都收回", "只收回闺女的", "除了闺女的都收回", "收回授权"])
def test_not_all(words: str) -> None:
    assert not all_are_meant(words, asked_which=True)


@pytest.mark.parametrize("words", ["查一下还有没有授权", "我现在有几个授权", "授权还有吗，给我看看", "看看还有啥授权"])
@pytest.mark.parametrize("intent", ["revoke_authorisation", "authorise", "query_mine"])
def test_who_asks_which_there_are_gets_a_list(intent: str, words: str) -> None:
    state = goal(intent, words, "web", load(), Guess("remote", 0.9))
    assert (state.kind, state.what) == ("query", "family")


@pytest.mark.parametrize("words", ["收回授权", "看看授权咋收回", "还有个授权要取消", "我要授权给闺女"])
def test_who_ends_or_gives_one_gets_no_list(words: str) -> None:
    assert goal("revoke_authorisation", words, "web", load()).kind == "revoke"


@pytest.mark.parametrize("words", ["那现在还有没有在办的", "还有啥没办完的", "我有哪些正在办着"])
def test_what_is_open_is_told_and_nothing_is_gone_on_with(words: str) -> None:
    state = goal("resume_errand", words, "web", load())
    assert (state.kind, state.what) == ("query", "progress")


@pytest.mark.parametrize("words", ["接着办", "上次没办完的接着办", "继续办那个备案"])
def test_going_on_is_no_question(words: str) -> None:
    assert goal("resume_errand", words, "web", load()).kind == "resume"
