"""What kind of answer does the question we asked last leave to be given, and does what was heard fit it? Pure.

From the words of the question, as the caller heard them: so whatever asks it, one place knows how long to wait for the
answer and what to listen for.
"""

from __future__ import annotations

import re
from enum import Enum

from language.places import read_city
from language.stance import says_no, says_yes


class Expected(Enum):
    """The kinds of answers that are waited for or listened to in their own way."""

    ANYTHING = "anything"
    YES_NO = "yes or no"
    PLACE = "place"
    DIGITS = "digits"
    DISEASE = "disease"
    HOSPITAL = "hospital"


_DIGITS_ASKED = re.compile(
    r"(?:说|输入|按键|报|念|留|告诉我)[^。？]{0,14}(?:身份证号|手机号|电话号|号码|验证码|查询码|卡号|工单号|这两个号)"
    r"|(?:身份证号|手机号|电话号码|号码|验证码|查询码|卡号|工单号)(?:是)?(?:多少|几)|[四六]位数字|接着说后面的"
)
_PLACE_ASKED = re.compile(
    r"哪个?(?:城市|地方|省|市|县|区)|(?:去|到|在|是)哪[里儿]?(?:看病|住院|就医|住|办)?[？。?]?$|什么地方"
)
_DISEASE_ASKED = re.compile(r"(?:哪种|什么|哪些)(?:慢性|慢特)?病|病种")
_HOSPITAL_ASKED = re.compile(r"哪[家个](?:定点)?医院")
_YES_NO_ASKED = re.compile(r"吗[？?。]?$|对不对|是不是|要不要|好不好|行不行|有没有|都对就?[，,]?说|说[，,]?提交")
_DIGIT = re.compile(r"[0-9零〇一二三四五六七八九幺两]")
WHOLE_NUMBERS = {
    "身份证": (15, 18),
    "手机": (11,),
    "电话": (7, 8, 11, 12),
    "验证码": (6,),
    "查询码": (4,),
    "六位": (6,),
}
_TRAILING = re.compile(r"[\s，。！？、,.!?…]+$")
_UNFINISHED = re.compile(
    r"(?:那个|这个|就是|然后|因为|所以|但是|可是|如果|要是|还有|或者|以及|跟|和|在|把|给|从|向|对于|关于|"
    r"嗯+|呃+|额|啊这|是说|我想|俺想|想问|问一下|问问|咨询一下|的时候|身份证号是?|号码是?|电话是?|手机号是?|名字叫?|叫)$"
)
"""Ends at which nobody has finished. "的" is none of them: 俺是济宁的."""
_SAYS_A_NUMBER_IS_COMING = re.compile(r"(?:身份证|手机|电话|验证码|卡)号?码?(?:是|为|：)$|号码?(?:是|为|：)$")
_SUBMITS = re.compile(r"提交|登记下来|交上去|确认办理|撤[销回]")


def expected(asked: str) -> Expected:
    """The kind of answer that `asked`, the end of what we said, leaves open."""
    if _DIGITS_ASKED.search(asked):
        return Expected.DIGITS
    if _DISEASE_ASKED.search(asked):
        return Expected.DISEASE
    if _HOSPITAL_ASKED.search(asked):
        return Expected.HOSPITAL
    if _PLACE_ASKED.search(asked):
        return Expected.PLACE
    return Expected.YES_NO if _YES_NO_ASKED.search(asked) else Expected.ANYTHING


def is_final(asked: str) -> bool:
    """The answer hands something in: nothing but silence may say that it is finished."""
    return bool(_SUBMITS.search(asked))


def fits(asked: str, text: str) -> bool:
    """`text` answers the question whole: nobody is expected to go on."""
    said = _TRAILING.sub("", text)
    kind = expected(asked)
    if kind is Expected.DIGITS:
        return len(_DIGIT.findall(said)) in _lengths(asked)
    if kind is Expected.PLACE:
        return 0 < len(said) <= 12 and bool(read_city(said))
    return kind is Expected.YES_NO and len(said) <= 6 and (says_yes(said) or says_no(said))


def is_unfinished(text: str) -> bool:
    """Nobody has finished with these words: a filler, a joint ("我妈在…", "那个…"), or nothing."""
    return bool(_UNFINISHED.search(_TRAILING.sub("", text)))


def is_in_a_number(asked: str, text: str) -> bool:
    """Some digits of a number were said, and more must come; or it was only announced ("身份证号是…")."""
    said = _TRAILING.sub("", text)
    if _SAYS_A_NUMBER_IS_COMING.search(said):
        return True
    digits = len(_DIGIT.findall(said))
    if expected(asked) is not Expected.DIGITS:
        return bool(re.search(r"(?:身份证|手机|电话)号?", said)) and 3 <= digits < 11
    return 0 < digits < max(_lengths(asked))


def _lengths(asked: str) -> tuple[int, ...]:
    found = tuple(length for name, lengths in WHOLE_NUMBERS.items() if name in asked for length in lengths)
    return found or (4, 6, 11, 15, 18)
