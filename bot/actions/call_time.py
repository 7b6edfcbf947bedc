"""When somebody wants to be called back, as they say it. Pure."""

from __future__ import annotations

import re

from bot.actions.digits import digits_said

_N = "[0-9一二两三四五六七八九十]"
_TIME = re.compile(
    rf"(?:(?:这|下|本)?个?(?:周|星期|礼拜)[一二三四五六日天]|[今明后](?:天|儿)|{_N}{{1,3}}(?:月{_N}{{1,3}})?[日号])?"
    rf"(?:早上|早晨|上午|头晌|中午|下午|过晌|后晌|傍晚|晚上)?(?:{_N}{{1,3}}点(?:半|钟)?(?:以后|以前|之后|之前|到{_N}{{1,3}}点)?)?"
)
_SAYS_WHEN = re.compile(r"周|星期|礼拜|[今明后][天儿]|早|午|晌|傍晚|晚上|点(?:半|钟|以|之|到)")
_NOT_THEN = re.compile(r"(?:别|不|甭)(?:要|在)?$")
_OF_CALLING = re.compile(
    r"那|就|要不|最好|嗯|是|行|好|中|恁|你们?|他们?|给|我|俺|打|来|回|联系|电话|过来|吧|呗|呢|啊|都|可以|能|再|别"
    r"|在家|有空|没空|下地|接|说|让|叫|得|的|了|不|[，,。.！!？? ]"
)
_LITTLE, _PART_OF_NUMBER = 6, 5
"""Characters besides; and digits from which on a number may be meant."""


def time_to_call(text: str) -> str:
    """周四上午 of "周四上午吧，别周三打": when somebody wants to be called, in a sentence that says little else."""
    times = [
        match[0]
        for match in _TIME.finditer(text)
        if _SAYS_WHEN.search(match[0]) and not _NOT_THEN.search(text[: match.start()])
    ]
    if not times or len(digits_said(text)) >= _PART_OF_NUMBER:
        return ""
    rest = _TIME.sub("", text)
    return times[0] if len(_OF_CALLING.sub("", rest)) <= _LITTLE else ""
