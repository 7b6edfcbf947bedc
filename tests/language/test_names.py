"""Names as they stand on cards, however they are said."""

from __future__ import annotations

import random

import pytest

from language.names import latin_name, read_name
from language.unclear import Unclear


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("上官云", "上官云"),
        ("我叫上官婉儿", "上官婉儿"),
        ("是光明", "是光明"),
        ("不对，姓上官，叫上官云", "上官云"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉买买提", "阿卜杜拉买买提"),
        ("买买提·阿卜杜拉·艾山", "买买提·阿卜杜拉·艾山"),
        ("阿依古丽 买买提", "阿依古丽·买买提"),
        ("王𬭎", "王𬭎"),
        ("王㐂", "王㐂"),
        ("李𫖯", "李𫖯"),
        ("王〇一", "王〇一"),
        ("古丽巴哈尔", "古丽巴哈尔"),
        ("扎西多吉旺堆", "扎西多吉旺堆"),
        ("阿不都热依木买买提", "阿不都热依木买买提"),
        ("阿不都热依木。买买提", "阿不都热依木·买买提"),
        ("张桂兰。俺娘", "张桂兰"),
        ("我姓解，解放的解，解振华", "解振华"),
        ("姓名：颜廷芳", "颜廷芳"),
        ("本人王芝兰", "王芝兰"),
        ("俺老伴叫李秀英", "李秀英"),
        ("我妈妈是周桂香", "周桂香"),
        ("就写朴素云吧", "朴素云"),
        ("这是我孩子，大名田雨桐", "田雨桐"),
        ("叫孙一诺 一二三的一", "孙一诺"),
        ("孙子涵", "孙子涵"),
        ("俺孙子叫张三", "张三"),
        ("弓长张，桂花的桂，兰花的兰", "张桂兰"),
        ("不是张三，是张山", "张山"),
        ("单位写错了，不是李冰是李兵", "李兵"),
        ("张三，不对，李四", "李四"),
        ("张和平", "张和平"),
        ("那英", "那英"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("叫乌日娜", "乌日娜"),
        ("我叫于是", "于是"),
        ("姓王，叫小明", "王小明"),
        ("王小明的", "王小明"),
        ("应采儿", "应采儿"),
        ("张乾", "张乾"),
        ("我是王光明", "王光明"),
        ("是王光明", "王光明"),
        ("连战", "连战"),
        ("我叫连战", "连战"),
        ("娃叫孔令辉，今年三岁", "孔令辉"),
        ("爱新觉罗启骧", "爱新觉罗启骧"),
        ("户口本上是张翠花", "张翠花"),
        ("我大名王建国小名栓子", "王建国"),
        ("张秀英张是弓长张", "张秀英"),
        ("俺当家的叫孙守田", "孙守田"),
        ("王小丫，女，58岁", "王小丫"),
        ("孙伊诺，一二三的一", "孙一诺"),
        ("古丽巴哈尔点买买提", "古丽巴哈尔·买买提"),
        ("张桂兰张桂兰", "张桂兰"),
        ("给孟祥云办理登记", "孟祥云"),
        ("姓仇，单名一个勇字", "仇勇"),
        ("姓江，单名一个枫叶的枫", "江枫"),
        ("复姓司马，名字叫光明的光", "司马光"),
        ("我姓宋，单名一个静，安静的静", "宋静"),
        ("她是我孙女，叫刘在石", "刘在石"),
        ("我姐夫叫黄大发", "黄大发"),
        ("给我邻居赵四", "赵四"),
        ("邻居家老太太，马秀珍", "马秀珍"),
        ("张得胜", "张得胜"),
        ("我爷爷，老革命了，叫杨得志", "杨得志"),
        ("我觉得是李明", "李明"),
    ],
)
def test_a_name_is_kept_as_it_was_said(said: str, name: str) -> None:
    assert read_name(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "提交",
        "不知道",
        "孔",
        "我不想说",
        "你问谁",
        "人工",
        "叫叫",
        "找个人",
        "张老师",
        "小李",
        "老张",
        "王大爷",
        "随便",
        "跟上次一样",
        "我姓刘",
        "她是我孙女",
        "侄女叫小娟，姓李",
        "万妈妈",
        "公孙大娘",
        "",
    ],
)
def test_what_is_no_name_is_asked(said: str) -> None:
    assert read_name(said) is None


@pytest.mark.parametrize("said", ["张三和李四", "张桂兰，李秀英", "张桂兰或者李秀英"])
def test_of_two_names_it_is_asked_which(said: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_name(said)
    assert len(unclear.value.choices) == 2


def test_a_foreigners_card_has_latin_letters() -> None:
    assert latin_name("我叫 John Smith") == "John Smith"
    assert latin_name("Nguyễn Văn An") == "Nguyễn Văn An"
    assert latin_name("ok") == latin_name("王Smith1") == ""


def test_whatever_is_said_it_is_a_name_or_a_question() -> None:
    pick = random.Random(14)
    alphabet = "张王李欧阳上官是叫我俺他姓名字的不对，。 ·．孩子老伴和跟或者买提阿都热木𫖯〇英兰了吧a1<（）"
    for _ in range(20_000):
        said = "".join(pick.choices(alphabet, k=pick.randint(1, 14)))
        try:
            name = read_name(said)
        except Unclear:
            continue
        assert name is None or len(name) > 1, said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("阿依夏木，中间有个点，托合提", "阿依夏木·托合提"),
        ("古丽娜尔，当中加一个小圆点儿，卡德尔", "古丽娜尔·卡德尔"),
        ("张平，不是苹果的苹，是和平的平", "张平"),
        ("李萍，不是和平的萍，是苹果的苹", "李苹"),
        ("解小云，念谢", "解小云"),
    ],
)
def test_how_it_is_written_is_told_behind_it(said: str, name: str) -> None:
    assert read_name(said) == name
