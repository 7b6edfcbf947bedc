"""What was said before tells what is wanted now: the same for another, the second of two wishes."""

from __future__ import annotations

import pytest

from bot.flows.goals import wishes
from casework.filings.items import load
from tests.casework.office import Office, people

ITEMS = load()


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("查一下余额，再给俺备个案", ("query_mine", "file_item")),
        ("查一下余额再给俺备个案", ("query_mine", "file_item")),
        ("给俺办慢病认定，顺便查查余额", ("file_item", "query_mine")),
    ],
)
def test_two_wishes(text: str, intents: tuple[str, str]) -> None:
    assert tuple(intent for intent, _ in wishes(text, ITEMS)) == intents


@pytest.mark.parametrize("text", ["再给俺查一下余额", "查余额", "给俺备个案", "我查了备案再报销行吗", "想再查查缴费"])
def test_one_wish(text: str) -> None:
    assert not wishes(text, ITEMS)


async def test_the_second_wish_is_offered_when_the_first_is_done(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额，再给俺备个案")
    heard = await elder.proves("elder")
    assert "1862.35元" in heard
    assert "您刚才还说" in heard
    assert elder.last
    assert elder.last.waits
    assert "三种" in await elder.says("现在办", "file_item")


async def test_the_second_wish_may_be_left(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额，再给俺备个案")
    await elder.proves("elder")
    assert "先不办" in await elder.says("不用了", "deny")
    assert not await office.parts.errands.is_open(elder.conversation)


async def test_three_wishes_are_worked_off(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额，再查缴费，再看看参保状态")
    assert "查缴费" in await elder.proves("elder")
    heard = await elder.says("好的")
    assert "缴费记录" in heard
    assert "看看参保状态" in heard
    assert "参保地" in await elder.says("办")


async def test_one_of_three_is_left_and_the_next_is_offered(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额，再查缴费，再看看参保状态")
    await elder.proves("elder")
    assert "看看参保状态" in await elder.says("不用了", "deny")
    assert "参保地" in await elder.says("好的")


async def test_the_same_question_is_not_put_a_third_time(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额")
    await elder.says(people()["elder"]["id_number"])
    asked = [await office.parts.errands.asking(elder.conversation, in_between=True) for _ in range(3)]
    assert "验证码" in asked[0][0].text
    assert "先不办了" in asked[1][0].text
    assert "1862.35元" in await elder.says("135790")


async def test_the_same_for_the_spouse(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "俺卡里还有多少钱")
    await elder.proves("elder")
    answer = await office.parts.errands.begin(
        elder.conversation, "web", "query_mine", "我老伴的呢", "慢病咋办，俺卡里还有多少钱，"
    )
    assert "得本人先授权" in "".join(reply.text for reply in answer.replies)
    await elder.says(people()["grandpa"]["id_number"])
    code_taken = await elder.says("135790")
    assert "账户" in code_taken, "the balance, not the question which query"


async def test_proof_holds_for_the_next_matter(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额")
    await elder.proves("elder")
    heard = await elder.wants("query_mine", "俺那个备案办到哪一步了")
    assert "身份证号" not in heard


@pytest.mark.parametrize("words", ["俺是小孩，没有身份证号", "孩子还没有身份证号", "我才九岁，没有身份证"])
async def test_a_child_without_a_number_is_led_to_an_adult(office: Office, words: str) -> None:
    child = office.caller()
    await child.wants("query_mine", "查余额")
    assert "家长" in await child.says(words)
    assert child.last
    assert child.last.offer_person


async def test_for_a_child_without_a_number_a_person_is_offered(office: Office) -> None:
    mother = office.caller()
    await mother.wants("query_mine", "查俺孩子的医保状态")
    await mother.proves("mother")
    assert "户口本" in await mother.says("孩子没有身份证号", "ask_policy")
