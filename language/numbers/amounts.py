"""Amounts of money as people say, type and print them → fen. Pure.

    read_amount("住了十天一共花了三千二百块零五毛")  ->  320050

The whole sentence is read first; a number that carries 元, 块, 角 … wins over one that carries nothing, and one that
carries another unit (十天, 三次) is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from language.meant import TAKES_BACK, Named, meant
from language.numbers.numerals import RUN, AboutSoMany, NotANumber, fold, number
from language.unclear import Unclear, Why

_D = r"[\d一二两三四五六七八九]"
_YUAN = r"(?:万?元|块)(?:钱|人民币)?"
_TAIL = (
    rf"(?:(?P<half>半)(?!天|个)|(?P<zero>零)?又?(?:(?P<jiao>{_D})[角毛](?:钱"
    rf"|零)*(?:(?P<fen>{_D})(?:分钱?)?(?![\d十百千万块元天次号月年个]))?"
    rf"|(?P<cents>{_D})分(?!钟|之|院)钱?"
    rf"|(?P<bare>{_D})(?P<bare2>{_D})?(?![\d.一二三四五六七八九十百千万年月日号天次个回点块元])))?"
)
_AMOUNT = re.compile(
    rf"(?P<sign>[-−负])?(?P<mark>[¥￥$]|(?:人民币|RMB|CNY"
    rf"|rmb))?[:：]?\s*(?:(?P<yuan>{RUN})\s*(?P<unit>{_YUAN}){_TAIL}"
    rf"|(?P<dimes>{_D})[角毛](?!病)(?:钱)?(?P<dimefen>{_D})?分?|(?P<onlyfen>[一二两三四五六七八九\d]+)分钱"
    rf"|(?P<number>{RUN}))\s*(?P<whole>整|正|rmb|RMB)?"
)
_FOREIGN = r"美元|美金|美刀|港[币元纸]|欧元|日[元币]|英镑|韩[元币]|台币|新台币|澳[元币]|加[元币]|新币|卢布|泰铢"
_OTHER_UNIT = re.compile(
    rf"[ ]*(?:{_FOREIGN})"
    r"|[ ]*(?:[多来几]?[天个年岁次回趟位名人家种样]|%|‰"
    r"|[号天日月年岁次回趟个位名人家间张份盒瓶针片粒斤袋支楼层床房室级型期科院甲项种样遍顿周米克夜]|点(?:钟"
    r"|半|多|左右)?|"
    r"分[钟之院]|小时|钟头|星期|礼拜|成(?!本)|里路|公里|多?[天个年岁]|[a-zA-Z]|[.\-/:：年月]\d)"
)
_OTHER_BEFORE = re.compile(
    rf"(?:{_FOREIGN})$|(?:第|初|周|星期|礼拜|[a-zA-Z]|尾号|单号|号码?[是为]?|分之|\d[:：./]\d*|同|百分|\d[.\-/:：])$"
)
_PHONE_OR_ID = re.compile(r"1[3-9]\d{9}|\d{15,18}")
_WORDS = re.compile(
    r"一[分毛块]钱?(?:都|也)?没|一共|一起|一次性|一个人|一下子?|一直|一块儿|一块(?=[去来住办看交付花])|一总"
    r"|一些|一样|一定|一般|一律|一会儿?|一家|一切|"
    r"统一|(?<![一二两三四五六七八九十])万一|千万(?!元|块|[\d一二三四五六七八九])|十分|一点(?=[没不也都])|一(?=[交花付看算去住来趟])"
    r"|百姓|百货|百分|千佛山|三甲|二甲|三乙|"
    r"一半|半天|一毛不拔|唯一|之一|[一二三四五六七八九]院|一[边辈]|五一|十一(?=[放假那期长前后])|六一|八一"
    r"|三八|[张李王陈刘]三毛|"
    r"一[ ]*(?:站式|卡通|码通|老一小)"
)
"""Words with a numeral in them that counts nothing."""
_ABOUT_BEFORE = re.compile(
    r"(?:大概其?|大约[摸莫]?|约[摸莫]?|差不多|将近|接近|近|快|不到|没到|超过|超|至少|起码|最少|顶多|最多"
    r"|可能|也许|估计|估摸着?|好像|仿佛|"
    r"得有|怎么也|也就|上下|~|～|≈|有个|记得是?)(?:是|有|花了?|要|得|个|在)*$|[小好大]$|(?<![面卡票单际早晚路账边手本身以加])上$"
)
_ABOUT_AFTER = re.compile(
    r"(?:块|元|钱|人民币)*(?:左右|上下|出点?头|开外|有余|挂个?零头?|冒头|冒尖|打住|的样子|样子|光景|以上|以内|以下"
    r"|之内|之间|不到|大概|差不多|"
    r"半(?![天个年月])|零(?:点|些|几|头)|多(?:块|元|点|些|钱|吧|$)|多$|来块|来[块元]|余元|几(?:块|元|$)|[+＋])"
)
_VAGUE = re.compile(r"[几数](?:十|百|千|万|块|毛)|若干|块把|毛把|[百十]十?来[块元]")
"""So much without any number in it."""
_SHORT_OF = re.compile(
    r"(?:^|[，,。是了])差(?:[一二两三四五六七八九十百\d几]+(?:块|元|毛)钱?)(?:不?到|就)?(?=[\d一二两三四五六七八九])"
)
"""差两块三千: a little less than so much."""
_SIZED = re.compile(r"\d{2,7}|\d{1,7}\.\d{1,2}|.*[百千万].*|[一二三四五六七八九零]{3,6}")
_RANGE = re.compile(rf"({RUN})(?:[块元千百万]*)\s*(?:[-~—–～]{{1,2}}|到|至)\s*({RUN})\s*(?:[块元毛千百万]|$)")
_ADDS = re.compile(r"(?:[加＋+]|又(?:交|付|花|补)|再加|另外(?:又)?|还(?:交|付|花|补)了)")
_UNSURE = re.compile(
    r"大概|大约|差不多|左右|上下|百儿八十|千儿八百|好几(?![天个次年])|可能|也许|估计|估摸|好像|记不(?:清|准"
    r"|得)|说不(?:准|清)|不准|不清楚"
)
_TOTAL = re.compile(
    r"(?:一共|总共|合计|共计|拢共|统共|总计|总数|总额|全部|一总|加起来|总的"
    r"|加一块儿?)[^，,。；;\d一二两三四五六七八九十百千万]{0,8}$"
)
_OWN = re.compile(
    r"(?:自费|自付|自己|[我俺](?:付|掏|交|出)了?|(?<![两二三四五六七八九十几])个人|自个儿?|自家|[我俺]?先)[^，,。；;\d一二两三四五六七八九十百千万]{0,8}$"
)
_CLAUSE = re.compile(r"[，,。；;！!？?]")
_AROUND = re.compile(
    r"[大概约差多左右上下头快小好几百千万十不到超过来把余或者还是再刚才听讲儿估计可能记像我俺咱您你他她它们"
    r"的是了得要付交花费给用掏出拿自己先共总一起个人合计计全部就也才嗯啊哦呃吧呢呀哈钱数多少金额发票上写着人民币大写"
    r"不对错改成应该为元块整正说弄搞医院住院报销完后还剩看病药都这那在、，,。.！!？?;；：:\s\"'“”（）()＝=]*"
)
"""What may stand around a number that carries no unit: words about money, nothing else."""


_MEANT = {
    "钱": "千",
    "前": "千",
    "浅": "千",
    "签": "千",
    "白": "百",
    "摆": "百",
    "完": "万",
    "灵": "零",
    "另": "零",
    "凌": "零",
    "铃": "零",
    "石": "十",
    "时": "十",
    "而": "二",
    "尔": "二",
}
_MISHEARD = re.compile(
    r"(?<=[一二两三四五六七八九])(?:[钱前浅签](?=[零一二两三四五六七八九]+[百十块元])|[白摆](?=[零一二三四五六七八九]+[十块元])"
    r"|完(?=[零一二两三四五六七八九]+[千百]))|"
    r"(?<=[百千万])[灵另凌铃](?=[一二三四五六七八九])|(?<=[百千万零灵另凌铃][一二三四五六七八九])[石时](?=[一二三四五六七八九块元]|$|[，,。])"
    r"|(?<=[百千万零])[而尔](?=[十百千])"
)
"""Numerals that a recogniser wrote as other characters; only inside a number, where nothing else could stand."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """fen: None when it is no exact number of them.  has_unit: it was called money."""

    fen: int | None
    has_unit: bool
    is_about: bool = False


def read_amount(text: str) -> int | None:
    """Fen; None when no amount is named. Raises Unclear: ABOUT, SEVERAL, or SHAPE for what is no exact amount."""
    words = _plain(text)
    named = list(_amounts(words))
    with_unit = [one for one in named if one.value.has_unit]
    left = meant(words, named)
    left = [one for one in left if one.value.has_unit] or left
    if _SHORT_OF.search(words):
        raise Unclear(Why.ABOUT)
    if not left:
        if _VAGUE.search(words):
            raise Unclear(Why.ABOUT)
        if with_unit or re.search(_FOREIGN, words):
            raise Unclear(Why.SHAPE)
        return None
    if not with_unit and not _speaks_of_money(words, named):
        return None
    if any(_is_about(words, one) for one in left):
        raise Unclear(Why.ABOUT)
    found = {one.value.fen for one in left}
    fen = found.pop() if len(found) == 1 else _told_apart(words, left)
    if fen is None:
        raise Unclear(Why.SHAPE)
    return fen


def _is_about(words: str, one: Named[_Sum]) -> bool:
    if one.value.is_about or _ABOUT_AFTER.match(words, one.end) or _ABOUT_BEFORE.search(words[: one.start]):
        return True
    if any(match.start() < one.end and one.start < match.end() for match in _RANGE.finditer(words)):
        return True
    start = max(
        (mark.end() for mark in [*_CLAUSE.finditer(words, 0, one.start), *TAKES_BACK.finditer(words, 0, one.start)]),
        default=0,
    )
    after = _CLAUSE.search(words, one.end)
    return bool(_UNSURE.search(words[start : after.start() if after else len(words)]))


def _told_apart(words: str, left: Sequence[Named[_Sum]]) -> int | None:
    """Of several amounts the one that is called the total, or one's own part; not when both are named."""
    total = {one.value.fen for one in left if _TOTAL.search(words[: one.start])}
    own = {one.value.fen for one in left if _OWN.search(words[: one.start])}
    if len(total | own) == 1 and not _ADDS.search(words):
        return (total | own).pop()
    raise Unclear(Why.SEVERAL)


def _speaks_of_money(words: str, named: Sequence[Named[_Sum]]) -> bool:
    """Numbers without a unit count when they have the size of an amount; few digits and small numbers only alone."""
    starts, ends = [one.start for one in named], [one.end for one in named]
    if any(_SIZED.fullmatch(words[one.start : one.end]) for one in named):
        return True
    rest = "".join(words[start:end] for start, end in zip([0, *ends], [*starts, len(words)], strict=True))
    return bool(_AROUND.fullmatch(rest))


def _plain(text: str) -> str:
    words = fold(unicodedata.normalize("NFKC", text))
    words = _MISHEARD.sub(lambda match: _MEANT[match[0]], words)
    words = re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", words)
    words = re.sub(r"(?<![\d])(\d{1,3})((?: \d{3})+)(?!\d)", lambda m: m[1] + m[2].replace(" ", ""), words)
    words = re.sub(
        r"(?<=[\d一二两三四五六七八九十百千万零元块角毛点])\s+(?=[\d一二两三四五六七八九十百千万零元块角毛点])",
        "",
        words,
    )
    words = re.sub(r"(?<=\d)[kK](?![a-zA-Z])", "千", re.sub(r"(?<=\d)[wW](?![a-zA-Z])", "万", words))
    return _WORDS.sub(lambda m: "总共" if m[0] in ("一共", "一总") else "共" * len(m[0]), words)


def _amounts(words: str) -> Iterator[Named[_Sum]]:
    for match in _AMOUNT.finditer(words):
        bare = match["number"] or ""
        has_unit = not bare or bool(match["mark"] or match["whole"])
        if not has_unit:
            if (
                _PHONE_OR_ID.fullmatch(bare)
                or _OTHER_UNIT.match(words, match.end())
                or _OTHER_BEFORE.search(words[: match.start()])
            ):
                continue
            if re.fullmatch("[一二两三四五六七八九十零]", bare):
                continue
        try:
            fen = _fen(match) * (-1 if match["sign"] else 1)
            read = _Sum(int(fen) if fen.denominator == 1 else None, has_unit)
        except AboutSoMany:
            if not has_unit and not re.search(r"[百千万]", bare):
                continue
            read = _Sum(None, has_unit, is_about=True)
        except NotANumber:
            read = _Sum(None, has_unit)
        yield Named(match.start(), match.end(), read)


def _fen(match: re.Match[str]) -> Fraction:
    if match["dimes"]:
        return Fraction(10 * number(match["dimes"]) + (number(match["dimefen"]) if match["dimefen"] else 0))
    if match["onlyfen"]:
        return number(match["onlyfen"])
    fen = 100 * number(match["yuan"] or match["number"])
    if match["number"]:
        return fen
    if match["unit"].startswith("万"):
        fen *= 10_000
    if match["half"]:
        return fen + 50
    if match["zero"] and match["bare"] and not match["bare2"]:
        return fen + number(match["bare"])  # 三块零五
    for name, worth in (("jiao", 10), ("fen", 1), ("bare", 10), ("bare2", 1), ("cents", 1)):
        fen += number(match[name]) * worth if match[name] else 0
    return fen
