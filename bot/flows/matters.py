"""Which matters an authorisation is for: all that were named, and whether something was said that is none. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.flows.identify.relatives import KIN
from bot.flows.identify.whom import QUERY
from casework.filings.items import Items
from casework.people.authorisations import ALL

_BETWEEN = re.compile(r"和|跟|还有|以及|加上|、|，|,|。|；|\s|再(?=[查办给])|(?<!检)(?<![让能许准要别])(?=查(?!询|一))")
"""What is named after "查" is looked up, not filed: "异地备案查余额" is two things, "查备案" is one."""
_LOOK_UP = re.compile(r"(?<!检)查|余额|余饿|账户|缴费记录|参保状态|进度|问信息|看信息")
_EVERYTHING = re.compile(r"全部|所有|都|全|啥都|什么都")
_SURELY_EVERYTHING = re.compile(r"全部|所有的?事|[啥样]都|什么都|一切")
_NOT_THIS = re.compile(r"(?:但|可|就)?(?:不[让能许准要]|别(?=让|给|查|办))")
_FILLER = re.compile(
    rf"(?:{KIN})|让|叫|给|替|帮|俺|我|她|他|你|们|办理?|事项?|这|那|些|[一二两三几]?[样个件]|能|可以|只|就|行|吧|了|的|也|是|来|去|"
    r"嗯|啊|呢|呗|对|好|想|要|说|再|还|有|都|全部?|别的|其他|不|没|用|中"
)


@dataclass(frozen=True, slots=True)
class Matters:
    """`ids`: item ids, QUERY or ALL. `unclear`: something more was named that is none of them."""

    ids: Sequence[str]
    unclear: bool


def matters(text: str, items: Items) -> Matters:
    if "除了" in text:  # all but one cannot be granted: they are named one by one
        return Matters([], unclear=True)
    parts = [part for part in _BETWEEN.split(text) if part and not _NOT_THIS.match(part)]
    named = [_named(part, items) for part in parts]
    ids = list(dict.fromkeys(one for found in named for one in found))
    left = [part for part, found in zip(parts, named, strict=True) if not found]
    if any(_SURELY_EVERYTHING.search(part) for part in left) or (not ids and _EVERYTHING.search(text)):
        return Matters([ALL], unclear=False)
    return Matters(ids, unclear=any(len(_FILLER.sub("", part)) > 1 for part in left))


def _named(part: str, items: Items) -> list[str]:
    if _LOOK_UP.search(part):
        return [QUERY]
    return [item.id for item in items.named(part)]
