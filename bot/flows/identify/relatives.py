"""Whose matter a sentence is about: "我妈张桂兰卡里还有多少钱" is the mother's, "闺女让我问问" is their own. Pure.

What is theirs is looked for, not what merely names them: the answer to a wrong person is the worst mistake there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework.filings.fields import COUNTIES
from language.diseases import DISEASES
from language.places import cities

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊孟秦侯江尹薛闫段雷史陶贺毛郝顾龚邵孔殷"
)
CJK = r"[\u3400-\u9fff]"
NO_NAME = "余额|余饿|高血|任城|邹城|金乡|金额|金卡|江苏|石家|马上|何时|方便|程序|孙[子女]|史上|高[龄考]"
NAME = rf"(?!{NO_NAME})[{SURNAMES}]{CJK}{{1,2}}?"
_TITLES = (
    "大爷|大娘|大妈|大叔|大婶|大伯|大嫂|大姐|大哥|大姨|大姑|大舅|婶子|婶婶|嫂子|嫂嫂|姐夫|妹夫|叔叔|阿姨|伯伯|伯父|伯母|"
    "老太太|老大爷|老爷子|老汉|老师"
)
KIN = (
    rf"{_TITLES}|"
    "老伴儿?|老头子?|老婆子?|老公|对象|儿媳妇?|媳妇|女婿|丈夫|妻子|爱人|那口子|婆婆|公公|公婆|岳母|岳父|丈母娘|老丈人|丈人|奶奶|爷爷|姥姥|"
    "姥爷|外婆|外公|(?<!亲)家母|(?<!亲)家父|父亲|母亲|父母|爸爸|妈妈|爸妈|爹娘|(?<!姑)爹|(?<![姑新])娘(?!家)|爸|妈|老人家?|儿子|闺女|女儿|姑娘|孩子|娃娃?|小孩|"
    "(?:外)?孙子|(?:外)?孙女|外甥女?|侄女|侄子|侄儿|哥哥|姐姐|弟弟|妹妹|哥|(?<!小)姐|弟|妹|舅舅|舅妈|舅|姑姑|姑父|姨妈|姨父|姑|姨|叔|婶|"
    rf"老[{SURNAMES}]|"
    "当家的|爷们|小叔子|小姑子|小姨子|小舅子|大伯子|亲家[母公]?|邻居|亲戚|家里人|家人|朋友|同事|同学|老乡|战友|工友|(?<=[我俺咱])儿(?![童科女])"
)
OWNER = r"(?:我|俺|咱)(?:家|们)?(?:里|的)?"
_WHO = re.compile(
    rf"(?P<owner>{OWNER})?(?P<place>(?:对门|对过|隔壁|楼上|楼下|前院|后院|邻居|同村|村里|庄上)(?:家|的|那个)?)?"
    rf"(?P<name>[{SURNAMES}](?={_TITLES})|{NAME}|[{SURNAMES}])?(?:(?={_TITLES}|小[叔姑姨舅]子|大伯子)|[大小二三四五老亲表堂]?)(?P<who>{KIN})"
)
_NEIGHBOUR = re.compile(r"(?:对门|隔壁|楼上|楼下)(?:家|那家|邻居)?(?=的)")
_MATTER = (
    "那个|个?人?账户|个?人?帐户|余额|余饿|(?:社保|医保|银行|就诊)?卡|医保|社保|参保|缴费|交费|交的钱|备案|背案|备安|备个?案|慢特?病|慢性病|慢兵|"
    "特病|门慢|报销|结算|转诊|转院|转移|津贴|授权|今年|去年|进度|资格|药费|医药费|医疗费|住院|工单|状态|新农合|救助|发票|单子|钱"
)
_VERBS = "要|想|能|得|办|参|交|慢|在|住|有|申|生|断|停"
_WHEN = (
    r"(?:(?:上|这|本|下)(?:个)?(?:周|星期|礼拜|月)(?:[一二三四五六日天末底初])?|[昨前今大]+天|[今去前]年|前(?:几天|两天|一阵|阵子|些天|些日子)|"
    r"刚才?|刚刚|最近|那天|早上|晚上|夜里|突然|忽然|一下子|[0-9一二三四五六七八九十]+月(?:份|[0-9一二三四五六七八九十]+[号日])?|已经|现在|常年|长期|一直|都|也|就)*"
)
"""When, and how suddenly: "我爸上周突然在徐州住院"."""
_NEAR, _FARTHER = r"[^，,。！!我俺]{0,2}?", r"[^，,。！!我俺]{0,4}?"
_AILS = rf"血压|血糖|腿脚|身体|眼|耳朵|不方便|不识字|来不了|动不了|走不动|不能动|瘫|{DISEASES}"
"""Why somebody else speaks for them, or what for."""
_WITH_ME = r"跟着?(?:我|俺).{0,8}?(?:住|过|生活|看病|外地|备案)"
_CALLED_BY = r"的?(?:手机|电话|微信|号码?)"
_FOR = re.compile(
    r"(?:给|帮忙?|替|为|(?<!检)查|(?:查|看|问)(?:一?下|一?查|看|问)(?:我|俺)?)(?:我|俺|咱)?(?:家|们|那)?(?:里|的)?$"
)
_LOOKS_AFTER = re.compile(r"^(?:家|们)?(?:看|带|照看|照顾|伺候|哄)(?:着|个)?(?:孩子|娃|小孩|孙)")
_LOOKED_AFTER = re.compile(r"(?:[看带管哄养]|照看|照顾|接送|生|生了|生完|怀)(?:着|个|了|完)?$")
_ACTS = re.compile(
    r"^(?:[^，,。]|[，,](?!不是|不给|不用)){0,4}?(?<!不是)(?:给|帮|替|为)(?:我|俺)(?!(?:家|们)?(?:里|的)?[大小老亲]?(?:"
    + KIN
    + "))"
)
_TELLS_ME = re.compile(r"^.{0,3}?(?:让|叫|说|喊|催|要)(?:我|俺)")
_FETCHES_ME = re.compile(
    r"^[^。；;]{0,10}?(?:非|就|老|一直)?(?:叫|让|喊|接|要)(?:我|俺)(?:们|俩)?(?:也)?(?:上|去|到|过去|过来)"
)
"""It is they who speak that go there: "俺闺女在青岛，非叫俺上她那儿过冬"."""
_ASKS_ME = re.compile(
    r"^.{0,3}?(?:[托求](?:我|俺)|(?:让|叫|喊|请)(?:我|俺)(?:来)?(?:帮|替|给)(?:[他她](?!们)|忙|查|问|看|办|跑|弄))"
)
_OWN = re.compile(rf"(?:我|俺|本人|自己)的?(?:{_MATTER})")
_I_AM = re.compile(r"(?:我|俺)是[个位]?$")
_LIVES_WITH = re.compile(r"(?:跟着?|和|随着?|投奔|在|到|去)(?:我|俺)?$")
_LIVES_THERE = re.compile(r"^(?:家|这|那|一?起|一块|.{0,6}?(?:住|过|生活))")
_I_GO = re.compile(r"(?:我|俺)(?:也|就|想|要|得)*(?:过去|去|来|搬|住|在|跟)")
_LIVES_WITH_THEM = re.compile(r"(?:跟|和|随)着?[她他](?:.{0,4}(?:住|过|生活)|$)")
_THEIRS = re.compile(
    rf"(?:(?:给|帮|替|为)[他她](?!们)(?:办|查|问|看(?!孩|娃|孙|小孩|家)|备|申|报|弄|交|上|参|个)|[他她](?!们)(?:的|这|那)?(?:{_MATTER}))"
)
_BY_NAME = re.compile(
    rf"(?:(?:查查?|看看?)(?:一下|下|一查|看)?(?P<asked>(?:[老小][{SURNAMES}]|{NAME}|[{SURNAMES}])(?:{_TITLES}|叔|婶|哥|姐)?)"
    rf"(?:的|{_MATTER}|交没|批没|在不在|有没有|办到)|(?:给|帮|替)(?P<helped>{NAME})(?:查|问|看|办|交)|(?:^|[，,。])(?P<first>(?:老[{SURNAMES}]|{NAME}))(?:的(?:{_MATTER})|余额|卡[里上内]))"
)
"""Somebody by name: "查孔凡英卡里有多少钱", "孔凡英的医保交没交"."""


_BOTH = re.compile(r"父母|爸妈|爹娘|公婆|儿女|子女|爷爷奶奶")
_HIS_WIFE = re.compile(r"(?:弟|哥|侄|叔|舅|孙|爷).{0,2}(?:媳|妹|嫂|妈|奶)")
"""A man's word, and still a woman: 弟媳妇, 弟妹, 舅妈."""
_MAN = re.compile(r"婿|父亲?$|夫$|公$|丈人$|爸|爹|爷|儿子|孙子|侄子|哥|弟|叔|舅$|舅舅|伯$|伯伯|大伯|老头|老汉")
_WOMAN = re.compile(r"妈|闺|娘|奶|姥姥|婆|母|媳妇|妻|女|姐|妹|姨|姑|婶|嫂|老太太")
_OLDER = re.compile(r"^(?:爸|妈|爹|娘|爷|奶|姥|外[公婆]|父|母|公公|婆婆|岳|丈人|丈母)")
_YOUNGER = re.compile(r"^(?:儿|闺女|女儿|姑娘|孩子|娃|小孩|外?孙|侄|外甥)")


@dataclass(frozen=True, slots=True)
class Somebody:
    """`who` as they said it: "娘", "大娘", "王珍". `surname`: "" when no name was said."""

    who: str
    surname: str = ""


def somebody(text: str) -> Somebody | None:
    """Whose matter it is; None when it is their own: "俺跟着闺女住" asks nothing for the daughter."""
    words = re.sub(r"\s", "", text)
    people = list(_WHO.finditer(words))
    with_them = bool(_LIVES_WITH_THEM.search(words))
    if found := next((match for match in people if _is_theirs(match, words, with_them)), None):
        return _person(found, words)
    if theirs := _THEIRS.search(words):
        return _person(people[0], words) if people else Somebody(re.findall("[他她]", theirs[0])[0])
    if (named := _BY_NAME.search(words)) and not _is_place(who := next(filter(None, named.groups()))):
        return Somebody(who, who.lstrip("老小")[0])
    return Somebody("邻居") if _NEIGHBOUR.search(words) else None


def _is_theirs(match: re.Match[str], words: str, with_them: bool) -> bool:
    before, after = words[: match.start()], words[match.end() :]
    if _ASKS_ME.match(after) and not _OWN.search(after):
        return True
    if _ACTS.match(after) or _TELLS_ME.match(after):
        return False
    if _FOR.search(before):
        return not _LOOKS_AFTER.match(after)
    if _LOOKED_AFTER.search(before) and not match["owner"]:
        return False
    if _I_AM.search(before) and not match["owner"]:
        return False
    if _FETCHES_ME.search(after):
        return False
    if _LIVES_WITH.search(before) and _LIVES_THERE.match(after):
        return False
    if re.match(r"在|住", after) and _I_GO.search(after):
        return False
    return not (with_them or _lent(before, after)) and _possesses(match, after)


def _lent(before: str, after: str) -> bool:
    """ "用俺闺女的手机打的"."""
    return bool(re.search(r"(?:用|拿|借|打)的?是?$", before) and re.match(_CALLED_BY, after))


def _possesses(match: re.Match[str], after: str) -> bool:
    """Named with their own words before them, or a house or name, more may follow than the bare matter."""
    if match["owner"] or match["place"] or match["name"]:
        has = rf"(?:{NAME})?{_WHEN}(?:的|{_VERBS}|摔|病|犯|得|做|查出|呢$|{_FARTHER}(?:{_MATTER}|{_AILS}))|{_WITH_ME}"
    else:
        has = rf"(?:{NAME})?的?(?:{_NEAR}(?:{_MATTER})|(?<=的)[呢也]|生(?:孩|娃|小孩|育|产))|{_WITH_ME}"
    begins = match.start() == 0 or match.string[match.start() - 1] in "，,。；;：: "
    ails = begins and re.match(rf"(?:{NAME})?(?:得了|查出|患)?{_FARTHER}(?:{_AILS})", after)
    return bool(ails or re.match(has, after))


def _person(match: re.Match[str], words: str) -> Somebody:
    follows = re.match(rf"{NAME}(?=的|{_MATTER})", words[match.end() :])
    name = match["name"] or (follows[0] if follows else "")
    if re.fullmatch(rf"老[{SURNAMES}]", match["who"]):
        name = match["who"][1:]
    return Somebody(match["who"], "" if _is_place(name) else name[:1])


def _is_place(name: str) -> bool:
    """ "徐州的备案": many cities begin with what is also a surname."""
    return any(name.startswith(place) for place in (*COUNTIES, *cities()))


_DIED = re.compile(
    rf"(?:{KIN}|[他她]|老人|(?<![病别有家])人)(?:{_WHEN})"
    r"(?:去世|过世|病故|没了(?!钱|药|工作|单位|手机|消息|信)|不在了|殁|死了?(?![机心活])|老了(?=[，,。](?!.{0,5}(?:腿|眼|耳|身|牙|脑|走|动|记|听|看|不|糊涂|毛病|病)))"
    r"|走了(?=[，,。；;]|$|以后|之后|的))"
)
_GONE_SINCE = re.compile(
    rf"(?:老(?:人|的|伴|头|婆|爷|太)|爸|妈|爹|娘|爷|奶|姥|外[公婆]|父亲|母亲|公公|婆婆|[他她]|人)(?:{_WHEN})走了(?:都|有|已经)?"
    r"(?:[几好多半大小两一二三四五六七八九十0-9]+个?(?:来|多)?(?:月|年|天|星期|礼拜)|好久|很久|多时)"
)
_OF_INSURANCE = re.compile(
    r"(?:医保|社保|保险|卡).{0,10}(?:扣|收|交|停|销|退|取|剩|钱|催|处理)|(?:扣|收|停|销|退|催).{0,6}(?:医保|社保|保险)"
)
_ONLY_AWAY = re.compile(r"不在了?(?:家|身边|跟前|这|单位)|走了(?:几|多少|好)")
_LIVES_ON = re.compile(r"打工|出门|出国|外地|外省|旅游|闺女家|儿子家|住院|住在|住着|回来|上班|上学|看病|路")


def tells_of_death(text: str) -> bool:
    """ "我老伴上个月走了，他卡里的钱咋办", "俺娘走了好几个月了医保还扣钱": somebody of theirs has died."""
    if _DIED.search(text) and not _ONLY_AWAY.search(text):
        return True
    return bool(_GONE_SINCE.search(text) and _OF_INSURANCE.search(text)) and not _LIVES_ON.search(text)


def sex_of(number: str) -> str:
    """男 or 女: the 17th digit of an ID number is odd for a man, even for a woman (GB 11643)."""
    return "男" if int(number[16]) % 2 == 1 else "女"


def fits_sex(who: str, number: str) -> bool:
    """Whether the sex that the word for a relative tells is that of the ID number; a word that tells none fits both."""
    if _BOTH.search(who):
        return True
    if _HIS_WIFE.search(who):
        return sex_of(number) == "女"
    if _MAN.search(who):
        return sex_of(number) == "男"
    return not _WOMAN.search(who) or sex_of(number) == "女"


_ELDER_FROM = 60
"""Years of age from which a number may be a caller's parent's as well as the caller's."""


def is_child(who: str) -> bool:
    """Whether the word is for somebody who may be too young to have a telephone: 孩子, 孙子, 闺女."""
    return bool(_YOUNGER.search(who)) and not re.search("媳", who)


def is_elder(who: str, number: str, year: int) -> bool:
    """Whether the word is for somebody older than the caller, and the person of this ID number is of that age.
    `year`: this one."""
    return bool(_OLDER.search(who)) and year - int(number[6:10]) >= _ELDER_FROM


def may_be(who: str, number: str, asker: str) -> bool:
    """Whether the person of this ID number can be the asker's `who`, by sex and age: "俺爹" is no woman, nor younger.

    What the word does not tell is taken as possible.
    """
    if not fits_sex(who, number):
        return False
    born, asker_born = number[6:14], asker[6:14]
    return not (_OLDER.search(who) and born > asker_born) and not (_YOUNGER.search(who) and born < asker_born)


_POLITE = {
    "您母亲": "娘|妈|母亲|家母",
    "您父亲": "爹|爸|父亲|家父",
    "您父母": "父母|爸妈|爹娘",
    "您公婆": "公婆",
    "您婆婆": "婆婆",
    "您公公": "公公",
    "您岳母": "丈母娘|岳母",
    "您岳父": "老?丈人|岳父",
    "您老伴": "老伴儿?|老头子?|老婆子?|当家的|那口子",
    "您爱人": "老公|对象|媳妇|丈夫|妻子|爱人|爷们",
    "您儿媳": "儿媳妇?",
    "您女儿": "闺女|女儿|姑娘",
    "您孩子": "孩子|娃娃?|小孩|儿",
}
_OURS = re.compile(rf"(?:{KIN})")
_STRANGER = re.compile(rf"(?:{_TITLES}|邻居|亲戚|朋友|同事|同学|老乡|战友|工友|老人家?)$")


_SAME = (
    "妈|妈妈|娘|家母|母亲|父母|爸妈|爹娘",
    "爸|爸爸|爹|家父|父亲|父母|爸妈|爹娘",
    "老伴儿?|老头子?|老婆子?|老婆|老公|对象|媳妇|丈夫|妻子|爱人|当家的|那口子|爷们",
    "闺女|女儿|姑娘|孩子|娃娃?|小孩",
    "儿子|儿|孩子|娃娃?|小孩",
)
"""Words for one and the same relative."""


PRONOUNS = frozenset(("他", "她", "老人", "老人家", "家里人", "家人"))
"""Words for whoever was spoken of before."""


def same_person(one: str, other: str) -> bool:
    """Whether two words can be for one relative: 妈 and 娘 are, 妈 and 闺女 are not."""
    if one == other or polite(one) == polite(other):
        return True
    if any(re.fullmatch(words, one) and re.fullmatch(words, other) for words in _SAME):
        return True
    return not any(re.fullmatch(words, one) for words in _SAME) and (one in other or other in one)


def polite(relation: str) -> str:
    """How the bureau speaks of somebody whom the citizen calls 娘, 大爷 or 孙桂英: 您母亲, 这位大爷, 孙桂英; 本人 when
    nothing is known."""
    if relation in ("", "家里人", "家人", "他", "她"):
        return "本人"
    own = next((ours for ours, theirs in _POLITE.items() if re.fullmatch(theirs, relation)), "")
    if own:
        return own
    if _STRANGER.search(relation):
        return f"这位{relation}"
    return f"您{relation}" if _OURS.fullmatch(relation) else relation
