"""What people ask about an authorisation before they give one: what the other may see and do, whether money can go, for
how long. Facts of this service (`casework.people.authorisations`), so no document is asked. Pure."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.flows.small_words import sounds_like_question
from bot.flows.wording import say

_OF_IT = re.compile(r"授权|委托|代办人")
_ALREADY = re.compile(r"到期了?没|还(?:能|会|可以|有效)|谁|过期|查查|看看我|给我查|授了|授过|收回|取消|撤")
"""What was given: their own records tell."""
_MONEY = re.compile(
    r"(?:取|拿|转|划|花|动|提|刷|支|偷)(?:走|出|现|掉|我|俺|了)*[^，,。]{0,4}(?:钱|余额|存款)"
    r"|(?:钱|余额|存款|卡)[^，,。]{0,8}(?:取|拿|转|划|花|动|提|刷|支|偷|弄)(?:走|出|掉|没|了)"
)
_HOW_LONG = re.compile(
    r"(?:管|有效|能用|算)[^，,。]{0,3}(?:多[久长]|几[年天个])|多[久长](?:时间|有效|到期)?|一直.{0,4}(?:有效|管用|算)|永远|一辈子"
)
_TAKE_BACK = re.compile(
    r"(?:后悔|反悔|变卦|不想让|不放心)[^。]{0,10}(?:咋|怎么|能|行|可以)|(?:能|可以|咋|怎么)[^，,。]{0,6}(?:收回|撤|取消|停)"
)
_MAY = re.compile(
    r"(?:能|可以|会|都)[^，,。]{0,6}(?:看|查|知道|办|干|管)(?:见|到|着)?[^，,。]{0,10}(?:啥|什么|哪些|吗|么|不(?![一-龥])|[？?])"
    r"|(?:看得?|查得?)(?:见|到|着)[^，,。]{0,8}(?:吗|么|不(?![一-龥])|[？?])|能不能[^，,。]{0,4}(?:看|查|知道|办|管)"
    r"|是不是[^，,。]{0,6}(?:能|可以|会)?(?:看|查|知道|办)"
)


def asked(text: str, *, in_it: bool) -> Reply | None:
    """The answer to a question about authorising; None to anything else.

    `in_it`: one is being given, so that it need not be named.
    """
    if not in_it and (not _OF_IT.search(text) or _ALREADY.search(text)):
        return None
    may_ask = sounds_like_question(text) or re.search(r"不[？?。]?$", text)
    if not may_ask:
        return None
    if _MONEY.search(text):
        return say("authorised_no_money")
    if in_it and _TAKE_BACK.search(text):
        return say("authorised_take_back")
    if _HOW_LONG.search(text):
        return say("authorised_how_long")
    return say("authorised_may") if _MAY.search(text) else None
