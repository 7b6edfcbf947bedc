"""What a question asks for, read from its form, and what a sentence holds that could be the answer.

    asked("啥时候开始收费")                    -> {DATE}
    held("集中征缴期为9月1日至12月31日。")      -> {DATE}

Both read folded text (`normalise.fold`). The patterns (`data/kinds.yaml`) are general to the language and know no
document.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

import yaml

from knowledge.seed import DATA


class Thing(StrEnum):
    """A kind of thing that is asked for and that a sentence can hold."""

    DATE = "date"
    DURATION = "duration"
    FREQUENCY = "frequency"
    AMOUNT = "amount"
    PERCENT = "percent"
    COUNT = "count"
    AGE = "age"
    PHONE = "phone"
    WHO = "who"
    WHERE = "where"
    PAPERS = "papers"
    MAY = "may"
    ORDER = "order"
    LIST = "list"
    MEANING = "meaning"
    NUMBER = "number"
    """The number (文号) of a document."""
    ISSUER = "issuer"
    WHY = "why"


VALUES = frozenset(
    {Thing.DATE, Thing.DURATION, Thing.FREQUENCY, Thing.AMOUNT, Thing.PERCENT, Thing.COUNT, Thing.AGE, Thing.PHONE}
    | {Thing.NUMBER}
)
"""Things that are either there or not: who asks for one of them is not answered by a sentence without it."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[dict[Thing, re.Pattern[str]], dict[Thing, re.Pattern[str]]]:
    table = yaml.safe_load((DATA / "kinds.yaml").read_text(encoding="utf-8"))
    asks, holds = ({Thing(name): re.compile(one) for name, one in table[side].items()} for side in ("asked", "held"))
    return asks, holds


@lru_cache(maxsize=4_096)
def asked(question: str) -> frozenset[Thing]:
    """What a folded question asks for; empty when its form does not say."""
    found = {thing for thing, pattern in _patterns()[0].items() if pattern.search(question)}
    if Thing.FREQUENCY in found:
        found -= {Thing.DURATION, Thing.COUNT}
    if found & VALUES:
        found -= {Thing.ORDER, Thing.MEANING}
    return frozenset(found)


def held(sentence: str) -> frozenset[Thing]:
    """What a folded sentence holds."""
    return frozenset(thing for thing, pattern in _patterns()[1].items() if pattern.search(sentence))
