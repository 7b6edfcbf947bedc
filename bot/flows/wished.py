"""A wish in a story: "往后就在苏州住了，听人说得先弄个啥那边才能刷卡". Pure.

It is found by the item's own words (casework/data/items.yaml), so that a new item is found without training. It is
offered, and begun only where it is said as plainly as "给我办个备案".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.flows.goals import asks_about_rules, query_kind
from bot.flows.small_words import sounds_like_question
from bot.understood import Guess
from casework.filings.items import Items
from language.places import read_city

_FOR = r"(?:给|帮|替)(?:我|俺|咱)(?:自己|自个儿?|们|家)?"
_DOES = r"(?:办|登记?|报备|备|申请|申领|弄|报)(?!完|好|过|了吗|了没|不了|下来|错|销多|销比|的)"
_PLAINLY = re.compile(
    rf"{_FOR}.{{0,14}}{_DOES}|^(?:那|就|先|来|快|你|您|我|俺|要|想|麻烦|请|[，, ])*(?:给.{{1,8}})?{_DOES}.{{2,}}"
)
_WISHES = re.compile(
    r"办|弄|登|申请|申领|报备|领[个那]|能[报领]|得先|才能|想|要去|后天就去|明天就去|少花|手续|给(?:我|俺)|帮(?:我|俺)"
)
_LOOKS = re.compile(
    r"查|看看|看一?[眼下]|给看|给我看|给俺看|瞅|瞧|帮我念|[停断掉]没[停断掉]|[到上下交缴报批]了?没|还[剩有](?:多少|几)|多少钱了|几个钱|是不是.{0,4}停"
)
_THEIR_OWN_PAST = re.compile(
    r"(?:上回|上次|上个?月|上礼拜|那回|那次|出院那天|九月份?|[一二三四五六七八九十]+月份?.{0,3}号|这一年|今年我|我今年|俺今年|住院出来)"
    r".{0,24}(?:[报抱付掏花]了(?:人家|多少|哪些)|算进去|一笔)"
    r"|卡.{0,8}(?:还有|还剩|里有|里头|听出里面有|查出).{0,6}(?:多少|几个|钱)|账上现在|[还攒]下?(?:有|剩|生)?多少(?:钱|前|了$)"
    r"|(?:交|缴)到(?:哪个?|几)月|给(?:我|俺).{0,3}交了?(?:多少|几)个?[月年]|(?:缴费|交费|.费)(?:记录|明细)|给没给(?:我|俺).{0,2}交"
    r"|(?:我|俺|娃|孩子|妈|爸).{0,3}(?:这个|今年|的)?.{0,4}(?:保|医保).{0,4}(?:还管用|还有没有|生效了?没|是不是停|停没停|算没算上)"
    r"|(?:显示|说|提示)(?:暂停|停保)|(?:还|到底)有没有保险|算没算上|递上去.{0,12}(?:啥时候|多咱|什么时候)|(?:批|办)下来没|过了还是没过"
    r"|(?:给|替|帮)(?:我|俺).{0,4}(?:查|看看|瞅|瞧)"
    r"|(?:我|俺)(?:的|那|这|上回|上次|上个?月)[^，,。]{0,8}(?:钱|款|津贴|报销)[^，,。]{0,6}"
    r"(?:啥时候|多咱|什么时候|哪天|几时|多久|几天|咋还不|怎么还不|咋还没|怎么还没)[^，,。]{0,4}(?:到|下来|打|发|给|来)"
)
"""So much their own that it is no question of rules, whatever the engine took it for."""
_MINE = re.compile(r"我|俺|咱|自己|爸|妈|爹|娘|老伴|孩子|闺女|儿子|给看|查查|看看|瞅|瞧|卡里|账上")


_WHERE_TO = re.compile(
    r"(?:备案|登记)[^，,。]{0,2}[，, ]*(?:去|到|在)"
    r"|(?:去|到|在).{2,14}[，, ]*(?:要|想|得|给我|给俺)?(?:登记)?备个?案$"
)
_IS_PAST = re.compile(r"没备|不备|备(?:案)?(?:过|完|好|了)|办(?:过|完|好|了)|没办|已经|交错|查|报销|能报|不能|取消|撤")
_NOT_OURS = re.compile(
    r"快递|公积金|养老金|退休金|低保(?:金|费)?.{0,4}发|话费|电费|水费|房|驾照|违章|身份证(?:办|补|丢)|社保卡.{0,4}(?:补|丢)"
)
_LEARNT = 0.6
"""How likely a matter must be to be offered."""
_STORY = 12
"""Characters before the last clause: what is asked stands at the end of a story."""


@dataclass(frozen=True, slots=True)
class Wish:
    """`intent`: Rasa's name for the wish. `name`: the item's, or what is looked up."""

    intent: str
    name: str
    is_plain: bool = False
    """Said in so many words."""


def wished(text: str, items: Items) -> Wish | None:
    """What the words may be a wish for; None when they hold none, or only ask about rules."""
    if _NOT_OURS.search(text):
        return None
    kind = query_kind(text)
    if kind and kind not in _BY_OTHERS and _THEIR_OWN_PAST.search(text) and not _ASKS_THE_WAY.search(text):
        return Wish("query_mine", LOOKED_UP.get(kind, "信息"), is_plain=True)
    story, _, end = text.strip(" 。！!").rpartition("，")
    if asks_about_rules(end if len(story) > _STORY else text):
        return None
    named = items.named(text)
    is_told = named and says_where_to(text)
    if named and (is_told or _WISHES.search(text)):
        group = items.groups.get(named[0].group) if len(named) > 1 else None
        name = group.ask.split("有")[0] if group else named[0].name
        return Wish("file_item", name, (is_told or says_plainly(text)) and not _asks(text))
    if kind and kind not in _BY_OTHERS and _LOOKS.search(text) and _MINE.search(text):
        return Wish("query_mine", LOOKED_UP.get(kind, "信息"))
    return None


def learnt_wish(intent: str, matter: Guess, items: Items) -> Wish | None:
    """ "娃生下来四十天了，户口前天刚上上": no word names it, and it was learnt what such people need."""
    if matter.confidence < _LEARNT:
        return None
    name = items.items[matter.name].name if matter.name in items.items else LOOKED_UP.get(matter.name, "")
    return Wish(intent, name) if name else None


def says_where_to(text: str) -> bool:
    """ "异地备案，去苏州市": a place is what one tells a clerk, not what one asks a document. Not of what is past."""
    if not _WHERE_TO.search(text) or _IS_PAST.search(text):
        return False
    where = read_city(text, asked=False)
    return bool(where.city or where.choices)


def says_plainly(text: str) -> bool:
    """ "给我办一个", "帮俺登记": in so many words."""
    return bool(_PLAINLY.search(text))


def _asks(text: str) -> bool:
    return sounds_like_question(text) or bool(_ASKS_THE_WAY.search(text))


def wants_looking_up(text: str) -> bool:
    """There is a word of looking something up in it; without one a guess of that is none."""
    return bool(_LOOKS.search(text)) or bool(query_kind(text))


_ASKS_THE_WAY = re.compile(r"哪[里儿]|[上去在从]哪|怎么查|咋查|能查到|能看到|还是得|还是光|行不行|行吗|几月份")
_BY_OTHERS = ("drugs", "remote", "chronic")
"""Kinds whose words are as often said of the matter itself."""
LOOKED_UP = {
    "progress": "办理进度",
    "balance": "账户余额",
    "chronic": "慢特病资格",
    "settlements": "结算记录",
    "remote": "异地备案",
    "contributions": "缴费记录",
    "status": "参保状态",
    "family": "授权",
}
