"""What a sentence tells of a filing without having been asked: "俺娘6月3号去的北京，电话13800001234，给她备个案".

Only what can be nothing else is taken, and all of it is read back. An amount counts only where it is said to the yuan
and to be what they paid themselves: "花了三千" is no invoice. A choice is taken by its own name only: "没有" is said of
many things. Pure.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

from base.tenant import TENANT
from bot.flows.apply.labelled import is_named, labelled, phone_named
from bot.flows.identify.relatives import NO_NAME, SURNAMES
from casework.filings.fields import COUNTIES, Context, NotAnAnswer, Refused, choices_named, parse
from casework.filings.items import CONTACT, Field, Item
from language.diseases import DISEASES, without_repeats
from language.meant import Named, meant
from language.numbers.numerals import AS_DIGITS
from language.places import cities, read_city

_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_DAY = re.compile(
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
    r"|(?:(?:[0-9零〇一二三四五六七八九]{2,4}年|大?前年|[去上今明后]年)的?)?[0-9一二三四五六七八九十]{1,3}月份?的?[0-9一二三四五六七八九十]{1,3}[日号]?"
    r"|(?:上上|下下|[上下这本])个?月份?的?[0-9一二三四五六七八九十]{1,3}[日号]"
    r"|(?:大后|后|明)[天儿](?=.{0,8}(?:去北|去上|动身|出发|走|搬|的(?:高铁|火车|车|票)|就去|要去|过去))"
    r"|(?:大前|前|昨|今)[天儿日](?=[^，,。]{0,6}(?:住(?:的|进|院)|送(?:去|来|进|到)|入的?院|进的?院|急诊))"
)
_BIRTH = re.compile(r"出生|生日|号生|日生|年生|生人")
_LUNAR_DAY = re.compile(
    r"(?:(?:[0-9零〇一二三四五六七八九]{2,4}年|大?前年|[去上今明]年)的?)?(?:[农阴旧]历的?)?"
    r"(?:(?:上上|下下|[上下这本])个?月份?的?(?:[农阴旧]历的?)?初[一二三四五六七八九十]"
    r"|闰?(?:[正冬腊]|十?[一二三四五六七八九十])月份?的?(?:初[一二三四五六七八九十]|[二廿]?十[一二三四五六七八九]?|廿[一二三四五六七八九]))"
)
_CLAUSES = re.compile(r"[，,。！!；;？?]")
_LUNAR = re.compile(r"[农阴旧]历|初[一二三四五六七八九十]|[正冬腊]月")
_HAS_NOT = re.compile(r"没(?:有|得|查出)?(?:过|什么|啥)?$")
_HOSPITAL_ENDS = "医院|卫生院|保健院|附院"
_ALONE = 20
"""Characters of a message that is one answer and nothing else."""
_REFERRED = re.compile(r"给(?:我|俺|他|她|咱)?(?:转|开)的?|转(?:诊|院)?的$|开的转|转诊(?:日期|单)|转出医院")
_SURNAME = f"(?!{NO_NAME})[{SURNAMES}]"
_DIGITS = "零〇一二三四五六七八九"
_ALONE_AS: Mapping[str, re.Pattern[str]] = {
    "name": re.compile(
        rf"(?:(?:孩子|小孩|娃|宝宝|孙子|孙女|他|她)?(?:大名|名字|姓名)?(?:就?叫|是)|(?:名字|姓名)(?:叫|是)?)?"
        rf"(?P<value>{_SURNAME}[\u3400-\u9fff]{{1,2}})"
    ),
    "month": re.compile(
        rf"(?:交到了?|到)?(?P<value>(?:[0-9{_DIGITS}]{{2,4}}|[去今前])年的?[0-9{_DIGITS}十]{{1,3}}月)份?"
    ),
    "money": re.compile(
        r"(?:一共|总共|大概|我|俺|自己|先|都|付|垫|交|花|掏)*了?"
        rf"(?P<value>[0-9{_DIGITS}十百千万两.]{{2,}}(?:元|块钱?)[0-9{_DIGITS}角毛分]*)钱?"
    ),
    "hospital": re.compile(
        rf"(?:就?是|住?在|住的是?|看的是?)?(?P<value>[^转去到想要办备]{{3,14}}(?:{_HOSPITAL_ENDS}))(?:看的?|住的?院?)?"
    ),
}
"""Kinds that are told apart by their shape, when nothing else was said."""
_PLACES = ("city", "city_away")
_INSIDE = r"[^，,。.、 的那这哪家个在去到往看住转找有]"


def told(item: Item, answers: Mapping[str, str], words: str, today: date) -> list[tuple[Field, str]]:
    """The open fields that `words` answer, each with its value, in the order they would be asked.

    A kind that the item asks for twice is never taken, unless the words say which of the two they mean.
    """
    words = unicodedata.normalize("NFKC", words)
    found: dict[str, tuple[Field, str]] = {}
    for field in item.fields:  # in their order: what one answer opens, the same words may answer as well
        so_far = {**answers, **{name: value for name, (_, value) in found.items()}}
        if field not in item.asked(so_far):
            continue
        if value := _told(item, field, item.asked(so_far), answers, words, today):
            found[field.id] = (field, value)
    return list(found.values())


def restated(item: Item, answers: Mapping[str, str], words: str, today: date) -> list[tuple[Field, str]]:
    """What was answered and is told once more: by its name it may be another value, else only the same."""
    found = []
    for field in item.asked(answers):
        if field.id not in answers or field.kind == "choice":
            continue
        others = {name: value for name, value in answers.items() if name != field.id}
        value = _told(item, field, item.asked(answers), others, words, today)
        by_name = is_named(field, words) or (field.id == CONTACT and value == phone_named(words) != "")
        if value and (value == answers[field.id] or by_name):
            found.append((field, value))
    return found


def _told(item: Item, field: Field, asked: Sequence[Field], answers: Mapping[str, str], words: str, today: date) -> str:
    if field.kind == "choice" and field.id not in answers and (chosen := _choice(field, words)):
        return chosen
    if field.kind == "choice" and field.id in item.distinct and field.id not in answers:
        named = changed(field, words)
        return named[0] if len(named) == 1 else ""
    if field.id == "new_phone" and (new := _new_phone(words, is_open=field.id not in answers)):
        return new
    if field.id in answers:
        return ""
    part = labelled(field, words)
    is_one_of_two = [one.kind for one in asked].count(field.kind) > 1
    if not part and is_one_of_two and field.kind == "phone" and len(_PHONE.findall(words)) > 1:
        part = _contact_phone(words)
    if not part:
        if field.only_asked or is_one_of_two or field.kind not in _PARTS:
            return ""
        if field.kind == "date" and field.id != "born" and _BIRTH.search(words):
            return ""  # "我是1950年3月15号生的" is no day of a journey
        part = _PARTS[field.kind](words)
    if part:
        with contextlib.suppress(NotAnAnswer, Refused):
            return parse(field, part, Context(today))
    return ""


_CHANGES_PHONE = r"(?:改|换|变|更新|更换|变更)(?:成|为|到|了)?"
_CONTACTS = r"(?:联系|回电|回话|打|找我|通知)[^，,。；;0-9]{0,6}"


def _new_phone(words: str, *, is_open: bool) -> str:
    """The number that takes the place of the registered one: behind "换成", or the only one in such a sentence."""
    words = words.translate(AS_DIGITS)
    if new := re.search(rf"{_CHANGES_PHONE}[^老旧原]{{0,3}}?({_PHONE.pattern})", words):
        return str(new[1])
    if not is_open:
        return ""
    if new := re.search(
        rf"(?:新的?(?:手机号?码?|电话|号码?)?|现在(?:用|使)的?)[^，,。；;0-9]{{0,8}}[，, :：]?({_PHONE.pattern})", words
    ):
        return str(new[1])
    numbers = set(_PHONE.findall(words))
    is_change = re.search(_CHANGES_PHONE, words) and not re.search(
        rf"{_CONTACTS}{_PHONE.pattern}|(?:老|旧|原来的?|以前的?)[^，,。]{{0,6}}{_PHONE.pattern}", words
    )
    return numbers.pop() if is_change and len(numbers) == 1 else ""


def _contact_phone(words: str) -> str:
    """Which of two numbers is to be called."""
    named = re.search(rf"{_CONTACTS}({_PHONE.pattern})", words.translate(AS_DIGITS))
    return named[1] if named else ""


def told_alone(item: Item, answers: Mapping[str, str], words: str, today: date) -> list[tuple[Field, str]]:
    """What few words are that are nothing but one answer, though nobody asked for it: "王小宝", "三千二百一十元",
    "11月20号给转的". The first open field that takes them.
    """
    words = unicodedata.normalize("NFKC", words).strip(" 。.，,！!~的吧啊呢")
    if not words or len(words) > _ALONE:
        return []
    if _REFERRED.search(words):
        return _referred(item, answers, words, today)
    for field in item.asked(answers):
        if field.kind == "choice" and field.id not in answers and words in field.options:
            return [(field, words)]
        if field.kind in _PLACES and (city := read_city(words, home=TENANT.full_name).city):
            with contextlib.suppress(NotAnAnswer, Refused):
                return [(field, parse(field, city, Context(today)))]
        pattern = _ALONE_AS.get(field.kind)
        if field.id in answers or pattern is None or not (match := pattern.fullmatch(words)):
            continue
        if field.only_asked and not (field.kind == "hospital" and _is_at_home(match["value"])):
            continue
        try:
            return [(field, parse(field, match["value"], Context(today)))]
        except (NotAnAnswer, Refused):
            continue
    return []


def told_of_referral(item: Item, answers: Mapping[str, str], words: str, today: date) -> list[tuple[Field, str]]:
    """Its day and its hospital, from the clause that speaks of it: "医生让转济南，县医院11月20号开的转诊单"."""
    clauses = _CLAUSES.split(unicodedata.normalize("NFKC", words))
    return [one for clause in clauses if _REFERRED.search(clause) for one in _referred(item, answers, clause, today)]


def _is_at_home(hospital: str) -> bool:
    """A hospital of the city or of its counties: what refers, and not where somebody is referred to."""
    return hospital.startswith((TENANT.city_name, *COUNTIES))


def _referred(item: Item, answers: Mapping[str, str], words: str, today: date) -> list[tuple[Field, str]]:
    """The day and the hospital of a referral, said to be those."""
    found = []
    for field in item.asked(answers):
        week_day = _WEEK_DAY.search(words) if field.kind == "date" else None
        if field.only_asked and (part := _PARTS[field.kind](words) or (week_day[0] if week_day else "")):
            with contextlib.suppress(NotAnAnswer, Refused):
                found.append((field, parse(field, part, Context(today))))
    return found


def phone_at(words: str) -> list[tuple[int, int]]:
    """Where the words hold a telephone number."""
    return [match.span() for match in _PHONE.finditer(words.translate(AS_DIGITS))]


def day_at(words: str) -> list[tuple[int, int]]:
    """Where the words name a day with its month."""
    return [match.span() for match in (_LUNAR_DAY if _LUNAR.search(words) else _DAY).finditer(words)]


_CHANGES = re.compile("改|换|变|搬|更|错")
"""A clause without such a word names a number or a place, and no change of it."""


def changed(field: Field, words: str) -> list[str]:
    """Which of the things that can be changed a story says has changed: 住址 of "俺搬家了，电话138…"."""
    return choices_named(field, "，".join(clause for clause in _CLAUSES.split(words) if _CHANGES.search(clause)))


def _choice(field: Field, words: str) -> str:
    """The only choice that is named as it stands: "改手机号", "给新生儿参保"; "" where none is, or it is denied."""
    named = [name for name in field.options if name in words]
    return named[0] if len(named) == 1 and not re.search(rf"(?:不是|不|别|没)(?:给|替|要|改)?{named[0]}", words) else ""


def _place(words: str) -> str:
    return words if read_city(words, home=TENANT.full_name, asked=False).city else ""


_WEEK_DAY = re.compile(r"(?:上上?|这|本)个?(?:周|星期|礼拜)[一二三四五六日天]|(?:大前|前|昨|今)[天儿日]")
_IS_OVER = re.compile(r"出的?院|出来的?$|回来(?!.{0,2}一?趟)|回去|回济|结的?账|结算|报的?销|办的?手续")
_SETS_OUT = re.compile(r"走的?$|动身|出发|离开")


def _day(words: str) -> str:
    """The only day that is named with its month; of two the one on which it began ("2号住的院，9号出的院"), where
    that is clear."""
    if _LUNAR.search(words):
        days = _LUNAR_DAY.findall(words)
        return f"农历{days[0]}" if len(days) == 1 else ""
    days = _DAY.findall(words)
    for ends in (_IS_OVER, _SETS_OUT):
        if len(days) > 1:
            clauses = [clause for clause in _CLAUSES.split(words) if not ends.search(clause)]
            days = _DAY.findall("，".join(clauses)) or days
    return days[0] if len(days) == 1 else ""


def _phone(words: str) -> str:
    numbers = set(_PHONE.findall(words.translate(AS_DIGITS)))
    return numbers.pop() if len(numbers) == 1 else ""


def _disease(words: str) -> str:
    """Those of the list, without what is denied or taken back: "不是高血压，是糖尿病"."""
    found = [one for one in re.finditer(DISEASES, words) if not _HAS_NOT.search(words[: one.start()])]
    named = [Named(one.start(), one.end(), one[0]) for one in found]
    return "、".join(without_repeats([one.value for one in meant(words, named)]))


def hospital_in(words: str) -> str:
    """A hospital by its full name, which begins with its place: "俺在北京的医院" names none."""
    names = set(_hospital_name().findall(words))
    return names.pop() if len(names) == 1 else ""


@cache
def _hospital_name() -> re.Pattern[str]:
    places = "|".join(sorted({*COUNTIES, *cities()}, key=len, reverse=True))
    return re.compile(rf"(?:{places})[市县区]?{_INSIDE}{{2,14}}?(?:{_HOSPITAL_ENDS})")


_PARTS: Mapping[str, Callable[[str], str]] = {
    "city": _place,
    "city_away": _place,
    "date": _day,
    "phone": _phone,
    "disease": _disease,
    "hospital": hospital_in,
}
