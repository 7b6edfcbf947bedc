"""Do the words say that the speaker has finished? What the ear of the turn model leaves open, a question often settles.

Pure. Only words that end a question count: a statement may always go on ("我妈在南京住着院，…").
"""

from __future__ import annotations

import re

_TRAILING = re.compile(r"[\s，。！？、,.!?]+$")
_ENDS_A_QUESTION = re.compile(
    r"(?:[吗呢嘛]|[行中能要用可是有对够管报补交缴办去算备住带得]不|[行成好对][吧么]|多少|多少钱|几[天年次种个回月]|多久|多长时间|"
    r"[怎咋][么]?[办弄搞着整]|怎么回事|啥[时样]候|什么时候|[去在上到]?(?:哪|哪里|哪儿|哪办|啥地方|什么地方)|"
    r"(?:是|叫|要|带|交|写|算|办|有)(?:啥|什么)|(?:啥|什么)(?:材料|手续|条件|东西|证件|意思)|谁|哪个|哪些|哪几[种个样])$"
)
_ENDS_A_CALL = re.compile(r"(?:再见|拜拜|挂了|没[别其]?[的他]?事了|谢谢[你您]?)$")


def is_complete(text: str) -> bool:
    """Whether `text`, as recognised so far, ends like a question or a goodbye."""
    said = _TRAILING.sub("", text)
    return len(said) >= 4 and bool(_ENDS_A_QUESTION.search(said) or _ENDS_A_CALL.search(said))
