"""Which of somebody's cases their words mean: by its number or the last four digits, by kind, by item, by what stands
in it (a city, an amount, a name), by what they told of it. Pure.

    named("我产检那个钱不是1360，是1630", cases)     # the one with 产前检查费, or with 1360.00 in it
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from casework.filings.fields import shown
from casework.filings.items import Field, Item
from casework.tickets.tickets import Kind
from language.clauses import clauses
from language.numbers.numerals import AS_DIGITS, arabic
from language.places import read_city
from language.stance import keeps_filing


@dataclass(frozen=True, slots=True)
class Case:
    """What can be told of one. `number`: "" of what was not handed in yet. `told`: what the citizen said of it."""

    number: str
    kind: Kind = Kind.FILING
    item: Item | None = None
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)
    told: str = field(default="", repr=False)


_NUMBER = re.compile(r"GD\s*\d{8}\s*[-—－]?\s*\d{4,}", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:尾号|编号|单号|工单号?)[是为]?\s*(\d{4})(?!\d)|(?<!\d)(\d{4})(?=(?:号|的)?(?:那|这)[个件张]|号?工单)"
)
_BARE_TAIL = re.compile(r"\D{0,3}(\d{4})\D{0,3}")
_COMPLAINT = re.compile(r"投诉|举报|反映|告状")
_SUGGESTION = re.compile(r"建议|意见|表扬")
_CALL = re.compile(r"[回来]电|回话|回个?电话|打.{0,2}电话|联系[我俺]")
_FILED = re.compile(r"申请|提交|交的|材料")
_PUTS_RIGHT = re.compile(r"错|不对|不是|应该|改成|写反|有误")
_NO_NAME = re.compile(r"单子|(?:联系)?(?:手机|电话)(?:号码?)?(?=[^，,。]{0,2}(?:写|填|报|说|弄)?(?:错|不对|有误))")
"""Stands in words for items, and names none."""
_LABELS = {
    "money": re.compile(r"金额|钱数|[块元钱]|多少钱"),
    "hospital": re.compile(r"医院"),
    "disease": re.compile(r"病种|得的病|[啥什]么?病"),
    "name": re.compile(r"名字|姓名"),
    "city": re.compile(r"城市|地方"),
    "city_away": re.compile(r"城市|地方"),
    "date": re.compile(r"日期|日子|哪天"),
}
"""What a kind of answer is called by who says that it is wrong."""
_BY_NAME, _BY_VALUE, _BY_TOLD, _BY_GROUP, _BY_LABEL = 8, 6, 4, 3, 1
_LONG_NUMBER, _SHORTEST_VALUE, _LEAST_SHARED = 7, 2, 2


def number_in(text: str) -> str:
    """A case's number in what they said, or its last digits as the phone reads them out; "" without one."""
    plain = unicodedata.normalize("NFKC", text)
    if found := _NUMBER.search(plain):
        digits = re.sub(r"\D", "", found[0])
        return f"GD{digits[:8]}-{digits[8:]}"
    tail = _TAIL.search(plain.translate(AS_DIGITS))
    return (tail[1] or tail[2]) if tail else ""


def named(words: str, cases: Sequence[Case]) -> list[Case]:
    """Those that the words name best, in their order; [] when they name none of them. What is to stay ("北京的别撤")
    is not what is meant, where something else is said besides."""
    about = "，".join(one for one in clauses(words) if not keeps_filing(one)) or words
    if (number := number_in(about)) and (found := [case for case in cases if case.number.endswith(number)]):
        return found
    if len(number) > len("0000"):
        return []
    bare = _BARE_TAIL.fullmatch(about.translate(AS_DIGITS))
    if bare and (found := [case for case in cases if case.number.endswith(bare[1])]):
        return found
    points = [_points(about, case) for case in cases]
    best = max(points, default=0)
    return [case for case, count in zip(cases, points, strict=True) if best and count == best]


def is_one_of_several(words: str, case: Case) -> bool:
    """The words name some of what one answer lists ("冠心病、糖尿病"), and not all of it."""
    for value in case.answers.values():
        parts = value.split("、")
        if 0 < sum(part in words for part in parts) < len(parts):
            return True
    return False


def of_kind(words: str, cases: Sequence[Case]) -> list[Case] | None:
    """Who says "投诉" means no filing; None where the words say no kind. A complaint may have been written down as a
    call back, so that where there is none of its kind, what is no filing is meant."""
    for said, kind in ((_COMPLAINT, Kind.COMPLAINT), (_SUGGESTION, Kind.SUGGESTION)):
        if said.search(words):
            return [case for case in cases if case.kind is kind]
    return None


def _points(words: str, case: Case) -> int:
    return _of_kind(words, case) + (_of_item(words, case.item) if case.item else 0) + _of_values(words, case)


def _of_kind(words: str, case: Case) -> int:
    if _CALL.search(words) and case.kind in (Kind.CALLBACK, Kind.CONSULTATION, Kind.QUERY):
        return _BY_GROUP
    if case.kind is Kind.FILING:
        is_unknown = case.item is None and re.search(r"备案|报销|慢特?病|转移|参保|津贴|救助", words)
        return _BY_LABEL if is_unknown or _FILED.search(words) else 0
    is_said = (_COMPLAINT.search(words) and case.kind is Kind.COMPLAINT) or (
        _SUGGESTION.search(words) and case.kind is Kind.SUGGESTION
    )
    return (_BY_NAME if is_said else 0) + (_BY_TOLD if _shared(_COMPLAINT.sub("", words), case.told) else 0)


def _of_item(words: str, item: Item) -> int:
    if item.name in words or item.short in words:
        return 2 * _BY_NAME
    words = _NO_NAME.sub("", words)
    if item.words.search(words):
        is_label = item.id == "enroll-change" and _PUTS_RIGHT.search(words)  # "手机号错了": of any of them
        return _BY_LABEL if is_label else _BY_NAME
    return _BY_GROUP if item.group and any(word in words for word in _GROUPS[item.group]) else 0


_GROUPS = {"remote": ("备案", "异地"), "maternity": ("生育", "生孩子")}


def _of_values(words: str, case: Case) -> int:
    if case.item is None:
        return 0
    plain, points = arabic(unicodedata.normalize("NFKC", words)), 0
    for one in case.item.fields:
        if one.id not in case.answers:
            continue
        if one.kind not in _NAMES_VALUE and one.kind not in _LABELS:
            continue
        if _NAMES_VALUE.get(one.kind, _is_in)(plain, one, case.answers[one.id]):
            points += _BY_VALUE
        elif (label := _LABELS.get(one.kind)) and label.search(words):
            points += _BY_LABEL
    return points


def _is_in(words: str, asked: Field, value: str) -> bool:
    parts = [part for part in value.split("、") if len(part) >= _SHORTEST_VALUE]
    return any(part in words for part in parts)


def _is_city(words: str, asked: Field, value: str) -> bool:
    short = re.split(r"[省区]", value.removesuffix("市"))[-1]
    return read_city(words, asked=False).city == value or (len(short) >= _SHORTEST_VALUE and short in words)


def _is_sum(words: str, asked: Field, value: str) -> bool:
    sums = re.findall(r"(?<![\d.])\d+(?:\.\d{1,2})?(?![\d.])", re.sub(r"(?<=\d)[，,](?=\d{3})", "", words))
    return any(round(float(one) * 100) == int(value) for one in sums)


def _is_phone(words: str, asked: Field, value: str) -> bool:
    return any(len(one) >= _LONG_NUMBER and one in value for one in re.findall(r"\d+", words))


def _is_day(words: str, asked: Field, value: str) -> bool:
    day = shown(asked, value).partition("年")[2].removesuffix("日")
    return bool(re.search(rf"(?<!\d){day}(?!\d)", words))


def _is_hospital(words: str, asked: Field, value: str) -> bool:
    name = re.sub(r"^.{2,3}[市县省区](?=.{4,})", "", value)
    return name in words or value in words


_NAMES_VALUE: Mapping[str, Callable[[str, Field, str], bool]] = {
    "city": _is_city,
    "city_away": _is_city,
    "money": _is_sum,
    "phone": _is_phone,
    "date": _is_day,
    "month": _is_day,
    "hospital": _is_hospital,
    "disease": _is_in,
    "name": _is_in,
    "text": _is_in,
}


def _shared(words: str, told: str) -> bool:
    """Two pairs of characters and more."""
    pairs = {words[at : at + 2] for at in range(len(words) - 1)}
    shared = {pair for pair in pairs if re.fullmatch(r"[一-龥]{2}", pair) and pair in told} - _COMMON
    return len(shared) >= _LEAST_SHARED


_COMMON = frozenset(("那个", "这个", "我的", "俺的", "刚才", "一下", "不是", "没有", "什么", "怎么", "我要", "俺要"))
