"""Yes or no, where a sentence says it: 能 / 不能, 要 / 不用, before the sentence itself.

Only said when the question is one of yes or no, the piece of the sentence that is about it says one thing and not the
other, no exception stands in it, it holds in every case that the question may mean, and it names the very thing that is
asked about where it names several. Everything else is left to the sentence: a wrong verdict is worse than none.
"""

from __future__ import annotations

import re

from knowledge.answering.asked.named_things import names_all
from knowledge.retrieval import scopes
from knowledge.retrieval.normalise import pairs, plain, subject
from knowledge.retrieval.scopes import Scope

_ASKS_MAY = re.compile(
    r"能不能|可不可以|可以.{0,12}(吗|不|么)|(?<!不)能.{0,16}(吗|不|么)[？?。]*$|行不行|中不中|给不给|报不报|管不管|认不认|让不让|"
    r"(给|得|让)报(销)?(吗|不)|得不得|能否|可否|(行|中)(吗|不)[？?。]*$"
)
_ASKS_NEED = re.compile(
    r"要不要|用不用|需不需要|需要.{0,12}(吗|不|么)|还(得|要).{0,14}(吗|不|么)[？?。]*$|必须.{0,10}(吗|不)|要.{0,10}(吗|不)[？?。]*$"
)
_ALSO_NEED = re.compile(r"(?<![不能以])用[^，。]{2,8}(吗|不|么)[？?。]*$")
"""“看病用备案不”: where nobody asks whether they may."""
_MAY_NOT = re.compile(r"不得|不予|不能|不可|禁止|不纳入|不享受|不再享受|不支付|不属于|不列入")
_MAY = re.compile(r"(?<!不)可(?!靠|持续|行)|(?<!不)予以|(?<!不)纳入|(?<!不)允许|(?<!不|再)享受|(?<!不)支付|有权")
_NEED_NOT = re.compile(
    r"无(需|须)|不(需|须)|不用|(不再|不)要求|不再(需要|需|提供|提交|收取|查验)|不缴|免(缴|交|收|费|于|予)|不收|不必|视(同|为)已"
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
_LEADING = re.compile(r"^(能|不能|可以|不可以|行|不行)[。，,！]")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_ASKS_ALL = re.compile(r"全(?!国|市|省|家|民)|都(给|能)?报|一分不(花|掏|拿)|百分之?百|100%")
_SAYS_ALL = re.compile(r"全额|全部|100%|不(另)?收")


def verdict(question: str, sentence: str, head: str = "", scope: Scope | None = None) -> str:
    """ "能。", "不能。", "要。", "不用。" or "" for a folded question and the sentence that answers it. `scope`: the
    case that is asked about, where more is known of it than the question says."""
    may = bool(_ASKS_MAY.search(question))
    need = bool(_ASKS_NEED.search(question)) or not may and bool(_ALSO_NEED.search(question))
    if may == need or _EXCEPTION.search(sentence) or (_ITEM.match(sentence) and not head):
        return ""
    if scopes.is_narrower(scopes.of_question(question) if scope is None else scope, head + sentence):
        return ""
    if not _is_about(question, sentence, head):
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


def says_whether_needed(question: str, sentence: str, head: str = "") -> bool:
    """Whether a question asks if a thing must be done ("要不要备案"), and a folded sentence says that it must or need
    not be."""
    if not asks_whether_needed(question):
        return False
    thing = set(pairs(subject(re.split(r"[，,。；;\s]+", question.rstrip("？?。"))[-1])))
    return any(
        _says(piece, _NEED_NOT, _NEED) is not None and thing & set(pairs(plain(piece)))
        for piece in _PIECE.findall(f"{head}。{sentence}")
    )


def asks_whether_needed(question: str) -> bool:
    """Whether a folded question asks if a thing must be done, and not whether it may."""
    asks = _ASKS_NEED.search(question) or _ALSO_NEED.search(question)
    return bool(asks) and not _ASKS_MAY.search(question)


def without_leading(text: str) -> str:
    """An answer without the 能 that it begins with: no answer to who asks whether they must."""
    return _LEADING.sub("", text)


def _is_about(question: str, sentence: str, head: str) -> bool:
    """Whether a sentence says it of the thing and the sum asked about. 花了20万能全报吗: nothing that pays a part."""
    if _ASKS_ALL.search(question) and not _SAYS_ALL.search(sentence):
        return False
    if set(_NUMBER.findall(question)) - set(_NUMBER.findall(sentence + head)):
        return False
    return names_all(question, f"{head}，{sentence}")


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
