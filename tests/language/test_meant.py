"""What is put right in the same breath, with the reason: in every field what was meant counts, or it is asked."""

from __future__ import annotations

from datetime import date

import pytest

from language.calendar.dates import NotADate, parse_day
from language.diseases import read_disease
from language.hospitals import read_hospital
from language.id_number import find
from language.names import read_name
from language.numbers.amounts import read_amount
from language.phone_numbers import read_phone
from language.places import read_city
from language.unclear import Unclear

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        ("19900000005，哎那是俺孙子的，打我这个，19900000016", "19900000016"),
        ("19900000005 这个停机了 换号了 记19900000016", "19900000016"),
        ("打19900000005，算了俺成天下地，打俺儿的，19900000016", "19900000016"),
        ("卫生室的19900000005……不留那个了，留我手机19900000016", "19900000016"),
        ("填俺儿的19900000016，别填我的19900000005", "19900000016"),
        ("19900000005，串行了，19900000016", "19900000016"),
    ],
)
def test_a_telephone(said: str, phone: str) -> None:
    assert read_phone(said) == phone


@pytest.mark.parametrize("said", ["19900000005，还是6来着，末一位我拿不准", "好像是19900000005，记不清了"])
def test_a_telephone_of_which_they_are_not_sure_is_asked(said: str) -> None:
    with pytest.raises(Unclear):
        read_phone(said)


def test_the_number_of_somebody_else_is_not_theirs() -> None:
    said = "370899195003159028，报成俺娘的了，俺的是370899197204189038"
    assert find(said) == "370899197204189038"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("十月六号，不对，六号是俺到家那天，九号才住上", "2026-10-09"),
        ("上礼拜二，不是，是礼拜三，礼拜二人没在", "2026-11-25"),
        ("9月1号 记混了那是孩子开学 我是8月22", "2026-08-22"),
        ("今年九月十八，哎那是预产期，没等到，九月十一生的", "2026-09-11"),
    ],
)
def test_a_day(said: str, day: str) -> None:
    assert parse_day(said, TODAY).isoformat() == day


@pytest.mark.parametrize("said", ["去年正月十三，不对，十三是接的人，十四才来的", "二十二号出的院，住院早九天"])
def test_a_day_that_has_to_be_counted_or_has_no_month_is_asked(said: str) -> None:
    with pytest.raises(NotADate):
        parse_day(said, TODAY)


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("七百二，哎不是，二百七，眼花了", 27000),
        ("3460.5 少打个0 是3460.05", 346005),
        ("五千四，不对，五千四是押金，是五千一", 510000),
    ],
)
def test_an_amount(said: str, fen: int) -> None:
    assert read_amount(said) == fen


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("刘翠英，哦不，翠英是庄里喊的，身份证上是刘爱英", "刘爱英"),
        ("陈子涵，户口上是陈梓涵", "陈梓涵"),
        ("许秀兰，不是言午许，是双人旁那个徐", "徐秀兰"),
        ("孙秀兰，哎那是俺娘的，俺叫孙建国", "孙建国"),
    ],
)
def test_a_name(said: str, name: str) -> None:
    assert read_name(said) == name


@pytest.mark.parametrize("said", ["我叫孙立新，给俺爹办，俺爹叫孙德厚", "病号叫周桂花，哎不是桂花，桂英，周桂英"])
def test_two_names_are_asked_about(said: str) -> None:
    with pytest.raises(Unclear):
        read_name(said)


@pytest.mark.parametrize("said", ["就是俺家那口子", "你是谁啊，先说你是谁", "还没起呢，小名叫毛毛"])
def test_what_is_no_name(said: str) -> None:
    assert read_name(said) is None


@pytest.mark.parametrize(
    ("said", "city"),
    [
        ("济南，哎说秃噜嘴了，济宁", "山东省济宁市"),
        ("滕州，恁可别写成济宁", "山东省枣庄市"),
        ("先去的徐州，人家叫上南京，那就备南京吧", "江苏省南京市"),
        ("东方明珠跟前", "上海市"),
    ],
)
def test_a_city(said: str, city: str) -> None:
    assert read_city(said, asked=True).city == city


def test_either_of_two_cities_is_asked() -> None:
    assert not read_city("不是杭州就是宁波，还没定", asked=True).city


@pytest.mark.parametrize(
    ("said", "hospital"),
    [
        ("鱼台县人民医院……哎俺对象说不是，是宏大，金乡宏大医院", "金乡宏大医院"),
        ("上回在微山县人民医院，这回是滕州市中心人民医院", "滕州市中心人民医院"),
        ("市一院，不对，市一院是俺嫂子生孩子那，俺住的附院", "附院"),
    ],
)
def test_a_hospital(said: str, hospital: str) -> None:
    assert read_hospital(said) == hospital


@pytest.mark.parametrize("said", ["能不能换家医院，这家太远", "哎不是中医院"])
def test_what_is_no_hospital(said: str) -> None:
    assert read_hospital(said) is None


def test_a_disease_that_was_taken_back_is_not_kept() -> None:
    assert read_disease("糖尿病，不是，那个办过了，这回是心里头不得劲") is None
    assert read_disease("糖尿病，等等，我拿病历") == "糖尿病"


def test_of_two_numbers_their_own_is_taken() -> None:
    assert find("我妈370899194807029048，我370899197204189038") == "370899197204189038"
    assert find("370899194807029048 370899197204189038") == ""


def test_a_city_that_was_denied_is_not_asked_about_again() -> None:
    assert read_city("去北京，哎不是北京，天津，就天津", asked=True).city == "天津市"


def test_just_now_is_a_day_only_of_what_happened() -> None:
    assert parse_day("刚住进来的", TODAY) == TODAY
    assert parse_day("刚才", TODAY) == TODAY
    with pytest.raises(NotADate):
        parse_day("刚才说的啥来，再念一遍", TODAY)
