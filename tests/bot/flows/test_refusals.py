"""The principal's no, wherever it comes in; and what is no "不办了"."""

from __future__ import annotations

import pytest

from tests.casework.office import CODE, Caller, Office, people


async def asked_the_mother(office: Office) -> Caller:
    """The daughter waits for her mother's code."""
    daughter = office.caller()
    await daughter.wants("file_item", "给俺娘办慢病认定")
    await daughter.proves("daughter")
    assert "您母亲" in await daughter.says(people()["mother"]["id_number"])
    return daughter


async def read_back(office: Office) -> Caller:
    daughter = await asked_the_mother(office)
    for said in (CODE, "高血压", "邹城市人民医院"):
        await daughter.says(said)
    assert "请您核对" in await daughter.says("19900000003")
    return daughter


@pytest.mark.parametrize(
    "no", ["先停一下，我妈刚说她不让办", "俺娘不同意了", "她变卦了", "我妈说算了", "老人家不愿意，先别交"]
)
async def test_her_no_at_the_read_back_ends_it(office: Office, no: str) -> None:
    daughter = await read_back(office)
    heard = await daughter.says(no)
    assert "不办了" in heard
    assert "没有提交" in heard
    assert "没有办到一半的事" in await daughter.wants("resume_errand", "接着办")


async def test_her_no_after_it_was_put_off_ends_it_too(office: Office) -> None:
    daughter = await read_back(office)
    assert "先放一放" in await daughter.says("等会儿再办")
    heard = await daughter.wants("resume_errand", "接着办")
    assert "替刘**办理" in heard, "who it is for is said again"
    assert "刘**不愿意" in await daughter.says("我妈刚说不让办")
    assert "没有办到一半的事" in await daughter.wants("resume_errand", "接着办")


@pytest.mark.parametrize("no", ["算了，我妈不乐意，别办了", "不同意", "我妈不告诉我验证码", "她不肯", "俺娘说不办了"])
async def test_a_no_while_her_code_is_awaited_is_no_yes(office: Office, no: str) -> None:
    daughter = await asked_the_mother(office)
    heard = await daughter.says(no)
    assert "您母亲不愿意" in heard
    assert not await office.parts.errands.is_open(daughter.conversation)


@pytest.mark.parametrize("words", ["不办了", "算了吧", "别办了"])
async def test_giving_up_while_her_code_is_awaited(office: Office, words: str) -> None:
    daughter = await asked_the_mother(office)
    assert "先不办" in await daughter.says(words)


@pytest.mark.parametrize("words", ["我妈没说不同意", "俺娘不会看短信", "我不是不办"])
async def test_what_is_no_refusal_goes_on(office: Office, words: str) -> None:
    daughter = await asked_the_mother(office)
    await daughter.says(words)
    assert await office.parts.errands.is_open(daughter.conversation)


@pytest.mark.parametrize("yes", ["没错，就交这个吧", "中", "就这么办", "嗯嗯对"])
async def test_yes_in_all_its_words_hands_it_in(office: Office, yes: str) -> None:
    daughter = await read_back(office)
    assert "GD2026" in await daughter.says(yes)


@pytest.mark.parametrize("words", ["先别交", "先别提交，我再想想", "俺先跟闺女商量商量再说", "先别交，我再问问"])
async def test_not_yet_hands_nothing_in_and_keeps_it(office: Office, words: str) -> None:
    daughter = await read_back(office)
    assert "先放一放" in await daughter.says(words)
    assert "请您核对" in await daughter.wants("resume_errand", "接着办")


async def test_a_reason_given_with_it_forgets_nothing(office: Office) -> None:
    daughter = await read_back(office)
    assert "先放一放" in await daughter.says("太麻烦了，不办了")
    assert "请您核对" in await daughter.wants("resume_errand", "接着办")


async def test_a_person_is_wanted_before_anything_else_is_guessed(office: Office) -> None:
    daughter = await asked_the_mother(office)
    assert await daughter.says("不想弄验证码，直接转人工吧", "cancel") == "—"


async def test_their_own_matter_only_waits_when_a_relative_is_against_it(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "办慢病认定")
    await elder.proves("elder")
    await elder.says("高血压")
    assert "先放一放" in await elder.says("俺闺女不让我办")


@pytest.mark.parametrize("said", ["不晓得", "忘了，没带", "俺也不知道", "没带"])
async def test_who_cannot_tell_the_number_is_let_go(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    assert "不要紧" in await elder.says(said, "nlu_fallback")


@pytest.mark.parametrize("said", ["不想给", "我不想说", "不给你", "不方便说"])
async def test_who_does_not_want_to_tell_it_is_let_go(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    assert "不用身份证" in await elder.says(said, "deny")
    assert elder.last is not None
    assert [button.title for button in elder.last.replies[-1].buttons] == ["先不查了", "我是问政策", "转人工"]


@pytest.mark.parametrize("said", ["不知道身份证号", "记不清身份证号了"])
async def test_not_to_know_it_is_no_distrust(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    assert "不要紧" in await elder.says(said, "doubt")


@pytest.mark.parametrize("said", ["不用了", "那不用了，谢谢", "不用了不用了", "不需要了"])
@pytest.mark.parametrize("wish", ["查一下余额", "我想办异地就医备案"])
async def test_what_is_not_needed_is_let_go(office: Office, wish: str, said: str) -> None:
    """ "不用了" was "我没听明白", and the number asked for again."""
    elder = office.caller()
    await elder.wants("query_mine" if "查" in wish else "file_item", wish)
    heard = await elder.says(said, "deny")
    assert "先不办" in heard
    assert "没听明白" not in heard
    assert await elder.says("再说一遍", "repeat") == "—"


async def test_a_nod_does_not_bring_the_number_up_for_ever(office: Office) -> None:
    """Each "好的" was answered with the question for the ID number: asked once more, then left to them, then let go."""
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    assert "请输入您的身份证号" in await elder.says("好的", "affirm")
    left = await elder.says("好的", "affirm")
    assert "不急" in left
    assert "请输入您的身份证号" not in left
    assert "先不办" in await elder.says("中", "affirm")


async def test_who_only_nodded_may_still_give_the_number(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    for _ in range(2):
        await elder.says("好的", "affirm")
    await elder.proves("elder")
    assert elder.last is not None
    assert "1862.35" in "".join(reply.text for reply in elder.last.replies)


@pytest.mark.parametrize("said", ["那我退休了转不转", "在外地报没报", "能不能转"])
async def test_a_question_the_engine_takes_for_a_cancelling_ends_nothing(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查一下余额")
    assert await elder.says(said, "cancel") == "—"


@pytest.mark.parametrize("said", ["我是问政策，备案管几年", "就想问问政策上备案管几年"])
async def test_a_question_behind_that_it_is_of_rules_is_not_swallowed(office: Office, said: str) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查我的备案")
    assert await elder.says(said, "ask_policy") == "—"
    assert await elder.says("370899195003159028", "prove_identity") == "—", "and nobody is asked who they are"
