"""Queries for somebody else, whatever way they are named: never the asker's own data."""

from __future__ import annotations

import pytest

from language.id_number import check_character
from tests.casework.office import Office, people


@pytest.mark.parametrize(
    "question",
    [
        "我妈张桂兰卡里还有多少钱",
        "我妈社保卡余额",
        "俺爹余额多少",
        "隔壁王玉珍大娘托我查查她的医保交上没",
        "我儿媳妇的缴费",
    ],
)
async def test_the_asker_never_hears_their_own_for_somebody_elses(office: Office, question: str) -> None:
    daughter = office.caller()
    await daughter.wants("prove_identity", "核实身份")
    await daughter.proves("daughter")
    heard = await daughter.wants("query_mine", question)
    assert "得本人先授权" in heard
    assert "2318" not in heard
    assert "2026年" not in heard


async def test_an_authorisation_is_not_used_for_a_person_of_another_name(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "让俺闺女替我办事")
    await mother.proves("mother")
    for said in (people()["daughter"]["id_number"], "全部", "一年", "同意"):
        await mother.says(said)
    daughter = office.caller()
    await daughter.wants("prove_identity", "核实身份")
    await daughter.proves("daughter")
    assert "430元" in await daughter.wants("query_mine", "我妈的缴费")
    heard = await daughter.wants("query_mine", "隔壁王玉珍大娘托我查查她的医保交上没")
    assert "得本人先授权" in heard
    assert "430元" not in heard
    heard = await daughter.wants("query_mine", "俺爹的缴费")
    assert "得本人先授权" in heard, "the mother's authorisation is not used for the father"


def _of_sex(number: str, *, man: bool) -> str:
    """The number with the 17th digit of a man or a woman, and its check character."""
    digit = int(number[16])
    body = number[:16] + str(digit if digit % 2 == man else (digit + 1) % 10)
    return body + check_character(body)


@pytest.mark.parametrize(("whom", "man"), [("俺妈", True), ("俺闺女", True), ("俺爸", False), ("俺爷爷", False)])
async def test_a_number_of_the_other_sex_is_not_asked_for(office: Office, whom: str, man: bool) -> None:
    daughter = office.caller()
    await daughter.wants("query_mine", f"帮{whom}查一下余额")
    await daughter.proves("daughter")
    heard = await daughter.says(_of_sex(people()["mother"]["id_number"], man=man))
    assert f"性别是{'男' if man else '女'}" in heard
    assert "身份证号" in heard
    right = await daughter.says(_of_sex(people()["mother"]["id_number"], man=not man))
    assert "性别" not in right


async def test_one_who_is_to_act_has_the_sex_they_are_called_by(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "授权给俺闺女")
    await mother.proves("mother")
    number = people()["daughter"]["id_number"]
    assert "性别是男" in await mother.says(_of_sex(number, man=True))
    assert "性别" not in await mother.says(number)


@pytest.mark.parametrize("said", ["俺自己的", "不是，给我自己办", "我自己", "不是给俺妈办，是俺自己的"])
async def test_for_themselves_after_all(office: Office, said: str) -> None:
    worker = office.caller()
    await worker.wants("file_item", "给俺妈办转诊备案")
    assert "给您自己办" in await worker.says(said)
    assert "授权" not in await worker.proves("worker")
    proven = office.caller()
    await proven.wants("query_mine", "俺妈的余额查一下")
    await proven.proves("worker")
    heard = await proven.says(said)
    assert "给您自己办" in heard
    assert "元" in heard
