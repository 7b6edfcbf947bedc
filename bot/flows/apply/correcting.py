"""What somebody takes back of a filing: "日期不对，是6月3日", "是6月", "城市不对是徐州 医院也不对是…"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from base.messages import Reply
from bot.flows.apply.choosing import refusal
from bot.flows.apply.details import hospital_in
from bot.flows.apply.labelled import has_own_words
from bot.flows.small_words import Heard, sounds_like_question
from bot.flows.step import Move
from bot.flows.wording import say
from casework.filings.fields import Context, NotAnAnswer, Refused, parse, said, shown
from casework.filings.filing import Changed, Draft
from casework.filings.filings import Filings
from casework.filings.items import Field
from language import stance
from language.following import asks_supposing
from language.places import REPROACH, cities, read_city

_CALLED = {
    "date": "日期|日子|哪天|时间",
    "month": "月份|哪月",
    "phone": "电话|手机号?|号码",
    "money": "钱|金额|多少",
    "hospital": "医院",
    "city": "城市|地方|地点|地市",
    "city_away": "城市|地方|地点|地市|备案地",
    "name": "名字|姓名",
    "disease": "病种?",
    "text": "住址|地址|单位|乡镇|街道",
}
"""How people call a field of each kind."""
_WRONG = (
    r"[和跟、也都还]*[^，,。；;]{0,3}?"
    r"(?:(?<!对)不对|错|不是|改|换|应该|是|去掉|删|划掉|抹掉|拿掉|清掉|不要了|重新?[填写报])"
)
_SURELY_WRONG = (
    r"[和跟、也都还 ]*(?:那个|这个|那|这)?(?:的)?(?:尾号|后[一二三四两几]位|最后[一二三四两几]位|尾巴)?(?:也|都|我|俺)?"
    r"(?:(?:说|弄|报|填|写|记|搞|听|打|输|按|念|登)?错|(?<!对)不对|(?<!是)不是|改(?:[成为一下掉]|(?=[一-龥0-9]{2}))(?!不)|换[成一掉]?"
    r"|去掉|删|划掉|抹掉|拿掉|清掉|不要了|不算|重(?:新)?[填写说报])"
)
"""Words that take back a field while another is asked: "医院是…" may be an answer to what was asked."""
_IS = re.compile(r"^.*?(?:不对|错了?|改成|应该是|就?是|改为|换成|改|换)[，, ]*(?:改成|应该是|就?是|改为|换成)?[，, ]*")
_NOT_BUT = re.compile(r"不是[^，,。；;是]{1,16}[，,。；; ]+(?:而|我|俺|咱|应该|就|他|她|得|[，, ])*是(?P<value>.+)")
"""2027年3月1号 of "不是12月5号，我是2027年3月1号过去"."""
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_ONLY_NAMED = ("text", "name", "hospital")
"""Kinds whose check takes any words: changed only where the field was named, or a hospital given in full."""
_DATES = ("date", "month")
_PLACES = ("city", "city_away")
_SAFE = ("date", "month", "phone", "money", "choice")
"""Kinds whose check takes nothing that was meant for something else."""
_RESTATES = re.compile(
    r"^(?:哎?呀?|哦|噢|不|嗯|那个|刚才|[，, ])*(?:应该|就|应当|其实|说错了?|记错了?)?(?:是|改成|改为|换成|写成)"
)
_COUNTED = ("date", "month", "phone", "money")
_ONLY_DENIES = re.compile(r"(?:哎?呀?|哦|噢|嗯|不|不对|那个|[，, ])*不(?:是|在)(?P<value>[^，,。；;是]+)")
_HAS_NUMBER = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千万幺]|昨天|前天|今天|上个?月|这个?月")
_CALLED_WRONG = re.compile(r"不对|不是|错")
"""What is only to be changed into what stands there ("改成长春") is told that it stands there."""
_REPROACHES = re.compile(REPROACH)
_FEW, _BRIEF = 10, 24
"""Characters of an afterthought: in a longer sentence a city may be named for anything."""


def fields_called(draft: Draft, words: str) -> list[Field]:
    """The answered fields that the words name, by label or as people call them."""
    return [field for field in _answered(draft) if re.search(called(field), words)]


def takes_back(draft: Draft, words: str) -> bool:
    """An answer that was given is named as wrong: "哎呀医院说错了"."""
    fields = (field for field in draft.item.asked(draft.answers) if field.id in draft.answers)
    return any(re.search(called(field) + _SURELY_WRONG, words) for field in fields)


async def correct(filings: Filings, draft: Draft, heard: Heard, words: str, today: date) -> Move | None:
    """Changes the answers meant, or asks for the first of them again; None when nothing of the filing is meant.

    The fields are those named, each with the words that follow its name; without a name it is the last one answered
    whose check takes the words. `words`: what was heard, or what of it follows "不对，"; a place is read from the
    whole.
    """
    answered = _answered(draft)
    if _named(answered, words):
        named = _named(list(draft.item.asked(draft.answers)), words)  # with what is given before it was asked for
        return await _change_named(filings, draft, named, heard, today)
    for field in reversed(answered):
        if field.kind in _ONLY_NAMED and not (field.kind == "hospital" and hospital_in(words)):
            continue
        told = heard.text if field.kind in _PLACES else words
        try:
            return await _change(filings, draft, [(field, _parsed(field, told, draft, heard, today))], told)
        except NotAnAnswer:
            if field.kind in _PLACES and draft.answers[field.id] in read_city(told).denied:
                return await _ask_again(filings, draft, field)
        except Refused as refused:
            if field.kind in (*_DATES, *_PLACES):  # "11月31号": a day was meant, and no other field takes days
                await filings.forget(draft, field.id)
                return Move([refusal(refused)], to="field", offers=refused.choices)
    return None


async def afterthought(filings: Filings, draft: Draft, heard: Heard, today: date) -> Move | None:
    """What is no answer to what is asked now, and plainly another one to what was asked before: "是北京", "不是朝阳市，
    是北京的", "重新填". None when it is nothing of the kind."""
    answered = _answered(draft)
    if not answered:
        return None
    if heard.begins_anew:
        return await _ask_again(filings, draft, answered[-1])
    if (
        (heard.asks and not _REPROACHES.search(heard.text))
        or len(heard.bare) > _BRIEF
        or _NOT_SO_AFTER_ALL.search(heard.bare)
    ):
        return None
    for field in reversed(answered):
        is_named = re.match(rf"(?:那个|哦|噢|[，, ])*{called(field)}(?:是|应该是|就是|改)", heard.bare)
        if field.kind not in _PLACES and not (field.kind in _SAFE and (is_named or _RESTATES.match(heard.text))):
            continue
        try:
            value = _parsed(field, heard.text, draft, heard, today)
        except (NotAnAnswer, Refused):
            if field.kind in _PLACES and draft.answers[field.id] in read_city(heard.text).denied:
                return await _ask_again(filings, draft, field)
            continue
        if value != draft.answers[field.id]:
            return await _change(filings, draft, [(field, value)], heard.text)
        if field.kind in _PLACES:
            return Move([noted("unchanged", [(field, value)])], to="field")
    return None


_NOT_SO_AFTER_ALL = re.compile(r"不(?:去|到|上|是)?[^，,。]{1,8}不(?:中|行|成|可)|没听|不听|没答应")
"""What is denied stays: "不去北京不中", "俺兄弟说去郑州，俺没听他的"."""


def _denies(words: str, city: str) -> bool:
    """Whether the city is taken back: "不去北京了", "北京那个不要了"."""
    if _NOT_SO_AFTER_ALL.search(words):
        return False
    called = "|".join(re.escape(name) for name, kept in cities().items() if kept == city)
    given_up = rf"(?:{called})市?(?:那个|那边|那儿)?(?:就|先|也)?(?:不要|不去|算了|不弄|不办|取消|去不[了成])"
    return city in read_city(words).denied or bool(called and re.search(given_up, words))


async def place_instead(filings: Filings, draft: Draft, heard: Heard, today: date) -> Move | None:
    """The noted place is denied and another one named, in however long a sentence: "不去北京了，俺弟说还是济南齐鲁".
    Nothing is put right by a question, or by what is only supposed."""
    if sounds_like_question(_REPROACHES.sub("", heard.text)) or asks_supposing(heard.text):
        return None
    for field in _answered(draft):
        if field.kind not in _PLACES or not _denies(heard.text, draft.answers[field.id]):
            continue
        try:
            value = _parsed(field, heard.text, draft, heard, today)
        except (NotAnAnswer, Refused):
            continue
        if value != draft.answers[field.id]:
            return await _change(filings, draft, [(field, value)], heard.text)
    return None


_OTHER_WISHES = ("query_mine", "file_item", "urge_case", "withdraw_filing")


async def other_choice(filings: Filings, draft: Draft, heard: Heard, today: date) -> Move | None:
    """Few words that choose the other of two things than was noted: "还没出院呢" where 已出院 stands."""
    words = heard.bare.rstrip("呢哩咧")
    if heard.intent in _OTHER_WISHES or len(words) > _FEW or stance.says_no(words) or sounds_like_question(words):
        return None
    for field in _answered(draft):
        value = _value(field, words, draft, heard, today) if field.kind == "choice" else None
        if value and value != draft.answers[field.id]:
            return await _change(filings, draft, [(field, value)], heard.text)
    return None


async def denied(filings: Filings, draft: Draft, heard: Heard, today: date) -> Move | None:
    """A day, a number or a sum that is only called wrong ("不是12月6号") is none: the answer it denies is asked for
    again, or what is open. None when the words say more than that, or deny nothing of the kind."""
    match = _ONLY_DENIES.fullmatch(heard.bare)
    if match is None or not _HAS_NUMBER.search(match["value"]) or heard.asks:
        return None
    for field in reversed(_answered(draft)):
        if field.kind not in _COUNTED:
            continue
        try:
            value = _parsed(field, match["value"], draft, heard, today)
        except (NotAnAnswer, Refused):
            continue
        if value == draft.answers[field.id]:
            return await _ask_again(filings, draft, field)
    return Move(to="wrong" if draft.item.next_field(draft.answers) is None else "field")


def _answered(draft: Draft) -> list[Field]:
    return [field for field in draft.item.asked(draft.answers) if field.id in draft.answers]


async def _ask_again(filings: Filings, draft: Draft, field: Field) -> Move:
    try:
        await filings.forget(draft, field.id)
    except Changed:
        return Move([say("changed_meanwhile")], to="field")
    return Move([say("asked_again", label=field.label)], to="field")


def _named(fields: Sequence[Field], words: str) -> list[tuple[Field, str]]:
    """Each field that is named, with the words from its last mention to the next field's."""
    found = sorted((at, field.id, field) for field in fields if (at := _mention(field, words)) is not None)
    if not found:
        return []
    ends = [at for at, _, _ in found[1:]] + [len(words)]
    named = [(field, words[at:end]) for (at, _, field), end in zip(found, ends, strict=True)]
    return [(field, part) for field, part in named if not (field.kind == "text" and sounds_like_question(part))]


def _mention(field: Field, words: str) -> int | None:
    """Where the words last speak of the field as wrong or give it anew."""
    return max((match.start() for match in re.finditer(called(field) + _WRONG, words)), default=None)


def called(field: Field) -> str:
    """How the field is spoken of, as a pattern."""
    return rf"(?:{re.escape(field.label.removeprefix('新'))}|{_CALLED.get(field.kind, re.escape(field.label))})"


async def _change_named(
    filings: Filings, draft: Draft, named: Sequence[tuple[Field, str]], heard: Heard, today: date
) -> Move:
    values = [(field, _value(field, _meant(field, part), draft, heard, today)) for field, part in named]
    known = [(field, value) for field, value in values if value is not None]
    unknown = [field for field, value in values if value is None and field.id in draft.answers]
    words = "，".join(part for _, part in named)
    move = await _change(filings, draft, known, words) if known else Move(to="field")
    for field in unknown:  # forgotten, so that it is asked for next
        draft = await filings.get(draft.id) or draft
        await filings.forget(draft, field.id)
    return move


def _meant(field: Field, part: str) -> str:
    """What follows "不对，是…"; of a place the whole, for its reader knows what "不是徐州是济南" denies."""
    if field.kind in _PLACES:
        return part
    if instead := _NOT_BUT.search(part):
        return instead["value"].strip(" ，,。；;")
    if field.kind == "phone" and len(whole := _MOBILE.findall(part)) == 1:
        return str(whole[0])  # "改成尾号5678那个，13805375678"
    said = _IS.sub("", part, count=1).strip(" ，,。；;")
    return has_own_words(field, said) if field.kind == "text" else said


def _value(field: Field, words: str, draft: Draft, heard: Heard, today: date) -> str | None:
    try:
        return _parsed(field, words, draft, heard, today) if words else None
    except (NotAnAnswer, Refused):
        return None


def _parsed(field: Field, words: str, draft: Draft, heard: Heard, today: date) -> str:
    return parse(field, words, context(heard, today, draft.answers.get(field.id)))


def context(heard: Heard, today: date, before: str | None = None) -> Context:
    """What the check of an answer has to know of the message it stands in."""
    return Context(today, before, is_typed=not heard.is_spoken, text=heard.text, typed=heard.typed)


async def _change(filings: Filings, draft: Draft, values: Sequence[tuple[Field, str]], words: str) -> Move:
    """Keep what is new. What was heard as it stood before is said to be so, never "改好了"; where the words call it
    wrong it is asked for again: it was misheard, or misread, twice."""
    told = []
    try:
        for field, value in values:
            if draft.answers.get(field.id) != value:
                draft = await filings.answer(draft, field.id, value)
                told.append(noted("changed", [(field, value)]))
                continue
            if field.kind in _PLACES and _is_a_county_of(value, words):
                told.append(say("same_city", city=shown(field, value)))
                continue
            is_wrong = bool(_CALLED_WRONG.search(words))
            told.append(noted("same_again" if is_wrong else "unchanged", [(field, value)]))
            if is_wrong:
                draft = await filings.forget(draft, field.id)
    except Changed:
        return Move([say("changed_meanwhile")], to="field")
    return Move(told, to="field", corrects=True)


def _is_a_county_of(city: str, words: str) -> bool:
    """ "不对，是克什克腾旗", where 赤峰市 was kept for another county."""
    named = (name for name, kept in cities().items() if kept == city)
    return read_city(words).city == city and not any(name in words for name in named)


def noted(key: str, answers: Sequence[tuple[Field, str]]) -> Reply:
    """What was kept or changed, read back."""
    labels = "；".join(f"{field.label}：{shown(field, value)}" for field, value in answers)
    spoken = "，".join(said(field, value) for field, value in answers)
    return Reply(say(key, answers=labels).text, say(key, answers=spoken).to_say)
