"""A question that was put right while it was asked: "居民医保，不对，是职工医保，咋交" asks of 职工医保. Pure.

Narrower than `language.meant`, which hears answers: "居民医保能不能改成职工医保" puts nothing right.
"""

from __future__ import annotations

import re

from knowledge.answering.places import NAME
from language.following import INSURANCE

_SLIP = re.compile(
    r"(?:[，,、。 的]|哦|噢|啊|呃|嗯|哎呀?|唉|那个)*"
    r"(?:(?<![对是])不对(?:不对)*|不是不是|不是(?=[，,。 ])"
    r"|(?:(?<![一-龥])|(?<=[啊哦噢哎唉呃嗯]))(?:不|错了|不不)(?=[，,。 ])"
    r"|(?<![没有])[说讲记问弄搞]错了?|口误)"
    r"(?:[，,、。 ]|啊|我|俺|咱|问|说|讲|要|的|应该|是|那个|就|按|在|到|去|转)*"
)
_DENIAL = r"(?:(?:我|俺|咱)(?:问|说|讲)?的?)?(?:不是|不说|没说|没问|不问)(?:的是)?"
_THEN = r"的?(?:那个)?[，,、。 ]*(?:(?:我|俺|咱)(?:问|说|讲)?的?)?(?:就)?是"
_KIND = re.compile(INSURANCE)
_MARKS_IN_A_ROW = re.compile(r"([，,。])[，,。 ]+")


def put_right(question: str) -> str:
    """The question with the kind of insurance and the place that were meant in the end, and no others."""
    return _with_meant(_with_meant(question, _KIND), NAME)


def _with_meant(question: str, things: re.Pattern[str]) -> str:
    named = list(things.finditer(question))
    for wrong, right in zip(named, named[1:], strict=False):
        if wrong[0] == right[0]:
            continue
        before, between, after = (
            question[: wrong.start()],
            question[wrong.end() : right.start()],
            question[right.end() :],
        )
        if (slip := _SLIP.search(between)) and slip.end() == len(between):
            kept = between[: slip.start()]
            return _MARKS_IN_A_ROW.sub(r"\1", f"{before}{right[0]}{kept}{after}")
        denial = re.search(f"{_DENIAL}$", before)
        if denial and re.fullmatch(_THEN, between):
            return f"{before[: denial.start()]}{right[0]}{after}"
    return question
