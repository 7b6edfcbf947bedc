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
