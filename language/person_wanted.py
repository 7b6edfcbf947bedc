"""Who asks for a person, in so many words. Pure; also imported by the dialogue engine (Python 3.10)."""

from __future__ import annotations

import re

_PERSON = re.compile(
    r"(?:给我|给俺)转人(?:工|吧|$|[，,。！!])|(?:转|接|换|找|叫|要|请|让|给|喊|派|上).{0,4}?(?:人工(?!关节|晶|耳蜗|授精|肾|流产|受孕|费|牙|骨|瓣)|真人|活人|大活人|工作人员|坐席|座席|客服)"
    r"|(?:找|换|叫|让|要|喊|派)(?:一?个|你们)(?:人|活人|懂的|管事的|领导)(?:来|跟|说|接|$|[，,。 ])"
    r"|^(?:人工|真人|客服|坐席|人工服务|人工客服|人工坐席)[吧啊呀。！!]*$|(?:让|叫|喊|派|找|请)(?:个?人|你们)[^，,。吗么？?]{0,8}(?:(?:打|回|来)(?:个|一个)?电话|(?:给(?:我|俺))?(?:打|联系|回)(?:过来|回来|我|俺))|(?:给|跟)(?:我|俺)回个?电话|跟人说|和人说|不(?:想)?跟机器"
)
_NO_PERSON = re.compile(
    r"(?:不|别|甭|没)(?:用|要|想|需要|能)?(?:再)?(?:给我|给俺)?(?:转|接|找|叫|换|要)|[几多]点|时间|上班|下班"
)


def wants_person(text: str) -> bool:
    """Asks for a person in so many words: "不想弄验证码，直接转人工吧"; not "人工几点上班", "不用转人工"."""
    return any(
        not _NO_PERSON.search(text[max(0, match.start() - 3) : match.end() + 4]) for match in _PERSON.finditer(text)
    )
