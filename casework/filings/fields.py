"""Answers: what somebody said to one question of a filing → the value that is kept, or a sentence how to go on. Pure.

Values are text: dates as "2026-06-03", months "2025-09", money in fen. `shown` and `said` make them readable again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from base.errors import BadInput
from base.tenant import TENANT
from casework.filings.items import Field
from language.aloud.sounds import closest
from language.calendar.dates import NotADate, named_by_moon, parse_day, parse_month
from language.cleaning import as_typed
from language.diseases import read_disease, sounding_like
from language.hospitals import is_well_known, read_hospital
from language.meant import TAKES_BACK
from language.names import latin_name, read_name
from language.numbers.amounts import read_amount
from language.numbers.numerals import AS_SAID
from language.phone_numbers import read_phone
from language.places import OUTSIDE, cities, city_forms, place_names, read_city
from language.unclear import Unclear, Why

_INSTEAD = re.compile(r"不过|不对|不是|算了|还是|那就|那给|改成|换成")
_NEAR = timedelta(days=183)
_OLDEST = date(1900, 1, 1)
_WHICH_PHONE = {
    Why.SHAPE: "手机号应当是11位数字。请再说一遍，或者按键输入。",
    Why.SEVERAL: "听到了不止一个号码。请只说要留的那一个。",
    Why.INCOMPLETE: f"座机请把区号也说上，比如{TENANT.area_code_spoken}开头；也可以说11位的手机号。",
}
_LARGEST_FEN = 1_000_000_00
_WHICH_AMOUNT = {
    Why.ABOUT: "请照着发票说个准数，比如“三千二百一十元五角”。",
    Why.SEVERAL: "听到了不止一个数。请只说要写上去的那一个，比如“三千二百一十元五角”。",
    Why.SHAPE: "这个数没听明白。请照着发票再说一遍，比如“三千二百一十元五角”。",
}
_NO_MARKUP = "有不认识的符号，没有记下来。请只用汉字和数字再说一遍。"
_MARKUP = re.compile(r"[<>{}\\$`|;=]|script|http", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:那?个|嗯+|啊|哦|就叫|就?是|叫|(?:姓名|名字|孩子|小孩|娃)(?:就?是|叫)|名字叫|他叫|她叫|我叫|俺叫"
    r"|我是|俺?在|我在|是在|搁|到|得?的?是|上|去|改成|换成|"
    r"应该是|不对|不是)+[，, ]*"
)
_TAIL = re.compile(
    r"(?:[。，,.!！ ]|吧|呢|啊|哈|就行|这个|给(?:我|俺)?转的|看的(?:病)?|住的(?:院)?|生的"
    r"|做的|上班)+$"
)
_AS_TYPED = ("name", "text")
"""Kinds that are kept in the characters they were typed in."""
COUNTIES = TENANT.short_places
_MOST_CHOICES = 4
_ADDRESS = re.compile("住址|地址|乡镇")
_PART_OF_PLACE = re.compile(
    r"[\u4e00-\u9fff][市县区镇乡村庄寨屯](?![里上么])|街道|社区|小区|路|巷|胡同|号楼|单元|花园|家属院|大队|[0-9零一二三四五六七八九十]+号"
)
_SAYS_IT = re.compile(
    r"^(?:那|就|还是|你|恁|给我|给俺)*(?:写|填|记|登|改)(?:成|为|上)?(?:是)?|^(?:我|俺|咱|家)*(?:现在)?(?:就)?(?:住在?|住的?是|搬到)|(?:就行|就中|吧|呗)$"
)
_JOINS = re.compile(r"[号码]{0,2}(?:换了?|改了?)?[，, ]?(?:和|跟|还有|、|也)[，, ]?")
_SHORT = 8
"""Characters: in a longer sentence anything sounds like some city."""
_SOUNDS_LIKE, _SOUNDS_VERY_LIKE = 0.4, 0.25
"""How far apart a syllable may sound (`language.aloud.sounds`) in a short list, and in one of 340 cities."""
_LIVES = re.compile(r"^(?:我|俺)?(?:长期)?(?:就?在|住在|住|搁|到|去|转到)|(?:那边|那里|住|这边|那儿)?[。.]?$")
_NOT_A_PLACE = frozenset(("不知道", "不清楚", "忘了", "没有", "随便", "都行", "什么", "哪里", "啥"))


_ONLY_MAINLAND = "备案备的是内地的城市，{place}备不了。去内地的，请说是哪个市；想问清楚，就说“转人工”。"


class Refused(BadInput):
    """Not an answer that can be kept; the sentence says how to go on. Never holds what was said. `choices`: what it may
    have meant, as answers to choose from."""

    code = "field_refused"

    def __init__(self, *, code: str = "", citizen_text: str = "", choices: tuple[str, ...] = ()) -> None:
        super().__init__(code=code, citizen_text=citizen_text)
        self.choices = choices


class NotAnAnswer(Exception):
    """The words are not about what was asked at all."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a check needs besides the words. `before`: the value being corrected. `is_typed`: nothing was misheard, so
    that no name is replaced by another that sounds like it. `text`, `typed`: the whole sentence in simplified
    characters, and as it was typed; "" where they are the same."""

    today: date
    before: str | None = None
    is_typed: bool = False
    text: str = ""
    typed: str = ""


def parse(field: Field, text: str, context: Context) -> str:
    """The value to be kept. Raises Refused or NotAnAnswer."""
    value = _CHECKS[field.kind](field, unicodedata.normalize("NFKC", text).strip(), context)
    return as_typed(value, context.text or text, context.typed) if field.kind in _AS_TYPED else value


def shown(field: Field, value: str) -> str:
    """A value as it is read on a screen."""
    if field.kind == "date":
        when = date.fromisoformat(value)
        return f"{when.year}年{when.month}月{when.day}日"
    if field.kind == "month":
        return f"{value[:4]}年{int(value[5:7])}月"
    if field.kind == "money":
        return f"{int(value) / 100:.2f}元"
    return value


def is_lunar(field: Field, text: str) -> bool:
    """A day was named by the lunar calendar, so that it is the solar one that has to be read back as such."""
    return field.kind == "date" and named_by_moon(text)


def said(field: Field, value: str) -> str:
    """A value as it is heard (`language.aloud.spoken` reads numbers): a phone number by its ends, nothing more."""
    if field.kind == "phone":
        return f"{value[:3].translate(AS_SAID)}开头，尾号{value[-4:].translate(AS_SAID)}"
    return shown(field, value)


# --- checks, one per kind ---------------------------------------------------------------------------------------


def _day(field: Field, text: str, context: Context) -> str:
    if "入院" in field.label and "出院" in text and not re.search("住|入院|进去|进的|看的?病", text):
        raise NotAnAnswer  # "出院是17号": when they left is not asked
    try:
        before = date.fromisoformat(context.before) if context.before else None
        when = parse_day(text, context.today, before, may_lie_ahead=field.near)
    except NotADate as error:
        raise _not_a_date(error) from error
    latest = context.today + _NEAR if field.near else context.today
    if (field.past or field.near) and when > latest:
        raise Refused(code="date_future", citizen_text="这个日子还没到。请再说一遍是哪年哪月哪日。")
    if when < _OLDEST:
        raise Refused(code="date_past", citizen_text="这个日子太早了。请再说一遍是哪年哪月哪日。")
    return when.isoformat()


def _month(field: Field, text: str, context: Context) -> str:
    try:
        before = date.fromisoformat(f"{context.before}-01") if context.before else None
        when = parse_month(text, context.today, before)
    except NotADate as error:
        raise _not_a_date(error) from error
    if field.past and when > context.today:
        raise Refused(code="date_future", citizen_text="这个月份还没到。请再说一遍是哪年哪月。")
    return when.isoformat()[:7]


def _not_a_date(error: NotADate) -> Exception:
    return Refused(code="date_unclear", citizen_text=error.args[0]) if error.args[0] else NotAnAnswer()


def _phone(field: Field, text: str, context: Context) -> str:
    try:
        number = read_phone(text)
    except Unclear as unclear:
        if unclear.why is Why.SHAPE and re.search(r"\d[A-Za-z]|[A-Za-z]\d", text):
            raise Refused(code="phone_letters", citizen_text="手机号里不能有字母。请只说11位数字。") from unclear
        raise Refused(
            code=f"phone_{unclear.why.value}", citizen_text=_WHICH_PHONE[unclear.why], choices=unclear.choices
        ) from unclear
    if number is None:
        raise NotAnAnswer
    return number


def _choice(field: Field, text: str, context: Context) -> str:
    named = [name for name, words in field.options.items() if text == name or re.search(words, text)]
    if len(named) > 1 and (instead := _INSTEAD.split(text)[-1]) != text:
        # "本来给我自己，不过单位给交了，那给俺媳妇办吧": what is wanted in the end
        named = [name for name in named if re.search(field.options[name], instead)] or named
    if len(named) > 1 and _both(field.options[named[0]], field.options[named[1]], text):
        which = "，还是".join(named)
        raise Refused(code="choice_several", citizen_text=f"一样一样来。先办哪一样：{which}？", choices=tuple(named))
    if named:
        return named[0]
    if len(text) <= _SHORT and (likely := closest(text, field.options, _SOUNDS_LIKE)):
        return likely
    ordinal = re.fullmatch(r"第?([一二三四1234])[个种样项]?[。.]?", text)
    if ordinal:
        index = "一二三四".find(ordinal[1]) if ordinal[1] in "一二三四" else int(ordinal[1]) - 1
        if index < len(field.options):
            return list(field.options)[index]
    raise NotAnAnswer


def choices_named(field: Field, text: str) -> list[str]:
    """Every choice that a story speaks of, and denies nothing of: 手机号 of "电话换了，名字没变"."""
    clauses = [clause for clause in re.split(r"[，,。；;！!？?]", text) if not re.search("没|不", clause)]
    return [name for name, words in field.options.items() if any(re.search(words, clause) for clause in clauses)]


def _both(first: str, second: str, text: str) -> bool:
    """手机号和住址: named side by side, and neither in the other's words."""
    return any(
        _JOINS.fullmatch(text[min(one.end(), other.end()) : max(one.start(), other.start())])
        for one in re.finditer(first, text)
        for other in re.finditer(second, text)
    )


def _city(field: Field, text: str, context: Context) -> str:
    if "看的病" in field.label or "住院" in field.label:
        text = _where_treated(text)
    named = read_city(text, home=TENANT.full_name if field.kind == "city_away" else "")
    if named.city:
        return named.city
    if named.choices:
        which = "，还是".join(named.choices[:_MOST_CHOICES])
        raise Refused(code="city_which", citizen_text=f"是{which}？请说全一点。", choices=named.choices[:_MOST_CHOICES])
    if named.province in OUTSIDE:
        raise Refused(code="city_outside", citizen_text=_ONLY_MAINLAND.format(place=named.province[:2]))
    if named.province:
        raise Refused(code="city_province", citizen_text=f"{named.province}有好几个市，请说是哪个市。")
    if context.is_typed or context.before or len(text) > _SHORT:
        raise NotAnAnswer
    if likely := closest(_LIVES.sub("", text), city_forms(), _SOUNDS_VERY_LIKE, whole=True):
        raise _sounds_like(city_forms()[likely])
    raise NotAnAnswer


_LIVES_NOW = re.compile("搬|户口|老家|上班|打工|现在住|人在")


def _where_treated(text: str) -> str:
    """苏州啊 of "苏州啊 不过我上月搬无锡了": where somebody lives now is not where they were treated."""
    clauses = [one for one in re.split(r"[，,。；;！! ]|(?=不过|但)", text) if one]
    treated = [one for one in clauses if not _LIVES_NOW.search(one)]
    return "，".join(treated) if any(read_city(one).city for one in treated) else text


def _city_away(field: Field, text: str, context: Context) -> str:
    city = _city(field, text, context)
    if city == TENANT.full_name:
        raise Refused(code="city_home", citizen_text=f"{TENANT.city_name}里看病不用办这个。请说外地的城市名。")
    return city


def _name(field: Field, text: str, context: Context) -> str:
    if _MARKUP.search(text):
        raise Refused(code="name_letters", citizen_text="姓名请说中文，和身份证上一样。")
    try:
        read = read_name(text)
    except Unclear as unclear:
        which = "，还是".join(unclear.choices[:_MOST_CHOICES])
        raise Refused(
            code="name_several",
            citizen_text=f"听到了不止一个姓名。请只说要写上去的那一个：{which}？",
            choices=unclear.choices,
        ) from unclear
    if read is None and context.is_typed and (name := latin_name(text)):
        return name  # a foreigner's card
    if read is None and re.search(r"[A-Za-z0-9]", text):
        raise Refused(code="name_letters", citizen_text="姓名请说中文，和身份证上一样。")
    if read is None:
        raise Refused(code="name_shape", citizen_text="请只说姓名，和身份证上一样，比如“王小明”。")
    return read


def _hospital(field: Field, text: str, context: Context) -> str:
    if _MARKUP.search(text):
        raise Refused(code="text_markup", citizen_text=_NO_MARKUP)
    try:
        name = read_hospital(text)
    except Unclear as unclear:
        if unclear.why is Why.SHAPE:
            raise Refused(
                code="hospital_shape",
                citizen_text=f"好多地方都有这个名字的医院。请连市或县一起说，比如“{TENANT.hospital}”。",
            ) from unclear
        which = "，还是".join(unclear.choices[:_MOST_CHOICES])
        raise Refused(
            code="hospital_several", citizen_text=f"听到了不止一家医院。是{which}？", choices=unclear.choices
        ) from unclear
    if name and field.only_asked and re.search(rf"(?:去|转到|转去|往|上){re.escape(name)}", text):
        raise Refused(code="hospital_destination", citizen_text="这是要去的医院。给您开转诊的是哪家医院？")
    if name is None:
        if _bare(text) in _NOT_A_PLACE:
            raise NotAnAnswer
        raise Refused(code="hospital_shape", citizen_text=f"请说医院的全名，比如“{TENANT.hospital}”。")
    if (
        not context.is_typed
        and not is_well_known(name)
        and not any(place in name for place in (*COUNTIES, *cities()))
        and (likely := closest(name[:2], COUNTIES, _SOUNDS_LIKE))
    ):
        raise _sounds_like(likely + name[2:])
    return name


def _disease(field: Field, text: str, context: Context) -> str:
    if _MARKUP.search(text):
        raise Refused(code="text_markup", citizen_text=_NO_MARKUP)
    try:
        if found := read_disease(text):
            return found
        if not context.is_typed:
            sounding_like(text)
    except Unclear as unclear:
        raise _sounds_like(unclear.choices[0]) from unclear
    raise Refused(code="disease_unclear", citizen_text="请说病的名字，比如高血压、糖尿病；说不准的，说“转人工”。")


def _sounds_like(likely: str) -> Refused:
    """What was misheard is never put right without asking."""
    return Refused(
        code="sounds_like",
        citizen_text=f"没听准。您说的是“{likely}”吗？是就说“对”，不是就再说一遍。",
        choices=(likely,),
    )


_DAY = r"(?:[0-9]{4}年)?[0-9一二三四五六七八九十]{1,2}月(?:[0-9一二三四五六七八九十]{1,3}[号日])?"
_NO_PLACE = re.compile(rf"(?:不对|应该|就|是|[，, ])*{_DAY}|.{{0,16}}(?:参保|登记|备案|认定|报销|转移接续)")


def _text(field: Field, text: str, context: Context) -> str:
    if text.strip(" 。.，,") in (field.label, field.label.removeprefix("新")):
        raise NotAnAnswer  # "住址": which one it is about
    if not _ADDRESS.search(field.label):
        return _free(text, 2, 60)
    if _NO_PLACE.fullmatch(text.strip(" 。.，,")):  # a day or a matter: nobody lives there
        raise NotAnAnswer
    if TAKES_BACK.search(text):  # "9号楼，哎不是，6号楼": which part stays?
        raise Refused(code="address_corrected", citizen_text="请把改好的地址从头完整说一遍。")
    return _free(_place_of(text), 2, 60)


def _place_of(text: str) -> str:
    """任城区古槐街道 of "谁不同意了，任城区古槐街道": from the first clause that names such a place to the last."""
    parts = [part for part in re.split(r"[，,。；;！!？? ]+", text) if part]
    named = [at for at, part in enumerate(parts) if _PART_OF_PLACE.search(part)]
    if not named:
        return text
    return "，".join(_SAYS_IT.sub("", part) for part in parts[named[0] : named[-1] + 1])


def _money(field: Field, text: str, context: Context) -> str:
    try:
        fen = read_amount(text)
    except Unclear as unclear:
        raise Refused(code=f"money_{unclear.why.value}", citizen_text=_WHICH_AMOUNT[unclear.why]) from unclear
    if fen is None:
        raise NotAnAnswer
    if not 0 < fen <= _LARGEST_FEN:
        raise Refused(code="money_range", citizen_text="这个数不太对。请再说一遍是多少元，比如“三千二百元”。")
    return str(fen)


def _free(text: str, least: int, most: int) -> str:
    if _MARKUP.search(text):
        raise Refused(code="text_markup", citizen_text=_NO_MARKUP)
    bare = _bare(text)
    if bare in _NOT_A_PLACE or len(bare) < least:
        raise NotAnAnswer
    if len(bare) > most:
        raise Refused(code="text_long", citizen_text="有点长，我记不全。请只说名称。")
    return bare.replace(",", "，")


def _bare(text: str) -> str:
    """Without what leads to it; nothing is cut where a place's name begins (上海路)."""
    lead = _FILLER.match(text)
    cut = lead.end() if lead else 0
    names = tuple(place_names())
    cut = next((at for at in range(cut) if text.startswith(names, at)), cut)
    return _TAIL.sub("", text[cut:]).strip()


_CHECKS: Mapping[str, Callable[[Field, str, Context], str]] = {
    "date": _day,
    "month": _month,
    "phone": _phone,
    "choice": _choice,
    "city": _city,
    "city_away": _city_away,
    "name": _name,
    "hospital": _hospital,
    "disease": _disease,
    "text": _text,
    "money": _money,
}
