"""Queries for somebody else, whatever way they are named: never the asker's own data."""

from __future__ import annotations

import pytest

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
