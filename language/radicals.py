"""Radicals back to characters: PDF writers often name 民 as ⺠ and 一 as ⼀, which look the same and are not.

The characters of the block "Kangxi Radicals" have compatibility mappings (NFKC), with traditional forms for a few;
those of "CJK Radicals Supplement" have none, so the ones that stand alone as simplified characters are listed.
"""

from __future__ import annotations

import re
import unicodedata

_RADICALS = re.compile(r"[\u2e80-\u2fdf]")
_SIMPLIFIED = dict(
    zip(
        "⺁⺆⺇⺊⺎⺒⺓⺟⺠⺧⺩⺪⺬⺮⺶⺻⺽⻁⻄⻅⻆⻇⻉⻊⻋⻑⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⼾⾭⿈",
        "厂冂几卜兀巳幺母民牛王疋示竹羊聿臼虎西见角角贝足车長长门阜雨青韦页风飞食首马骨鬼鱼鸟卤麦黄黾齐齿龙龟户青黄",
        strict=True,
    )
)


def unfold(text: str) -> str:
    """The same text, of the same length, with characters instead of radicals."""
    return _RADICALS.sub(lambda match: _character(match.group()), text)


def _character(radical: str) -> str:
    return _SIMPLIFIED.get(radical) or unicodedata.normalize("NFKC", radical)
