"""The name of a hospital as somebody says it: kept as it was said, without what leads to it. Pure.

read_hospital("俺去的上海华山医院给做的")  ->  "上海华山医院"
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from language.meant import versions
from language.names import KIN
from language.places import place_names
from language.unclear import Unclear, Why

_LONGEST = 40
_BETWEEN = re.compile(r"(?:[，,。；;！!？?…\s]|\.{2,})+")
_END = (
    r"(?:医院|卫生院|卫生室|卫生所|卫生服务[中站][心]?|诊所|门诊部|门诊|保健院|疗养院|康复中心|急救中心|医疗中心"
    r"|护理院|中心|医学院|附属|附院|总院|分院|[省市县区镇乡人中西协一二三四五六七八九十]院|院区|医科大学|医大|"
    r"[省市县区]立|[省市县区]医|人医|中医|妇幼|骨科|眼科|口腔)"
)
_HOSPITAL = re.compile(_END)
_KNOWN = re.compile(
    r"301|302|307|309|协和|湘雅[一二三]?|华西|瑞金|华山|同济|齐鲁|省立|千佛山|积水潭|天坛|阜外|安贞|宣武"
    r"|友谊|朝阳|同仁|儿研所|中山|"
    r"仁济|新华|长海|长征|西京|唐都|南方|珠江|鼓楼|邵逸夫|盛京|武总|军总|海总|空总|北大[一三]?院?|人民医院"
)
"""Called by a short name all over the country."""
_N = r"[零〇一二三四五六七八九十\d]"
_WHEN = (
    rf"(?:{_N}{{2,4}}|大?前|去|今|当|那|头|昨|上)年(?:的|时)?|{_N}{{1,3}}(?:月份?|[日号])(?:的)?|年(?:初|底|前|时)|月(?:初|底)"
    rf"|大?前[天日儿晚]|[昨今][天日儿晚夜]|(?:上上?|这|本|当)个?月(?:的)?|(?:上上?|这|本)个?(?:星期|礼拜|周)[一二三四五六日天]?"
    r"|[春夏秋冬](?:天|里|上)|[上下]半年|[上下]午|中午|早[上晨]|晚上|夜里|凌晨|当[天年]|[前那]阵子?|那会儿?|以前|原先|早先"
    r"|刚才|刚刚|最近"
)
_AT = r"在|去|到|上|住|搁|送|转|的|是|就|从|我|俺|他|她|咱|孩|老|给|帮|陪|带|领"
_LEAD = re.compile(
    rf"^(?:转出|转诊|看病|住院|就诊|就医)的?医院(?=.)|(?:{_WHEN})+(?={_AT}|{KIN})|[大二三四五六小老]?(?:{KIN})(?={_AT}|{_WHEN})"
    r"|那个|这个|嗯+|啊|哦|就|都|也|是|应该|我们?|俺们?|他|她|咱|孩子|小孩|老伴儿?|俺娘|俺爹|我妈|我爸|媳妇"
    r"|闺女|(?:自己|自个儿?)(?=[在去到上住送跑转找])|那时候|当时|后来|最后|先(?=[在去到住是])|平时|一直|经常|现在|"
    r"(?:住院|住|看病|看|去|上|到|搁|在|转到?|送到?|治病?|生|做检查|做|查|写|填|选|(?:给|帮)(?:我|俺)?(?:找|联系|介绍|挂号?)|给)(?:院|病)?(?:的|了"
    r"|过)?(?:是)?(?:在|到)?|名字|叫|改成|换成|医院(?:是|叫|名|：|:)|[：:]|的|了|从"
)
_TAIL = re.compile(
    r"(?:[。.!！ ]|(?<=[院心所室部])[\u4e00-\u9fff]{1,3}(?:医生|大夫|主任|教授|院长)|吧|呢|啊|呀|哈"
    r"|就行|这个|那里|那边|这边|里头?|给(?:我|俺)?(?:转|开|做|看|生|治"
    r"|接生)(?:诊|院)?的?|看的?(?:病)?|[做动]的?手术|[做放装搭安]的?(?:支架|搭桥|透析|化疗|放疗|检查|[bB]超)|开的?刀?|来着|住的?(?:院|过)?|生的?(?:孩子|娃)?|做的?|治的?|转的|的|了|上班|"
    r"(?:住|看|治)(?:了)?(?:[\d一二两三四五六七八九十几]+)?(?:天|次|回|院|病).*)+$"
)
_TALKS = re.compile(
    r"(?:床位|条件|设备|技术|大夫|医生|主任|专家|人家|(?:那边|这边|那里|这里)?[说让叫讲]|没|不|太|就|都|才|能|会|满|关|有个|给[我俺他她])[^院]*$"
)
"""Behind the name: what is told of the hospital."""
_SAYS_NOT = re.compile("[没不]|看病|的医院")
"""No hospital is called so: "这边医院看不了才去"."""
_GENERAL = re.compile(
    r"(?:(?:[这那哪][边家个]|当地|本地|[这那][里儿]|老家|外地|家里|我们|俺们|咱们?)(?:[市县区镇乡村]?[里上]?)?(?:的)?(?:医院|卫生院|诊所))|"
    r"[省市县区镇乡村]+(?:里|上|的)*(?:医院|卫生院|卫生室|诊所)|.*(?:我|俺|咱|这|那|哪|附近|镇上|村里|县里|市里|家门口|楼上|(?<![宏恒光远正同科山北浙医苏青郑吉川交伟博])大|小|个|一家)(?:的)?(?:医院|卫生院"
    r"|卫生室|诊所|门诊部|地方)|医院|卫生院|诊所|中心|门诊部|中医|骨科|眼科|口腔"
)
_ANY_TOWNS = re.compile(
    r"(?:[市县区镇乡]的?)?(?:第?[一二三四五六七八九十])?(?:人民|中心|中医(?:药)?|中西医结合|妇幼(?:保健)?|妇女儿童|儿童|口腔|眼科|骨科|肿瘤|传染病|精神病|精神卫生|附属"
    r")(?:医院|院|保健院|中心)|第[一二三四五六七八九十]医院"
)
"""A kind of hospital that every town has: which one is not said."""
_THERE = re.compile(r"(?:在|到了?|去的是?|去了?|住的是?|转[到去])")
"""Right before a place, or a name that everybody knows: nothing that stands before it is part of the name."""
_OWNER = re.compile(r"(?:就是|是|在)?([\u4e00-\u9fff]{2,10}?(?:医学院|医科大学|大学))的$")
_ALSO = re.compile(r"^(?:就是?|也叫|又叫|俗称|简称|人家叫|以前叫|原来叫|老)")
_OTHER = re.compile(r"[哎诶唉哦噢啊嗯额呃]*(?:可|并)?不是")
_OR = re.compile(
    r"(?<=[院心所室部])(?:或者?|还是|和(?![平睦顺佑谐美]|济医)|跟|以及|、|(?:后来)?转[到去院]?了?)(?:是|在|去)?(?=.*[院心所室部])"
)
"""Between two of them: 嘉祥县人民医院或者中医院."""
_COMPARES = re.compile(r"[能可]不[能可]|换[个一]?家|[吗么怎咋啥哪谁]|多少|什么|不知道|不清楚|忘了|记不")


def read_hospital(text: str) -> str | None:
    """The name; None when the words hold none. Raises Unclear: SEVERAL for more than one, SHAPE for a name that every
    town has one of (人民医院)."""
    text = _by_short_name(unicodedata.normalize("NFKC", text).strip())
    for version in versions(text):
        names = _names(version)
        if len(joined := _OR.split(version)) > 1 and len(both := [one for part in joined for one in _names(part)]) > 1:
            raise Unclear(Why.SEVERAL, tuple(both))
        names = [name for name in names if not _ANY_TOWNS.fullmatch(name)] or names
        if len(names) > 1:
            raise Unclear(Why.SEVERAL, tuple(names))
        if names and _ANY_TOWNS.fullmatch(names[0]):
            raise Unclear(Why.SHAPE)
        if names:
            return names[0]
    return None


_SHORT_THEN_FULL = re.compile(
    r"^.{1,8}[院心所附立医][，, ]*(?:也)?(?:就)是(?P<full>[^，,。]{4,}[院心所室])[^院心所室]*$"
)


def _by_short_name(text: str) -> str:
    """济宁市第一人民医院 of "一院，就是济宁市第一人民医院": the full name that explains the short one."""
    match = _SHORT_THEN_FULL.match(text)
    return match["full"] if match and not _OTHER.match(text) else text


def is_well_known(name: str) -> bool:
    """积水潭医院, 华山医院: known by that name all over the country, so that it was not misheard."""
    return bool(_KNOWN.match(name))


def _names(text: str) -> list[str]:
    found: list[str] = []
    pieces = _BETWEEN.split(text)
    owner = next((match[1] for piece in pieces if (match := _OWNER.search(piece))), "")
    for piece in pieces:
        if (found and _ALSO.match(piece)) or _OTHER.match(piece) or _OWNER.search(piece):
            continue
        name = _bare(piece)
        if not name or not (_HOSPITAL.search(name) or _KNOWN.search(name)) or _COMPARES.search(name):
            continue
        if owner and name in ("附院", "附属", "附属医院"):
            name = f"{owner}附属医院"
        name = _without_talk(name)
        if _GENERAL.fullmatch(name) or _SAYS_NOT.search(name) or len(name) > _LONGEST:
            continue
        found.append(name)
    found = list(dict.fromkeys(found))
    return [name for name in found if not any(name != other and name in other for other in found)]


def _without_talk(name: str) -> str:
    """济宁市第一人民医院 of "济宁市第一人民医院床位满": the name ends where something is told of it."""
    ends = [end.end() for end in re.finditer("医院|卫生院|保健院|附院", name)]
    return next((name[:end] for end in ends if _TALKS.match(name, end)), name)


def _bare(piece: str) -> str:
    at = max((lead.end() for lead in _THERE.finditer(piece) if _begins_behind(piece, lead)), default=0)
    while not _place_begins(piece, at) and (lead := _LEAD.match(piece, at)):
        if not piece[lead.end() :] or _known_begins(piece, at):
            break
        at = lead.end()
        if re.search("[在到去]是$", lead[0]):  # 在是非桥卫生院: no 是 leads to a place behind 在
            return _without_tail(piece[at - 1 :])
    return _without_tail(piece[at:])


def _begins_behind(piece: str, lead: re.Match[str]) -> bool:
    begins = _place_begins(piece, lead.end()) or _known_begins(piece, lead.end())
    return begins and not _HOSPITAL.search(piece[: lead.start()]) and not _place_begins(piece, lead.start())


def _without_tail(rest: str) -> str:
    bare = _TAIL.sub("", rest)
    return bare if len(bare) > 1 else rest


def _known_begins(piece: str, at: int) -> bool:
    return bool(_KNOWN.match(piece, at))


def _place_begins(piece: str, at: int) -> bool:
    """上海, 从化, 都江堰: no words that lead to a name."""
    return any(piece.startswith(place, at) for place in _places().get(piece[at : at + 1], ()))


@cache
def _places() -> dict[str, list[str]]:
    by_first: dict[str, list[str]] = {}
    for name in place_names():
        by_first.setdefault(name[0], []).append(name)
    return by_first
