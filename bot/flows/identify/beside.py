"""Whether who is to be helped is beside the caller: then it goes by their own number and their own telephone, without
an authorisation. Pure; the last three change the state."""

from __future__ import annotations

import re
from datetime import date

from bot.flows.identify.relatives import fits_sex, is_child, is_elder, same_person
from bot.flows.identify.whose_number import both_numbers, owner_of_number
from bot.flows.small_words import Heard, sounds_like_question
from bot.flows.state import State
from language import id_number
from language.id_number import IdRefused

_NEXT_TO = r"(?:旁边|身边|身旁|跟前|边上|眼前|对面|手边)"
_THEM = r"(?:[他她](?!们)|老人家?|本人|人)"
_NOT_HERE = re.compile(
    rf"(?:不|没有?)(?:在|跟|和)(?:我|俺|他|她)?(?:们)?(?:的|在)?(?:这里|这儿|这边|家|一块|一起|{_NEXT_TO})"
    r"|(?:我|俺)(?:人|现在)?在(?:外地|外省|单位|公司|班上|外头|北京|上海|青岛|济南|城里)|(?:我|俺)[^，,。]{0,4}(?:上班|打工|回不去|不在家)"
    r"|(?:离|隔)[^，,。]{0,8}(?:远|里地|公里)|(?:[他她]|老人)[^，,。]{0,5}在(?:老家|村里|庄上|乡下)"
)
_ELSEWHERE = re.compile(
    r"在(?:家|老家|村里|庄上|乡下|医院|病房|外地|地里|别处)|(?:上|去)[^，,。]{1,8}(?:去了|了)$|出去了|没回来|没过来"
)
_HERE = re.compile(
    rf"(?<![不没])(?:在|坐|站|躺|待|呆|守|跟|搁)(?:在|着)?(?:我|俺|咱)(?:们)?(?:的)?{_NEXT_TO}(?!.{{0,2}}(?:住|上学))"
    rf"|(?:我|俺)(?:的)?{_NEXT_TO}(?:坐|站|听|呢|着|就是)|{_THEM}(?:就|也|都|正)(?:在|坐)(?:这|这儿|这里|跟前|旁边|边上)(?:呢|听|坐)?"
    r"|(?:和|跟)(?:我|俺)(?:在)?(?:一块|一起)(?:儿)?(?:呢|打(?:的)?电话|坐|听)"
    r"|(?:我|俺|俺们)俩?(?:在)?(?:一块|一起)(?:儿)?(?:呢|打(?:的)?电话|坐|听)"
)
"""Said in a first sentence: near the caller, in so many words ("跟俺一块住" is no such thing)."""
_A_THING = re.compile(r"(?:证|卡|本|手机|材料|单子?|病历|发票|药)[^，,。]{0,8}$")
"""Before it, it is papers that lie there."""
_YES = re.compile(
    rf"(?:嗯|对|是|是的|有|那|她|他|人|就|也|都|正|老人|本人|[，,。 ])*"
    rf"(?:昂|再|在|在的|在呢|在哩|在这|在这儿|在这里|在场|都在|一块|一起|身边|旁边|在(?:我|俺)?的?{_NEXT_TO}|对|是|是的|是啊|有)"
    r"(?:呢|哩|嘞|的|啊|呀|着|了|听着|坐着|再|在|旁边|跟前|[，,。 ])*"
)
_NO = re.compile(
    r"(?:哎呀?|唉|嗯|那|她|他|人|老人|本人|现在|这会儿?|[，,。 ])*(?:不在|没在|不是|没有|没|不|不行)"
    rf"(?:呢|哩|的|啊|呀|了|家|这|这儿|这里|一块|一起|(?:我|俺)?的?{_NEXT_TO}|[，,。 ])*"
)
_FEW_DIGITS = 2
"""In "一块", "俺俩": no number."""
_MINE = re.compile(r"(?:是)?(?:我|俺)(?:自己|自个儿?|本人)?(?:的)?(?:号|号码|身份证|身份证号)?(?:[啊呀哩吧了，,。 ])*")
_THEIRS = re.compile(
    r"不是(?:我|俺)(?:自己)?的(?:[啊呀哩吧了，,。 ])*"
    r"|(?:是|就是)?(?:[他她]|老人|本人)(?:本人|自己)?的?(?:号|号码|身份证|身份证号)?(?:[啊呀哩吧了，,。 ])*"
)


_NO_PHONE = re.compile(
    r"(?:没|没有|不用|不会用|没带)(?:得)?(?:手机|电话)(?!号)|手机(?:丢|坏|停机|没电|换号|欠费|打不开)|收不[到着](?:短信|验证码)"
    r"|(?:发|打)(?:到|给|在)?(?:我|俺)(?:的|这)?(?:个)?(?:手机|电话|号)|(?:验证码|短信)[^，,。]{0,6}(?:发哪|咋收|怎么收|咋弄)"
)


def has_no_phone(said: str) -> bool:
    """ "她没手机", "那发我手机上行不": a code cannot reach them, as they believe."""
    return bool(_NO_PHONE.search(said))


def told_beforehand(said: str) -> bool | None:
    """Whether they are beside the caller, as the words that began it tell; None where they tell nothing of it."""
    if _NOT_HERE.search(said):
        return False
    return True if _is_here(said) else None


def _is_here(said: str) -> bool:
    return any(not _A_THING.search(said[: found.start()]) for found in _HERE.finditer(said))


def _asks(said: str) -> bool:
    """ "在家呢" asks nothing."""
    return sounds_like_question(said.replace("呢", ""))


def is_asked(state: State) -> bool:
    """Whether it makes sense to ask: about grown-ups, who have a telephone of their own."""
    return bool(state.relation) and state.kind in ("query", "file") and not is_child(state.relation)


def answer(heard: Heard) -> bool | None:
    """Whether they are beside the caller, in answer to that question; None when the message says nothing of it."""
    if len(heard.digits) > _FEW_DIGITS:
        return None
    if _YES.fullmatch(heard.bare) or _is_here(heard.bare):
        return True
    if _NO.fullmatch(heard.bare):
        return False
    is_away = _NOT_HERE.search(heard.bare) or _ELSEWHERE.search(heard.bare)
    return False if is_away and not _asks(heard.bare) else None


def may_be_either(state: State, number: str, text: str, year: int) -> bool:
    """Whether a number may as well be theirs as the caller's: it fits them, and nobody said whose it is.
    `year`: this one."""
    return fits_sex(state.relation, number) and is_elder(state.relation, number, year) and not owner_of_number(text)


def says_whose(heard: Heard) -> bool | None:
    """In answer to whose a number is: True when it is theirs, False when it is the caller's own."""
    if len(heard.digits) > _FEW_DIGITS or heard.asks:
        return None
    if owner_of_number(heard.text) or _THEIRS.fullmatch(heard.bare):
        return True
    return False if _MINE.fullmatch(heard.bare) else None


def by_themselves(state: State) -> None:
    """They are beside the caller and act themselves: by their own number, in their own name."""
    helped, number = state.relation, state.mentioned_id
    for_oneself(state)
    state.beside, state.mentioned_id = helped, number


def for_oneself(state: State) -> None:
    """Forget whom it was for. What was begun in their name waits as it is."""
    state.relation = state.surname = state.principal_id = state.principal_name = ""
    state.authorisation = state.request = state.filing = None
    state.mentioned_id = ""
    state.offered = [one for one in state.offered if not one.isdigit()]  # kinds of a filing stay, for whomever


def notes_both(state: State, text: str, today: date) -> bool:
    """Takes their own number and that of whom it is for, said in one sentence; true when both were and can be right."""
    own, theirs, who = both_numbers(text)
    if not own or state.own_proof or state.kind not in ("query", "file"):
        return False
    if state.relation and not same_person(state.relation, who):
        return False
    try:
        state.id_number = id_number.check(own, today)
    except IdRefused:
        return False
    state.relation, state.mentioned_id, state.own_proof = state.relation or who, theirs, True
    return True
