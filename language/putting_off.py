"""Whether what was begun is for later, and what is asked in the same breath: "先别交，我问问…". Pure."""

from __future__ import annotations

import re

from language.clauses import with_commas
from language.complaints import takes_complaint_back
from language.person_wanted import wants_person
from language.stance import ASKS, drops, says_they_refuse

_HOLDS = re.compile(
    r"等会|等一会|待会|过会|过一会|一会儿?再|回头再|改天|改日|以后再|往后再|明天再|后天再|下次再|下回再|改时间|有空再|有时间再|"
    r"先不(?:办|查|交|报|弄|提交|忙|急|用|要)|先别(?:办|交|报|弄|提交|忙|急|给|往)|先(?:放|停|搁|这样|缓)|别急着|不急着|慢着|且慢|"
    r"暂时(?:不|先)|暂缓|缓[一缓]?缓|搁一搁|放一放|停一[下停]|晚[点些](?:再)?(?:办|交|说|弄|报)|过(?:两|几|一)天(?:再)?(?:办|交|说|弄|报)|"
    r"等.{1,10}再(?:弄|办|说|交|报|填)|先存(?:着|下)|再(?:想|考虑|商量|寻思|合计|斟酌|琢磨)|考虑考虑|商量商量|合计合计|没(?:想|拿|考虑)(?:好|定|清楚)|有事.{0,4}先|"
    r"(?:让|叫|说)(?:我|俺|咱)?(?:再|先)?(?:等|缓)(?:等|一等|一?下|两天|几天|明天|后天|会儿?|缓|到)|"
    r"(?:问问|商量).{0,8}再(?:说|办|交|定|决定|弄)|等.{0,8}(?:来|回来|到家|同意)了?再(?:说|办|交|定|弄)"
)
_NO_HOLD = re.compile(r"(?:不用|别|甭|不能|不想|没法|不必)(?:再)?(?:等|改天|考虑|想|商量)|等不[了及]")


def puts_off(text: str) -> bool:
    """Not now: "先别交", "等会儿再办", "我再想想"."""
    return bool(_HOLDS.search(text)) and not _NO_HOLD.search(text)


_CLAUSE = re.compile(r"[^，,。！!；;？?…]+[？?]?")
_SHORTEST_QUESTION, _SHORTEST_MATTER = 6, 4
"""Characters; the second of what is asked about by name: "我问问报销的事"."""
_ASKS_WHAT = re.compile(rf"{ASKS.pattern}|啥|几|多少|[办交报查看算行成能中要给管用]不$")


def asks_while_holding(text: str) -> str:
    """备了上海回济宁还给报不 of "先别交，备了上海回济宁还给报不"; "" where nothing is held back, or nothing asked."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(with_commas(text))]
    rest = [one for one in clauses if not puts_off(one)]
    asked = [one for one in rest if len(one) >= _SHORTEST_QUESTION and _ASKS_WHAT.search(one)]
    return "，".join(asked) if len(rest) < len(clauses) and not wants_person(text) else ""


_PUTS_DOWN = re.compile(
    r"(?:先|暂时)不(?:办|查|弄|报|用|要|忙|填|改)|(?:以后|往后|回头|明天|后天|下[次回]|有空|有时间|过[两几]天).{0,2}再(?!说说|问)|改[天日]|以后再说"
)
"""The whole matter is for another day; "先别交" only keeps it from being handed in."""
_LEADS_IN = re.compile(
    r"^(?:那|就|你|您|我|俺|只|光|是|想|要|先|对了|另外|麻烦|请|[，, ])*"
    r"(?:告诉|问问?|知道|打听|说说|讲讲)(?:我|俺|一下|下|个事儿?|您|你)*[：:，, ]*"
)
_ASKED_OF_US = re.compile(r"告诉(?:我|俺)|(?:问问?|打听|知道)")


def asks_while_dropping(text: str) -> str:
    """居民一年交多少钱 of "不查了，就告诉我居民一年交多少钱": what was begun is put down, something else is asked; ""
    where either is missing, or it is somebody else who does not want it."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(with_commas(text))]
    rest = [one for one in clauses if not _is_put_down(one)]
    asked = [one for one in rest if _ASKS_WHAT.search(one) or _ASKED_OF_US.search(one)]
    if len(rest) == len(clauses) or wants_person(text) or says_they_refuse(text):
        return ""
    words = "，".join(asked)
    matter = _LEADS_IN.sub("", words)
    is_enough = len(matter) >= (_SHORTEST_QUESTION if matter == words else _SHORTEST_MATTER)
    return matter if is_enough and not _IS_IT_ALL_RIGHT.search(matter) else ""


def _is_put_down(clause: str) -> bool:
    if takes_complaint_back(clause):
        return True
    return bool(_PUTS_DOWN.search(clause) and puts_off(clause)) or (drops(clause) and not re.search(r"交|同意", clause))


_IS_IT_ALL_RIGHT = re.compile(r"[行中成可](?:不行|不中|吗|不|么)[？?]?$")
_NO_MATTER = re.compile(r"哪|啥|多[久少长]|怎么|咋(?!办)|要不要|能不能")


def only_puts_off(text: str) -> bool:
    """Nothing more than that it is for later: "脑子乱，先不办了，行吗"."""
    return puts_off(text) and not _NO_MATTER.search(text) and not asks_while_holding(_IS_IT_ALL_RIGHT.sub("", text))
