"""People are taken out of what is kept of their questions; the questions stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from language.masking import mask

ROOT = Path(__file__).resolve().parents[2]

PEOPLE = [
    ("张桂兰", "370899195003159028", "19900000001", "济宁市任城区"),
    ("刘素珍", "370899194807029048", "19900000002", "济宁市邹城市"),
    ("陈丽华", "37089919751120906X", "19900000003", "济宁市任城区"),
    ("李德山", "370899194601099016", "19900000004", "济宁市兖州区"),
    ("李建国", "370899197204189038", "19900000005", "济宁市兖州区"),
    ("孙晓梅", "370899199206119083", "19900000006", "济宁市邹城市"),
    ("赵志刚", "370899198509239053", "19900000007", "济宁市任城区"),
    ("马守田", "37089919441206907X", "19900000008", "济宁市微山县"),
    ("王玉珍", "370899195308219028", "19900000009", "济宁市泗水县"),
    ("宋庆华", "370899195602279013", "19900000010", "济宁市曲阜市"),
    ("孔凡英", "370899195110059049", "19900000011", "济宁市曲阜市"),
]
"""The people of the demo: nobody real, ID numbers of an area code that is not assigned."""

SAID = [
    "我叫{name}，身份证号{number}，电话{phone}，想查余额",
    "姓名{name} 身份证{number}",
    "姓名：{name}，手机：{phone}",
    "俺叫{name}，住在{place}建设路12号3单元401室，慢病怎么办",
    "我是{name}，手机号是{spaced}",
    "给{name}查一下医保余额",
    "我妈{name}的慢特病到期了吗",
    "帮我父亲{name}办异地备案",
    "老伴叫{name}今年七十了",
    "{name}女士的备案到期没有",
    "身份证是{slow}，能报吗",
    "家住{place}幸福小区，{phone}是我电话",
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: str(person[2]))
def test_nothing_of_a_person_is_left(person: tuple[str, str, str, str], said: str) -> None:
    name, number, phone, place = person
    kept = mask(
        said.format(
            name=name,
            number=number,
            phone=phone,
            place=place,
            spaced=f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            slow=" ".join(number),
        )
    )
    for secret in (name, number, number[-4:], phone, phone[-4:], "12号", "幸福小区"):
        assert secret not in kept, kept


def test_numbers_heard_as_words_are_masked_too() -> None:
    assert mask("身份证三七零八九九一九五零零三一五九零二八") == "身份证〔号码〕"
    assert mask("电话幺九九零零零零零零零幺") == "电话〔号码〕"


@pytest.mark.parametrize(
    "question",
    [
        "我妈高血压，慢病怎么办",
        "我妈白内障手术能报吗",
        "去年交了400元，2026年还要交多少",
        "济医保字〔2023〕25号第8条说的啥",
        "我是邹城的，慢病多久审一次",
        "打12393能问吗",
        "去济南看病要不要备案",
        "住院能报多少",
        "给我办备案要几天",
        "帮老人代办要带什么",
    ],
)
def test_an_ordinary_question_stays_as_it_was_asked(question: str) -> None:
    assert mask(question) == question


def test_of_all_wordings_that_citizens_use_hardly_any_is_touched() -> None:
    wordings = [line for path in (ROOT / "knowledge/data/topics").glob("*.yaml") for line in lines(path)]
    touched = [wording for wording in wordings if mask(wording) != wording]
    assert len(wordings) > 1000
    assert len(touched) <= len(wordings) * 0.005, touched


def lines(path: Path) -> list[str]:
    topics: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [line.strip() for topic in topics for line in topic["wordings"].splitlines()]


def test_mail_addresses_and_messenger_names_go() -> None:
    assert mask("发到 zhang.san@example.com 吧，微信号是 zhangsan_66") == "发到 〔联系方式〕 吧，微信号是 〔联系方式〕"


def test_masking_is_quick_even_for_what_is_meant_to_be_slow() -> None:
    for hostile in ("我叫" * 150, "一" * 300, "住在" + "路" * 300, "1 " * 150, "号" * 300, "东1号" * 100):
        mask(hostile)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("工单号 GD20261122-0007，查询码 319604。", "工单号 GD20261122-0007，查询码 〔号码〕。"),
        ("查工单GD20261122-0007，查询码是3196", "查工单GD20261122-0007，查询码是〔号码〕"),
        ("验证码 一二三四", "验证码 〔号码〕"),
    ],
)
def test_the_number_of_a_ticket_stays_and_its_code_goes(said: str, stored: str) -> None:
    assert mask(said) == stored


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("我叫阿不都热依木·买买提", "我叫〔姓名〕"),
        ("我叫阿不都热依木买买提，想办备案", "我叫〔姓名〕，想办备案"),
        ("我叫李𫖯", "我叫〔姓名〕"),
        ("孩子叫王〇一", "孩子叫〔姓名〕"),
        ("帮古丽巴哈尔查一下", "帮〔姓名〕查一下"),
        ("俺家张桂兰得了尿毒症能报多少", "俺家〔姓名〕得了尿毒症能报多少"),
        ("帮我查一下山西的备案", "帮我查一下山西的备案"),
    ],
)
def test_names_of_any_length_plane_and_people(said: str, masked: str) -> None:
    assert mask(said) == masked


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我叫張偉，慢病怎麼辦", "張偉"),
        ("我媽劉淑貞的慢特病到期了嗎", "劉淑貞"),
        ("幫歐陽國華查一下", "歐陽國華"),
        ("姓名：張偉 手機號", "張偉"),
        ("我叫John Smith，慢病怎么办", "Smith"),
        ("姓名 MARIA GARCIA", "GARCIA"),
        ("帮我老公Jean-Luc Picard办备案", "Picard"),
        ("John Smith", "John"),
        ("my name is José García", "José"),
    ],
)
def test_a_name_in_traditional_or_latin_letters_is_left_out_too(said: str, name: str) -> None:
    kept = mask(said)
    assert name not in kept
    assert "〔姓名〕" in kept


@pytest.mark.parametrize("said", ["手机APP怎么用", "CT检查报销吗", "做PET CT报多少", "我叫不上名字", "办ETC"])
def test_latin_letters_that_are_no_name_stay(said: str) -> None:
    assert mask(said) == said


def test_any_relative_may_be_named() -> None:
    for said in ("替俺大爷赵德柱问问", "我姑妈李秀兰的备案", "我表哥王建军转诊咋办", "俺婶子孙桂芳去北京看病"):
        assert "〔姓名〕" in mask(said), said


@pytest.mark.parametrize(
    "said",
    [
        "我要反映药店刷卡给米面",
        "药店刷卡给米面油",
        "刷医保卡给白酒",
        "药店给牛奶",
        "药店给黄豆油",
        "刷卡给毛巾",
        "给米面的药店",
        "药店给米面，还给白糖",
        "药店给东西",
    ],
)
def test_goods_are_nobodys_name(said: str) -> None:
    assert mask(said) == said


@pytest.mark.parametrize("name", ["高峰", "方圆", "米兰", "白豆豆", "黄金花", "米小油", "石油生"])
def test_a_name_that_looks_like_goods_is_hidden(name: str) -> None:
    assert name not in mask(f"给{name}办")
