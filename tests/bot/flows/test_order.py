"""Several wishes at once: named in their order, and put into another one."""

from __future__ import annotations

from tests.casework.office import CODE, Office


async def test_two_wishes_are_named_and_the_second_may_come_first(office: Office) -> None:
    caller = office.caller()
    heard = await caller.wants("query_mine", "查查我的余额，顺便把去深圳长住的备案办了")
    assert "先查账户余额，再办异地就医备案" in heard
    assert "身份证号" in heard
    heard = await caller.says("先备案吧，余额等会儿", "cancel")
    assert "先办异地就医备案" in heard
    heard = await caller.proves("daughter")
    assert "深圳" in heard
    assert "哪天开始" in heard


async def test_only_later_is_no_other_order(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查查我的余额，顺便把去深圳长住的备案办了")
    assert "放一放" in (heard := await caller.says("先不办了", "cancel")) or "先不办" in heard
    assert not await office.parts.errands.is_open(caller.conversation)


async def test_whether_to_hand_it_in_is_theirs_to_decide(office: Office) -> None:
    caller = office.caller()
    await caller.wants("file_item", "我要办长期居住备案，去北京，6月3号去的，电话13805371234")
    await caller.proves("daughter")
    await caller.says("我同意")
    assert "自己拿主意" in await caller.says("那到底是交还是不交好呢", "ask_policy")
    assert "提交" in await caller.says("提交")


async def test_a_number_given_while_the_kind_is_asked_is_proof_first(office: Office) -> None:
    caller = office.caller()
    assert "哪一种" in await caller.wants("file_item", "我要办异地就医备案，去北京")
    assert "验证码" in await caller.says("37089919751120906X")
    assert "哪一种" in await caller.says("135790")
    heard = await caller.says("长期住的")
    assert "北京" in heard


async def test_the_kind_is_not_asked_a_third_time_in_the_same_words(office: Office) -> None:
    caller = office.caller()
    question = await caller.wants("file_item", "我要办异地就医备案")
    said = [await caller.says("好的") for _ in range(3)]
    assert question in said[0]
    assert question not in said[1]
    assert "转诊单" in said[1]
    assert "转诊单" not in said[2]


async def test_with_whom_they_live_tells_the_kind(office: Office) -> None:
    for words in ("给俺办备案，俺在南京鼓楼区跟儿子住", "俺上济南闺女家住，要备个案"):
        assert "身份证号" in await office.caller().wants("file_item", words), words


async def test_supposing_is_no_new_errand(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    assert await caller.says("要是没备案呢", "file_item") == "—"


async def test_the_number_and_a_place_while_the_kind_is_asked_are_both_kept(office: Office) -> None:
    caller = office.caller()
    assert "哪一种" in await caller.wants("file_item", "我要去外地看病，报一下。")
    heard = await caller.says("37089919751120906X，去无锡")
    assert "无锡市，记下了" in heard
    assert "验证码" in heard
    assert "哪一种" in await caller.says(CODE)
