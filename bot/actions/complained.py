"""What somebody complains of, as it is read back, and what they want besides in the same sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.actions.offers import offer_of
from bot.actions.protocol import LISTEN, Outcome, Turn
from bot.flows.wished import Wish
from bot.flows.wording import say
from bot.sayings import say as say_of_talk
from language import stance
from language.masking import mask

Wishes = Callable[[str], Wish | None]
"""What words wish for (`bot.flows.manager.Errands.wish`)."""
_SHORTEST, _LONGEST = 5, 60
"""Characters that are read back."""
_BESIDES = re.compile(
    r"[，,。；;！! ]+(?:还有(?:就是)?|另外|再就是|再一个|再有|对了|顺便|顺带|完了|然后)[，, ]*(?=.{4,})"
    r"|[，,。；;！! ]+(?:再|也|还(?:想|要|得)?)(?=(?:请|麻烦)?(?:给|帮|替)(?:我|俺)|查|问)"
)
_LEADS_IN = re.compile(
    r"^(?:喂|你好|您好|那个|我|俺|要|想|得|给|跟|向|你们?|投诉|举报|反映|一?下|个|情况|问题|[，,。 ])+(?=.{6,})"
)


def besides(text: str, wishes: Wishes) -> str:
    """ "帮我查下卡里还有多少钱" of "窗口让我跑了三趟，还有帮我查下卡里还有多少钱"; "" where there is no other wish."""
    for found in _BESIDES.finditer(text):
        rest = text[found.end() :]
        if (wish := wishes(rest)) and wish.is_plain:
            return rest.strip(" ，,。！!")
    return ""


def matter(text: str, wishes: Wishes) -> str:
    """What they complain of in their own words, masked: what is read back. "" where it is too little to be worth it."""
    also = besides(text, wishes)
    told = text[: text.rfind(also)] if also else text
    told = re.sub(r"[，,。；; ]*(?:还有|另外|再就是|对了|顺便|再|也|还)*[，,。；;！! ]*$", "", told)
    told = mask(_LEADS_IN.sub("", told)).replace(",", "，").strip(" ，。！!")
    if len(told) <= _SHORTEST:
        return ""
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}……"


def _began(transcript: Sequence[tuple[str, str]]) -> int | None:
    """Where in the talk the last complaint began."""
    heard = {say_of_talk(f"utter_{one}_heard").text for one in ("complaint", "praise", "suggestion")}
    found = [at for at, (who, text) in enumerate(transcript) if who == "assistant" and text in heard]
    return max(0, found[-1] - 1) if found else None


_READS = re.compile(
    r"(?:念|读|说|讲|看|听)(?:给(?:我|俺))?[^，,。]{0,4}(?:听|一遍|一下|看|下)[^，,。]{0,8}(?:投诉|反映|意见|建议|表扬|登记|工单|记的|写的)"
    r"|(?:投诉|反映|意见|建议|表扬|登记|工单|记的|写的|记下的?)[^，,。？?]{0,10}(?:念|读|说|讲|看)(?:给(?:我|俺))?(?:一?遍|听|一?下|看)"
    r"|(?:写|记|登记|投诉|反映)(?:上|下|下来)?(?:的|了)(?:都|到底)?(?:是)?(?:啥|什么|哪些|些啥|点啥)(?!时候|意思|用)"
    r"|(?:写|记|登记)(?:的|得)?(?:都)?(?:对不对|对吗|对没|全不全|全吗|错没|准不准)"
    r"|(?:没|有没有)(?:给(?:我|俺))?(?:写|记|登记)(?:错|漏)"
)
_HOW_FAR = re.compile(r"到哪|进度|结果|多久|几天|时候|办完|处理")
_RECEIPT = re.compile(r"GD[0-9]{8}-[0-9]{4}")


def read_back(turn: Turn) -> Outcome | None:
    """ "刚才投诉的你念给我听听", "记的啥", "没给我记错吧": what they told before the receipt; None where nothing was
    registered in this talk, or for anything else."""
    began = _began(turn.transcript)
    if turn.form or began is None or not _READS.search(turn.text) or _HOW_FAR.search(turn.text):
        return None
    thread = turn.transcript[began:]
    receipt = next((at for at, (who, text) in enumerate(thread) if who == "assistant" and _RECEIPT.search(text)), None)
    if receipt is None:
        return None
    said = (mask(_LEADS_IN.sub("", text)) for who, text in thread[:receipt] if who == "citizen")
    words = "；".join(one.replace(",", "，").strip(" ，。！!") for one in said if len(_DIGITS.sub("", one)) > _SHORTEST)
    return Outcome((say("ticket_words", words=words),), then=LISTEN) if words else None


_DIGITS = re.compile(r"[0-9*]")


def _of_complaint(transcript: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """What was said since the complaint began, with the message that began it."""
    return transcript[_began(transcript) or 0 :]


def offered_besides(turn: Turn, outcome: Outcome, wishes: Wishes) -> Outcome:
    """Once the ticket is there: what they wanted besides is offered, as a yes begins it."""
    told = (text for who, text in reversed(_of_complaint(turn.transcript)) if who == "citizen")
    words = next((found for text in told if (found := besides(text, wishes))), "")
    wish = wishes(words) if words else None
    if wish is None:
        return outcome
    asked = say("next_wish", said=re.sub(r"\d{4,}[Xx]?", "", words).replace(",", "，"))
    slots = offer_of(replace(turn, text=words), wish.intent)
    return Outcome((*outcome.replies, asked), {**outcome.slots, **slots}, outcome.then)


_NOTHING_BUT = re.compile(
    r"我|俺|咱|要|想|得|给|跟|向|你们?|他们?|投诉|举报|告状|反映|意见|建议|问题|情况|有|提|说|一?下|个|点|些|条|人|事|的|了|吧|啊|呀|\W"
)
"""Of "我要投诉", "给你们提个意见" nothing is left: what happened is not said yet."""
_SHORTEST_MATTER = 3
"""Characters."""
PRAISE = re.compile(r"表扬|夸|锦旗|真有耐心|感谢你们")
_ASKS_US = re.compile(
    r"^(?:不是|不|哦|噢|啊|哎呀?|那|[，,。 ])*(?:我|俺|咱)?(?:就|只|光)?(?:是|不过)?(?:想|要|来|先)?"
    r"(?:问问?|打听|咨询|了解|知道)(?:一?下|个事儿?)?(?!过|了|他|她|窗口|人家)[，,：: ]*"
)
_BY_MISTAKE = re.compile(r"(?:搞|弄|点|按|说|打|选)(?:错|岔)了|不是(?:要)?(?:投诉|反映)|没(?:什么|啥)?事")
_MOST_ASKED_WHAT = 2
"""Times that what happened is asked for."""


def is_bare(turn: Turn) -> bool:
    """A complaint or a suggestion that begins with no more than the word for it."""
    begins = turn.intent == "complaint" and not _times_asked_what(turn)
    return begins and not PRAISE.search(turn.text) and _is_little(turn.text)


def nothing_told(turn: Turn) -> bool:
    """They were asked what happened, and have told nothing of it before this message."""
    if not _times_asked_what(turn):
        return False
    before = (text for who, text in _of_complaint(turn.transcript[:-1]) if who == "citizen")
    return all(_is_little(text) or stance.says_yes(text) or _ASKS_US.match(text) for text in before)


def is_none(turn: Turn) -> bool:
    """There is nothing to tell: they only ask, it was a mistake, or they were asked often enough."""
    if asks_instead_of_telling(turn) or _BY_MISTAKE.search(turn.text) or _ASKS_US.fullmatch(turn.text):
        return True
    return _times_asked_what(turn) >= _MOST_ASKED_WHAT and stance.says_yes(turn.text)


def asks_instead_of_telling(turn: Turn) -> str:
    """异地备案怎么办 of "不是，我是想问异地备案怎么办" to the question what happened; "" to anything else."""
    match = _ASKS_US.match(turn.text)
    return turn.text[match.end() :].strip(" ，,。") if match and nothing_told(turn) else ""


def _times_asked_what(turn: Turn) -> int:
    asked = say_of_talk("utter_ask_what_happened").text
    return sum(asked in text for who, text in _of_complaint(turn.transcript) if who == "assistant")


def _is_little(text: str) -> bool:
    return len(_NOTHING_BUT.sub("", text)) < _SHORTEST_MATTER
