"""Where one clause ends and the next begins. Pure."""

from __future__ import annotations

import re

_SPACE = re.compile(r"(?<=[一-龥])\s+(?=[一-龥0-9])|(?<=[0-9Xx])\s+(?=[一-龥])")
"""Between two numbers it may only part the groups of one."""


_ENDS = re.compile(r"[，,。；;！!\s]+")


def clauses(text: str) -> list[str]:
    """What stands between commas, stops and spaces; a question keeps its mark."""
    return [one for one in _ENDS.split(text) if one]


def with_commas(text: str) -> str:
    """ "县医院 电话136… 不对 病改糖尿病": who speaks into a chat, or types without a comma, parts clauses by spaces."""
    return _SPACE.sub("，", text.strip())
