"""What only means something after what was talked about: "新生儿呢", "要是没备案呢". Pure; also imported by the engine
(Python 3.10)."""

from __future__ import annotations

import re

_AND = re.compile(
    r"(?:那|那么|哎|可是?|哦|噢|嗯|好|行|好的|[，,。 ])*(?:要是|如果|假如|换成|换了)?"
    r"(?P<what>[^，,。？?！! ]{2,10}?)(?:呢|咧|嘞|哩)[？?。！! ]*"
)
_NO_SUBJECT = re.compile(
    r"^(?:你|您|人|人家|还有|然后|接下来|往后|后[面边头续]|下[面边文]|别的|其他的?|其它的?|其余的?|剩下的?|另外|除.*外|完了|回头)$"
    r"|怎么|咋|啥|什么|多[少久长大]|几|谁|哪|为何|何时|干嘛|能不能|可不可以|要不要"
    r"|^(?:我|俺|咱|他|她)?(?:还|还没|正|正在|才|就|都|也)|着$|(?:依据|出处|文件|原文|政策|规定|条款)$|别的|听|说|想|等|找|看看|着急|生气"
)
_SUPPOSES = re.compile(r"(?:^|[，,。 那可哎])(?:要是|要不是|如果|假如|假设|万一|倘若)|(?:的话|的时候)(?:呢|[，,]|$)")
_ASKS = re.compile(
    r"[呢吗么？?咧嘞]$|怎么|咋|啥|什么|多少|多[久长]|几[天个次年]|能不能|可不可以|要不要|[行能成]不|还能|会不会"
)

INSURANCE = r"(?:(?:城乡)?居民|(?:城镇)?职工)(?:基本)?(?:医疗保险|医保|保险)?|新农合|灵活就业(?:人员)?"
_SAYS_WHICH = re.compile(
    r"(?:不是?|不对|错了|没有?|哎|啊|哦|那个?|[，,。 ])*(?:我|俺|咱)(?:刚才)?(?:想|要)?"
    r"(?:问|说|讲|打听)的(?:是|就是)?(?:那个)?"
    rf"(?P<which>{INSURANCE})(?:的|那个|这个)*(?:啊|呀|呢|吧)*[。！!？? ]*"
)


def says_which_insurance(text: str) -> str:
    """职工 of "不是，俺说的是职工的": the question before is meant of that; "" where it says more, or nothing of it."""
    match = _SAYS_WHICH.fullmatch(text.strip())
    return match["which"] if match else ""


def and_what_of(text: str) -> str:
    """新生儿 of "那新生儿呢"; "" where nothing is named that a question could be about: "还有呢", "你呢"."""
    match = _AND.fullmatch(text.strip())
    if match is None or _NO_SUBJECT.search(match["what"]):
        return ""
    return match["what"]


def asks_supposing(text: str) -> bool:
    """ "要是没备案呢", "万一丢了咋办": about the rules, and not about what is so."""
    bare = text.strip(" 。！!")
    return bool(_SUPPOSES.search(bare)) and bool(_ASKS.search(bare))
