"""Nobody referred them: "没人给转，自己去的". No hospital can be asked for then; which other kind it may be is."""

from __future__ import annotations

import re
from dataclasses import replace

from base.messages import Button, Reply
from bot.flows.apply.details import hospital_in
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.wording import say
from casework.filings.items import Item, Items

_WHO = r"(?:我|俺|咱|他|她|你|们|人|医院|大夫|医生|谁|哪家|也|都|根本|就|压根|[，, ])*"
_UNREFERRED = re.compile(
    rf"(?:没有?|谁也没|不|都没){_WHO}(?:给|帮|替){_WHO}(?:转|开)(?!走|错|完)|没有?人{_WHO}(?:转|开)"
    r"|没有?(?:任何|什么|啥|那个|这个)?(?:医院的?)?转(?:诊|院)(?:单|证明|手续|条|表)?(?!日期|时间|备)"
    r"|(?:转诊单|转院单|转诊手续)(?:也|都|根本|我|俺|压根)*(?:没有(?!带|拿|写|填)|没开|没办|没给)"
    r"|(?:自己|自个儿?|自行)(?:直接|就|先|要|非要|想|跑|开车)*(?:去|来|上|跑|找)(?:的|看的|过去的|治的)|自行(?:外出|就医|前往)"
    r"|不是(?:谁|医院|大夫|医生)?(?:给)?转(?:诊|院)?(?:去|过去)?的(?!医院)|没(?:经过?|走)(?:转诊|转院)"
)
_REFERRED = re.compile(r"(?<![没不])(?<!没有)给(?:我|俺|咱|他|她)?(?:们)?(?:转|开)(?:的|了)")
_NONE = re.compile(
    r"(?:都|全|哪[个种样]|一个)(?:也|都)?(?:不是|不算|不对|不符合|没有)|(?:都|两种都?)不(?:是|算|行|合适)|不是这[两俩](?:个|种|样)"
)


def says_unreferred(item: Item, heard: Heard) -> bool:
    """Where the hospital that refers is asked for. Not where one is named that did."""
    asks_who = any(field.kind == "hospital" and field.only_asked for field in item.fields)
    words = heard.text
    return asks_who and bool(_UNREFERRED.search(words)) and not _REFERRED.search(words) and not hospital_in(words)


def others(items: Items, item: Item) -> list[Item]:
    return [one for one in items.items.values() if item.group and one.group == item.group and one.id != item.id]


def which_instead(state: State, items: Items, item: Item) -> Reply:
    """What this kind needs, and the others to choose from."""
    kinds = others(items, item)
    state.offered = [one.short for one in kinds]
    asked = say("not_referred", others="、".join(one.short for one in kinds))
    return replace(asked, buttons=(*(Button(one, one) for one in state.offered), *asked.buttons))


def kind_chosen(state: State, items: Items, item: Item, heard: Heard, choice: Heard) -> Item | None:
    """Which of those offered is wanted: by its name, or by how people tell it."""
    kinds = others(items, item)
    if not kinds or state.offered != [one.short for one in kinds] or heard.asks:
        return None
    return next((one for one in kinds if one.short == choice.text), None) or items.among(kinds, heard.text)


def none_of_them(state: State, items: Items, item: Item, heard: Heard) -> bool:
    """None of the kinds that were offered."""
    is_offered = bool(state.offered) and state.offered == [one.short for one in others(items, item)]
    return is_offered and (bool(_NONE.search(heard.bare)) or heard.is_no)
