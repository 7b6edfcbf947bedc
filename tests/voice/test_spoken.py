"""What callers hear where readers see digits and signs."""

import pytest

from voice.spoken import LONGEST_PIECE, LONGEST_PIECES, sentences, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2023年1月18日", "二零二三年一月十八日"),
        ("2024-01-18", "二零二四年一月十八日"),
        ("2009年", "二零零九年"),
        ("2023-2025年", "二零二三到二零二五年"),
        ("3年内", "三年内"),
        ("满2年", "满两年"),
        ("12个月", "十二个月"),
        ("2个工作日", "两个工作日"),
        ("第2条", "第二条"),
        ("2月2日", "二月二日"),
        ("22个", "二十二个"),
        ("380元", "三百八十元"),
        ("1862.35元", "一千八百六十二元三角五分"),
        ("0.5元", "零元五角"),
        ("20.05元", "二十元零五分"),
        ("2000元", "两千元"),
        ("10000元", "一万元"),
        ("12,500元", "一万两千五百元"),
        ("15万元", "十五万元"),
        ("1200000元", "一百二十万元"),
        ("85%", "百分之八十五"),
        ("0.5%", "百分之零点五"),
        ("60%-80%", "百分之六十到百分之八十"),
        ("1-3个月", "一到三个月"),
        ("1/3", "三分之一"),
        ("400元/年", "四百元每年"),
        ("济医保字〔2023〕25号", "济医保字，二零二三年，二十五号"),
        ("鲁医保发[2022]7号", "鲁医保发，二零二二年，七号"),
        ("12393", "幺二三九三"),
        ("拨打12345热线", "拨打幺二三四五热线"),
        ("立即拨打120", "立即拨打幺二零"),
        ("120元", "一百二十元"),
        ("13812345678", "幺三八，幺二三四，五六七八"),
        ("0537-2967000", "零五三七，二九六七零零零"),
        ("138****5678", "尾号五六七八"),
        ("3708**********123X", "尾号幺二三X"),
        ("370811194803156027", "三七零八幺幺，幺九四八，零三幺五，六零二七"),
        ("8:30-12:00", "八点半到十二点"),
        ("13:05", "十三点零五分"),
        ("24小时", "二十四小时"),
        ("65周岁", "六十五周岁"),
        ("≥65岁", "大于等于六十五岁"),
        ("5mg", "五毫克"),
        ("下载APP", "下载手机软件"),
        ("做CT检查", "做C T检查"),
        ("《济宁市办法》（试行）", "济宁市办法，试行"),
        ("“一单式”结算", "一单式结算"),
        ("（一）备案。", "一，备案。"),
        ("1.身份证\n2.委托书", "第一，身份证\n第二，委托书"),
        ("①身份证②户口本", "第一，身份证第二，户口本"),
        ("医院/药店", "医院或药店"),
        ("网址 https://a.b/c?d=1 ", "网址网站"),
        ("7×24小时", "七乘二十四小时"),
        ("１２３９３", "幺二三九三"),
        ("验证码 482913", "验证码四八二九幺三"),
        ("", ""),
        ("。", "。"),
        ("😀好", "好"),
    ],
)
def test_spoken(written: str, said: str) -> None:
    assert spoken(written) == said
    assert spoken(said) == said, "what is spoken already stays"


def test_a_whole_answer() -> None:
    written = "根据济医保字〔2023〕25号，2024年居民医保个人缴费380元，住院报销60%～85%（以参保地为准）。"
    assert spoken(written) == (
        "根据济医保字，二零二三年，二十五号，二零二四年居民医保个人缴费三百八十元，"
        "住院报销百分之六十到百分之八十五，以参保地为准。"
    )


def test_sentences_are_said_one_by_one() -> None:
    assert sentences("不用备案。您直接去就行！还有什么要问的吗？") == [
        "不用备案。",
        "您直接去就行！",
        "还有什么要问的吗？",
    ]


def test_a_long_first_sentence_begins_with_a_short_piece() -> None:
    text = "根据二零二三年的文件，异地就医人员在备案有效期内，可以在备案地和参保地双向享受医保待遇，不需要重新备案。"
    pieces = sentences(text)
    assert "".join(pieces) == text
    limits = [*LONGEST_PIECES, *[LONGEST_PIECE] * len(pieces)]
    assert all(len(piece) <= limit for piece, limit in zip(pieces, limits, strict=False))


def test_answers_that_begin_alike_share_their_first_piece() -> None:
    lead = "按济宁市二零二三年的文件，"
    for rest in ("不用办，直接去就行，回来照样报。", "长期住在外省的，登记备案以后，看病可以直接结算。"):
        assert sentences(lead + rest)[0] == lead


def test_a_word_and_a_comma_are_no_piece_of_their_own() -> None:
    assert sentences("好的，这件事情我记下来了，工作人员会在明天之前联系您。")[0] == "好的，这件事情我记下来了，"


def test_nothing_to_say_is_no_sentence() -> None:
    assert sentences("") == []
    assert sentences(" 。！\n…") == []


def test_text_without_any_comma_is_not_lost() -> None:
    assert sentences("好" * 100) == ["好" * 100]


def test_no_digit_or_sign_is_left() -> None:
    noisy = "第3款：1）85.5%；2）￥1,862.35、#7*；[3]〔2020〕1号 A/B 3.5×2=7 ‰ 2024/1/1 99999999999999999999"
    assert not set(spoken(noisy)) & set("0123456789%#*[]〔〕/=×￥")
