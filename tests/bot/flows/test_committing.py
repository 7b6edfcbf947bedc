"""What somebody commits themselves on: the word of the promise, and nothing that only sounds like it."""

from __future__ import annotations

import pytest

from bot.flows.apply.committing import makes_promise
from bot.understood import Guess, Guesses
from tests.casework.office import Caller, Office, people


@pytest.mark.parametrize(
    "text",
    [
        "俺活八十二了没撒过谎，同意。",
        "行，我同意，往下走吧",
        "同意。门牌号写的俺闺女家，都是真的",
        "我承诺，都是真的",
        "俺也愿意",
        "可以，同意",
    ],
)
def test_the_word_itself_makes_the_promise(text: str) -> None:
    assert makes_promise(text)


@pytest.mark.parametrize(
    "text",
    [
        "我不太同意",
        "俺娘同意",
        "同一个医院",
        "医生同意转院了",
        "同意是同意，不过城市不对",
        "要是同意了会咋样",
        "同意，可俺想先改下电话",
        "等俺儿同意了再说",
        "没说愿意不愿意",
        "同意吧，其实不太同意",
        "同意，勉强吧",
        "我愿意，说实话不情愿",
    ],
)
def test_nothing_that_only_sounds_like_it_does(text: str) -> None:
    assert not makes_promise(text)


@pytest.mark.parametrize("said", ["同意吧，其实不太同意", "我愿意，说实话不情愿"])
async def test_half_a_promise_is_asked_for_again(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年9月1日", "登记的那个"):
        await caller.says(answer)
    assert "明确说" in await caller.says(said)
    assert "核对" in await caller.says("同意")


async def test_who_does_not_agree_any_more_is_asked_to_promise_again(office: Office) -> None:
    caller = await at_the_summary(office)
    assert "先不办" in await caller.says("不同意")
    await caller.says("留着")
    again = await caller.wants("resume_errand", "接着办")
    assert "承诺" in again
    assert "核对一遍" not in again


async def at_the_summary(office: Office) -> Caller:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for said in ("深圳市", "2026年9月1日", "登记的那个", "我同意"):
        await caller.says(said)
    return caller


@pytest.mark.parametrize("said", ["唉，不打紧，就这样吧，对，提交。", "对，赶紧提交，快点", "没错，恁给交上吧"])
async def test_sighs_and_hurry_do_not_hide_a_yes(office: Office, said: str) -> None:
    caller = await at_the_summary(office)
    assert "提交好了" in await caller.says(said)


async def test_hurry_alone_hands_nothing_in(office: Office) -> None:
    caller = await at_the_summary(office)
    assert "提交好了" not in await caller.says("快点")


async def test_who_wants_it_said_again_changes_nothing(office: Office) -> None:
    """刚才 was taken for a day, and the filing's date for today."""
    caller = await at_the_summary(office)
    said = "恁刚才说的啥来？再念一遍，说慢点"
    guesses = Guesses(said, reply=Guess("repeat", 0.9))
    await caller.office.parts.errands.hear(caller.conversation, "web", "repeat", said, guesses=guesses)
    key = office.vault.lookup(people()["elder"]["id_number"])
    [draft] = await office.parts.filings.unfinished(key)
    assert draft.answers["since"] == "2026-09-01"


async def test_an_address_is_kept_without_the_words_around_it_and_put_right_by_its_name(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要改住址")
    await caller.proves("elder")
    assert "新住址：" not in await caller.says("住址")
    assert "新住址：兖州区龙桥街道。" in await caller.says("刚说了，兖州区龙桥街道。")
    await caller.says("登记的那个")
    assert "改好了，新住址：兖州区鼓楼街道" in await caller.says("住址不对，是兖州区鼓楼街道")


async def test_a_disease_that_was_put_aside_is_not_filed(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要办慢特病")
    await caller.proves("elder")
    said = await caller.says("办高血压吧……不对…办糖尿病这个，高血压够不上先不办")
    assert "申请的病种：糖尿病。" in said


async def test_a_helper_who_gave_their_number_who_is_helped_goes_on_in_their_name(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺老伴脑梗住院了，给她补急诊备案")
    await caller.proves("mother")
    told = await caller.says("刚才那个就是我老伴的号！她醒着呢")
    assert "本人办" in told
    assert "哪个城市" in told


@pytest.mark.parametrize("said", ["她本人办", "就按刚才那个号办", "刚才那个就是我娘的号"])
async def test_a_son_who_proved_himself_is_not_taken_for_his_mother(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺娘脑梗住院了，给她补急诊备案")
    await caller.proves("son")
    assert "哪个城市" not in await caller.says(said)


@pytest.mark.parametrize("said", ["得她本人办吗", "她本人办不了", "本人办理要带啥", "是不是得本人办"])
async def test_words_about_coming_in_person_file_nothing_in_their_name(office: Office, said: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺老伴脑梗住院了，给她补急诊备案")
    await caller.proves("mother")
    assert "哪个城市" not in await caller.says(said)


@pytest.mark.parametrize("kind", ["cancel", "repeat", "later"])
async def test_a_clear_word_counts_whatever_kind_of_reply_it_was_learnt_to_be(office: Office, kind: str) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺想办异地长期居住备案")
    await caller.proves("elder")
    for answer in ("深圳市", "2026年9月1日", "登记的那个"):
        await caller.says(answer)
    for said, told in (("我同意", "请您核对"), ("对，提交", "提交好了")):
        guesses = Guesses(said, reply=Guess(kind, 0.6))
        caller.last = await office.parts.errands.hear(caller.conversation, "web", "affirm", said, guesses=guesses)
        assert caller.last is not None
        assert told in "".join(reply.text for reply in caller.last.replies)


@pytest.mark.parametrize("said", ["在", "要等", "在办", "没了"])
async def test_a_guess_of_a_yes_hands_nothing_in(office: Office, said: str) -> None:
    """ "在", of somebody who is back at the telephone."""
    caller = await at_the_summary(office)
    caller.last = await office.parts.errands.hear(caller.conversation, "web", "affirm", said)
    heard = "".join(reply.text for reply in caller.last.replies) if caller.last else ""
    assert "提交好了" not in heard


async def test_an_address_corrected_in_one_breath_is_asked_for_whole(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要改住址")
    await caller.proves("elder")
    assert "从头完整说一遍" in await caller.says("任城区幸福家园9号楼，哎不是，6号楼")


async def test_what_is_measured_in_several_diseases_is_asked_about(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "俺要办慢特病")
    await caller.proves("elder")
    assert "记下了，申请的病种" not in await caller.says("血糖高")
