"""Which of several things named in one answer is meant: "A，不对，是B", "不是A，是B", "B，不是A", "A啊不B". Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

_DENIES = re.compile(
    r"(?:不|没有?|甭|(?<!特)别|非)(?:再)?(?:是|叫|姓|写|要|说|在|去)(?:成|到)?(?:那个|这个)?[\"“”‘’：: ]*$"
)
_KIN = (
    r"(?:老伴|老头子?|老婆子?|老公|对象|媳妇|爱人|爸|妈|爹|娘|儿子?|闺女|女儿|孩子|孙子|孙女|哥|姐|弟|妹|婆婆|公公|邻居"
    r"|病号|病人|别人|人家|自己|自个儿?)"
)
_SLIP = (
    r"(?<!没)(?<!没有)(?:看|说|弄|搞|记|写|打|报|按|讲|念|发|拿|填|抄|数|听|认|想)(?:的)?"
    r"(?:错|岔|串|反|混|秃噜|秃撸|劈|颠倒|顺(?=嘴)|差(?=了))|(?<!没)串(?:了)?[行号]"
)
"""A slip of the tongue, the eye or the hand."""
_AFTER_ALL = (
    r"后来(?:大夫|医生|人家|他们)?(?:又|才)?说|这[回次](?=是|住|在|问的|上|办)|还是(?:给)?(?:打|写|填|备)"
    r"|(?:(?<=[，,。；; 呗])|那)就(?:备|打|写|填)(?!的)|定的|实打实|票上是"
)
"""What counts in the end: 上回在微山，这回是滕州."""
_NOT_THEIRS = (
    rf"(?:那个?|这个?|刚才(?:那个?)?)是(?:(?:我|俺|咱|他|她)?(?:们|家)?(?:的)?{_KIN}|他|她)的"
    rf"|(?:报|说|写|念|打|填)成(?:了)?(?:我|俺|咱)?(?:们|家)?{_KIN}?的"
)
_PAST_USE = (
    r"算了(?=[，, ]|[我俺打还记写留])|(?:不用|停机|作废)了|换(?:了)?新?号了?|不(?:留|用|写|填|记|要)那个了?"
    r"|(?:少|多)(?:打|写|输|说|按|念|报)了?一?个[零〇0-9]?[ ，,]*"
    r"|(?:哎|哦|噢|唉|诶|额|呃)[，, ]*那个?是(?=[^，,。；;]{2,10}[，,。；;])"
)
TAKES_BACK = re.compile(
    r"(?<!对)(?<!是)不对(?:[，,、 ]?不对)*|(?:^|[，,。；;、 ])不{2,}(?=[，,。；;、 是])"
    rf"|{_SLIP}|{_NOT_THEIRS}|{_PAST_USE}|{_AFTER_ALL}"
    r"|(?<!没)(?<!没有)(?<!不)错(?:了|啦|咧)|"
    r"(?:哦|噢|啊|呃|嗯|哎|唉|诶|喔)[，,、 ]*(?:不|错)(?!是|要)|(?:^|[，,。；;、 ])不(?=[，,。；; ])"
    r"|改一?下|改成|改为|换成|更正|纠正|"
    r"重新(?:说|来|报)|重来|等等|等一下|不是[，,。]|不是 (?=[^，,。]*[，,。 ]+[看说记写打报按念][错岔串反混])|"
    r"不是不是|口误|瞎说|糊涂了|看错|记错|应该是|应是|而是"
)
"""What was named before it no longer counts, when something is named after it."""
_WRONG_AFTER = re.compile(
    r"[\"“”，, ]*(?:那个|这个)?(?:是)?(?:不对|错的?|说错|弄错|记错|写错|不是(?=$"
    r"|[。，,；;]|这个))(?:了|啦|的)?"
)


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """A thing named between two places of a text."""

    start: int
    end: int
    value: T


def meant(text: str, named: Sequence[Named[T]]) -> list[Named[T]]:
    """Those that still count when the sentence is over, in order. Empty when all of them are taken back."""
    backs = [mark.end() for mark in TAKES_BACK.finditer(text)]
    left = [
        one
        for one in named
        if one.start in backs or text.startswith("就是", one.end) or not _DENIES.search(text[: one.start])
    ]
    for mark in TAKES_BACK.finditer(text):
        after = [one for one in left if one.start >= mark.end() - 1]
        before = {one.value for one in left if one.start < mark.end() - 1}
        if after:  # what it was is often said once more: "六千八，不对，六千八是到手的，是七千二"
            left = [one for one in after if one.value not in before] or after
    if len({one.value for one in left}) > 1:
        left = [one for one in left if not _WRONG_AFTER.match(text, one.end)] or left
    elif left and _WRONG_AFTER.match(text, left[-1].end):
        return []
    return left


_IS_NOT_BUT = re.compile(
    r"(?:不是|不叫|不姓|别写|甭写)[^，,。；;]+?[，,。；; ]*(?:而是|(?<![不就])是|叫|姓|写"
    r"|应该)(?P<meant>.+)$"
)
_BUT_NOT = re.compile(r"(?<=.)[，,。；; ]+(?:可|并)?(?:不是|不叫|不姓|别(?:写|填|打|记|留))[^，,。；;]+$")
_WRONG = re.compile(r"(?:(?<!对)不对|说错|弄错|记错|写错|错)(?:了|啦|的|啊)*[。.!！ ]*$")


def versions(text: str) -> Iterator[str]:
    """What a sentence says, from what counts last to the whole of it: "A，不对，是B" is first B, then all. Nothing
    when all of it was taken back."""
    seen = {""}
    if _WRONG.search(text):
        return
    but_not = _BUT_NOT.search(text)
    whole = text[: but_not.start()] if but_not and not _IS_NOT_BUT.search(but_not[0]) else text
    parts = [whole[mark.end() :] for mark in reversed(list(TAKES_BACK.finditer(whole)))]
    for part in [*parts, whole]:
        denied = _IS_NOT_BUT.search(part)
        for one in ([denied["meant"]] if denied else []) + [part]:
            one = _without_repeated(one.strip(" ，,。；;"), whole[: whole.rfind(part)] if part != whole else "")
            if one not in seen:
                seen.add(one)
                yield one


_SAID_OF_IT = re.compile(r"(?P<what>[^，,。；;、 是]{2,})(?:那天|那个)?(?:是|没)[^，,。；; ]*[，,。；; ]+(?=.)")


def _without_repeated(version: str, before: str) -> str:
    """十号才住的 of "八号，不对，八号是我上班，十号才住的": what was wrong, said once more, is left out."""
    match = _SAID_OF_IT.match(version)
    return version[match.end() :] if match and match["what"] in before else version
