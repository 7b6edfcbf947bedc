"""Written → spoken: what a caller should hear where a reader sees digits, 文号, brackets and signs.

    spoken("据济医保字〔2023〕25号，最高380元，报85%。") ==
        "据济医保字，二零二三年，二十五号，最高三百八十元，报百分之八十五。"

Pure and idempotent. `sentences` cuts what comes out into the pieces that are synthesised one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from language.numbers import numerals

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

LONGEST_PIECE = 45
"""Characters, about 10 s of speech: longer sentences are cut at a comma."""
LONGEST_PIECES = (18, 18, 30)
"""The first piece is what the caller waits for, and each is made while the one before it is heard: they may grow."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
SHORTEST_LEAD = 6
"""A first piece of at least this length ends at its first comma: "按济宁市二零二三年的文件，" begins most answers, so
it is there before anybody asks, whatever follows."""

_ONE_BY_ONE = str.maketrans("0123456789X", "零幺二三四五六七八九叉")
_YEAR_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９％．：－＋ＡＰ﹝﹞∶−", "0123456789%.:-+AP〔〕:-")
_CIRCLED = {chr(0x2460 + at): at + 1 for at in range(20)}
_UNIT = (
    "元|块|角|分|万|亿|个|名|位|人|次|年|月|日|天|岁|周岁|小时|分钟|秒|种|项|份|张|条|款|件|家|级|类|倍|例|户|公里|米|毫克|"
    "克|毫升|周|号|页|步|期|档|门|部|本|点|余|多|左右|以上|以下|工作日|药|病"
)
_TWO_BEFORE = "米|公里|公斤|斤|个|名|位|人|次|年(?!度)|天|岁|周|小时|种|项|份|张|条|件|家|类|倍|户|元|块|万|亿|步"
_LATIN_WORDS = {"APP": "手机软件", "app": "手机软件", "App": "手机软件", "WIFI": "无线网", "OK": "好的", "VIP": "贵宾"}
_SIGNS = {
    "≥": "大于等于", "≤": "小于等于", "＞": "大于", "＜": "小于", ">": "大于", "<": "小于", "＋": "加", "+": "加",
    "=": "等于", "×": "乘", "℃": "摄氏度", "°C": "摄氏度", "㎡": "平方米", "m²": "平方米",
    "&": "和", "‰": "千分之", "№": "第",
    "㎎": "毫克", "㎏": "公斤", "㎝": "厘米", "㎜": "毫米", "㎞": "公里", "㏄": "毫升",
}  # fmt: skip


_UNITS_LATIN = {
    "mmHg": "毫米汞柱", "mmol/L": "毫摩尔每升", "μmol/L": "微摩尔每升", "umol/L": "微摩尔每升",
    "mg/dL": "毫克每分升", "mg/L": "毫克每升",
    "ng/mL": "纳克每毫升", "pg/mL": "皮克每毫升", "g/L": "克每升", "U/L": "单位每升", "IU": "国际单位", "kPa": "千帕",
    "mg": "毫克", "kg": "公斤", "μg": "微克", "ug": "微克", "ml": "毫升", "mL": "毫升",
    "ML": "毫升", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "g": "克",
    "L": "升", "h": "小时", "min": "分钟", "d": "天",
}  # fmt: skip
_BY_LENGTH = "|".join(map(re.escape, sorted(_UNITS_LATIN, key=len, reverse=True)))
_ROMAN = {roman: at for at, roman in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), 1)}
_ROMAN_SIGNS = {chr(first + at): at + 1 for first in (0x2160, 0x2170) for at in range(12)}


def spoken(text: str) -> str:
    """What is said for `text`; see the module's rules, in the order they apply."""
    text = text.translate(_FULL_WIDTH)
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return _tidy(text)


def sentences(text: str) -> list[str]:
    """Spoken text in pieces for synthesis: whole sentences, long ones cut at commas, the first piece short."""
    pieces: list[str] = []
    for sentence in re.findall(r"[^。！？!?；;\n]+[。！？!?；;\n]*", text):
        pieces.extend(piece for piece in _cut(sentence.strip(), len(pieces)) if re.search(r"\w", piece))
    return pieces


def fixed(texts: Iterable[str]) -> list[str]:
    """Of templates what is heard word for word: all of a text without placeholders ("{due}"), of others how it begins
    where that is the same each time, since the beginning is what is waited for."""
    found = [text if not _PLACEHOLDER.search(text) else next(iter(sentences(text)), "") for text in texts]
    return [text for text in dict.fromkeys(found) if text and "{" not in text]


def _cut(sentence: str, before: int) -> list[str]:
    """At commas, as late as the piece's limit allows, the first of all as early. `before`: pieces so far."""
    limit = LONGEST_PIECES[before] if before < len(LONGEST_PIECES) else LONGEST_PIECE
    if len(sentence) <= limit:
        return [sentence]
    commas = [comma.end() for comma in re.finditer(r"[，、：,:]", sentence) if comma.end() < len(sentence)]
    if not commas:
        return [sentence]
    fitting = [comma for comma in commas if (4 if before else SHORTEST_LEAD) <= comma <= limit] or commas
    at = fitting[-1 if before and fitting is not commas else 0]
    return [sentence[:at], *_cut(sentence[at:], before + 1)]


def _number(digits: str) -> str:
    """12 → 十二, 2000 → 两千, 0.5 → 零点五, 10000000 → 一千万."""
    whole, dot, decimals = digits.replace(",", "").partition(".")
    whole = whole.lstrip("0") or "0"
    if len(whole) > 15:
        return _one_by_one(digits)
    said = numerals.said(int(whole))
    said = re.sub(r"(?<![十零百])二(?=[千万亿])", "两", said)
    return said + ("点" + decimals.translate(_YEAR_DIGITS) if dot and decimals else "")


def _one_by_one(digits: str) -> str:
    return digits.translate(_ONE_BY_ONE)


def _grouped(digits: str) -> str:
    """Digits one by one, in the groups people say them in: 3-4-4 for a mobile phone, 6-4-4-4 for an ID number."""
    sizes = {
        7: (3, 4),
        8: (4, 4),
        10: (3, 3, 4),
        11: (3, 4, 4),
        18: (6, 4, 4, 4),
        15: (6, 3, 3, 3),
        16: (4, 4, 4, 4),
    }.get(len(digits))
    if sizes is None:
        sizes = (len(digits),) if len(digits) <= 8 else (4,) * (len(digits) // 4) + (len(digits) % 4,)
    groups, at = [], 0
    for size in sizes:
        groups.append(_one_by_one(digits[at : at + size]))
        at += size
    return "，".join(group for group in groups if group)


def _money(match: re.Match[str]) -> str:
    """1862.35元 → 一千八百六十二元三角五分; 2.50元 → 两元五角; 0.05元 → 五分."""
    whole, decimals = match[1], match[2].ljust(2, "0")
    jiao, fen = decimals[0], decimals[1]
    yuan = "" if whole.strip("0,") == "" and (jiao, fen) != ("0", "0") else _two(_number(whole)) + "元"
    said = yuan
    if jiao != "0":
        said += _two(_number(jiao)) + "角"
    elif fen != "0" and yuan:
        said += "零"
    return said + (_two(_number(fen)) + "分" if fen != "0" else "")


def _two(said: str) -> str:
    return "两" if said == "二" else said


def _telephone(match: re.Match[str]) -> str:
    return f"{_one_by_one(match[1])}，{_grouped(match[2])}"


def _groups(match: re.Match[str]) -> str:
    return "，".join(_one_by_one(group) for group in re.findall(r"\d+", match[0]))


def _share(word: str) -> Callable[[re.Match[str]], str]:
    """60-80% → 百分之六十到百分之八十: the sign belongs to both."""
    return lambda match: "到".join(word + _number(part) for part in re.findall(_N, match[0]))


def _ratio(match: re.Match[str]) -> str:
    return f"{_number(match[1])}比{_number(match[2])}"


def _minus(match: re.Match[str]) -> str:
    return ("零下" if match["degrees"] else "负") + match["number"] + (match["degrees"] or "")


def _document(match: re.Match[str]) -> str:
    return f"，{match[1].translate(_YEAR_DIGITS)}年，{_number(match[2])}号"


def _date(match: re.Match[str]) -> str:
    return f"{match[1].translate(_YEAR_DIGITS)}年{_number(match[2])}月{_number(match[3])}日"


def _clock(match: re.Match[str]) -> str:
    minutes = int(match[2])
    tail = "" if not minutes else ("半" if minutes == 30 else ("零" if minutes < 10 else "") + _number(match[2]) + "分")
    return f"{_number(match[1])}点{tail}"


def _masked(match: re.Match[str]) -> str:
    return f"尾号{_one_by_one(match[1].upper())}"


def _counted(match: re.Match[str]) -> str:
    said = _number(match[0])
    return "两" if said == "二" else said


def _latin(match: re.Match[str]) -> str:
    return _LATIN_WORDS.get(match[0]) or " ".join(match[0].upper())


def _say(number: int) -> Callable[[re.Match[str]], str]:
    return lambda match: _number(match[number])


_NUMERALS = "零一二三四五六七八九十"
_N = r"\d+(?:,\d{3})*(?:\.\d+)?"
_RULES: tuple[Rule, ...] = (
    (re.compile(r"https?://\S+|www\.[\w./-]+"), "网站"),
    (re.compile(r"[\w.]+@[\w.]+"), "邮箱"),
    (re.compile(r"[〔\[【（(](\d{4})[〕\]】）)]\s*第?(\d+)\s*号"), _document),
    (re.compile(r"\d*\*{2,}(\d{3,4}[Xx]?)"), _masked),
    (re.compile(r"(?m)^\s*[（(]?(\d{1,2})(?:[.、)）](?!\d)|[.、)）](?=\D))\s*"), lambda m: f"第{_number(m[1])}，"),
    (re.compile("[①-⑳]"), lambda m: f"第{_number(str(_CIRCLED[m[0]]))}，"),
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _date),
    (re.compile(r"(?<![\d.])(\d{1,3})((?: \d{3})+)(?=\s*(?:元|块|万|人|名|户|$))"), lambda m: m[0].replace(" ", "")),
    (re.compile(rf"[¥￥]\s*({_N})(?:元)?(?!\s*[万亿])"), lambda m: f"{m[1]}元"),
    (re.compile(r"(?<!\d)[（(]?(0\d{2,3})[）)]?\s*[-—–－ ]{0,2}\s*(\d{7,8}|1\d{4})(?!\d)"), _telephone),
    (re.compile(r"(?<!\d)[48]00[- ]?\d{3}[- ]?\d{4}(?!\d)"), lambda m: _grouped(re.sub(r"\D", "", m[0]))),
    (re.compile(r"尾号(?:为|是)?\s*\d{2,8}[Xx]?(?!\d)"), lambda m: _one_by_one(m[0].replace(" ", "").upper())),
    (re.compile(r"(?<!\d)\d{2,}(?:-\d{2,}){2,}(?!\d)"), _groups),
    (re.compile(r"(?<=\d{4})-(?=0\d)"), "，"),
    (re.compile(r"(?<!\d)\d{3,4}(?=室|号?房(?![屋款贷产])|号床|床(?!位))"), lambda m: _one_by_one(m[0])),
    (re.compile(rf"({_N})\s*/\s*({_N})\s*mmHg"), lambda m: f"{_number(m[1])}，{_number(m[2])}毫米汞柱"),
    (re.compile(rf"(?<=\d)\s*({_BY_LENGTH})(?![A-Za-z])"), lambda m: _UNITS_LATIN[m[1]]),
    (re.compile(f"[{''.join(_ROMAN_SIGNS)}]"), lambda m: _number(str(_ROMAN_SIGNS[m[0]]))),
    (re.compile(r"(?<![A-Za-z])(I{1,3}|IV|VI{0,3}|IX)(?=[型期级度类])"), lambda m: _number(str(_ROMAN[m[1]]))),
    (
        re.compile(
            rf"(?:^|(?<=[\s，。：:（(])|(?<=[一-鿿])(?<![年月日点半元分天岁级条号楼一二三四五六七八九十百千万]))[-−](?P<number>{_N})(?P<degrees>℃|°C|度)?"
        ),
        _minus,
    ),
    (
        re.compile(rf"((?:比例|配比|比率|之比)(?:为|是|达到?|约|不低于|不高于|不超过)*)\s*({_N})[:：]({_N})"),
        lambda m: f"{m[1]}{_number(m[2])}比{_number(m[3])}",
    ),
    (
        re.compile(
            rf"(?<![\d:.])({_N})[:：]({_N})(?=\s*的?(?:比例|配比|比率|配备|配置|配套|折算|换算|稀释|分担|匹配|进行配))"
        ),
        _ratio,
    ),
    (
        re.compile(
            r"(?<![\d:.：午上晚早晨点间天日号至到\-—–~～])(1)[:：](\d{2})(?![\d:.：]|\s*[至到前后开上下\-—–~～])"
        ),
        _ratio,
    ),
    (re.compile(r"(?<!\d)([01]?\d|2[0-4])[:：]([0-5]\d)(?:[:：]00)?(?![\d:.])"), _clock),
    (re.compile(rf"(?<![\d:.])({_N})[:：]({_N})(?![\d:])"), _ratio),
    (re.compile(rf"{_N}\s*[-—–~～至到]{{1,2}}\s*{_N}\s*%"), _share("百分之")),
    (re.compile(rf"{_N}\s*[-—–~～至到]{{1,2}}\s*{_N}\s*‰"), _share("千分之")),
    (re.compile(rf"({_N})\s*‰"), lambda m: f"千分之{_number(m[1])}"),
    (re.compile(r"/(人|户|年|月|日|天|次)[·•.、/](?=年|月|日|天|次|人|户)"), lambda m: f"每{m[1]}每"),
    (
        re.compile(
            r"(?<=[\d%年月日点半分元岁天零一二三四五六七八九十])\s*[-—–~～]{1,2}\s*(?=[\d零一二三四五六七八九十])"
        ),
        "到",
    ),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})(?=年|到(?:19|20)\d{2}年)"), lambda m: m[1].translate(_YEAR_DIGITS)),
    (re.compile(rf"({_N})\s*%"), lambda m: f"百分之{_number(m[1])}"),
    (re.compile(r"(\d+(?:,\d{3})*)\.(\d{1,2})元"), _money),
    (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])"), lambda m: f"{_number(m[2])}分之{_number(m[1])}"),
    (re.compile(r"(?<=[元角分次天月人岁])/(?=[年月日天次人户])"), "每"),
    (re.compile(r"\d{17}[\dXx]|(?<![\d.])\d{15,}"), lambda m: _grouped(m[0].upper())),
    (re.compile(r"(?<![\d.:,])0\d+(?![\d.])"), lambda m: _grouped(m[0])),
    (re.compile(r"(?<!\d)(?:120|110|119|122|114)(?!\d|\.\d|" + _UNIT + ")"), lambda m: _one_by_one(m[0])),
    (re.compile(rf"(?<![\d.,])\d{{5,}}(?![\d,.]|\s*(?:{_UNIT}))"), lambda m: _grouped(m[0])),
    (re.compile(rf"(?<![\d.第])2(?=(?:到\d+)?(?:{_TWO_BEFORE}))"), _counted),
    (re.compile(_N), lambda m: _number(m[0])),
    (re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))), lambda m: _SIGNS[m[0]]),
    (re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?![A-Za-z])"), _latin),
    (re.compile(r"[（(]"), "，"),
    (re.compile(r"[）)]"), "，"),
    (re.compile(r"[《》「」『』“”‘’\"'〔〕【】\[\]{}<>*#_`|]"), ""),
    (re.compile(r"(?<=[一-鿿])/(?=[一-鿿])"), "或"),
    (re.compile(r"—+|–|…+|\.{3,}|~|～"), "，"),
    (re.compile(r"[^\w\s，。！？；：、,.!?;:]|[·•]"), ""),
)


def _tidy(text: str) -> str:
    """No doubled or leading commas, no spaces between Chinese characters."""
    text = re.sub(r"(?<=[^A-Za-z\s])[ \t]+|[ \t]+(?=[^A-Za-z\s])", "", text)
    text = re.sub(r"[，、：]*，[，、：]*", "，", text)
    text = re.sub(r"，(?=[。！？；])|(?<=[。！？；])，", "", text)
    return re.sub(r"(?m)^[，、\s]+|[，、\s]+$", "", text)
