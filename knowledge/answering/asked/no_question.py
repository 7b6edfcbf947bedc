"""What citizens say that asks nothing: answers to a question of ours, thanks, a place or a number by itself.

Heard outside of the question that it belongs to, such a reply is answered by nobody; no document could.
"""

from __future__ import annotations

import re

from knowledge.answering.places import is_place_name
from knowledge.retrieval.normalise import plain

_REPLY = re.compile(
    "(?:好|好的|好吧|好嘞|好啊|嗯|恩|哦|噢|啊|呃|哎|唉|喂|行|行吧|中|成|可以|对|对的|对对|没错|是|是的|是呀|是啊|不是|不对|不|不用|"
    "不用了|不要|不要了|不办了|算了|没有|没有了|没了|没|有|知道|知道了|晓得了|明白|明白了|懂了|清楚了|听懂了|没听懂|收到|谢谢|谢谢你|"
    "谢谢您|多谢|麻烦了|辛苦了|你好|您好|再见|拜拜|在吗|在不在|继续|下一步|确认|确定|取消|返回|重来|等一下|等等|稍等|我自己|我本人|"
    "自己|本人|给自己|我的|我妈|我爸|我娘|给我妈|给我爸|我老伴|长期|临时|男|女|同意|不同意|提交|办|办吧|要|要的|ok|yes|no|呀|呢|吧|嘛|了|的|"
    "那|就|这样|哈|呵|嘿)+"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,12}(?:省|自治区|市|区|县|旗|镇|乡|街道|村)")
_HIDDEN = re.compile(r"〔[^〕]{1,8}〕")
_FIGURES = re.compile(r"[0-9a-z零〇一二三四五六七八九十百千两点年月日号时分幺]+")
_FEWEST_CHARACTERS = 3
"""Different ones, from six on: "啊啊啊啊啊啊" is a sound."""
_LONG = 6
_ASKED = re.compile("[?？吗呢啥怎咋哪谁几何]|什么|多少|不能|能不|是不是|有没有")


def asks_nothing(text: str) -> bool:
    """Whether a (masked) text is a reply and no question of its own."""
    words = plain(_HIDDEN.sub("", text))
    if not words:
        return True
    if _REPLY.fullmatch(words):
        return not _ASKED.search(text) or words in {"在吗", "在不在"}
    if len(words) >= _LONG and len(set(words)) < _FEWEST_CHARACTERS:
        return True
    is_name = is_place_name(words) or bool(_PLACE.fullmatch(words))
    return not _ASKED.search(text) and (is_name or bool(_FIGURES.fullmatch(words)))
