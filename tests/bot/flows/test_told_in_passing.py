"""What people tell of their own accord is kept: by its name, with other answers, before and behind a question."""

from __future__ import annotations

from datetime import date

import pytest

from bot.flows.apply.gathering import gathered
from bot.flows.goals import query_kind
from bot.understood import Guess, Guesses
from casework.filings.items import load
from tests.casework.office import Caller, Office

TODAY = date(2026, 11, 20)


async def allowance(office: Office) -> Caller:
    """A filing for 生育津贴 that asks for the employer."""
    daughter = office.caller()
    await daughter.wants("file_item", "办生育津贴")
    await daughter.proves("daughter")
    assert "哪个单位" in await daughter.says("11月2号在济宁市第一人民医院生的")
    return daughter


@pytest.mark.parametrize(
    ("item", "words", "field", "value"),
    [
        ("enroll-change", "我手机换号了，麻烦登记成新号，13900001234", "new_phone", "13900001234"),
        ("enroll-change", "俺换号了，给登记成13900001234", "new_phone", "13900001234"),
        ("enroll-change", "名字给俺登错了，应该是赵秀英", "new_name", "赵秀英"),
        (
            "enroll-change",
            "我搬家了，新地址是任城区金城街道阳光花园6号楼",
            "new_address",
            "任城区金城街道阳光花园6号楼",
        ),
        ("maternity-allowance", "我在邹城市第二中学教书，11月2号生的", "employer", "邹城市第二中学"),
        ("maternity-allowance", "11月2号生的，单位是济宁华能机械厂", "employer", "济宁华能机械厂"),
        ("maternity-prenatal", "产检的钱，我个人掏了856块", "amount", "85600"),
        ("remote-online-reimb", "在北京看的病，自己垫付9870.25", "amount", "987025"),
        ("enroll-resident", "刚生的闺女要上医保，大名叫王语桐", "name", "王语桐"),
        ("chronic-recognition", "办高血压，看病的医院是兖矿总医院", "hospital", "兖矿总医院"),
    ],
)
def test_what_is_told_by_its_name_is_kept(item: str, words: str, field: str, value: str) -> None:
    assert gathered(load().items[item], [words], TODAY).get(field) == value


@pytest.mark.parametrize(
    ("item", "words", "field"),
    [
        ("enroll-change", "手机号换了，老的13900001234不用了", "new_phone"),
        ("remote-online-reimb", "自己花了五千多", "amount"),
        ("remote-online-reimb", "自己掏了3000左右", "amount"),
        ("enroll-resident", "我叫王语桐，给闺女上医保", "name"),
        ("maternity-allowance", "单位哪个章都行吗", "employer"),
        ("remote-referral", "这边医院是看不了", "hospital"),
    ],
)
def test_what_only_sounds_like_it_is_asked_for(item: str, words: str, field: str) -> None:
    assert field not in gathered(load().items[item], [words], TODAY)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("你们这钱是打到单位账上还是我自己卡上", None),
        ("报下来的钱发到哪个账户", None),
        ("我没问余额", None),
        ("我又没让你查缴费", None),
        ("不查余额了，查缴费", "contributions"),
        ("俺卡里还有多少钱", "balance"),
        ("打到卡里的钱还剩多少", "balance"),
        ("要不查一下余额", "balance"),
    ],
)
def test_where_money_goes_is_not_how_much_lies_there(words: str, kind: str | None) -> None:
    assert query_kind(words) == kind


async def test_a_question_of_money_behind_the_answer_loses_nothing(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("说过了，曲阜师范附属小学。这津贴是发到学校账上还是俺自己卡里？", "query_mine")
    assert "余额" not in heard
    assert "曲阜师范附属小学" in heard
    assert "手机号" in heard, "the next question"
    assert daughter.last
    assert "卡里" in daughter.last.question, "and what they asked is answered"


async def test_who_did_not_ask_for_the_balance_goes_on_with_all_they_tell(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("谁问余额了！接着办，单位是兖州区实验小学，电话13900001234", "query_mine")
    assert "余额是" not in heard
    assert "工作单位：兖州区实验小学" in heard
    assert "13900001234" in heard
    assert "同意" in heard, "nothing is left to ask but the promise"


async def test_the_employer_is_kept_without_what_is_said_around_it(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("我说了呀，兖州区实验小学，电话13900001234")
    assert "工作单位：兖州区实验小学；联系电话" in heard


async def test_who_says_that_they_said_it_changes_nothing(office: Office) -> None:
    daughter = await allowance(office)
    words = "刚才不是说了嘛，单位是兖州区实验小学。那钱是发到学校账户还是我卡里？"
    guesses = Guesses(words, reply=Guess("change", 0.95))
    heard = await office.parts.errands.hear(daughter.conversation, "web", "", words, guesses=guesses)
    assert heard
    assert "工作单位：兖州区实验小学" in "".join(reply.text for reply in heard.replies)


async def test_a_question_before_the_answer_loses_nothing_either(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("津贴打谁账上啊？单位是兖州区实验小学", "ask_policy")
    assert "工作单位：兖州区实验小学" in heard


async def test_the_new_number_of_the_first_sentence_is_not_asked_again(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "俺手机号换了，给俺换成现在使的，13900001234")
    heard = await elder.proves("elder")
    assert "新手机号：13900001234" in heard
    assert "新手机号是多少" not in heard
    assert "联系电话：13900001234" in await elder.says("打新的那个就行")


async def test_what_is_looked_up_in_the_middle_does_not_end_what_is_being_filed(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("先给我查一下余额", "query_mine")
    assert "余额是" in heard
    assert heard.endswith("在哪个单位上班？"), "and the filing goes on"
    assert "兖州区实验小学" in await daughter.says("兖州区实验小学")


async def test_what_is_only_supposed_is_not_noted(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "办长期居住备案")
    await elder.proves("elder")
    assert "上海" not in await elder.says("要是住上海，备案管几年啊", "ask_policy")


async def summary(office: Office) -> Caller:
    daughter = await allowance(office)
    await daughter.says("兖州区实验小学")
    await daughter.says("13900001234")
    assert "请您核对" in await daughter.says("同意")
    return daughter


async def test_a_question_of_the_employers_account_changes_no_employer(office: Office) -> None:
    daughter = await summary(office)
    heard = await daughter.says("哎津贴是打到单位账上还是我自己卡上？", "query_mine")
    assert "改好了" not in heard
    assert "余额" not in heard


async def test_two_answers_are_told_otherwise_where_all_is_read_back(office: Office) -> None:
    daughter = await summary(office)
    heard = await daughter.says("单位是曲阜师范附小，电话13900005678")
    assert "工作单位：曲阜师范附小；联系电话：13900005678" in heard


async def test_what_is_said_once_more_is_not_misunderstood(office: Office) -> None:
    daughter = await allowance(office)
    await daughter.says("兖州区实验小学")
    heard = await daughter.says("孩子是11月2号在济宁市第一人民医院生的")
    assert "济宁市第一人民医院" in heard
    assert "手机号" in heard


async def test_what_stands_already_is_no_employer(office: Office) -> None:
    daughter = await allowance(office)
    heard = await daughter.says("11月2号生的，济宁市第一人民医院")
    assert "工作单位：" not in heard
    assert heard.endswith("在哪个单位上班？")
