"""What is said of what was handed in or registered: it is to be taken back, is to stay, or is put right. Pure."""

from __future__ import annotations

import re

from bot.actions.protocol import Outcome, Turn
from bot.actions.talked_about import was_just_handed_in
from bot.flows.wording import say
from bot.sayings import say as say_of_talk
from language.stance import asks_if_withdrawn, keeps_filing

CALLS_BACK = re.compile(r"撤|取消|作废|收回|退回|交错|报错|不(?:办|报|交|要)了")
"""Said to a receipt, what was just handed in is meant."""
A_PART = re.compile(r"(?:那|这|哪)(?:一)?(?:条|句|部分|点|项)")
_PUTS_RIGHT = re.compile(
    r"(?:弄|写|填|报|说|搞|打|记)错.*是.|不是.{1,20}[，, ]*是.|应该是.|改成.|"
    r"是[^，,。]{1,12}[，, ]*不是[^，,。吗么]{1,12}$"
)
"""Said to a receipt, something in what was handed in is put right."""
_READ_OUT = say("ticket_words", words="").text[:3]
_ASKED_BACK = say_of_talk("utter_taken_back").text.partition("{")[0]
"""How word begins that staff will take a ticket back."""


def puts_right(turn: Turn) -> bool:
    """ "是曲阜的药店，不是邹城的" right behind the receipt, or behind what was registered as it was read out."""
    is_of_it = was_just_handed_in(turn) or any(reply.text.startswith(_READ_OUT) for reply in turn.said_before)
    return is_of_it and bool(_PUTS_RIGHT.search(turn.text)) and not turn.form


_ONLY_BACK = re.compile(
    r"(?:我|俺|要|想|那|就|给(?:我|俺)|把|刚才|刚刚|说|问|的|话|这[个些句]|那[个些句]|前面|上面|撤回|撤销|撤掉|撤|收回|来|去"
    r"|吧|了|呗|啊|[，, ])+"
)
_HAD_A_CASE = re.compile(r"GD[0-9]{8}-[0-9]{4}|核对好了|提交")


def takes_back_words(turn: Turn) -> bool:
    """ "撤回" and "我撤回刚才的话" in a talk in which nothing was handed in and nobody proved who they are."""
    said = (text for who, text in turn.transcript if who == "assistant")
    is_bare = _ONLY_BACK.fullmatch(turn.text.strip(" 。.！!"))
    return bool(is_bare) and not turn.form and len(turn.transcript) > 1 and not any(map(_HAD_A_CASE.search, said))


def is_to_stay(turn: Turn) -> bool:
    """ "还是照样告，别撤了" of a ticket that staff were asked to take back."""
    was_asked = any(_ASKED_BACK in text for who, text in turn.transcript if who == "assistant")
    return was_asked and keeps_filing(turn.text)


def what_became(turn: Turn) -> Outcome | None:
    """ "先别撤了" and "刚才撤没撤" with nothing open: what became of it; None to anything else."""
    if not (keeps_filing(turn.text) or asks_if_withdrawn(turn.text)):
        return None
    is_withdrawn = any(say("withdrawn", name="", number="").text[:4] in text for who, text in turn.transcript)
    return Outcome((say("withdrawn_already" if is_withdrawn else "nothing_withdrawn"),))
