"""Whether somebody who greets, and says who they are, has come to their matter as well. Pure."""

from __future__ import annotations

import re

_GREETING = re.compile(
    r"^(?:各位|同志|大夫|师傅|老师|姑娘|闺女|小伙子|小姐|先生|客服|领导|喂|哎|诶|欸|您|你|恁|好|早|早上|上午|中午|下午"
    r"|晚上|呀|啊|[，,。！! ])+"
)
_WHO_CALLS = re.compile(
    r"^(?:我|俺)(?:就是|这是|是)?(?:一?个)?[^，,。问 ]{0,8}(?:教师|老师|农民|工人|村医|家属|人|的|[村镇县])"
    r"(?:[，,。 ]+|$)"
)
_WANTS_TO_ASK = re.compile(
    r"^(?:那个|就是|[，, ])*(?:我|俺)?(?:就|来|先)?(?:想|要)?(?:问问?|咨询|打听|请教|麻烦)"
    r"(?:一?下|个(?:事儿?|问题)|您|你|恁)*[，,。：: ]*"
)
_SHORTEST_MATTER = 5
"""Characters."""


def says_more_than_greeting(text: str) -> bool:
    """ "同志你好 我退休教师 想问一下 最少得交多少年": behind the greeting there is a matter."""
    rest = _GREETING.sub("", text)
    rest = _WANTS_TO_ASK.sub("", _WHO_CALLS.sub("", rest, count=1), count=1).strip("，,。！!？? ")
    return _SHORTEST_MATTER <= len(rest) < len(text)
