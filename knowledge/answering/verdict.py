"""Yes or no, where a sentence says it: 能 / 不能, 要 / 不用, before the sentence itself.

Only said when the question is one of yes or no, the piece of the sentence that is about it says one thing and not the
other, and no exception stands in it. Everything else is left to the sentence: a wrong verdict is worse than none.
"""

from __future__ import annotations

import re

from knowledge.retrieval.normalise import pairs, plain, subject

_ASKS_MAY = re.compile(
    r"能不能|可不可以|可以.{0,12}(吗|不|么)|(?<!不)能.{0,16}(吗|不|么)[？?。]*$|行不行|中不中|给不给|报不报|管不管|认不认|让不让|"
    r"(给|得|让)报(销)?(吗|不)|得不得|能否|可否|(行|中)(吗|不)[？?。]*$"
)
_ASKS_NEED = re.compile(
    r"要不要|用不用|需不需要|需要.{0,12}(吗|不|么)|还(得|要).{0,14}(吗|不|么)[？?。]*$|必须.{0,10}(吗|不)|要.{0,10}(吗|不)[？?。]*$"
)
_MAY_NOT = re.compile(r"不得|不予|不能|不可|禁止|不纳入|不享受|不再享受|不支付|不属于|不列入")
_MAY = re.compile(r"(?<!不)可(?!靠|持续|行)|(?<!不)予以|(?<!不)纳入|(?<!不)允许|(?<!不|再)享受|(?<!不)支付|有权")
_NEED_NOT = re.compile(
    r"无(需|须)|不(需|须)|不用|(不再|不)要求|不再(需要|需|提供|提交|收取|查验)|不缴|免(缴|交|收|费|于|予)|不收|不必"
)
_NEED = re.compile(r"(?<!不)应当?|(?<!无|不)须|必须|(?<!无|不)需")
_EXCEPTION = re.compile(r"除.{0,20}外|但|未经|不符合|逾期|方可|方能|才能|原则上|暂")
_CONDITION = re.compile(
    r"满[^，。]{1,4}(周?岁|年|个?月)|以上|以下|只能|仅|限于|符合|条件|一次|的[，,].{0,6}(可|享受|予以|纳入)"
)
"""Whoever asks may not meet it: no plain yes."""
_ITEM = re.compile(r"[（(][一二三四五六七八九十0-9]{1,2}[）)]")
"""Of a list whose head is not known: it may say the contrary."""
_PIECE = re.compile(r"[^，,；;：:。]+")


def verdict(question: str, sentence: str, head: str = "") -> str:
    """ "能。", "不能。", "要。", "不用。" or "" for a folded question and the sentence that answers it."""
    may, need = bool(_ASKS_MAY.search(question)), bool(_ASKS_NEED.search(question))
    if may == need or _EXCEPTION.search(sentence) or (_ITEM.match(sentence) and not head):
        return ""
    no, yes = (_MAY_NOT, _MAY) if may else (_NEED_NOT, _NEED)
    said = _says(head, no, yes) if head else None
    if said is None:
        mine = set(pairs(plain(question)))
        pieces = _beside(question, _PIECE.findall(sentence))
        spoken = [piece for piece in pieces if _says(piece, no, yes) is not None]
        if not spoken:
            return ""
        nearest = max(spoken, key=lambda piece: len(mine & set(pairs(plain(piece)))))
        said = _says(nearest, no, yes)
        if len({_says(piece, no, yes) for piece in spoken}) > 1:
            return ""
    if may and said and _CONDITION.search(sentence):
        return ""
    if may:
        return "能。" if said else "不能。"
    return "要。" if said else "不用。"


def _beside(question: str, pieces: list[str]) -> list[str]:
    """The pieces that name the thing which the last part of the question asks about ("…，用不用户口本"); all of them
    where none does."""
    last = re.split(r"[，,。；;\s]+", question.rstrip("？?。"))[-1]
    thing = set(pairs(subject(last)))
    named = [piece for piece in pieces if thing & set(pairs(plain(piece)))]
    return named or pieces


def _says(piece: str, no: re.Pattern[str], yes: re.Pattern[str]) -> bool | None:
    if no.search(piece):
        return False
    return True if yes.search(piece) else None
