"""What somebody complains of, as it is read back, and what they want besides in the same sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.actions.offers import offer_of
from bot.actions.protocol import Outcome, Turn
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


def _of_complaint(transcript: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """What was said since the complaint began, with the message that began it."""
    heard = {say_of_talk(f"utter_{one}_heard").text for one in ("complaint", "praise", "suggestion")}
    began = max((at for at, (who, text) in enumerate(transcript) if who == "assistant" and text in heard), default=0)
    return transcript[max(0, began - 1) :]


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
