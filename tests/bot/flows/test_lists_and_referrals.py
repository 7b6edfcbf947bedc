"""A list is added to and taken from; and who was referred by nobody is not made to name a hospital."""

from __future__ import annotations

import pytest

from bot.flows.apply.listed import changed
from casework.filings.items import load
from language.hospitals import read_hospital
from tests.casework.office import Caller, Office

DISEASE = load().items["chronic-recognition"].fields[0]


async def filing(office: Office, words: str, *answers: str) -> Caller:
    elder = office.caller()
    await elder.wants("file_item", words)
    await elder.proves("elder")
    for answer in answers:
        await elder.says(answer)
    return elder


@pytest.mark.parametrize(
    ("words", "now"),
    [
        ("再加一个脑梗", "高血压、糖尿病、脑梗"),
        ("俺还有哮喘，一块办了吧", "高血压、糖尿病、哮喘"),
        ("脑梗也得报上", "高血压、糖尿病、脑梗"),
        ("糖尿病那个不办了", "高血压"),
        ("把高血压删了", "糖尿病"),
        ("不是糖尿病，是哮喘", "高血压、哮喘"),
        ("高血压换成脑梗", "糖尿病、脑梗"),
        ("高血压和糖尿病都不要了", ""),
        ("还有在济宁市肿瘤医院看过", None),
        ("还要交啥", None),
        ("济宁市第一人民医院", None),
    ],
)
def test_a_list_is_added_to_and_taken_from(words: str, now: str | None) -> None:
    assert changed(DISEASE, "高血压、糖尿病", words) == now


async def test_one_more_while_the_hospital_is_asked_for_is_put_to_the_list_and_read_back(office: Office) -> None:
    elder = await filing(office, "办慢特病", "高血压和糖尿病")
    heard = await elder.says("病种再给俺添个脑梗")
    assert "申请的病种：高血压、糖尿病、脑梗" in heard
    assert heard.endswith("平时在哪家医院看、病历在哪家医院？")
    assert "申请的病种：高血压、脑梗" in await elder.says("糖尿病那个不办了"), "and nothing is given up"


async def test_one_more_where_all_is_read_back(office: Office) -> None:
    elder = await filing(office, "办慢特病", "高血压", "邹城市人民医院", "19900000001")
    assert "申请的病种：高血压、冠心病" in await elder.says("还有个冠心病，也写上")


@pytest.mark.parametrize(
    "words",
    ["这边的医院看不了", "没有哪个医院给俺转", "当地医院条件不行", "县医院说治不好", "自己去的那家医院", "没说医院"],
)
def test_an_excuse_is_no_hospital(words: str) -> None:
    assert read_hospital(words) is None


def test_what_is_told_of_a_hospital_is_no_part_of_its_name() -> None:
    assert read_hospital("济宁市第一人民医院床位满了") == "济宁市第一人民医院"
    assert read_hospital("俺自己上的北京协和医院") == "北京协和医院"


@pytest.mark.parametrize(
    "words", ["没人给转，自个儿跑去的", "谁也没给俺开转诊单", "俺没有转诊单", "医院没给转，自己去的", "不是医院转的"]
)
async def test_who_was_referred_by_nobody_is_told_so_and_offered_the_other_kinds(office: Office, words: str) -> None:
    elder = await filing(office, "办转诊备案", "北京")
    heard = await elder.says(words)
    assert "转出医院：" not in heard
    assert "急诊补备案" in heard
    assert "长期居住备案" in heard
    chosen = await elder.says("是急诊住的院")
    assert "改办“异地急诊住院补备案”" in chosen
    assert "北京市" in chosen, "what was told stays"


async def test_who_is_of_no_kind_gets_a_person_and_no_invention(office: Office) -> None:
    elder = await filing(office, "办转诊备案", "北京")
    await elder.says("没有医院给俺转")
    heard = await elder.says("都不是")
    assert "文件没有写" in heard
    assert elder.last
    assert elder.last.offer_person


@pytest.mark.parametrize("words", ["济宁市第一人民医院给转的，县医院没给转", "济宁市第一人民医院给转的"])
async def test_who_was_referred_names_the_hospital(office: Office, words: str) -> None:
    elder = await filing(office, "办转诊备案", "北京")
    assert "转出医院：济宁市第一人民医院" in await elder.says(words)


async def test_a_field_is_put_right_by_its_name_while_another_is_asked(office: Office) -> None:
    elder = await filing(office, "办转诊备案", "北京", "济宁市第一人民医院")
    heard = await elder.says("转出医院写兖矿新里程总医院")
    assert "改好了，转出医院：兖矿新里程总医院" in heard
    assert heard.endswith("医院哪天给转的？")
    assert "哪家医院" in await elder.says("转出医院那个划掉，俺没说过是这家")


async def test_a_number_keyed_wrong_is_put_right_before_the_promise(office: Office) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "办生育津贴")
    await daughter.proves("daughter")
    for answer in ("11月2号在济宁市第一人民医院生的", "兖州区实验小学"):
        await daughter.says(answer)
    assert "同意" in await daughter.says("13900001234")
    heard = await daughter.says("手机号打错了 是13900005678")
    assert "改好了，联系电话：13900005678" in heard


@pytest.mark.parametrize("words", ["同意，那津贴啥时候能到账？", "同意,那津贴啥时候能到账?", "同意！津贴哪天到账"])
async def test_the_promise_counts_beside_a_question_which_is_answered(office: Office, words: str) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", "办生育津贴")
    await daughter.proves("daughter")
    for answer in ("11月2号在济宁市第一人民医院生的", "兖州区实验小学", "13900001234"):
        await daughter.says(answer)
    heard = await daughter.says(words, "ask_policy")
    assert "请您核对" in heard
    assert daughter.last
    assert "到账" in daughter.last.question
