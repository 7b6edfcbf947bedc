"""What is said of what was handed in or registered: it is to be taken back, is to stay, or is put right. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from base.messages import Reply
from bot.actions.digits import read_digits
from bot.actions.protocol import Turn
from bot.actions.talked_about import was_just_handed_in
from bot.flows.small_words import sounds_like_question
from bot.flows.wording import say
from bot.sayings import say as say_of_talk
from casework.tickets.progress import KIND_SPOKEN
from casework.tickets.said_later import Became
from language import stance
from language.complaints import calls_off
from language.stance import keeps_filing

CALLS_BACK = re.compile(r"当我没(?:说|提)|后悔|不提了|撤|取消|作废|收回|退回|交错|报错|不(?:办|报|交|要)了")
"""Said to a receipt, what was just handed in is meant."""
A_PART = re.compile(r"(?:那|这|哪)(?:一)?(?:条|句|部分|点|项)")
_PUTS_RIGHT = re.compile(
    r"(?:弄|写|填|报|说|搞|打|记)错.*是.|不是.{1,20}[，, ]*是.|应该是.|改成.|"
    r"改(?![天日善革造签])(?:一)?下?[，, ]*[^，,。]{0,6}(?:是|到|成).|"
    r"是[^，,。]{1,12}[，, ]*不是[^，,。吗么]{1,12}$"
)
"""Said to a receipt, something in what was handed in is put right."""
_READ_OUT = say("ticket_words", words="").text[:3]
_ASKED_WRONG = say("what_was_wrong").text
_ASKED_BACK = say_of_talk("utter_taken_back").text.partition("{")[0]
"""How word begins that staff will take a ticket back."""


class Of(Enum):
    """What a message says of what was just handed in or registered."""

    RIGHT = "what is wrong, and what is right"
    WRONG = "that something is wrong"
    NOT_YET = "that it was not to be handed in"


_WRONG = re.compile(r"不对|错[了啦]|[写填弄报说搞打记]错|有误|不正确")
_NOT_WRONG = re.compile(r"没错|对不对|没[写填弄报说搞打记]错|错没|[吗么？?]$|要是|如果|万一")
_VALUE = re.compile(r"(?<!不)(?:是|叫|改成|换成)(?!不是|错)[^，,。吗么]{2,}|[0-9]{6,}")
_NOT_YET = re.compile(
    r"(?:别|甭|不要|没让|没叫|谁让|谁叫|没说|不该)[^，,。]{0,4}(?:交|提交|报上|办)(?!了没|多少)"
    r"|(?:谁|没)(?:让|叫)(?:你们?|恁)?(?:给(?:我|俺))?(?:登记|记)"
    r"|等(?:一?下|会儿?|等)[，, ]*(?:先)?(?:别|不)|(?:咋|怎么)就(?:给(?:我|俺))?(?:交|提交|报|办)(?:上去)?了"
)


def of_receipt(turn: Turn) -> Of | None:
    """What is said right behind the receipt, behind what was registered as it was read out, or in answer to what was
    wrong: "是曲阜的药店，不是邹城的", "医院不对", "等下，别交"; None for anything else."""
    is_answer = _was_said(turn, _ASKED_WRONG)
    is_of_it = is_answer or was_just_handed_in(turn) or _was_said(turn, _READ_OUT)
    is_of_late = bool(_LABEL.search(turn.text)) and any(map(_RECEIPT.search, _said_lately(turn)))
    if turn.form or not (is_of_it or is_of_late) or _ANOTHER.search(turn.text):
        return None
    if _NOT_YET.search(turn.text):
        return Of.NOT_YET
    if _PUTS_RIGHT.search(turn.text):
        return Of.RIGHT
    if _WRONG.search(turn.text) and not _NOT_WRONG.search(turn.text):
        return Of.RIGHT if _VALUE.search(turn.text) else Of.WRONG
    is_value = not (turn.intent in _NO_VALUE or CALLS_BACK.search(turn.text) or sounds_like_question(turn.text))
    return Of.RIGHT if is_answer and is_value and not stance.declines(turn.text) else None


_ANOTHER = re.compile(
    r"(?:再|另外|还|顺便)[^，,。]{0,3}(?:给|帮|替)(?:我|俺|咱)|医保(?:上|里)?登记|登记的(?:那个)?(?:手机|电话)"
)
"""Another wish: the number on record is changed by a filing of its own."""
_LABEL = re.compile(
    r"医院|城市|地方|地点|日期|日子|时间|电话|手机|号码?(?:错|不对)|病种|得的病|金额|钱数|名字|姓名|地址|卡号"
)
_RECEIPT = re.compile(r"GD[0-9]{8}-[0-9]{4}")
_LATELY = 7
"""Of the transcript: how far back a receipt may be where what was wrong in it is named."""


def with_what_was_wrong(turn: Turn) -> Turn:
    """ "电话号码错了，13800001111": the value with what it is of, where that was said before."""
    before = [text for who, text in turn.transcript[:-1] if who == "citizen"]
    return replace(turn, text=f"{before[-1]}，{turn.text}") if before and _was_said(turn, _ASKED_WRONG) else turn


def _said_lately(turn: Turn) -> list[str]:
    return [text for who, text in turn.transcript[-_LATELY:] if who == "assistant"]


_NO_VALUE = ("thanks", "goodbye", "affirm", "deny", "cancel", "human_agent", "emergency", "complaint")


def _was_said(turn: Turn, beginning: str) -> bool:
    return any(reply.text.startswith(beginning) for reply in turn.said_before)


_ONLY_BACK = re.compile(
    r"(?:我|俺|要|想|那|就|给(?:我|俺)|把|刚才|刚刚|说|问|的|话|这[个些句]|那[个些句]|前面|上面|撤回|撤销|撤掉|撤|收回|来|去"
    r"|吧|了|呗|啊|[，, ])+"
)
_HAD_A_CASE = re.compile(r"GD[0-9]{8}-[0-9]{4}|核对好了|提交")


_CALL_PROMISED = say_of_talk("utter_ticket_opened").text.partition("{due}")[2].partition("。")[0]
"""How word ends that somebody will call."""


def calls_off_call(turn: Turn) -> bool:
    """ "不用给我打电话了" where a call back was promised in this talk."""
    said = (text for who, text in turn.transcript if who == "assistant")
    return not turn.form and calls_off(turn.text) and any(_CALL_PROMISED in text for text in said)


def takes_back_words(turn: Turn) -> bool:
    """ "撤回" and "我撤回刚才的话" in a talk in which nothing was handed in and nobody proved who they are."""
    said = (text for who, text in turn.transcript if who == "assistant")
    is_bare = _ONLY_BACK.fullmatch(turn.text.strip(" 。.！!"))
    return bool(is_bare) and not turn.form and len(turn.transcript) > 1 and not any(map(_HAD_A_CASE.search, said))


def is_to_stay(turn: Turn) -> bool:
    """ "还是照样告，别撤了" of a ticket that staff were asked to take back."""
    was_asked = any(_ASKED_BACK in text for who, text in turn.transcript if who == "assistant")
    return was_asked and keeps_filing(turn.text)


_ADDS = re.compile(
    r"^(?:[^，,。]{0,14}(?:那|这)[个件条][，, ]*)?(?:那|就|我|俺|要|想|得|麻烦|给(?:我|俺)|帮(?:我|俺)|再|还|[，, ])*"
    r"(?:补充?|加|添|备注)(?:上)?(?:一|几|两)?(?:句|条(?!件)|点(?=[，,：: ]|内容|情况|说明))"
)


def adds_words(text: str) -> bool:
    """ "再补一句，产前检查那个是双胞胎": more of what was handed in, whatever the rest names."""
    return bool(_ADDS.search(text)) and not sounds_like_question(text)


_PART_OUT = re.compile(
    r"从[^，,。]{0,12}(?:申请|单子|那[个件]|这[个件]|刚才的?|交的|里头?|里面|上面?)[^，,。]{0,4}"
    r"(?:去掉|去了|删掉?|拿掉|划掉|抹掉|减掉|除掉|剔掉|摘掉)"
    r"|(?:申请|单子|工单|交的那[个件]?|刚才的?)(?:里|上)(?:头|面|边)?[^，,。]{0,6}(?:去掉|删掉?|拿掉|划掉|抹掉|减掉|剔掉|别写|不要写)"
)
_VALUE_OUT = re.compile(
    r"(?:先|就)?(?:不要|不办|不报|不弄|不算|去掉|删掉|拿掉|划掉|取消)(?:了|吧|掉)|(?:把|去掉|删掉|拿掉|划掉)[^，,。]{2,10}"
)
_NOT_A_CASE = re.compile(r"系统|微信|手机里|手机上|卡里|账户|信息|名单|授权")


def takes_part_out(text: str) -> bool:
    """ "冠心病从那个申请里去掉": a part of what was handed in, and not the whole of it."""
    return bool(_PART_OUT.search(text)) and not _NOT_A_CASE.search(text) and not sounds_like_question(text)


def may_take_value_out(text: str) -> bool:
    """ "冠心病先不要了": so, where what was handed in lists it beside others."""
    return bool(_VALUE_OUT.search(text)) and not sounds_like_question(text)


_STILL_THERE = re.compile(
    r"(?:那|这个?|它|现在|我|俺|的|我那|俺那|刚才|[，, ])*(?:还|都)*在(?:不在|吗|吧|么|没)(?:啊|呢|了)*[？?]?"
    r"|[^，,。？?]{2,12}(?:还|都)在(?:不在|吗|吧|么)[？?]?(?:$|[，,。 ].*)"
)
_OF_OTHERS = re.compile(r"医院|药店|窗口|大厅|目录|上班|值班|授权|医保(?:还|都)在|关系|有效")


def asks_if_there(text: str) -> bool:
    """ "那还在不在", "苏州备案还在吧": of what was handed in."""
    return bool(_STILL_THERE.fullmatch(text.strip(" 。.！!"))) and not _OF_OTHERS.search(text)


_MOST_TOLD = 3


def told_of(became: Sequence[Became]) -> Reply:
    """What became of each, as a ticket and no talk remembers it."""
    known = [_one(one) for one in became[:_MOST_TOLD]]
    return Reply("".join(one.text for one in known), "".join(one.to_say for one in known))


def _one(one: Became) -> Reply:
    key = f"became_{one.fate.name.lower()}"
    name = f"“{one.name}”" if one.name else KIND_SPOKEN.get(one.kind.value, one.kind.value)
    spoken = one.name_spoken or KIND_SPOKEN.get(one.kind.value, one.kind.value)
    tail = read_digits(one.number[-4:])
    return Reply(
        say(key, name=name, number=one.number, tail="").text, say(key, name=spoken, number="", tail=tail).to_say
    )
