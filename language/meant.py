"""Which of several things named in one answer is meant: "A，不对，是B", "不是A，是B", "B，不是A", "A啊不B". Pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

_DENIES = re.compile(r"(?:不|没有?|甭|(?<!特)别|非)(?:再)?(?:是|叫|姓|写|要|说|在|去)(?:那个|这个)?[\"“”‘’：:，, ]*$")
TAKES_BACK = re.compile(
    r"(?<!对)(?<!是)不对(?:[，,、 ]?不对)*|(?:^|[，,。；;、 ])不{2,}(?=[，,。；;、 是])"
    r"|(?<!没)(?<!没有)(?:说|弄|搞|记|写|打|报|按|讲|念)(?:的)?(?:错|岔|串)"
    r"|(?<!没)(?<!没有)(?<!不)错(?:了|啦|咧)|"
    r"(?:哦|噢|啊|呃|嗯|哎|唉|诶|喔)[，,、 ]*(?:不|错)(?!是|要)|(?:^|[，,。；;、 ])不(?=[，,。；; ])"
    r"|改一?下|改成|改为|换成|更正|纠正|"
    r"重新(?:说|来|报)|重来|等等|等一下|不是[，,。 ]|不是不是|口误|瞎说|糊涂了|看错|记错|应该是|应是|而是"
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
    left = [one for one in named if not _DENIES.search(text[: one.start])]
    for mark in TAKES_BACK.finditer(text):
        after = [one for one in left if one.start >= mark.end() - 1]
        if after:
            left = after
    if len({one.value for one in left}) > 1:
        left = [one for one in left if not _WRONG_AFTER.match(text, one.end)] or left
    elif left and _WRONG_AFTER.match(text, left[-1].end):
        return []
    return left


_IS_NOT_BUT = re.compile(
    r"(?:不是|不叫|不姓|别写|甭写)[^，,。；;]+?[，,。；; ]*(?:而是|(?<!不)是|叫|姓|写"
    r"|应该)(?P<meant>.+)$"
)
_BUT_NOT = re.compile(r"(?<=.)[，,。；; ]+(?:可|并)?(?:不是|不叫|不姓|别写)[^，,。；;]+$")
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
            one = one.strip(" ，,。；;")
            if one not in seen:
                seen.add(one)
                yield one
