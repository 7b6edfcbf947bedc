"""Which city a sentence names, read with its district: "北京市朝阳区" is Beijing, "山东滕州" is 枣庄市. Pure.

The table is `data/areas.txt` (province, prefecture, county; its head says from where); `data/once_areas.txt` has, in
the same form, counties and districts that are no more. A city is a prefecture, a municipality, or a county directly
under its province: what a filing away from home is made for.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from language.meant import Named, meant

_TABLE = Path(__file__).parent / "data" / "areas.txt"
_ONCE_TABLE = Path(__file__).parent / "data" / "once_areas.txt"
_PROVINCE, _CITY, _COUNTY = 1, 2, 3
_PEOPLES = (
    "各族|汉族|蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族?|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|"
    "锡伯族?|阿昌族|普米族|塔吉克族?|怒族|独龙族|鄂温克族|鄂伦春|门巴族|裕固族|保安族"
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})*自治[区州县旗]$")
_KIND_OF_AREA = re.compile(r"(?:特别行政区|地区|新区|林区|特区|[省市区县盟旗])$")
_NICKNAMES = {
    "羊城": "广州市", "花城": "广州市", "蓉城": "成都市", "泉城": "济南市", "春城": "昆明市", "金陵": "南京市",
    "冰城": "哈尔滨市", "鹏城": "深圳市", "魔都": "上海市", "帝都": "北京市", "山城重庆": "重庆市", "首都": "北京市",
    "内蒙": "内蒙古自治区",
    "襄樊": "襄阳市", "思茅": "普洱市", "淮阴": "淮安市", "荆沙": "荆州市", "沙市": "荆州市", "徽州": "黄山市",
    "惠民地区": "滨州市", "昌潍": "潍坊市", "万县": "万州区", "通什": "五指山市", "中甸": "香格里拉市",
    "蓟县": "蓟州区", "崇文": "东城区", "宣武": "西城区", "闸北": "静安区", "卢湾": "黄浦区",
    "南汇": "浦东新区", "塘沽": "滨海新区", "汉沽": "滨海新区", "大港": "滨海新区", "原州": "固原市",
    "东川市": "东川区", "梅县地区": "梅州市", "伊盟": "鄂尔多斯市", "锡盟": "锡林郭勒盟", "呼盟": "呼伦贝尔市",
    "哲盟": "通辽市", "昭盟": "赤峰市", "巴盟": "巴彦淖尔市", "乌盟": "乌兰察布市",
    "燕郊": "三河市", "白沟": "高碑店市", "亦庄": "大兴区", "中关村": "海淀区", "回龙观": "昌平区", "天通苑": "昌平区",
    "横琴": "珠海市", "东方明珠": "浦东新区", "陆家嘴": "浦东新区",
    "蛇口": "深圳市", "虎门": "东莞市", "石岛": "荣成市",
}  # fmt: skip
"""Names nobody registers (any more), and people still say: 襄樊 has been 襄阳 since 2010, 思茅 普洱 since 2007; and
towns that are said without their city."""
_ONCE_A = ("市", "县", "地区")
"""What such a name, or a county's that has become a 区, may still have behind it: 襄樊市, 章丘市, 蓟县."""
_ONCE_CITIES = {
    "章丘", "兖州", "即墨", "文登", "蓬莱", "萧山", "余杭", "富阳", "临安", "上虞", "奉化", "增城",
    "从化", "番禺", "花都", "顺德", "南海", "三水", "高明", "新会", "澄海", "潮阳", "江都", "姜堰",
    "武进", "锡山", "吴江", "大丰", "通州", "金坛", "江津", "合川", "永川", "南川", "阿城", "双城",
    "九台", "普兰店", "鹿泉", "藁城", "丰南", "临川", "南康", "长乐", "建阳", "龙海", "达川",
}  # fmt: skip
"""Districts that were cities of their own, so that people still say X市; not any district: 江海区 never was one."""
OUTSIDE = ("香港特别行政区", "澳门特别行政区", "台湾省")
"""Where the insurances of the mainland are not settled, 社会保险法第三十条第四项, 出境入境管理法第八十九条."""
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
REPROACH = (
    r"(?:(?:谁|(?:我|俺)?(?:啥时候|什么时候|几时|多会儿?|多咱|哪(?!里|儿|个)))(?:给你们?)?说过?"
    r"|(?:咋|怎么)(?:又|就|还|都|给)*(?:我|俺)?(?:写|填|记|备|弄|报|改|听))"
)
"""What sounds like a question and denies what follows: "谁说备上海了", "咋给俺填的上海"."""
_IN_BETWEEN = re.compile(r"[省市]?(?:那边|那里)?[的,， 、]*(?:那个)?")
_ON_A_SIGN = re.compile(
    r"[东西南北中一二三四]{0,2}(?:路|街|大道|胡同|弄|村|小区|广场|大厦|饭店|酒店|话)"
    r"|河(?:[边沿畔岸]|[东西南北两][边岸]|(?![东西南北间池源津曲口]))|大?桥(?![东西])|拉面|烤鸭|小吃|火锅|银行"
)
"""Right after a name: a road, a river, a house, a dish, a dialect; no place somebody lives in."""
_PUTS = r"(?:是|在|去|到|上|回|住|写|要|说|备|填|想)"
_DENIES = re.compile(
    rf"(?:不|没有?|别|甭|非){_PUTS}{{1,3}}(?:在|到|去|的|成)?(?:那个|这个)?$"
    rf"|{REPROACH}{_PUTS}{{0,3}}(?:在|到|去|的|成|了)*$"
)
_EITHER = re.compile(r"不是[^，,。；;]{2,8}就是")
_FROM = re.compile(r"(?:从|打|由|离开)$")
_TO = re.compile(r"(?:到|去|往|回|转|搬|上|向|改成|换成|应该是|就是|而是|[，,]是|^是|住|在)(?:了|在|到|去|的)?$")
_ONCE = re.compile(r"(?:原来|以前|之前|过去|本来|早先|原先|老家)(?:是|在|住|住在|就在)?$")
_IS_SOMETHING_ELSE = re.compile(
    r"(?:市|省|那边|那里)?(?:是|为)(?:我|俺|咱|他|她|它)?(?:们)?(?:的)?"
    r"(?:老家|娘家|婆家|舅|姑|姨|叔|伯|哥|弟|姐|妹|亲戚|儿子|闺女|女儿|原来|以前|上次|上回|别|错|参保|户口)"
)
_LATER = re.compile(r"后来|现在|如今|眼下|目前")
"""What was named before it no longer counts; nor what is taken back (`language.meant`)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is named. At most one of the three is set; nothing at all when no place is named.

    city: as it is kept, "北京市", "江苏省徐州市".  choices: cities among which nothing decides.
    province: one that is named without a city.  denied: cities that are said to be the wrong ones.
    """

    city: str = ""
    choices: tuple[str, ...] = ()
    province: str = ""
    denied: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.city or self.choices or self.province)


@dataclass(frozen=True, slots=True)
class _Area:
    level: int
    province: str
    city: str = ""
    name: str = ""
    is_full: bool = field(default=True, compare=False)
    """Named with its kind: 朝阳区, not 朝阳."""

    def holds(self, other: _Area) -> bool:
        """The other lies in it."""
        inside = self.province == other.province and self.level < other.level
        return inside and (self.level == _PROVINCE or self.city == other.city)

    @property
    def kept(self) -> str:
        return self.city if self.city == self.province else self.province + self.city


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    areas: tuple[_Area, ...]


def read_city(text: str, *, home: str = "", asked: bool = True) -> Reading:
    """The city that `text` names.

    `home`: a city that counts only where no other is named. `asked`: the words answer "which city?", so that a county
    without its city counts too ("滕州"); else only what can be nothing but a place does.
    """
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    named = _joined(words, [one for one in _mentions(words) if not _ON_A_SIGN.match(words, one.end)])
    named = [one for one in named if _stands_alone(one, words, asked=asked)]
    left, denied = _left(words, named, home)
    if not left:
        return Reading(denied=denied)
    if cities := list(dict.fromkeys(city for one in left for city in _cities(one))):
        chosen = "" if _contradicted(words, named) else _chosen(words, left, cities)
        return Reading(city=chosen, denied=denied) if chosen else Reading(choices=tuple(cities), denied=denied)
    return Reading(province=left[-1].areas[0].province, denied=denied)


@cache
def cities() -> Mapping[str, str]:
    """Short name → the name that is kept: "北京" → "北京市", "徐州" → "江苏省徐州市"."""
    return {_short(area.name): area.kept for area in _areas() if area.level == _CITY}


@cache
def names_in(province: str) -> tuple[str, ...]:
    """What the prefectures and counties of a province ("山东省") are called, with and without their kind."""
    named = [area.name for area in _areas() if area.level > _PROVINCE and area.province == province]
    return tuple(dict.fromkeys(form for name in named for form in (name, _short(name)) if len(form) > 1))


@cache
def place_names() -> frozenset[str]:
    """Every name of an area in full, and without its kind where two characters are left."""
    full = {name for area in _areas() for name in (area.province, area.city, area.name) if name}
    return frozenset(full | set(map(_short, full)))


@cache
def city_forms() -> Mapping[str, str]:
    """Every way to name a city as a whole → the name that is kept: 徐州, 徐州市, 江苏徐州, 江苏省徐州市."""
    forms: dict[str, str] = {}
    for area in _areas():
        if area.level == _CITY:
            befores = ("",) if area.city == area.province else ("", area.province, _short(area.province))
            forms |= {before + name: area.kept for before in befores for name in (_short(area.name), area.name)}
    return forms


def _left(words: str, named: Sequence[_Mention], home: str) -> tuple[list[_Mention], tuple[str, ...]]:
    """Without those that are denied, taken back, left, or only spoken about, as far as something remains."""
    denied = [one for one in named if _DENIES.search(words[: one.start]) and not words.startswith("就是", one.end)]
    gone = {city for one in denied for city in _cities(one)}
    open_ones = [one for one in named if one not in denied]
    open_ones = [one for one in open_ones if not gone.issuperset(_cities(one))] or open_ones
    left = [one.value for one in meant(words, [Named(one.start, one.end, one) for one in open_ones])]
    if not left:  # "徐州不对"
        denied += open_ones
    later = [match.end() for match in _LATER.finditer(words)]
    for out in (
        [one for one in left if home in _cities(one)],
        [one for one in left if any(one.end <= at for at in later)],
        [one for one in left if _FROM.search(words[: one.start]) and _goes_on_to(words, one)],
        [one for one in left if _ONCE.search(words[: one.start])],
        [one for one in left if _IS_SOMETHING_ELSE.match(words, one.end)],
    ):
        left = [one for one in left if one not in out] or left
    return left, tuple(dict.fromkeys(city for one in denied for city in _cities(one)))


def _goes_on_to(words: str, source: _Mention) -> bool:
    return bool(re.search(r"到|去|回|往|转|搬", words[source.end :]))


def _chosen(words: str, meant: Sequence[_Mention], found: Sequence[str]) -> str:
    """The one of several cities that is plainly the answer; "" when they have to be asked."""
    if len(found) == 1:
        return found[0]
    if _EITHER.search(words):
        return ""
    if len(addresses := {city for one in meant if _is_an_address(words, one) for city in _cities(one)}) == 1:
        return addresses.pop()
    towards = [one for one in meant if _TO.search(words[: one.start])]
    cities_towards = {city for one in towards for city in _cities(one)}
    return cities_towards.pop() if len(cities_towards) == 1 else ""


def _is_an_address(words: str, mention: _Mention) -> bool:
    """上海市普陀区, a clause of its own: what it comes to after "俺在苏州上班，"."""
    name = words[mention.start : mention.end]
    return bool(_CITY_AND_COUNTY.fullmatch(name) and _CLAUSE_BEFORE.search(words[: mention.start])) and bool(
        re.match(r"[的吧了]*(?:$|[，,。；;])", words[mention.end :])
    )


_CITY_AND_COUNTY = re.compile(r".+[市州盟地区].+[区县市旗]")
_CLAUSE_BEFORE = re.compile(r"(?:^|[，,。；;])(?:是|就是|在|住在?)*$")


def _contradicted(words: str, named: Sequence[_Mention]) -> bool:
    """A province, and right behind it a city that lies in another: one of them was misheard, or mistaken."""
    return any(
        before.areas[0].level == _PROVINCE
        and words[before.end : after.start] in ("", "省", "的")
        and all(area.level > _PROVINCE and area.province != before.areas[0].province for area in after.areas)
        for before, after in itertools.pairwise(named)
    )


def _cities(mention: _Mention) -> list[str]:
    """Beijing is province and city in one; of 朝阳 alone, 北京's and 长春's district are as good as 辽宁's city."""
    return list(dict.fromkeys(area.kept for area in mention.areas if area.city))


def _stands_alone(mention: _Mention, words: str, *, asked: bool) -> bool:
    """A county's name without its kind may be any word: "平安", "和平"; one of two signs the end of one: 知道县里."""
    if words[mention.start : mention.end] in _ALSO_A_PART_OF_TOWN:
        return False
    before, after = words[: mention.start], words[mention.end :]
    if any(area.level < _COUNTY or area.is_full for area in mention.areas):
        return not _SHORT_COUNTY.fullmatch(words[mention.start : mention.end]) or bool(_BEGINS.search(before))
    if not asked:
        return bool(_THERE.search(before) and _LIVES_THERE.match(after))
    return bool(_LEADS_TO.search(before) and _FOLLOWS.match(after))


_SHORT_COUNTY = re.compile(r".[县旗]")
_BEGINS = re.compile(r"(?:^|[，,。.；;！!？?、：:（(我俺咱们是在去到住回从往由搁的和跟与有问查转离叫来省市])$")
_ALSO_A_PART_OF_TOWN = frozenset(("城区", "郊区", "矿区", "新城区", "老城区", "城关"))
"""Districts' names that any town has a part called, so that without their city they say nothing: "住在郊区" is not
阳泉, "主城区" no 汕尾."""
_STAYS = r"住(?!院)|打工|上班|工作|做生意|陪读|带孩子|看孩子|养老|生活|定居|常住|长住|上学|读书|过冬"
_THERE = re.compile(r"(?:在|搁|去|到|来|搬)(?:了|到)?$")
_LIVES_THERE = re.compile(rf"(?:那边|那里|那儿)?(?:长期|常年|一直)?(?:{_STAYS})")
_LEADS_TO = re.compile(
    r"(?:^|[，,。.；;！!])(?:[我俺咱]们?)?(?:长期|现在|以后|往后)?(?:就|是|应该|改成|换成|哦|嗯|那个)*$|(?:住|在|到|去|上|搁|转|回|往|来|是|成)(?:了|着)?$"
)
_FOLLOWS = re.compile(
    rf"(?:那边|那里|那儿|这边|里|看病|{_STAYS}|吧|呢|啊|呀|哩|的|了|就行|就中|这块|这儿)*(?:$|[，,。.；;！!？?、])"
)


def _joined(words: str, mentions: Sequence[_Mention]) -> list[_Mention]:
    """A name and what lies in it right behind are one: 北京 + 朝阳区; so are 海淀区 and 北京 after it."""
    joined: list[_Mention] = []
    for one in mentions:
        if joined and _IN_BETWEEN.fullmatch(words[joined[-1].end : one.start]):
            before = joined[-1]
            inside = [area for area in one.areas if any(outer.holds(area) for outer in before.areas)]
            inside = inside or [area for area in before.areas if any(outer.holds(area) for outer in one.areas)]
            if inside:
                joined[-1] = _Mention(before.start, one.end, tuple(_sure(inside)))
                continue
        joined.append(one)
    return [_by_itself(one) if one in mentions else one for one in joined]


def _by_itself(mention: _Mention) -> _Mention:
    """A province's name hides what is called alike, a city's the counties, unless one of them lies in a municipality:
    who says 朝阳 may well mean Beijing's."""
    highest = min(area.level for area in mention.areas)
    if highest == _COUNTY:
        return mention
    kept = [
        area
        for area in mention.areas
        if area.level == highest or (highest == _CITY and area.province in _MUNICIPALITIES)
    ]
    return _Mention(mention.start, mention.end, tuple(kept))


def _sure(areas: Iterable[_Area]) -> Iterator[_Area]:
    """Behind its city a name needs no kind of its own."""
    return (_Area(area.level, area.province, area.city, area.name) for area in areas)


def _mentions(words: str) -> list[_Mention]:
    """Names from left to right, the longest that fits at each place."""
    found, at, names = [], 0, _names()
    while at < len(words):
        length = next((n for n in range(min(_longest(), len(words) - at), 1, -1) if words[at : at + n] in names), 0)
        if length:
            found.append(_Mention(at, at + length, names[words[at : at + length]]))
        at += length or 1
    return found


@cache
def _longest() -> int:
    return max(map(len, _names()))


@cache
def _names() -> Mapping[str, tuple[_Area, ...]]:
    """Every name, with and without its kind → what it may be."""
    names: dict[str, list[_Area]] = {}
    once: set[str] = set()
    for area in _areas():
        own = area.name or area.province
        with_kind = {own, _with_kind(own), _of_the_banner(own)}
        for form in {*with_kind, _short(own)}:
            if len(form) > 1:
                names.setdefault(form, []).append(
                    _Area(area.level, area.province, area.city, area.name, is_full=form in with_kind)
                )
    for area in _read(_ONCE_TABLE):
        if area.level == _COUNTY:
            for form in {area.name, _short(area.name)} - (names.keys() - once):
                once.add(form)
                names.setdefault(form, []).append(
                    _Area(_COUNTY, area.province, area.city, area.name, is_full=form == area.name)
                )
    for nickname, own in _NICKNAMES.items():
        for form in (nickname, *(nickname + kind for kind in _ONCE_A)):
            names[form] = [*names.get(form, ()), *(one for one in names[own] if one not in names.get(form, ()))]
    for form, areas in list(names.items()):
        if len(form) > 1 and all(area.level == _COUNTY and area.name == form + "区" for area in areas):
            names.setdefault(form + "县", areas)
            if form in _ONCE_CITIES:
                names.setdefault(form + "市", areas)
    return {form: tuple(areas) for form, areas in names.items()}


@cache
def _short(name: str) -> str:
    """徐州市 → 徐州, 延边朝鲜族自治州 → 延边, 浦东新区 → 浦东; one that would be left with one sign stays whole."""
    if name in ("内蒙古自治区", "广西壮族自治区"):
        return name.removesuffix("自治区").removesuffix("壮族")
    short = (_AUTONOMOUS if "自治" in name else _KIND_OF_AREA).sub("", name)
    return short if len(short) > 1 else name


def _with_kind(name: str) -> str:
    """As it is said, without whose it is: 海南藏族自治州 → 海南州, which is no 海南; 鄂温克族自治旗 → 鄂温克旗."""
    if "自治" not in name or name.endswith("区"):
        return name
    short = _short(name)
    return (short if short != name else re.sub(r"族?自治.$", "", name)) + name[-1]


_SIDE = re.compile(r"(?P<whose>[^左右]{2,})(?P<side>[左右]?)翼?(?P<end>[前中后]?旗)")


def _of_the_banner(name: str) -> str:
    """By the first sign and the side, as people there say it: 土默特右旗 → 土右旗, 科尔沁左翼中旗 → 科左中旗."""
    match = _SIDE.fullmatch(name)
    sides = (match["side"] + match["end"]) if match else ""
    return match["whose"][0] + sides if match and len(sides) > 1 else name


@cache
def _areas() -> tuple[_Area, ...]:
    return tuple(_read(_TABLE))


def _read(table: Path) -> list[_Area]:
    areas: list[_Area] = []
    province = ""
    for line in table.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            province = line.strip()
            if province not in _MUNICIPALITIES:
                areas.append(_Area(_PROVINCE, province))
            continue
        city, *counties = line.split()
        areas.append(_Area(_CITY, province, city, city))
        areas += [_Area(_COUNTY, province, city, county) for county in counties]
    return areas
