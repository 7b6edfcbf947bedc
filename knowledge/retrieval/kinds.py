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

from base import yaml_files
from knowledge.authoring.seed import DATA
from knowledge.retrieval.normalise import without_phone


class Thing(StrEnum):
    """A kind of thing that is asked for and that a sentence can hold."""

    DATE = "date"
    DAY = "day"
    """A day or month of the calendar, asked for as such."""
    DURATION = "duration"
    SPAN = "span"
    """A duration in numbers, asked for as such."""
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
    {
        Thing.DATE,
        Thing.DAY,
        Thing.DURATION,
        Thing.SPAN,
        Thing.FREQUENCY,
        Thing.AMOUNT,
        Thing.PERCENT,
        Thing.COUNT,
        Thing.AGE,
        Thing.PHONE,
    }
    | {Thing.NUMBER}
)
"""Things that are either there or not: who asks for one of them is not answered by a sentence without it."""


_BY_WHAT = re.compile(r"[按照](啥|什么|哪)")
_PIECE_END = re.compile(r"[，。！？；,.!?;\s]+")


@lru_cache(maxsize=1)
def _patterns() -> tuple[dict[Thing, re.Pattern[str]], dict[Thing, re.Pattern[str]]]:
    table = yaml_files.read(DATA / "kinds.yaml")
    asks, holds = ({Thing(name): re.compile(one) for name, one in table[side].items()} for side in ("asked", "held"))
    return asks, holds


@lru_cache(maxsize=4_096)
def asked(question: str) -> frozenset[Thing]:
    """What a folded question asks for; empty when its form does not say. The last piece that asks anything counts: what
    came before tells a story ("断了几个月没交，能补吗")."""
    for piece in [*reversed(_PIECE_END.split(question)), question]:
        found = {thing for thing, pattern in _patterns()[0].items() if pattern.search(piece)}
        if found:
            break
    if Thing.FREQUENCY in found:
        found -= {Thing.DURATION, Thing.COUNT}
    if found & VALUES:
        found -= {Thing.ORDER, Thing.MEANING}
    if _BY_WHAT.search(piece):  # "发多少天按啥定" wants the rule, not a number
        found -= VALUES
    return frozenset(found)


@lru_cache(maxsize=1)
def _contrasts() -> tuple[tuple[re.Pattern[str], ...], ...]:
    table = yaml_files.read(DATA / "kinds.yaml")
    elsewhere = "|".join(yaml_files.read(DATA / "places.yaml")["elsewhere"])

    def compiled(one: str) -> re.Pattern[str]:
        return re.compile(one.replace("{elsewhere}", elsewhere).replace("{abroad}", table["abroad"]))

    return tuple(tuple(compiled(one) for one in group) for group in table["contrasts"])


@lru_cache(maxsize=20_000)
def sides(text: str) -> frozenset[tuple[int, int]]:
    """Which of several things that exclude each other a plain text names: (the group, the one of it)."""
    return frozenset(
        (group, one)
        for group, patterns in enumerate(_contrasts())
        for one, pattern in enumerate(patterns)
        if pattern.search(text)
    )


def opposed(question: frozenset[tuple[int, int]], sentence: frozenset[tuple[int, int]]) -> int:
    """In how many groups the question names one and the sentence only another."""
    groups = {group for group, _ in question}
    return sum(
        bool(mine := {one for g, one in question if g == group})
        and bool(theirs := {one for g, one in sentence if g == group})
        and not mine & theirs
        for group in groups
    )


class Money(StrEnum):
    """A kind of amount: who pays it, and what for."""

    DEDUCTIBLE = "deductible"
    CEILING = "ceiling"
    FINE = "fine"
    FEE = "fee"
    PAYS_IN = "pays_in"
    GETS = "gets"


_SUMS = frozenset({Thing.AMOUNT, Thing.PERCENT})
_ALSO_ANSWERED_BY = {Money.GETS: frozenset({Money.CEILING})}
"""Who asks how much is paid out is told something by how much it is at most."""
_SENTENCE_PIECE = re.compile(r"[^，；。：,;:]+")


_PAID_SHARE = re.compile("[0-9.]+%(?:的比例)?(?:给予)?(?:支付|报销|补偿|给付)")


_PAID_SUM = re.compile("(定额|支付|报销|补助|补偿|补贴|给付)(标准)?(为|按|是)?(每.{1,3})?[0-9.]+万?元")
_ONLY_SHARE = re.compile("百分|比例|几成|几个点|%")


@lru_cache(maxsize=1)
def _moneys() -> tuple[tuple[Money, re.Pattern[str]], ...]:
    table = yaml_files.read(DATA / "kinds.yaml")
    return tuple((Money(name), re.compile(one)) for name, one in table["money"].items())


def _money(text: str) -> Money | None:
    return next((kind for kind, pattern in _moneys() if pattern.search(text)), None)


@lru_cache(maxsize=4_096)
def money_asked(question: str) -> Money | None:
    """Which kind of amount or percentage a folded question asks for; None when it asks for none, or any."""
    return _money(question) if asked(question) & _SUMS else None


@lru_cache(maxsize=20_000)
def moneys(sentence: str, above: str = "") -> frozenset[Money]:
    """Which kinds the amounts of a folded sentence are, by the words beside each, else before it, else above the
    sentence."""
    found, before = set[Money](), _money(above)
    for piece in _SENTENCE_PIECE.findall(sentence):
        sums = held(piece) & _SUMS
        # 不设起付标准, 职工按70%、居民按50%支付: the share is that of what is paid, the threshold has no sum.
        if _PAID_SHARE.search(piece):
            found.add(Money.GETS)
        before = _money(piece) or before
        if before and sums:
            found.add(before)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def asks_what_is_paid(said: str) -> bool:
    """Whether a plain word only asks which share is paid out ("能报几成"): a sentence that says one answers it in
    whatever words."""
    return Thing.PERCENT in asked(said) and _money(said) is Money.GETS


@lru_cache(maxsize=20_000)
def says_what_is_paid(sentence: str) -> bool:
    """Whether a folded sentence says which share is paid out."""
    return bool(_PAID_SHARE.search(sentence))


def pays_what_is_asked(question: str, sentence: str) -> bool:
    """Whether a folded question asks how much is paid ("报多少"), and a folded sentence pays a fixed sum: as good as a
    share."""
    return bool(_PAID_SUM.search(sentence)) and _money(question) is Money.GETS and not _ONLY_SHARE.search(question)


def other_money(question: str, sentence: str, above: str = "") -> bool:
    """Whether the sentence has amounts, and only of kinds that the question does not ask for."""
    wanted = money_asked(question)
    if wanted is None:
        return False
    theirs = moneys(sentence, above)
    return bool(theirs) and not theirs & ({wanted} | _ALSO_ANSWERED_BY.get(wanted, frozenset()))


@lru_cache(maxsize=1)
def _places() -> tuple[re.Pattern[str], re.Pattern[str]]:
    abroad, elsewhere = next(group for group in _contrasts() if group[0].search("港澳"))
    return abroad, elsewhere


_ONLINE = re.compile(r"手机|网上|线上|上网|app|小程序|软件|公众号|支付宝")


def is_online(line: str) -> bool:
    """It is about doing something by phone or on the web, said by who can."""
    return bool(_ONLINE.search(line)) and without_phone(line) == line


def is_abroad(text: str) -> bool | None:
    """Whether it names a place outside the mainland, where other rules hold; False when it names only another place
    within, None when it names neither."""
    abroad, elsewhere = _places()
    return True if abroad.search(text) else False if elsewhere.search(text) else None


@lru_cache(maxsize=1)
def _looks_up() -> dict[str, re.Pattern[str]]:
    table = yaml_files.read(DATA / "kinds.yaml")
    return {name: re.compile(one) for name, one in table["looks_up"].items()}


def only_tells_where_to_look(question: str, sentence: str) -> bool:
    """Whether a folded sentence says no more than where something can be looked up or asked, and the question wants
    something else."""
    patterns = _looks_up()
    only = bool(patterns["says"].search(sentence)) and not patterns["also_says"].search(sentence)
    return only and not patterns["asked"].search(question)


@lru_cache(maxsize=1)
def _empty() -> re.Pattern[str]:
    table = yaml_files.read(DATA / "kinds.yaml")
    return re.compile("".join(table["empty"].split()))


def without_empty(text: str) -> str:
    """A plain text with a new line in place of what only tells the story: whom one addresses, how one feels, when it
    was."""
    return _empty().sub("\n", text)


def held(sentence: str) -> frozenset[Thing]:
    """What a folded sentence holds."""
    return frozenset(thing for thing, pattern in _patterns()[1].items() if pattern.search(sentence))
