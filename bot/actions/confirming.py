"""“三个月是吧”: a number of the last answer said back, to be sure of it. Its sentence is read again. Pure."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.actions.protocol import Outcome, Turn
from language.numbers.numerals import AS_DIGITS

_UNIT = r"个?(?:工作日|月|天|日|年|周|星期|小时|元|块|岁|次|遍|成|%|种|人|份)"
_SURE = re.compile(
    rf"(?:那|哦|噢|就|就是|也就是|是|[，, ])*(?P<number>[0-9零〇一二两三四五六七八九十百千万仨俩.]+)(?P<unit>{_UNIT})"
    r"(?:以?内|之内|的|[，, ])*(?:是吧|对吧|对不对?|是不是|是吗|对吗|吧|呗|是不)[啊呀，,。？? ]*(?:嗯|哦|对|好)*"
)
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_ALONE = {"仨": "3", "俩": "2", "两": "2", "十": "10"}
_TEENS = re.compile(r"(?<![0-9])([1-9])?十([1-9])?(?![0-9])")


def confirmed(turn: Turn) -> Outcome | None:
    """The sentence of the last answer that has the number; None when it was not said back, or has none."""
    said = _SURE.fullmatch(turn.text.strip(" 。.！!"))
    if said is None or turn.form:
        return None
    number, unit = _figures(said["number"]), said["unit"].lstrip("个")
    for reply in turn.said_before:
        for sentence in _SENTENCE.findall(reply.text) if reply.sources else ():
            for found in re.finditer(rf"([0-9]+)({_UNIT})", _figures(sentence)):
                if found[1] == number and _alike(found[2].lstrip("个"), unit):
                    return Outcome((_told(sentence.strip(), found[2].lstrip("个"), unit, reply),))
    return None


def _told(sentence: str, written: str, unit: str, reply: Reply) -> Reply:
    lead = "是工作日，不算休息日。" if written == "工作日" and unit != written else "对。"
    text = f"{lead}文件写的是：“{sentence.rstrip('。；')}”。"
    return Reply(text, text, sources=reply.sources)


def _alike(written: str, said: str) -> bool:
    return written == said or {written, said} <= {"工作日", "天", "日"} or {written, said} <= {"元", "块"}


def _figures(words: str) -> str:
    """三 → 3, 十五 → 15, 四十五 → 45: as far as documents count."""
    if words in _ALONE:
        return _ALONE[words]
    plain = words.replace("两", "2").replace("仨", "3").replace("俩", "2")
    plain = re.sub(r"[零〇一二三四五六七八九]", lambda one: one[0].translate(AS_DIGITS), plain)
    return _TEENS.sub(lambda one: f"{one[1] or 1}{one[2] or 0}", plain)
