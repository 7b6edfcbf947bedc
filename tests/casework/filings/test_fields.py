"""Answers as people give them."""

from __future__ import annotations

import random
from datetime import date

import pytest

from casework.filings.fields import Context, NotAnAnswer, Refused, parse, said, shown
from casework.filings.items import Field, load

TODAY = Context(date(2026, 11, 20))


def field(kind: str) -> Field:
    return next(f for item in load().items.values() for f in item.fields if f.kind == kind)


@pytest.mark.parametrize(
    ("kind", "heard", "kept"),
    [
        ("city_away", "俺在北京跟着闺女住", "北京市"),
        ("city_away", "徐州那边", "江苏省徐州市"),
        ("city_away", "从济南转到上海了", "上海市"),
        ("city", "济宁市里", "山东省济宁市"),
        ("city_away", "北京市朝阳区", "北京市"),
        ("city_away", "地方错了，是北京市朝阳区", "北京市"),
        ("date", "二零二六年六月三日", "2026-06-03"),
        ("date", "上周五", "2026-11-13"),
        ("date", "这个礼拜一", "2026-11-16"),
        ("date", "三天前", "2026-11-17"),
        ("date", "两个星期前", "2026-11-06"),
        ("date", "去年国庆", "2025-10-01"),
        ("date", "5/3", "2026-05-03"),
        ("date", "农历十月初八 阳历是11月17", "2026-11-17"),
        ("date", "一九五零年农历三月十五", "1950-05-01"),
        ("date", "阴历一九四四年腊月二十三，阳历不知道", "1945-02-05"),
        ("date", "五零年三月初五", "1950-04-21"),
        ("date", "去年闰六月初一", "2025-07-25"),
        ("date", "今年中秋", "2026-09-25"),
        ("date", "下月初八", "2026-12-16"),
        ("name", "叫孙一诺 一二三的一", "孙一诺"),
        ("name", "孩子叫孙伊诺", "孙伊诺"),
        ("date", "六月三号", "2026-06-03"),
        ("date", "上个月五号", "2026-10-05"),
        ("date", "夜来", "2026-11-19"),
        ("date", "去年十月二十", "2025-10-20"),
        ("date", "20260603", "2026-06-03"),
        ("date", "2026-6-3", "2026-06-03"),
        ("month", "交到去年九月", "2025-09"),
        ("phone", "幺九九零零零零零零零一", "19900000001"),
        ("phone", "199 0000 0001", "19900000001"),
        ("phone", "８６１９９０００００００１", "19900000001"),
        ("money", "三千八百六十五块二", "386520"),
        ("money", "3,865.20", "386520"),
        ("money", "一万二", "1200000"),
        ("money", "1.2万元", "1200000"),
        ("money", "两千块钱", "200000"),
        ("money", "十二块五毛", "1250"),
        ("name", "我叫孔凡英", "孔凡英"),
        ("name", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("hospital", "济宁市第一人民医院给转的", "济宁市第一人民医院"),
        ("disease", "我有高血压还有糖尿病", "高血压、糖尿病"),
        ("text", "邹城市钢山街道", "邹城市钢山街道"),
        ("text", "上海路23号", "上海路23号"),
    ],
)
def test_what_is_meant_is_kept(kind: str, heard: str, kept: str) -> None:
    assert parse(field(kind), heard, TODAY) == kept


@pytest.mark.parametrize(
    ("kind", "heard", "code"),
    [
        ("city_away", "就在济宁", "city_home"),
        ("date", "6月", "date_unclear"),
        ("date", "阴历的十月初八，阳历不知道", "date_unclear"),
        ("date", "一九五零年闰六月初一", "date_unclear"),
        ("date", "过年那几天", "date_unclear"),
        ("date", "2月30日", "date_unclear"),
        ("date", "7年3月5号", "date_unclear"),
        ("date", "2035年1月1日", "date_future"),
        ("date", "1820年1月1日", "date_past"),
        ("month", "2030年1月", "date_future"),
        ("phone", "1990000000a", "phone_letters"),
        ("phone", "199000000", "phone_shape"),
        ("phone", "12345678901", "phone_shape"),
        ("money", "三千多块", "money_about"),
        ("money", "五百万", "money_range"),
        ("money", "0元", "money_range"),
        ("name", "<b>张三</b>", "name_letters"),
        ("name", "Zhang San", "name_letters"),
        ("name", "孔", "name_shape"),
        ("hospital", "<script>alert(1)</script>医院", "text_markup"),
        ("hospital", "那个楼上的地方", "hospital_shape"),
        ("disease", "就是不舒服", "disease_unclear"),
        ("name", "提交", "name_shape"),
        ("text", "a" * 61, "text_long"),
        ("text", "'; DROP TABLE filing", "text_markup"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_that_says_how_to_go_on(kind: str, heard: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(field(kind), heard, TODAY)
    assert refused.value.code == code
    assert refused.value.citizen_text.endswith("。")
    assert heard not in refused.value.citizen_text


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("city", "你说啥"),
        ("city", "江海市"),
        ("city", "费金"),
        ("date", "俺娘"),
        ("phone", "不知道"),
        ("money", "没多少"),
        ("money", "不对 11月31号"),
        ("choice", "啥意思"),
        ("text", "不知道"),
    ],
)
def test_what_is_about_something_else_is_no_answer(kind: str, heard: str) -> None:
    with pytest.raises(NotAnAnswer):
        parse(field(kind), heard, TODAY)


def test_what_was_left_out_of_a_correction_is_taken_from_the_answer_before() -> None:
    before = Context(TODAY.today, "2026-05-03")
    assert parse(field("date"), "是6月", before) == "2026-06-03"
    assert parse(field("date"), "8号", before) == "2026-05-08"


def test_a_correction_is_not_taken_for_a_city_by_its_sound() -> None:
    with pytest.raises(NotAnAnswer):
        parse(field("city_away"), "是上礼拜三", Context(TODAY.today, "北京市"))


@pytest.mark.parametrize(
    ("said", "code", "choices"),
    [("新疆", "city_province", ()), ("朝阳", "city_which", ("北京市", "辽宁省朝阳市"))],
)
def test_half_a_place_is_asked_back_with_the_names_of_the_table(said: str, code: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as refused:
        parse(field("city_away"), said, TODAY)
    assert refused.value.code == code
    assert refused.value.choices == choices


@pytest.mark.parametrize(
    ("kind", "heard", "likely"),
    [
        ("city_away", "被京", "北京市"),
        ("city_away", "在背景住", "北京市"),
        ("city_away", "香酥省习州市", "江苏省徐州市"),
        ("city_away", "山洞新岛", "山东省青岛市"),
        ("hospital", "遭城市人民医院", "邹城市人民医院"),
        ("hospital", "四水医院", "泗水医院"),
        ("disease", "勾续压", "高血压"),
    ],
)
def test_what_only_sounds_like_it_is_asked_and_never_put_in_its_place(kind: str, heard: str, likely: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(field(kind), heard, TODAY)
    assert refused.value.code == "sounds_like"
    assert refused.value.choices == (likely,)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("city_away", "背景", None),
        ("hospital", "新华医院", "新华医院"),
        ("hospital", "积水潭医院", "积水潭医院"),
    ],
)
def test_a_typed_name_is_never_replaced_by_its_sound(kind: str, typed: str, kept: str | None) -> None:
    context = Context(TODAY.today, is_typed=True)
    if kept:
        assert parse(field(kind), typed, context) == kept
    else:
        with pytest.raises(NotAnAnswer):
            parse(field(kind), typed, context)


def test_values_can_be_read_and_heard() -> None:
    assert shown(field("date"), "2026-06-03") == "2026年6月3日"
    assert shown(field("month"), "2025-09") == "2025年9月"
    assert shown(field("money"), "386520") == "3865.20元"
    assert said(field("phone"), "19900000001") == "幺九九开头，尾号零零零幺"


def test_whatever_is_said_to_any_question_it_is_a_value_or_a_question_back() -> None:
    """Every mixture of what people say to every kind of question: nothing but Refused or NotAnAnswer is raised."""
    pick = random.Random(14)
    pieces = [
        "三千二",
        "1万2",
        "块",
        "六毛八",
        "大概",
        "不对",
        "是",
        "，",
        "。",
        "6月3号",
        "昨天",
        "半个月前",
        "两三天",
        "上个月",
        "13900001111",
        "零五三七",
        "三个五",
        "叉",
        "艾克斯",
        "我叫",
        "上官婉儿",
        "李𫖯",
        "·买买提",
        "上海",
        "华山医院",
        "北京朝阳区",
        "高血压",
        "糖尿病",
        "不是",
        "还有",
        "住了十天",
        "腊月二十三",
        "零五年",
        "2025-09",
        "〇",
        "￥",
        "<",
        "a",
        "１２",
        "的",
        "俺娘",
        "吧",
        "啊不",
    ]
    for _ in range(600):
        said = "".join(pick.choices(pieces, k=pick.randint(1, 5)))
        for kind in ("date", "month", "phone", "city", "city_away", "name", "hospital", "disease", "text", "money"):
            for is_typed in (False, True):
                try:
                    assert parse(field(kind), said, Context(TODAY.today, is_typed=is_typed))
                except (Refused, NotAnAnswer):
                    continue


@pytest.mark.parametrize("said", ["香港", "在澳门", "台湾", "台湾省", "去香港"])
def test_a_place_outside_the_mainland_is_told_to_be_one(said: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(field("city_away"), said, TODAY)
    assert "备不了" in refused.value.citizen_text
    assert "好几个市" not in refused.value.citizen_text
    assert "转人工" in refused.value.citizen_text


def test_two_things_named_side_by_side_are_done_one_after_the_other() -> None:
    what = load().items["enroll-change"].field("what")
    with pytest.raises(Refused) as refused:
        parse(what, "手机号和住址都换了，先弄哪个都行吧", TODAY)
    assert refused.value.choices == ("手机号", "住址")
    assert "一样一样来" in refused.value.citizen_text
    assert parse(what, "手机号，地址没变", TODAY) == "手机号"


@pytest.mark.parametrize("said", ["是11月21号", "城乡居民参保登记", "2026年11月"])
def test_a_day_or_a_matter_is_no_address(said: str) -> None:
    field = next(
        one for item in load().items.values() for one in item.fields if one.kind == "text" and "街道" in one.label
    )
    with pytest.raises(NotAnAnswer):
        parse(field, said, Context(date(2026, 11, 30)))
