"""Whose rules a question asks for: where the caller is insured, never where the caller merely stays.

"济南的慢病多久审一次"      names Jinan's rules
"去济南看病要不要备案"      a Jining caller who will be treated in Jinan: no place named
"青岛参保的能报吗"          another pool, whose rules we do not have
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from base import yaml_files
from base.tenant import TENANT
from knowledge.authoring.seed import DATA

HOME = TENANT.jurisdiction
PROVINCE = HOME.rpartition("-")[0]

_TABLE: dict[str, Any] = yaml_files.read(DATA / "places.yaml")
_OURS: dict[str, str] = _TABLE["ours"]
_DISTRICTS, _ELSEWHERE = frozenset(_TABLE["districts"]), frozenset(_TABLE["elsewhere"])
_NAMES = sorted([*_OURS, *_DISTRICTS, *_ELSEWHERE], key=len, reverse=True)
NAME = re.compile("|".join(_NAMES))

# What makes a named place the place of insurance, before or after its name.
_INSURED_BEFORE = re.compile(r"(参保地?是?在?|医保(关系)?(是|在)|换成|改成|那|要是|如果是|户口(是|在))$")
_INSURED_AFTER = re.compile(
    r"^市?(本地|当地)?(参保|参的保|(交|缴)的?(医保|保险)|入的|的?(职工|居民)?医保(局|中心|政策)?(的|怎|有|是|多|规|呢|$|能|对|卡)|"
    r"(这|那)?边?(的)?(规定|政策|文件|措施|办法|怎么规定|怎么说|咋规定)|(这|那)?边?(呢|嘞|咧)|市?人(，|,|$|能|办)|的呢|户口|"
    r"(要求|规定|说|写|讲|提|那份|这份|那个?文件|发的|出的|印发))"
)
# 临沂的生育津贴: what is asked about belongs to the place, unless it is a hospital, a shop or a relative there.
_BELONGS_AFTER = re.compile(r"^市?(的|那边的|这边的)(?!人民)|^市?的?(职工|居民)医保|^市?的?新农合")
# What makes it only a destination: someone stays, is treated or buys something there.
_STAY_BEFORE = re.compile(r"(在|到|去|来|上|往|回|住|从|奔|转到|送到|备案到|备到|搬到|跑到|离开|跟)(了|着|过)?$")
_STAY_AFTER = re.compile(
    r"^市?(那边|这边|那里|里)?[^的，,]{0,6}?(看病|住院|就医|看门诊|打工|上班|工作|住|跟着|带孩子|看孩子|手术|养老|买药|拿药|"
    r"急诊|抢救|检查|化疗|放疗|透析|治|刷|旅游|出差|探亲|上学|读书)|"
    r"^市?(的)?(闺女|女儿|儿子|孩子)|^市?(?!的?有?几?家?(互联网|网上))(的)?(第.)?.{0,6}(医院|齐鲁|省立|药店|药房)"
)


def is_place_name(text: str) -> bool:
    """Whether a text is the name of a place that we know, and nothing else."""
    return NAME.fullmatch(text) is not None


_NOT_IT = re.compile(r"(不是|不说|不问|没问|别说|甭说)(的是)?$")
"""“不是济宁，我问的是济南”."""


class Named(StrEnum):
    """What a question says about the place of insurance."""

    NOTHING = "nothing"
    OURS = "ours"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class PlaceInQuestion:
    """`jurisdiction` is set for OURS. `name` is the place as it was said."""

    named: Named
    jurisdiction: str | None = None
    name: str = ""


def place_in(question: str) -> PlaceInQuestion:
    """Find the place of insurance that a (folded) question names, if it names one."""
    for match in NAME.finditer(question):
        before, after = question[: match.start()], question[match.end() :]
        name = match.group()
        if name == "济南" and after.startswith("军区") or _NOT_IT.search(before):
            continue
        insured = bool(_INSURED_BEFORE.search(before) or _INSURED_AFTER.search(after))
        staying = bool(_STAY_BEFORE.search(before) or _STAY_AFTER.search(after))
        if name in _ELSEWHERE:
            belongs = bool(_BELONGS_AFTER.match(after)) and not staying
            if (
                belongs
                or insured
                and not (_STAY_BEFORE.search(before) and not re.match(r"^.{0,4}(参保|交的|缴的)", after))
            ):
                return PlaceInQuestion(Named.ELSEWHERE, None, name)
            continue
        home = name in _DISTRICTS or _OURS.get(name, "").startswith(HOME)
        # "山东省内" says where someone is treated; only "省里的文件怎么规定" asks for the province's own words.
        if home or insured or not (staying or _OURS.get(name) == PROVINCE):
            return PlaceInQuestion(Named.OURS, _OURS.get(name, HOME), name)
    return PlaceInQuestion(Named.NOTHING)


def stays_at_home(question: str) -> bool:
    """Whether a (folded) question says that somebody is treated or stays in the home place: 在兖州住院."""
    for match in NAME.finditer(question):
        name = match.group()
        before, after = question[: match.start()], question[match.end() :]
        if (name in _DISTRICTS or _OURS.get(name, "").startswith(HOME)) and _STAY_BEFORE.search(before):
            return not re.match("去|到|往|上|转|来", after)
    return False


def county_of(jurisdiction: str | None) -> str:
    """The county that has rules of its own: sd-jining-zoucheng → 邹城市; "" for any other place."""
    name = next((name for name, place in _OURS.items() if place == jurisdiction), "")
    return next((county for county in TENANT.counties if name and county.startswith(name)), "")


def only_place(question: str) -> str | None:
    """The jurisdiction, when the question names a place and asks nothing else: 那济南呢, 我是邹城的."""
    match = re.fullmatch(
        rf"(那|那么|要是|如果|换成|我(是|在|家是)?|俺(是|在|家是)?)*(在|是)?({'|'.join(_NAMES)})"
        r"(市|这边|那边)?(的|人|参保的?)?(呢|嘞|怎么样|咋样|怎么办|咋办|怎么规定的?|咋规定的?|行不行|的话)*[。？！?!，,]*",
        question.strip(),
    )
    if match is None:
        return None
    found = NAME.search(question)
    return _OURS.get(found.group(), HOME if found.group() in _DISTRICTS else "") if found else None
