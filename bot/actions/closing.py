"""What follows an answer when nothing is asked: a kind closing; and never one fixed sentence again and again."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.actions.protocol import Outcome, Saying, Turn
from bot.flows.small_words import nods
from bot.flows.wording import say as in_flow
from bot.sayings import say
from language.stance import THANKS, declines, says_no

_FIXED = ("utter_anything_else", "utter_what_to_ask", "utter_no_more", "utter_out_of_scope")
"""Sayings that only ask what else there is."""
_NEXT, _LAST, _NO_MORE = "utter_still_here", "utter_rather_a_person", "utter_nothing_more"
_ENDS_ASKING = re.compile(r"您还(?:有|要)[^。？]{2,12}(?:吗|什么)？$")
"""How what asks only for more ends, whatever was said before it."""

_SOURCE = re.compile(r"（(?:依据|来源)[^）]*）|\n")
"""Not read out."""
_TRUE_EACH_TIME = ("utter_no_more", "utter_out_of_scope")
"""Of these, what answers a question: it stays so."""
_LEAVES = ("utter_thanks", "utter_good_rating", "utter_greet", "utter_goodbye")

_GOES_THERE = re.compile(
    r"(?:好|行|中|嗯|那|就|我|俺|还是|改天|回头|抽空|有空|明天|后天|下午|过两天|自己|得|先|等"
    r"|[叫让](?:闺女|儿子)|[，, ]){0,8}"
    r"(?:上|去|到|跑)(?:一?趟)?(?:你们|恁)?(?:那边?|大厅|窗口|医保局|医院|镇上|街道|现场|柜台)里?"
    r"(?:去|看看|问问|办|一?趟|再说|吧|了){0,4}"
)
"""Will see to it on the spot: no question, and nothing to be declined."""


def closing(turn: Turn) -> Outcome | None:
    """To who only says that they heard it; None to anybody else, and in the middle of a form."""
    if turn.form or turn.slot("requested_slot"):
        return None
    if _GOES_THERE.fullmatch(turn.text.strip(" 。！!")):
        return Outcome((in_flow("goes_there"),), {"offer": None})
    if not has_heard(turn.text):
        return None
    return not_alike(turn, Outcome((Saying("utter_anything_else"),), {"offer": None}))


def no_more(turn: Turn) -> Outcome | None:
    """The no is taken, of who has nothing more to ask or wants no person; None to anybody else's."""
    last = _said_last(turn)
    asked = last in _texts(*_FIXED, _NEXT, _LAST, _NO_MORE, "utter_greet") or _ENDS_ASKING.search(last)
    if turn.form or not asked or not (declines(turn.text) or says_no(turn.text)):
        return None
    said = _NEXT if last == say(_NO_MORE).text else _NO_MORE
    return Outcome((Saying(said),), {"offer": None})


def only_heard(turn: Turn) -> bool:
    """A nod ("好的", "嗯嗯") at what asked nothing: it was told of a person, nobody asked whether to send one."""
    asked = any(re.search(r"[？?]|[吗呢]$", reply.text) for reply in turn.said_before)
    return bool(turn.said_before) and not asked and nods(turn.text)


def is_closed(turn: Turn) -> bool:
    """What was said last only takes leave, gives thanks back or asks what else there is: what was offered before is
    no more on offer."""
    last = _said_last(turn)
    closed = _texts(*_FIXED, _NEXT, _NO_MORE, *_LEAVES)
    return last in closed or last in (in_flow("goes_there").text, in_flow("no_hurry").text)


def not_alike(turn: Turn, outcome: Outcome) -> Outcome:
    """The second time in a row in other words, the third time with a person to talk to; that once in a row."""
    if turn.form or len(outcome.replies) != 1:
        return outcome
    [reply] = outcome.replies
    if not isinstance(reply, Saying) or reply.name not in _FIXED:
        return outcome
    before, last = _in_a_row(turn), _said_last(turn)
    if say(_LAST).text in before:
        apt = (reply.name, _NEXT) if reply.name in _TRUE_EACH_TIME else (_NEXT, _NO_MORE)
        again = next(name for name in apt if say(name).text != last)
        return Outcome((Saying(again),), outcome.slots, outcome.then)
    if len(before) >= 2:
        return Outcome((say(_LAST),), {**outcome.slots, "offer": "person"}, outcome.then)
    if len(before) == 1 and last in (say(reply.name).text, *_texts(_NEXT)):
        return Outcome((say(_NEXT),), outcome.slots, outcome.then)
    return outcome


def last_told(turn: Turn) -> Reply | None:
    """What was told before we only asked what else there is, for who wants it again; None where that is not so."""
    if not _in_a_row(turn):
        return None
    told = [text for who, text in turn.transcript if who == "assistant" and text not in _only_asks()]
    return Reply(told[-1], _SOURCE.sub("", told[-1])) if told else None


def _in_a_row(turn: Turn) -> list[str]:
    """Those of our last replies that only asked what else there is."""
    found: list[str] = []
    for who, text in reversed(turn.transcript):
        if who == "assistant" and text not in _only_asks():
            break
        found += [text] if who == "assistant" else []
    return found


def _only_asks() -> tuple[str, ...]:
    return _texts(*_FIXED, _NEXT, _LAST, _NO_MORE)


def _said_last(turn: Turn) -> str:
    said = [text for who, text in turn.transcript if who == "assistant"] or [reply.text for reply in turn.said_before]
    return said[-1] if said else ""


def _texts(*names: str) -> tuple[str, ...]:
    replies: list[Reply] = [say(name) for name in names]
    return tuple(reply.text for reply in replies)


_HEARD = re.compile(
    r"(?:(?:哦|噢|喔|嗯|啊|唉|行|好|好的|中|可以|那|就|这下|我|俺|咱|都|算是|大概|[，,、 ])*"
    r"(?:知道|明白|清楚|懂|了解|晓得|听明白|听懂|听清|记住|记下|有数|整明白|弄明白)(?:了|啦|咧|嘞)(?:哈|啊|吧|哦|噢)*"
    r"|(?:哦|噢|喔|呃)+|(?:哦|噢|喔|啊|[，, ])*原来(?:如此|是这样|这样)啊?"
    r"|(?:哦|噢|喔|[，, ])*(?:是|就)?(?:这样|这么回事)(?:啊|呀|哦|子))"
    r"(?:[，, ]*(?:好|行|中|嗯|哦|那)(?:的|吧|了)*)*"
)


def has_heard(text: str) -> bool:
    """Only says that it was heard: "知道了", "哦", "行，明白了"."""
    words = THANKS.sub("", text).strip(" ，,。.！!~")
    return bool(words) and bool(_HEARD.fullmatch(words))
