"""Long numbers as they are called out, in groups, with words in between → runs of digits. Pure.

    runs("三七零八，然后后四位，三个零，幺")  ->  ["37080001"]

A telephone or an ID number, never an amount.
"""

from __future__ import annotations

import re
import unicodedata

from language.numbers.numerals import AS_DIGITS, arabic

X_SAID = re.compile(
    r"(?:大写|小写|字母|英文|罗马)*(?:叉号?|[艾爱埃哎挨矮][克可][斯思丝死]|[eE][xX]|星号?(?!期)|[*×＊✕xX]"
    r"|米字键)(?:号|字)?"
)
"""The check character X, as people and recognisers say it."""
X_HEARD = frozenset(("叉", "差", "插", "查", "茶", "岔", "察", "擦", "x", "X", "米", "星"))
"""One syllable where only the last place is missing."""
_D = "0-9零〇○洞幺吆一二两三四五六七拐八九"
_COUNTS = {"一": 1, "二": 2, "俩": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_REPEATED = re.compile(rf"(?P<count>[一二俩两三四五六七八2-8])个(?P<digit>[{_D}])(?![个天月年位])")
_PLACES = re.compile(
    r"(?:最?后|前|头|中间|末|尾|剩下|其余)(?:面|边)?的?[一二两三四五六七八九十\d几]*[位个](?:数字?|号)?(?:是|为)?"
)
_BIRTH = re.compile(
    rf"(?P<year>[{_D}]{{4}})[年，,、。 ]+(?P<month>[\d零一二三四五六七八九十]{{1,2}})月(?P<day>[\d零一二三四五六七八九"
    rf"十]{{1,3}})[日号]?(?=[^\d]|$)"
)
_BETWEEN = re.compile(
    rf"(?<=[{_D}X])(?:[\s\-‐-―—·,，.。、…;；:：()（）/_]|然后|接着|后面是?|后头是?|下面是?|再(?:是|来|加)?"
    rf"|完了是?|中间是?|最后是?|"
    rf"那个|这个|嗯+|呃+|啊|呀|哈|哎|杠|横|空格?|是)+(?=[{_D}X])"
)
_RUN = re.compile(r"[0-9]+X?|X")
_LAST_PLACE = re.compile(rf"(?<!\d)(\d{{17}})[\s，,、]*[{''.join(sorted(X_HEARD))}](?![\w])")
_ONE_HEARD = re.compile(rf"[要腰邀妖夭么](?=(?:[{_D}][，,、 ]*){{10}}(?![{_D}]))")
"""幺 as a recogniser writes it, at the head of a mobile number."""
_NO_DIGIT = re.compile(r"[一两三](?=[个下样会起直些般定次家句遍])|第[一二三四五六七八九]")
_ZERO = re.compile(r"(?<=[\dOo])[Oo]|[Oo](?=[\dOo])")


def digit_text(text: str) -> str:
    """The text with every digit as 0-9 and the check character as X; groups joined."""
    text = unicodedata.normalize("NFKC", text)
    text = _BIRTH.sub(_birth, _PLACES.sub("，", _ONE_HEARD.sub("幺", text)))
    text = _REPEATED.sub(lambda match: match["digit"] * _count(match["count"]), text)
    text = _NO_DIGIT.sub("#", text)
    text = X_SAID.sub("X", _ZERO.sub("0", text))
    return _BETWEEN.sub("", text).translate(AS_DIGITS)


def runs(text: str) -> list[str]:
    """Digits that were called out one after the other, with an X at the end if it was said there."""
    return _RUN.findall(_LAST_PLACE.sub(r"\1X", digit_text(text)))


def last_place(text: str) -> str:
    """What is said where only the 18th place is missing: "差" is X there; "" when it is neither X nor one digit."""
    found = runs(text)
    if len(found) == 1 and len(found[0]) == 1:
        return found[0]
    return "X" if text.strip(" ，,。.！!是的个") in X_HEARD else ""


def _count(said: str) -> int:
    return _COUNTS[said] if said in _COUNTS else int(said)


def _birth(match: re.Match[str]) -> str:
    month, day = arabic(match["month"]), arabic(match["day"])
    if not (month.isascii() and day.isascii()):
        return match[0]
    return f"{match['year']}{int(month):02}{int(day):02}"


_SHORTEST_GROUP = 3
_TAIL_WRONG = re.compile(
    r"尾号|最后|末尾|后(?:面)?[一二两三四五六七八\d几]*位|后(?:头|面|边)?[俩两二三四]|末[一二两三四\d]*位|尾数"
)


def with_other_tail(number: str, correction: str, text: str) -> str:
    """ "…1234，不对，尾号是1235": the number with the end that `correction` gives anew; "" when it gives none, or
    nothing in the whole `text` says that it is the end: the word for it, or the last group said once more."""
    found = runs(correction)
    if not number or len(found) != 1 or not 0 < len(found[0]) < len(number):
        return ""
    if not _TAIL_WRONG.search(text) and not _last_group_again(number, found[0], text[: text.rfind(correction)]):
        return ""
    return number[: -len(found[0])] + found[0]


def _last_group_again(number: str, group: str, before: str) -> bool:
    """六六八四，哦不，六六八六: three figures or more, as many as the group before had, all but one or two the same."""
    said = [one for piece in re.split(r"[，,。；;、\s-]+", before) for one in runs(piece)]
    last = said[-1] if said else ""
    if len(group) < _SHORTEST_GROUP or last == number or len(last) != len(group) or not number.endswith(last):
        return False
    return sum(a != b for a, b in zip(last, group, strict=True)) <= 2
