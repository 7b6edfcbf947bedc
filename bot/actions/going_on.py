"""What a message means behind what was said: "阿卡波糖呢" behind a drug, "那给我办吧" behind an answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.actions.protocol import Turn
from bot.flows.asides import asks_how_long
from bot.flows.goals import query_kind
from bot.flows.identify.relatives import KIN, somebody
from bot.flows.small_words import sounds_like_question
from bot.flows.wished import says_plainly, wants_looking_up
from bot.flows.wording import say
from language.following import INSURANCE, and_what_of, asks_supposing, says_which_insurance

ERRAND = "errand"
"""Value of the slot `offer`."""
DO_IT = "现在就办"
"""The button of an answer whose matter has an errand (`bot.actions.answers`)."""
_OF_DRUGS = re.compile(r"(?:医保药品)?目录里(?:有|没有)")
"""How an answer out of the drug catalogue begins."""
_STILL = re.compile(
    r"(?:那|这个?|它|现在|[，, ])*(?:还|到底)*(?:管用|有效|能用|作数|到期|过期|生效)(?:不|吗|么|没有?|了|[？?])*"
)
_OF_QUERIES = re.compile(rf"{say('anything_else').text}|要接着办就说“接着办”")
"""How the answer to a query ends."""
_LESS = re.compile(
    r"(?:咋|怎么|为啥|为什么|才|就|只)[^，,。]{0,4}(?:这么|这|那么|么)(?:点|少|些)|少了|对不上|不止这|还有.{1,6}(?:百|千|万)多"
)
"""They thought there was more of it: where it went is told."""
_LOOKED_UP = ("progress", "remote", "chronic", "status")
"""What one asks on about once it was told."""
_WHO = rf"(?:(?:我|俺|咱)?(?:家)?(?:自己|自个儿?|本人|{KIN})|我|俺|咱|他|她)"
_SO = r"(?:好|行|中|嗯|对|那|就|也|你|您|您这|你这|这|能|可以|会|直接|现在|马上|先|麻烦|要|想|[，, ])*"
_TO_DO = re.compile(
    rf"{_SO}(?:把(?:它|这个|那个|备案|手续))?(?:{_WHO}(?:要|想|就|也)*|(?:给|帮|替){_WHO}?(?:现在|马上|直接|也|先)*)?{_SO}"
    r"(?:办|申请|备|弄|登记)(?:理|上)?(?:一?[个下份]|这个|这件|了(?=吧|呗)|吧|呗|呀|啊|不|吗|么|行不|[？?])*"
)
_AGREES = re.compile(r"^(?:中|行|好|好的|嗯|对|可以|成|管)[，,。 ]+(?=.*[办申备弄登])")
_WHETHER_THEY_MAY = re.compile(
    rf"(?:那|那么|像)?(?:(?:我|俺|咱)(?:们)?(?:家)?(?:{KIN})?|{KIN}|他|她)(?:这种|这样|这个|这)?(?:的)?(?:情况|病)?"
    r"(?:能|可以|能不能|够不够格|符合)[^你您恁给]{0,4}[办申报](?:理|请)?(?:吗|么|不|不能)?[？?]?"
)
"""Whether it is for them: a question, where "你能给办不" is a wish."""
_IF_YOU_CAN = re.compile(r"(?:要是|如果)?能(?:办|弄|申请|报)就(?:给我|给俺|帮我)?(?:办|弄|申请|报)(?:吧|了|呗|上)*")
_REMEMBERED = 3
"""Messages."""


def to_do(turn: Turn, names_it: Callable[[str], bool] = lambda said: False) -> str:
    """The words of a wish for what was just talked about: "那给俺办一个吧", "你能给办不", "现在办"; "" else.

    `names_it`: whether the citizen's own words name an errand; only else that of the answer is meant."""
    if _WHETHER_THEY_MAY.fullmatch(turn.text.strip(" 。.")):
        return ""
    words = _AGREES.sub("", turn.text.strip(" 。.！!，,").replace("恁", "你")) or turn.text
    first, *others = re.split(r"[，,。；;]", words, maxsplit=1)
    rest = "".join(others)
    if turn.form or not (_TO_DO.fullmatch(first) or _IF_YOU_CAN.fullmatch(first)) or sounds_like_question(rest):
        return ""
    if turn.slot("offer") == ERRAND and turn.slot("offered_intent") == "file_item":
        return f"{turn.slot('offered_words')}，{turn.text}"
    offered = [button.payload for reply in turn.said_before for button in reply.buttons if button.title == DO_IT]
    for count in range(1, _REMEMBERED + 1):  # the errand may have been named before what was asked last
        own = "，".join([*said_before(turn)[-count:], turn.text])
        if names_it(own):
            return own
    return "，".join([*said_before(turn)[-1:], *offered, turn.text])


def asks_on(turn: Turn) -> bool:
    """ "要是没备案呢", "住院呢" right behind an answer ask about the rules; "我妈的呢", "给我办一个呢" do not."""
    if says_plainly(turn.text) or somebody(turn.text):
        return False
    if asks_supposing(turn.text):
        return True
    told = any(reply.sources for reply in turn.said_before)
    return told and bool(and_what_of(turn.text)) and not wants_looking_up(turn.text)


def of_other_insurance(turn: Turn) -> str:
    """The last question of the insurance that is named now: "那居民的呢", "不是，俺说的是职工的"; "" else."""
    asked = turn.slot("question")
    which = says_which_insurance(turn.text) or and_what_of(turn.text).removesuffix("的")
    if turn.form or not asked or not re.fullmatch(INSURANCE, which):
        return ""
    if named := re.search(INSURANCE, asked):
        insurance = "医保" if named[0].endswith(("医保", "保险")) and not which.endswith(("保", "保险", "合")) else ""
        return asked.replace(named[0], which + insurance)
    return f"{which}的，{asked}"


def drug(turn: Turn) -> str:
    """The message; "阿卡波糖呢" right behind what the catalogue says of another drug asks for this one."""
    what = and_what_of(turn.text)
    is_about_drugs = any(_OF_DRUGS.match(reply.text) for reply in turn.said_before)
    return f"查查{what}在不在目录里" if what and is_about_drugs else turn.text


def looked_on(turn: Turn) -> str:
    """The words of the next query right behind one: "缴费呢" behind the balance; of the same one, to "还得等几天" and
    "这个还管用不". "" for anything else."""
    if turn.form or not any(_OF_QUERIES.search(reply.text) for reply in turn.said_before):
        return ""
    if query_kind(and_what_of(turn.text)):
        return turn.text
    if _LESS.search(turn.text) and any(query_kind(words) == "balance" for words in said_before(turn)):
        return "查结算记录"
    if not (_STILL.fullmatch(turn.text.strip(" 。.")) or asks_how_long(turn.text)):
        return ""
    return next((words for words in reversed(said_before(turn)) if query_kind(words) in _LOOKED_UP), "")


def said_before(turn: Turn) -> list[str]:
    """What the citizen said last, without numbers."""
    said = [re.sub(r"[0-9Xx]{4,}", "", text).strip() for who, text in turn.transcript[:-1] if who == "citizen"]
    return [one for one in said if one][-_REMEMBERED:]
