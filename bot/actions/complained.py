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
