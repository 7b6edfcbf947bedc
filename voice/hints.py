"""What the recogniser is told to expect, and how its own hints are known again when they come back as words. Pure.

A decoder writes what came before more readily: thirty words of the trade keep 60 % of the terms that decide an answer,
where twelve kept 38 %; a list for the kind of question 46 % of the places instead of 14, 58 % of the yes and no instead
of 38. But in noise it may write the end of its hints themselves: those are nobody's words.
"""

from __future__ import annotations

import re
from functools import cache

from base.tenant import TENANT
from voice.expected import Expected, expected

TRADE = (
    "医保热线", "异地就医", "备案", "参保登记", "居民医保", "职工医保", "门诊慢特病", "门诊慢性病", "普通门诊", "报销",
    "住院", "缴费", "生育津贴", "手工报销", "直接结算", "个人账户", "账户余额", "亲情账户", "电子凭证", "医保卡",
    "社保卡", "转诊", "转院", "急诊", "定点医院", "处方", "医疗救助", "糖尿病", "高血压", "透析", "转移接续", "转人工",
)  # fmt: skip
"""The terms of voice/data/terms.yaml that stand most often in the documents and in what citizens ask (knowledge/data),
without those that another holds."""

_TRADE_SAID = (
    "医保热线。异地就医备案怎么办？门诊慢特病怎么报销？居民医保、职工医保的参保登记、缴费。个人账户余额、电子凭证、医保卡、"
    "亲情账户、生育津贴。住院、转院、转诊、急诊、直接结算、手工报销。高血压、糖尿病、透析"
)
"""The same in sentences: as a bare list they make the decoder write lists (32 sentences by two voices: errors 11.3 %
clean and 13.8 % at 10 dB with the list, 7.9 and 10.6 % with this, 7.5 and 13.7 % with the twelve words of before)."""
PLACES = (
    *TENANT.places_said,
    "济南", "青岛", "淄博", "枣庄", "烟台", "潍坊", "泰安", "临沂", "德州", "聊城", "菏泽", "徐州", "郑州", "北京",
    "上海", "天津", "南京", "苏州", "杭州", "广州", "深圳",
)  # fmt: skip
"""The city's counties, the prefectures around, and where its people go to work or to hospital."""

_DISEASES = (
    "高血压", "糖尿病", "冠心病", "脑梗", "脑出血", "恶性肿瘤", "尿毒症", "透析", "器官移植", "类风湿", "慢阻肺",
    "哮喘", "肝硬化", "肝炎", "肺结核", "精神分裂症", "癫痫", "帕金森", "红斑狼疮", "白血病", "血友病", "心衰",
    "肾病", "甲亢", "痛风",
)  # fmt: skip
_HOSPITALS = (
    "人民医院", "中医院", "妇幼保健院", "济宁市第一人民医院", "济宁医学院附属医院", "邹城市人民医院", "曲阜市人民医院",
    "兖州区人民医院", "卫生院", "齐鲁医院", "省立医院", "协和医院", "肿瘤医院",
)  # fmt: skip
_YES_NO = (
    "对",
    "不对",
    "是",
    "不是",
    "是嘞",
    "中",
    "不中",
    "行",
    "不行",
    "好",
    "要",
    "不要",
    "有",
    "没有",
    "嗯",
    "提交",
)
_NUMBER = "370112196802290018、15098761234"
"""No real person's: the check character is wrong."""
_LISTS = {
    Expected.PLACE: PLACES,
    Expected.YES_NO: _YES_NO,
    Expected.ANYTHING: TRADE,
    Expected.DISEASE: _DISEASES,
    Expected.HOSPITAL: _HOSPITALS,
}
_NOT_IN_PROMPT = re.compile(r"[^\w。？、]+")
_MARKS = re.compile(r"[^\w]+")
_SHORTEST_ECHO = 8
_PIECES_OF_AN_ECHO = 4
"""Nobody names so many of the hints one after the other, and says nothing else."""


@cache
def hint(asked: str) -> str:
    """What is given to the decoder as what went before; `asked` is the end of what we said to the caller last.

    Full-width commas would come back as broken characters.
    """
    kind = expected(asked)
    if kind is Expected.ANYTHING:
        return f"{_TRADE_SAID}。{_NOT_IN_PROMPT.sub('、', asked)}"
    words = "、".join(TRADE[:6]) + "。" + _NUMBER if kind is Expected.DIGITS else "、".join(_LISTS[kind])
    return f"{words}。{_NOT_IN_PROMPT.sub('、', asked)}"


def is_echo(text: str) -> bool:
    """`text` is a piece of the hints, in their order or out of it: nobody said it. Several diseases one may have."""
    pieces = [piece for piece in re.split(r"[、，,。\s]+", text) if piece]
    if len(pieces) >= _PIECES_OF_AN_ECHO and all(map(_is_hint, pieces)):
        return True
    said = _MARKS.sub("", text)
    lists = ("".join(words) for words in (TRADE, PLACES, _HOSPITALS, _YES_NO, (_MARKS.sub("", _NUMBER),)))
    return len(said) >= _SHORTEST_ECHO and any(said in hints for hints in lists)


def _is_hint(piece: str) -> bool:
    return len(piece) > 1 and any(piece in word for word in (*TRADE, *PLACES))
