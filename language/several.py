"""Several questions of one message, each by itself: "要办多久？要带啥材料？能不能在网上办". Pure."""

from __future__ import annotations

import re

_STOP = re.compile(r"[^，,。；;！!？?]*[，,。；;！!？?]*")
_SPACE = re.compile(r"(?<=[一-龥])\s+(?=[一-龥])")
_BESIDES = re.compile(
    r"(另外(?!再|的|那|一|加|交|掏|收|给|拿|花|算|出|付)|"
    r"还有(?:就是|一个|一件)|(?<=[，,。？?！!；; ])还有(?!没|啥|什么|吗|么|呢|别|多|几|谁|哪|就|其他|其它)|"
    r"再一个|再就是|再问(?:一下|一句)|顺便(?:问|再)|还想问|其次|第二[个件]?[，,是])"
)
_UNSURE = r"(?<!不知道)(?<!不晓得)(?<!不知)(?<!不懂)(?<!不会)(?<!不管)(?<!别管)"
_ASKS = re.compile(
    rf"[吗么？?]$|(?<!着)呢$|{_UNSURE}(?:怎么|咋)(?!又|还[没不])|{_UNSURE}(?:啥|什么|多少|谁|哪[里儿个些家一月天年几]|[在去到上]哪)"
    r"(?!.{0,3}[也都])(?!的)|(?<![好这那有了住回前后等过头十百])几[天个次年种月号成家](?!没)|多[久长]"
    r"|能不能|可不可以|用不用|要不要|是不是|会不会|行不行|算不算|给不给|得不得"
    r"|(?:能|要|得|用|给|可以|算|管).{0,10}不$|[办报行中能成要用够]不$|([一-龥])[不没]\1"
)
_TAG = re.compile(
    r"(?:你|您|恁|大家|咱|这|这样|我|俺|那|就|说|看|想|听|能|都|[,，])*(?:行不行|中不中|成不成|好不好|对不对|是不是|能听见|听得见|听见|在不在|在吗|可以吗|行吗|好吗|对吗|是吧|"
    r"怎么办|咋办|咋整|咋弄|怎么样|咋样|什么意思|啥意思|怎么说|咋说)(?:啊|呀|呢|吗|么|不|没|了|[？?])*"
)
"""A word put behind what was said, or before it: no question of its own."""
_SUPPOSES = re.compile(
    r"^(?:要是|如果|假如|万一|的话|只要)|的话[，,]?$|^(?:因为|由于|听说|听人|人家|他们|她|他|有人|大夫|医生|医院|窗口|村里|社区)[^，,]{0,6}说"
)
_ALTERNATIVE = re.compile(r"还是|或者|要不就?是")
"""The other half of "还是…": of one question."""
_MARK = " ，,。；;！!？?"
_SHORTEST, _MOST = 4, 4
"""Characters of a question; questions."""


def questions(text: str) -> tuple[str, ...]:
    """The questions of a message in their order, what is told before each with it; the message alone where it is one.

    What only goes on from the one before ("要带啥材料") stays as it is: who answers knows what was talked about."""
    found: list[str] = []
    told = ""
    for piece in _pieces(text):
        bare = piece.strip(_MARK)
        if not bare:
            continue
        if _ALTERNATIVE.match(bare) and found and not told:
            found[-1] = f"{found[-1]}，{bare}"
            continue
        told = f"{told}，{bare}" if told else bare
        if _is_question(piece, bare):
            found.append(told)
            told = ""
    if told and found:  # what is told behind the last one belongs to it
        found[-1] = f"{found[-1]}，{told}"
    if not 1 < len(found) <= _MOST:
        return (text,)
    return tuple(found)


def _pieces(text: str) -> list[str]:
    """What stands between stops, spaces and "另外"; a question keeps its mark."""
    parted = _BESIDES.sub("，", _SPACE.sub("，", text.strip()))
    return [piece for piece in _STOP.findall(parted) if piece]


def _is_question(piece: str, bare: str) -> bool:
    marked = piece.rstrip(" ").endswith(("?", "？"))
    if len(bare) < _SHORTEST or _TAG.fullmatch(bare) or _SUPPOSES.search(bare):
        return False
    return bool(_ASKS.search(f"{bare}？" if marked else bare))
