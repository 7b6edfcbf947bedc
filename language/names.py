"""People's names, as they stand on identity cards: in Chinese characters of any plane, of any length, with the dot of a
minority name in any of its forms, or without. Pure.

    read_name("我姓解，解放的解，解振华")  ->  "解振华"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from language.aloud.sounds import toneless
from language.meant import versions
from language.unclear import Unclear, Why

HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""For a character class: 〇, and ideographs within and beyond the BMP (𫖯, 𬭊 stand in 通用规范汉字表)."""
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁"
    "柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋"
    "茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁"
    "宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊"
    "宫宁仇栾暴甘斜厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶"
    "堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙"
    "东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仝闫肖岳展楚佟邝付代"
)
_COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 司徒 夏侯 端木 宇文 长孙 澹台 公冶 宗政 "
    "濮阳 淳于 单于 太叔 申屠 仲孙 轩辕 钟离 鲜于 闾丘 司空 亓官 司寇 南宫 东郭 西门 呼延 赫连 "
    "百里 独孤 纳兰 拓跋 完颜 叶赫 爱新觉罗 第五 左丘 梁丘 公羊 谷梁 东野 即墨"
)
COMPOUND = tuple(_COMPOUND.split())
_DOTS = re.compile(rf"(?<=[{HAN}])\s*[·•・‧∙⋅･.．●◦∘⸱﹒]\s*(?=[{HAN}])")
KIN = (
    "老伴儿?|老婆|老公|对象|媳妇|爱人|丈夫|妻子|妈妈?|爸爸?|母亲|父亲|娘|爹|儿子?|闺女|女儿|孙子|孙女|外孙女?|爷爷?|奶奶?|姥姥|"
    "姥爷|外公|外婆|公公|婆婆|岳父|岳母|丈人|丈母娘|哥哥?|姐姐?|弟弟?|妹妹?|儿媳妇?|女婿|孩子|小孩儿?|娃娃?|宝宝|宝贝|老人|老爷子|"
    "老太太|家属|病人|患者|参保人|被保险人|办理人|联系人|姑姑?|舅舅?|姨妈?|叔叔?|伯伯?|大爷|大娘|婶子?|侄子|侄女|外甥女?|"
    "姐夫|妹夫|嫂子|弟媳|弟妹|姑父|姨父|舅妈|婶婶|亲家母?|孙媳妇?|孙女婿|妗子|连襟|妯娌|邻居|街坊|亲戚|同事|朋友|战友|工友|同学|老乡"
)
_LEAD = re.compile(
    rf"户口[本簿]上(?:写的|登记的)?|身份证上(?:写的)?|证件?上(?:写的)?|出生证上|(?<=叫)个"
    rf"|[哎诶唉欸对好行嗳][，, ]?(?=[叫是就姓我俺他她])|[哎诶唉欸嗳]|那个|这个|嗯+"
    rf"|啊|哦|噢|呃|喂|您好|你好|好的|同志|就|是|叫做?|称|为|写成?|填成?|登记的?|记|改成|换成"
    rf"|应该|我家|俺家|我们?|俺们?|他|她|咱|本人|自己|"
    rf"这|的|名叫|姓名|名字|大名|全名|学名|本名|真名|户主|户名|名(?=叫|是|：|:)|孩子?他[爹娘爸妈]|当家的"
    rf"|那口子|老头子?|老婆子|[大二三四五六小老]?(?:{KIN})(?:家的?)?|[:：]|帮我?|给我?"
    rf"|替我?|办|查|姓(?=.{{2,}})|不对|说错了|错了"
)
_COPULA = re.compile(r"叫做?|是|[:：]|姓名|名字")
_TAIL = re.compile(
    r"(?:[。.!！?？~ ]|吧|就是我|的?(?:那个|这个)(?:人)?|办(?:理|卡|的)?|参保|查一?下?|登记|报销|缴费"
    r"|小名.*|外号.*|曾用名.*|呢|啊|呀|哈|哦|嗯|这个(?:名字?|人)?|就行|就是了"
    r"|没错|对的?|的(?:名字|医保)?|女士"
    r"|先生|同志|大爷|大娘|阿姨|老师|"
    r"身份证.*|电话.*|手机.*|今年.*|[男女](?:的|性)?)+$"
)
_STOPS = re.compile(
    r"[你我俺您他她咱它这哪谁什么怎吗呢吧了没有不都还给得着过啥咋]|多少|一样|[旁边]那|偏旁|上次|刚才|以前|原来|识字"
    r"|个字|谢谢|医院|医保|身份证|电话|手机|人工"
    r"|提交|确认|取消"
)
_IN_NAMES = re.compile(
    "阿不[都拉来力里]|都[热拉尔]|得(?=[胜志福贵财利宝才江水全意喜安民祥龙海山成昌林明军华春友顺义云光平正玉银金雨])|不(?=[凡群悔染])"
)
_NO_NAMES = re.compile(
    r"随便|保密|匿名|算了|未知|暂无|佚名|测试|提交|同意|确认|取消|返回|退回|继续|可以|好的|不对|不是"
    r"|没有|对的|是的|上一步|接着办|不知道|不办了"
    r"|本人|自己|孩子|老人|"
    r"先生|女士|同志|稍等|等等|等一下|人工|转人工|退出|再见|谢谢|姓名|名字"
)
_NOBODY = re.compile(
    rf"[大二三四五六小老]?(?:{KIN})|姓[{HAN}]{{1,2}}|(?:小名|乳名|外号)[{HAN}]+|那?口子|当家的|内人|那位|老头|老婆子?"
)
"""她是我孙女, 我姓刘: whose, not who."""
_TITLE = re.compile(
    rf"[{HAN}]{{1,2}}(?:先生|女士|同志|大爷|大娘|大妈|大叔|大姐|大哥|师傅|阿姨|老师|医生|大夫|护士|主任"
    rf"|经理|老板|书记|奶奶|爷爷|妈妈|婶子|大婶|嫂子|某某?|家的)"
    rf"|[老小阿][{HAN}]"
)
"""Somebody called politely: no name for a card."""
_SPELLED = re.compile(rf"(?<=[{HAN}]{{2}})(?P<char>[{HAN}])(?:就?是)?(?:(?!(?P=char))[{HAN}]){{1,4}}的?(?P=char)字?$")
"""张秀英张是弓长张."""
_TWICE = re.compile(rf"^([{HAN}]{{2,4}})\1$")
_SAID_DOT = re.compile(
    rf"(?<=[{HAN}]{{2}})(?:[，, ]*中间)?(?:[一有打]一?个|[加带]一?个?)?(?:圆点|间隔号|分隔号"
    rf"|点儿?)[，, ]*(?=[{HAN}]{{2}})"
)
_DOT_BETWEEN = re.compile(
    rf"(?<=[{HAN}]{{2}})[，, ]*(?:中间|当中)(?:是|有|打|加|带)?一?个?小?圆?点儿?[，, ]+(?=[{HAN}]{{2}})"
)
"""古丽米拉，中间有个点，热合曼."""
_NOT_BUT_CHARACTER = re.compile(
    rf"不是[{HAN}]{{1,4}}?的?(?P<wrong>[{HAN}])(?:字)?[，,。；; ]*(?:而)?是[{HAN}]{{1,5}}(?:的|那个)(?P<right>[{HAN}])"
)
"""王平，不是苹果的苹，是和平的平: the second character stands in the name, in the place of the first."""
_READ_SO = re.compile(rf"[，,。 ]*(?:念|读|读作|念作)[{HAN}](?=$|[，,。])")
"""On the phone nobody can write the dot: 古丽巴哈尔点买买提."""
_EXPLAINS = re.compile(
    rf"(?:[{HAN}0-9]{{1,5}}(?:那个)?的(?:那个)?(?P<char>[{HAN}]{{1,2}})(?:字)?|(?P<parts>弓长张|立早章|木子李"
    rf"|耳东陈|口天吴|双木林|"
    r"古月胡|言午许|草头黄|三横王|双人徐|干勾于|人可何|走肖赵|言身寸谢|美女姜|女娄|关耳郑|大肚黄))"
)
_SURNAME_AND_NAME = re.compile(
    rf"姓(?P<surname>[{HAN}]{{1,2}}?)[，, ]*(?:名(?:字)?(?:就)?[叫是]?|叫|单名一?个?)(?P<given>[{HAN}]{{1,5}})"
)
_SURNAME = re.compile(rf"姓(?P<surname>[{HAN}]{{1,2}})(?=$|[，,。 ])")
_LATIN_WORD = r"(?:[A-ZÀ-ÞĀ-ɏḀ-ỿ][A-Za-zÀ-ɏḀ-ỿ'’.\-]*|de|da|van|von|bin|al|la|el)"
_LATIN = re.compile(rf"{_LATIN_WORD}(?:[ ,]+{_LATIN_WORD}){{0,7}}")
_BETWEEN = re.compile(r"[,，。；;、!！?？\n…]+|[（(][^）)]*[）)]")
_PET_NAME = re.compile(r"\s*(?:[他她]|孩子|娃)?(?:小名|乳名|外号|绰号)")
_ON_CARD = r"(?:户口本?|户口簿|身份证|证件?|出生证|学籍)(?:上)?(?:头|面)?(?:写|登记|记|印|落|报)?的?(?:就)?(?:是|叫)?"
"""Of several names the one that stands there counts: 周子涵，户口上是周梓涵."""
_LONGEST, _LONGEST_PART = 40, 15


def read_name(text: str) -> str | None:
    """The name that is said; None when the words hold none. Raises Unclear: SEVERAL, or SHAPE for what is no name."""
    text = _DOTS.sub("·", re.sub("[“”‘’\"'「」『』《》]", "", unicodedata.normalize("NFC", text))).strip()
    text = _READ_SO.sub("", _DOT_BETWEEN.sub("·", text))
    if told := _NOT_BUT_CHARACTER.search(text):
        before = read_name(text[: told.start()])
        return before.replace(told["wrong"], told["right"], 1) if before else None
    for version in versions(text):
        names = list(dict.fromkeys(_names(version)))
        surname = _SURNAME.search(version)
        if len(names) > 1 and surname:
            names = [name for name in names if name.startswith(surname["surname"])] or names
        names = [name for name in names if not any(name != other and name in other for other in names)]
        whole = list(filter(_has_surname, names))
        if len(whole) > 1 and (on_card := [name for name in whole if re.search(rf"{_ON_CARD}{name}", version)]):
            whole = names = on_card[-1:]
        if len(whole) > 1:
            raise Unclear(Why.SEVERAL, tuple(whole))
        if names:
            return _as_explained(next(filter(_has_surname, names), names[0]), version)
    return None


def _as_explained(name: str, text: str) -> str:
    """孙伊诺，一二三的一: the character that was explained stands in the place of the one that sounds like it."""
    for piece in re.split(r"[，,。；;、!！?？ ]+", text):
        if (match := _EXPLAINS.fullmatch(piece)) and (char := match["char"] or match["parts"][-1]) not in name:
            alike = [at for at, one in enumerate(name) if len(char) == 1 and toneless(one) == toneless(char) != ""]
            if len(alike) == 1:
                name = name[: alike[0]] + char + name[alike[0] + 1 :]
    return name


def latin_name(text: str) -> str:
    """The name of somebody whose card has none in Chinese, as it was typed; "" when the words are no such name."""
    bare = " ".join(re.sub(rf"^[{HAN}:：,， ]*", "", text).split())
    return bare if _LATIN.fullmatch(bare) and len(bare) <= _LONGEST and len(bare) > 2 else ""


def _names(text: str) -> Iterator[str]:
    if (parts := _SURNAME_AND_NAME.search(text)) and not _speaks(parts["given"]):
        given, surname = _TAIL.sub("", parts["given"]).removesuffix("字"), parts["surname"]
        if told := _EXPLAINS.fullmatch(given):  # 单名一个菊花的菊
            given = told["char"] or told["parts"][-1]
        if given:
            yield given if given.startswith(surname) and len(given) > 1 else surname + given
            return
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip() and not _PET_NAME.match(piece)]
    explained = [
        match["char"] or match["parts"][-1] for piece in pieces if (match := _EXPLAINS.fullmatch(piece.strip()))
    ]
    if len(explained) > 1 and len(explained) == len(pieces) and explained[0] in SURNAMES:
        yield "".join(explained)
        return
    for piece in _with_dots(text, pieces):
        dotted = _SAID_DOT.sub("·", piece)
        for part in _apart(dotted if not _has_surname(_bare(piece)) else piece):
            if name := _bare(part):
                yield name


def _with_dots(text: str, pieces: list[str]) -> list[str]:
    """阿不都热依木。买买提 is one name; 张桂兰。俺娘 is not."""
    if len(pieces) == 2 and re.fullmatch(rf"[{HAN}]+[。][{HAN}]+", text) and not any(map(_speaks, pieces)):
        first = _bare(pieces[0])
        if first and not _has_surname(first):
            return ["·".join((first, pieces[1]))]
    return pieces


def _apart(piece: str) -> list[str]:
    """Two names joined by a word, or by a blank; the blank inside a minority name is its dot."""
    for word in ("或者", "还是", "和", "跟", "、"):
        both = [part.strip() for part in piece.split(word)]
        if len(both) == 2 and all(_has_surname(_bare(part)) for part in both):
            return both
    words = [word for word in piece.split() if word]
    if len(words) > 1:
        names = [_bare(word) for word in words if not _EXPLAINS.fullmatch(word)]
        if len(names) > 1 and all(names) and not any(map(_has_surname, names)):
            return ["·".join(names)]
        return words if any(names) else ["".join(words)]
    return words


def _bare(piece: str) -> str:
    """The name in one piece of a sentence, without what leads to it; "" when there is none. Nothing is cut where a name
    begins: 上官云, 应采儿, 是光明."""
    piece = piece.strip()
    if _EXPLAINS.fullmatch(piece):
        return ""
    cuts, at = [0], 0
    while lead := _LEAD.match(piece, at):
        at = lead.end()
        cuts.append(at)
    rests = [_without_tail(piece[cut:]) for cut in reversed(cuts)]
    for rest in rests:
        if _has_surname(rest):
            return rest
    if rests[-1] == piece and re.fullmatch(rf"是[{HAN}]{{2}}", piece) and not _speaks(piece):
        return piece
    called = [_without_tail(piece[copula.end() :]) for copula in _COPULA.finditer(piece)]
    return next(filter(_has_surname, called), "") or next(filter(_may_be, [*rests[:1], *called[-1:], *rests[1:]]), "")


def _speaks(words: str) -> bool:
    """There are words in it that no name holds; 阿不都 does hold two of them, 张得胜 one."""
    return bool(_STOPS.search(_IN_NAMES.sub("阿", words)))


def _without_tail(rest: str) -> str:
    bare = _TAIL.sub("", rest)
    if len(bare) < 2:
        return rest
    return _SPELLED.sub("", _TWICE.sub(r"\1", bare))


def _has_surname(name: str) -> bool:
    """A Han name: surname and one or two characters, three after a surname of two."""
    if (
        not name
        or not re.fullmatch(rf"[{HAN}]{{2,5}}", name)
        or _NO_NAMES.fullmatch(name)
        or _NOBODY.fullmatch(name)
        or _TITLE.fullmatch(name)
        or _speaks(name)
    ):
        return False
    if name.startswith(COMPOUND):
        return len(name) > 2
    return name[0] in SURNAMES and len(name) <= 4


def _may_be(name: str) -> bool:
    parts = name.split("·")
    whole = all(re.fullmatch(rf"[{HAN}]{{1,{_LONGEST_PART}}}", part) for part in parts)
    if _NOBODY.fullmatch(name) or name in COMPOUND:
        return False
    if not whole or not 2 <= len(name) <= _LONGEST or _NO_NAMES.fullmatch(name) or _TITLE.fullmatch(name):
        return False
    return (
        not _speaks(name)
        and not re.search("[的叫]", name)
        and not (len(parts) == 1 and re.match(r"[是在去想要请找叫]", name))
    )
