"""Whether somebody complains, takes a complaint back or drops what is being registered, in their own words. Pure."""

from __future__ import annotations

import re

from language.clauses import clauses
from language.person_wanted import wants_person
from language.stance import ASKS, END, OBJECT

_NOT_MINDED = "(?:不打算|没打算|不准备|不必|用不着|懒得|没必要|没有必要|犯不着|犯不上|不值当|谁说要|没说要)(?:去)?"
_COMPLAINS_NO_MORE = re.compile(
    rf"没(?:什么|啥)(?:要|好|可)?(?:投诉|举报)的|(?:不|别|甭|不要|不想|不用|{_NOT_MINDED})(?:再)?(?:投诉|举报|反映|告|提意见|提建议|建议|表扬|登记|[投提](?=了|啦)){OBJECT}{END}"
    rf"|(?:不想|{_NOT_MINDED})(?:再|去)*(?:投诉|举报)[^，,。吗么？?]{{1,8}}了{END}|撤(?:回|销)?(?:我的|那个|刚才的)?(?:投诉|举报)"
)
_NEVER_COMPLAINED = re.compile(
    r"(?:我|俺|谁)(?:可|也|又|都|就|从来|压根|根本|真的?|并)*(?:没|没有|不是)(?:要|想|说|说要|来|打算|去)?(?:投诉|举报)(?:过|谁|你们?|他们?|她们?|人家|任何人)*"
    rf"(?:的|呀){{0,2}}{END}"
)
"""They are taken to complain, and do not: "我没投诉过啊", "你们咋说我投诉了，我没投诉"."""
_FIRST_TIME = re.compile(r"第一次|头一回|这回|这次|没人|没用|之前|以前")


_BEFORE_INSTEAD = r"^(?:哎?呀?|唉|不|不是|那|算了|我|俺|又|也|可|就|你|[，,。 ])*"
_NONE_MEANT = r"先?(?:不是(?:要|想|来)?|没(?:有)?(?:要|想|说)(?:要)?|不(?:想|要|用|必)?|别|甭)(?:再|去|给我|给俺)*"
_INSTEAD = re.compile(
    rf"{_BEFORE_INSTEAD}(?:{_NONE_MEANT}(?:投诉|举报|投(?=了))(?:谁|你们?|他们?|她们?)?"
    r"|(?:投诉|举报)(?:的事|这事)?(?:我|俺|就|那|先|倒|也)*(?:不用|不必|不要|免|算|不想)(?:投诉|举报|弄|办)?)"
    r"(?:了|啦|的|吧|啊|呀)*(?:[，,。；;！! ]+|(?=(?:我|俺)(?:就|只|是|想)|就是?[想问]|只是))(?P<rest>.+)"
)
_LEADS_IN = re.compile(
    r"^(?:我|俺|是|就|就是|只是|只|来|先|想|要|你|您|再|还是|麻烦|请|[，, ])*"
    r"(?:告诉(?:我|俺)|问问?|知道|打听|咨询|了解|(?:给|跟|和)(?:我|俺)(?:说说|讲讲|说一?下|讲一?下)|说说|讲讲)"
    r"(?:一?下)?(?:下|(?:一?个|点)(?:事儿?|问题))?[：:，, ]*"
)


def asks_instead(text: str) -> str:
    """The question of somebody who does not complain, but wants to know something: "门诊报多少" of "我不是要投诉，我是
    想知道门诊报多少"; "" when the words are no such thing."""
    match = _INSTEAD.match(text)
    if match is None or not (_LEADS_IN.match(match["rest"]) or ASKS.search(match["rest"])):
        return ""
    return _LEADS_IN.sub("", match["rest"]).strip(" ，,。")


_COMPLAINS_PLAINLY = re.compile(
    r"(?:我|俺)(?:就|是|可|也|今天|这回|必须|非)*(?:要|想|得)(?:再)?(?:投诉|举报)(?!电话|热线|渠道|的|怎|咋|到|找|谁|去哪)"
)


_OR_ELSE = re.compile(r"再(?:不|这么|这样|拖)|要是|如果|不然|否则|不给")
"""Before it, it is a threat, and what is wanted is something else: "再不给办我就要投诉了"."""


def complains_plainly(text: str) -> bool:
    """ "不是改手机，我要投诉你们": whatever else the sentence sounds like."""
    found = _COMPLAINS_PLAINLY.search(text)
    if found is None or _OR_ELSE.search(text[: found.start()]) or takes_complaint_back(text):
        return False
    return any(_COMPLAINS_PLAINLY.search(one) and not ASKS.search(one) for one in clauses(text))


def takes_complaint_back(text: str) -> bool:
    """ "不投诉了", "别登记了", and with a question instead."""
    if asks_instead(text):
        return True
    if _NEVER_COMPLAINED.search(text) and not _FIRST_TIME.search(text):
        return True
    return any(_COMPLAINS_NO_MORE.search(one) and not ASKS.search(one) for one in clauses(text))


_TICKET_DROPPED = re.compile(
    rf"^(?:那|就|还是|唉|哎|嗯|谢谢|我|俺|[，, ])*(?:不用|不要|不必|不需要|用不着|不了)(?:了|啦|吧)*{END}"
    r"|没(?:什么|啥)?事(?:儿)?了|(?<![结打清计预换核划])算了(?!没|吗|么|多少|几|\d)|拉倒|罢了|当我没说|到此为止|打住|取消|作废"
    rf"|(?:不|别|甭|不用|不要|不想|不必|不需要|用不着)(?:再)?(?:(?<!不)(?:给我|给俺|帮我|替我|跟我))?(?:再)?"
    rf"(?:(?:登记|(?:麻烦|折腾)(?:你们?|您)?){END}|(?:登记|记|留|办|弄|搞|找人|找|转人工|转)(?:电话|号码|下去)?{OBJECT}(?:了|吧|啦|呗))"
    r"|(?:不用|别|甭|不要|不必|不需要|用不着|不想)(?:再|你们|你)*(?:给我|给俺|跟我|来)?(?:再)?(?:回电|回话|打|联系)(?:电话|过来|回来|我|俺)*(?:了|吧|啦|$)"
)
_TOLD_OF_THEM = re.compile(
    r"(?:说|讲|告诉|让我|叫我|回我|骂|窗口|人家|他们?|她们?|大夫|医院|工作人员)[^，,。；;]{0,8}$"
)
"""Before it, it is what somebody else said: "窗口说今天不办了"."""
_NO_END = re.compile(r"(?:不|别|哪|没|咋|怎么)(?:能|会|可能|想|要|有|许)?(?:就|这么|这样|那么|跟他|跟你们)*$")
_THREATENS = re.compile(r"告你|去告|[里市省]告|上访|12345|信访|找你们|催|曝光|记者|电视台|没完|不解决")


_STILL_WANTED = re.compile(
    r"(?:还是|那就|就|不过|但是?|接着|继续|得|要|给我|改成?).{0,4}(?:登记|投诉|举报|反映|记上?|留|打|回电|转)(?!了)"
)


def drops_ticket(text: str) -> bool:
    """What is being registered is not wanted any more, whatever else is said: "没事了", "别给我打了", "算了我自己去".

    Not a threat ("再不办我去告"), a question ("没事了吗"), or what somebody else said.
    """
    if asks_instead(text):
        return True
    if _THREATENS.search(text) or ASKS.search(text) or wants_person(text):
        return False
    if takes_complaint_back(text):
        return True
    return any(
        not _TOLD_OF_THEM.search(text[: found.start()])
        and not _NO_END.search(text[: found.start()])
        and not _STILL_WANTED.search(text, found.end())
        for found in _TICKET_DROPPED.finditer(text)
    )


_NO_CALL_WANTED = re.compile(
    r"(?:那|就|我|俺|咱|都|也)*(?:不用|别|甭|不要|不必|不需要|用不着|不)(?:再|麻烦|你们?|恁|他们?|人|给(?:我|俺)|来|让[^，,。]{1,4})*"
    r"(?:回电话?|回话|打电话|打|联系|转(?:人工)?|管|麻烦)(?:你们?|您|我|俺|过来|回来|给(?:我|俺)|这事|这个)*"
    rf"(?:了|啦)?{END}"
)


def calls_off(text: str) -> bool:
    """No call is wanted any more: "不用给我打电话了", "我自己解决了，不用管了"; not "打不打", "不打我就去告"."""
    if ASKS.search(text) or _THREATENS.search(text):
        return False
    return any(_NO_CALL_WANTED.fullmatch(one) for one in clauses(text))


_HOW_IT_GOES = re.compile(
    r"(?:投诉|举报|反映|建议|意见)(?:的)?(?:那个|那件|这个|那|这)?(?:事|问题|单子|工单)?(?:的)?(?:办理|处理)?(?:得|的)?(?:进度|结果|进展|到哪|咋样了|怎么样了|有信|办到)"
)


def asks_how_it_goes(text: str) -> bool:
    """ "投诉进度咋样了", "俺反映的那事处理得咋样了": of what was registered before."""
    return bool(_HOW_IT_GOES.search(text)) and len(text) <= _SHORT_QUESTION


_SHORT_QUESTION = 20
"""Characters."""
_NEVER_SPENT = re.compile(
    r"(?:刷|扣|花|少|买).{0,14}(?:不是(?:我|俺)(?:刷|花|买|弄)?|(?:我|俺)(?:可|又|都|也|压根|根本|从来)*没(?:有)?(?:去|刷|花|买|用)过?)"
    r"|盗刷|冒用|(?:不是(?:我|俺)|(?:我|俺)没)(?:刷|花)(?:的|过)"
)


def says_never_spent(text: str) -> bool:
    """Money went that they never spent: "卡里少了三百，我没花过"."""
    return bool(_NEVER_SPENT.search(text))
