"""What sounds like a loss and is none: a thing that is gone, somebody who is asked to stay. Pure; also imported by the
dialogue engine (Python 3.10)."""

from __future__ import annotations

import re

_THING = re.compile(
    r"(?:本子?|单子?|病历|发?票|卡|证|钥匙|手机|包|眼镜|拐杖|验证码|材料|短信|密码)(?:都|也|又|给|让|叫|不知道|上哪|[，,]?我?){0,2}"
    r"(?:没了?(?:找着|找到)?|丢|掉|弄丢|找不)|没了?(?:拐杖|手机|卡|证|钥匙)|别走|先别挂|从.{1,3}楼(?:搬|下|上)"
)
_DEATH = re.compile(r"死|去世|过世|葬|丧|坟|没留住|没保住|没救|没抢救|人没了|不在了|病故|[刚才]走|走了|走得")


_LOSS = re.compile(
    rf"{_DEATH.pattern}|没了|下葬|白事|孤|撇下|难过|哭|伤心|想他|想她|憋[得的]慌|心里|一个人|自个|就剩|没人|节哀|送走|后事|遗|殁|老了|命苦|白发"
)


def tells_of_loss(text: str) -> bool:
    """Whether any word of it speaks of a loss, or of what it leaves: "我当爷爷了！八天了" has none."""
    return bool(_LOSS.search(text))


def is_no_mourning(text: str) -> bool:
    """ "我爹的慢病本没了", "钥匙没找着，你别走啊"; not "俺爹没了"."""
    return bool(_THING.search(text)) and not _DEATH.search(text)
