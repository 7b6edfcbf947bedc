"""Amounts as people say, type and print them."""

from __future__ import annotations

import random

import pytest

from language.numbers.amounts import read_amount
from language.unclear import Unclear, Why


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("一共三千二", 320000),
        ("一共是3200块", 320000),
        ("一起花了三千二百块", 320000),
        ("我自己一个人付了三千二百块", 320000),
        ("一次性交了三千二百块", 320000),
        ("住了十天花了三千二百块", 320000),
        ("三次一共一千五", 150000),
        ("两次三千二百块", 320000),
        ("1万2", 1200000),
        ("1万2千", 1200000),
        ("2万3500元", 2350000),
        ("3千2百块", 320000),
        ("3865元2角5分", 386525),
        ("3865元2角", 386520),
        ("12块5毛8", 1258),
        ("三百二十一块六毛八", 32168),
        ("三千八百六十五元二角五分", 386525),
        ("八百元零五分", 80005),
        ("三千八百六十五点五块", 386550),
        ("五毛", 50),
        ("叁佰元", 30000),
        ("壹仟贰佰叁拾肆元整", 123400),
        ("壹万贰仟元", 1200000),
        ("3千2百元", 320000),
        ("3千2", 320000),
        ("三千二百一十元五角六分", 321056),
        ("三千二百一十点五元", 321050),
        ("一百块零五毛", 10050),
        ("5毛", 50),
        ("3210块5毛8", 321058),
        ("不是三千二，是三千五", 350000),
        ("三千二，不对，是三千五", 350000),
        ("三千二啊不三千五", 350000),
        ("哦错了三千五", 350000),
        ("三千二，不对不对，三千五", 350000),
        ("两千一，不不，两千四", 240000),
        ("三千二哦不对三千五百块", 350000),
        ("¥380.00", 38000),
        ("人民币叁仟贰佰元整", 320000),
        ("3,865.20", 386520),
        ("1.2万元", 1200000),
        ("两万块", 2000000),
        ("三块五", 350),
        ("十二块五毛", 1250),
        ("两块半", 250),
        ("3200 元", 320000),
        ("3200", 320000),
        ("花了3200", 320000),
        ("三二零零", 320000),
        ("一万零五百", 1050000),
        ("一百零五块", 10500),
        ("发票上写的是三千二百一十元五角", 321050),
        ("总共花了5000，报了3000", 500000),
        ("三块零五", 305),
        ("一百块零五角五分", 10055),
        ("三块二八", 328),
        ("一万五千六百七十八块九毛一", 1567891),
        ("38.6元", 3860),
        ("0.5元", 50),
        ("一千元整", 100000),
        ("1千5", 150000),
        ("一角五分", 15),
        ("八毛五", 85),
        ("五分钱", 5),
        ("三千二百一十", 321000),
        ("3210.5", 321050),
        ("三千二百一十点五", 321050),
        ("自己付了2000块", 200000),
        ("1万2千3百45块6", 1234560),
        ("二百五", 25000),
        ("一块钱", 100),
        ("三万五", 3500000),
        ("3千5百6", 356000),
        ("廿五块", 2500),
        ("两百零三块钱吧", 20300),
        ("3月5号交了2300块", 230000),
        ("住院号12345，花了2300块", 230000),
        ("2300块左右吧不对是2350", 235000),
        ("12", 1200),
        ("发票写的叁仟肆佰伍拾陆元柒角捌分", 345678),
        ("合计：4321.50", 432150),
        ("2w", 2000000),
        ("八千五，不是八千", 850000),
        ("三千八百六十五块两毛五", 386525),
        ("十二万三千四百五十六块七毛八", 12345678),
        ("捌仟伍佰元整，8500元", 850000),
        ("连药带检查五千三", 530000),
        ("一万一千一", 1110000),
        ("我付了1860.5，报了4300", 186050),
        ("发票上是4,236块5", 423650),
        ("医保卡上三千", 300000),
        ("实际上三千二", 320000),
        ("500美元，折合人民币3600元", 360000),
        ("电话13805371234，钱是3200", 320000),
        ("三钱二百块", 320000),
        ("三白五十块", 35000),
        ("住一晚二百", 20000),
    ],
)
def test_an_exact_amount_is_read_in_fen(said: str, fen: int) -> None:
    assert read_amount(said) == fen


@pytest.mark.parametrize(
    "said",
    [
        "千二",
        "三四百块",
        "七八千块",
        "两三千",
        "百十块",
        "千把块",
        "三千五六",
        "四五百块",
        "千把块钱",
        "上千块",
        "花了两三千",
        "一百来块",
        "好几千",
        "三千出头",
        "三千左右",
        "大概三千",
        "三千多",
        "几百块",
        "几块钱",
        "小一万",
        "3000-4000元",
        "三千到四千块",
        "百儿八十",
        "五六块",
        "不到三千",
        "快三千了",
        "千八百块",
        "3000多块",
        "两千好几",
        "五千块钱的样子",
        "约莫五千",
        "一万半",
        "差两块三千",
        "三千挂个零头",
        "三千块零点",
    ],
)
def test_about_so_much_is_asked(said: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_amount(said)
    assert unclear.value.why is Why.ABOUT


@pytest.mark.parametrize("said", ["三千或者四千", "三千还是三千五", "押金2000又交了1200", "一张发票三千二，一张一千八"])
def test_of_two_amounts_it_is_asked_which(said: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_amount(said)
    assert unclear.value.why is Why.SEVERAL


@pytest.mark.parametrize(
    "said",
    [
        "不对 11月31号",
        "没多少",
        "一块儿去的",
        "十天",
        "不知道",
        "百分之八十",
        "三次",
        "一分钱没花",
        "一千零一夜",
        "元",
        "",
    ],
)
def test_what_counts_something_else_is_no_amount(said: str) -> None:
    assert read_amount(said) is None


def test_whatever_is_said_it_is_an_amount_or_a_question() -> None:
    """Every mixture of the characters of amounts: nothing but Unclear is raised."""
    pick = random.Random(14)
    alphabet = "零〇一二两三五八九十百千万亿点半块元毛角分多来把几0123456789.,，-壹贰拾佰仟整上好大约共不对是¥ 天个号"
    for _ in range(20_000):
        said = "".join(pick.choices(alphabet, k=pick.randint(1, 12)))
        try:
            fen = read_amount(said)
        except Unclear:
            continue
        assert fen is None or isinstance(fen, int), said


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("门诊两百，住院三千，一共三千二", 3200),
        ("药费五百，床位两千，一总两千五", 2500),
        ("一共三千二，医保报了两千", 3200),
    ],
)
def test_of_several_amounts_the_one_called_the_total(said: str, yuan: int) -> None:
    assert read_amount(said) == 100 * yuan


@pytest.mark.parametrize(("said", "yuan"), [("四千灵六石", 4060), ("两万而千块", 22000), ("五百另三块", 503)])
def test_numerals_that_a_recogniser_wrote_as_other_characters(said: str, yuan: int) -> None:
    assert read_amount(said) == yuan * 100


@pytest.mark.parametrize("said", ["3200美元", "港币100", "一百欧元"])
def test_other_money_than_ours_is_asked(said: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_amount(said)
    assert unclear.value.why is Why.SHAPE
