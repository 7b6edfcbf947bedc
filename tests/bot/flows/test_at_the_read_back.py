"""What is said when everything is read back: a no in any words, and what was noted otherwise."""

from __future__ import annotations

import pytest

from bot.understood import NO_GUESSES, Guess, Guesses
from tests.casework.office import Caller, Office


async def at_the_read_back(office: Office, item: str, answers: tuple[str, ...]) -> Caller:
    caller = office.caller()
    await caller.wants("file_item", item)
    await caller.proves("elder")
    for answer in answers:
        await caller.says(answer)
    return caller


LONG_STAY = ("俺想办异地长期居住备案", ("深圳市", "2026年11月1日", "登记的那个", "同意"))
EMERGENCY = (
    "俺要补急诊备案",
    ("北京市", "北京协和医院", "2026年11月20日", "已经出院结算了", "登记的那个"),
)


@pytest.mark.parametrize("no", ["别给我交上去", "没说要办啊", "谁让你给我交了", "俺爹说不"])
async def test_a_no_and_a_nod_hand_nothing_in(office: Office, no: str) -> None:
    caller = await at_the_read_back(office, *LONG_STAY)
    await caller.says(no, "nlu_fallback")
    assert "编号" not in await caller.says("好的", "affirm")


async def test_a_nod_behind_words_that_were_not_understood_hands_nothing_in(office: Office) -> None:
    caller = await at_the_read_back(office, *LONG_STAY)
    await office.parts.errands.misheard(caller.conversation)
    assert "要提交就说“提交”" in await caller.says("好的", "affirm")
    assert "编号" in await caller.says("对，提交")


@pytest.mark.parametrize("said", ["没出院", "还没出院呢", "人还没出院"])
@pytest.mark.parametrize("kind", ["", "later"])
async def test_the_other_of_two_choices_is_taken(office: Office, said: str, kind: str) -> None:
    caller = await at_the_read_back(office, *EMERGENCY)
    guesses = Guesses(said, reply=Guess(kind, 0.6)) if kind else NO_GUESSES
    told = await office.parts.errands.hear(caller.conversation, "web", "deny", said, guesses=guesses)
    assert told is not None
    assert "出院了没有：还在住院" in told.replies[0].text


async def test_a_look_up_in_between_changes_no_day(office: Office) -> None:
    caller = await at_the_read_back(office, *LONG_STAY)
    await caller.says("帮我看下我今年交了没有，交了多少钱", "query_mine")
    assert "2026年11月1日" in await caller.says("2026年11月1日对吧，再念一遍", "repeat") or "编号" in await caller.says(
        "对，提交"
    )


@pytest.mark.parametrize("said", ["不对，日期不是11月1号，我是2027年3月1号过去", "日期不是11月1号，应该是2027年3月1号"])
async def test_what_is_the_case_instead_counts(office: Office, said: str) -> None:
    caller = await at_the_read_back(office, *LONG_STAY)
    assert "2027年3月1日" in await caller.says(said)


@pytest.mark.parametrize("said", ["查一下进度", "看看进展", "办到哪一步了"])
async def test_a_question_of_progress_chooses_nothing(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要办医保转移接续")
    await caller.proves("elder")
    assert "转入济宁" not in await caller.says(said, "query_mine")


@pytest.mark.parametrize("yes", ["中", "好的", "对，提交"])
async def test_a_yes_right_behind_what_is_read_back_hands_it_in(office: Office, yes: str) -> None:
    caller = await at_the_read_back(office, *LONG_STAY)
    assert "编号" in await caller.says(yes, "affirm")
