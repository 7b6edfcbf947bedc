"""Takes people out of a question before it is stored: numbers, names, addresses. What they asked stays readable.

    mask("我叫张桂兰，身份证370899195003159028，慢病怎么办")  ->  "我叫〔姓名〕，身份证〔号码〕，慢病怎么办"

Rather a word too many than a person too few; the places of the policies (济宁, 邹城 …) and years and amounts stay.
"""

from __future__ import annotations

import re
from functools import cache

from language.cleaning import simplified
from language.names import COMPOUND, HAN, SURNAMES
from language.places import place_names

NUMBER, NAME, ADDRESS, CONTACT = "〔号码〕", "〔姓名〕", "〔地址〕", "〔联系方式〕"

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MESSENGER = re.compile(r"((?:微信|QQ|qq)号?(?:是|为|[:：])?\s*)[A-Za-z0-9_-]{5,20}")
_DIGIT = "0-9０-９零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_TICKET = r"(?P<ticket>GD\d{8}-\d{4,8})"
"""The number of a ticket tells nothing without its code, and is how staff find it again."""
_CODE = re.compile(
    rf"((?:查询码|验证码|校验码|取件码|密码)\s*(?:就是|是|为|[:：，,])?\s*)(?:[{_DIGIT}][\s\-]?){{3,7}}[{_DIGIT}]"
)
_AMOUNT = r"(?<![0-9.])[0-9]{1,7}\.[0-9]{1,2}(?![0-9.])"
"""31680.50 is money, whatever stands behind it."""
_LONG_NUMBER = re.compile(
    rf"{_TICKET}|(?!{_AMOUNT})(?:[{_DIGIT}](?:[\s\-—－.、，,]|，?然后，?)?){{5,}}[{_DIGIT}Xx](?![年月日元])"
)

_SURNAMES = "".join(sorted(SURNAMES))
_COMPOUND = "|".join(COMPOUND)
_DOT = "·•・‧∙⋅．."
_TRANSLITERATED = (
    "阿艾安巴拜班比别博布才达旦迪丁都顿多尔尕嘎格贡古哈海汗赫吉加江卡凯克库拉来兰里力丽林洛玛麦曼梅米明木穆那纳娜乃尼努诺帕皮普"
    "其恰强曲仁热日肉赛桑沙莎山斯苏塔台提图吐托娃瓦旺维吾西夏雅亚依伊央尤玉扎泽卓孜尊措珠姆宗买不"
)
"""Characters by which names of minorities are written; four of them in a row are one."""
_MINORITY = rf"[{HAN}]{{1,15}}(?:[{_DOT}][{HAN}]{{1,15}})+|[{_TRANSLITERATED}]{{4,15}}"
_FULL_NAME = rf"(?:{_MINORITY}|(?:(?:{_COMPOUND})|[{_SURNAMES}])[{HAN}]{{1,2}})"

# A name is said to be one: whatever follows, up to three characters after the surname's place.
_SAID_NAME = re.compile(
    r"((?:我|俺|他|她|孩子|老人|本人|患者|病人)?(?:姓名|名字|大名|全名|户主|户名)(?:是|叫|为|就是|[:：])*\s*|"
    r"(?:我|俺|他|她|咱|本人|老伴儿?|老公|老婆|妈妈?|爸爸?|娘|爹|儿子?|闺女|女儿|孩子|孙子|孙女|名)(?:的?名字)?(?:就|也)?叫(?:做)?\s*)"
    r"(?!什么|啥|不|你们?|他们?|我)((?:" + _MINORITY + r")|(?:(?:" + _COMPOUND + r"))?[" + HAN + r"·]{2,4}?)"
    r"(?=$|[，。,.！!？?；;、\s0-9〔]|的|身份|电话|手机|医保|社保|是|在|住|今年|想|要|参|家|男|女|号|来|这)"
)
_KIN = (
    "我是|俺是|本人|我妈妈?|我爸爸?|我母亲|我父亲|俺娘|俺爹|妈妈|爸爸|母亲|父亲|老伴儿?|老公|老婆|丈夫|妻子|"
    "儿子|女儿|闺女|孙子|孙女|爷爷|奶奶|姥姥|姥爷|外公|外婆|公公|婆婆|岳父|岳母|哥哥?|姐姐?|弟弟?|妹妹?|儿媳妇?|女婿|患者|病人|"
    "大爷|大娘|大伯|大姑|大姨|大舅|叔叔?|婶子?|姑姑?|姑妈|姨妈?|舅舅?|舅妈|侄子|侄女|外甥女?|表[哥姐弟妹]|堂[哥姐弟妹]|嫂子?|弟妹|姐夫|妹夫|孙媳妇?|亲家|"
    "参保人|代办人|联系人|[我俺咱]家|邻居|媳妇|同事|朋友|亲戚|老乡|当家的|给|帮|替|查一下|查下|查查|查询|找|办人"
)
_NAMED_KIN = re.compile(
    rf"((?:{_KIN})(?:叫|是)?\s*)({_FULL_NAME})"
    r"(?=$|[，。,.！!？?；;、\s0-9〔]|的|身份|电话|手机|医保|社保|今年|想|要|参保|住|查|办|报|交|缴|备案|和|跟|得了|患|断|咋|怎么|能|有病|生病|病了|问|看|退|去|转|领|申|改|补)"
)
_LATIN = r"[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.\-]*"
_LATIN_NAME = re.compile(
    r"((?:姓名|名字|大名|全名|户主|叫做?|[Nn]ame is|NAME IS)\s*(?:就是|是|叫|为|[:：])*\s*)"
    rf"({_LATIN}(?:[ ·]+{_LATIN}){{0,5}})"
    rf"|((?:{_KIN})(?:叫|是)?\s*)({_LATIN}(?:[ ·]+{_LATIN}){{1,5}})|^\s*({_LATIN}(?:[ ,]+{_LATIN}){{1,5}})[.。\s]*$"
)
"""The name of a foreigner: said to be one, of somebody, or all there is."""
_HONORIFIC = re.compile(rf"(?:(?:{_COMPOUND})|[{_SURNAMES}])[{HAN}]{{0,2}}?(?=先生|女士|同志|大爷|大娘|阿姨|师傅|老师)")
_NOT_NAMES = re.compile(
    r"^(?:那[边个儿里]|家[了着最住]|长住|长期|邹城|代[办填]|解释|高血压?|白内障|糖尿|马上|余额|周末|周[一二三四五六日]|方便|严重|何时|曾经|钱|公司|国家|农村|农民|农合|单位|时候|时间|"
    r"安装|安置|常住|成员|全家|全部|强制|明年|平时|通知|通过|相关|向[谁你]|应该|经常|经办|连续|都|管用|关系|计算|解决|支付|"
    r"从[前哪]|居民|职工|老师|家[里人属庭]|容易|温馨|文件|广州|山东|东平|石家|江苏|江西|云南|海南|河|金乡|曲阜|鱼台|任城|"
    r"单[独位]|路|车|房|水|红|花|古|利|别[人的处]|能|和|于|后|须|易|空|简|关[于系]|查|办|报|包[括含]|国[内外家]|方[式法面]|"
    r"成[都功年]|万[元一]|百|武汉|温州|杭州|宁[波夏]|双[向]|满[足了]|充[值]|终[身止]|左右|项目|康复|干部|危[重险]|急|申[请办报])"
)
_GOODS = re.compile(
    r"[米白黄花牛鱼麻石汤水温皮毛葱车路钱柴红]"
    r"(?!(?P<twice>.)(?P=twice))[面油粉酒糖菜饭肉蛋醋盐酱锅盆纸票券费药瓜豆鞋袜饼馍糕袋奶茶虾巾毯椒圆]+"
    r"|花生.?|牛羊.?|皮包|车子|米粮|东西|安排|单[子据]|金[条银]|金首饰|毛[衣裤]"
)
"""Everyday things that begin like a surname, 米面, 白酒, 黄豆油: nobody is called by what one eats or wears; only 豆豆
and the like are given names."""

_ROAD = r"(?:大街|大道|路|街|巷|胡同|小区|花园|家园|公寓|新村|新城|社区|庄园|苑|村|庄|屯)"
_UNIT = r"(?:号楼|号院|号|栋|幢|单元|室|楼|层|户|组|弄|排)"
_COUNT = r"[0-9０-９一二三四五六七八九十百零A-Za-z甲乙丙丁东西南北\-]{1,8}"
_ADDRESS = re.compile(
    rf"[\u4e00-\u9fff]{{1,10}}?{_ROAD}(?:[\u4e00-\u9fff]{{0,8}}?{_COUNT}{_UNIT})+|(?:{_COUNT}{_UNIT}){{2,}}"
)
_SAID_ADDRESS = re.compile(
    rf"((?:家住|住址是?|家庭住址是?|地址是?|户籍地址?是?|住在|俺住|我住|家在)[:：]?\s*)([^，。,.！!？?；;\s]{{2,30}}?{_ROAD})"
)


def mask(text: str) -> str:
    """The question without people, in simplified characters. Microseconds to a millisecond; never raises."""
    text = simplified(text)
    text = _MAIL.sub(CONTACT, text)
    text = _MESSENGER.sub(rf"\g<1>{CONTACT}", text)
    text = hide_codes(text)
    text = _LONG_NUMBER.sub(lambda found: found[0] if found["ticket"] else NUMBER, text)
    text = _ADDRESS.sub(ADDRESS, text)
    text = _SAID_ADDRESS.sub(rf"\g<1>{ADDRESS}", text)
    text = _SAID_NAME.sub(_named, text)
    text = _NAMED_KIN.sub(_named, text)
    text = _LATIN_NAME.sub(lambda found: (found[1] or found[3] or "") + NAME, text)
    return _HONORIFIC.sub(NAME, text)


def hide_codes(text: str) -> str:
    """Without the secret codes that are called so: of tickets, of messages."""
    return _CODE.sub(rf"\g<1>{NUMBER}", text)


def _named(match: re.Match[str]) -> str:
    name = match[2]
    if name.startswith(_places()):
        return match[0]
    is_name = re.fullmatch(_MINORITY, name) or not (_NOT_NAMES.match(name) or _GOODS.fullmatch(name))
    return match[1] + NAME if is_name else match[0]


@cache
def _places() -> tuple[str, ...]:
    return tuple(place_names())
