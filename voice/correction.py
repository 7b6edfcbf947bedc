"""What a recogniser wrote → what was most likely said: simplified characters, and domain words by their sound.

    correct("一地就一被案怎么办理") == "异地就医备案怎么办理"

Recognisers hear the sounds of a domain word and write other characters for them. A stretch of text is replaced by a
term of terms.yaml when the two sound alike and the stretch is not made of words that could stand there by
themselves. In doubt the text stays as it is: dialogue survives a wrong character better than a wrong word. Pure; a
sentence takes about 1 ms.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import jieba

from base import yaml_files
from language import cleaning
from language.aloud import readings
from language.aloud.sounds import TONE, difference
from language.names import SURNAMES

TERMS_FILE = Path(__file__).with_name("data") / "terms.yaml"
COMMON_WORD = 20
"""Occurrences in jieba's dictionary from which a word is taken to be meant."""
_NUMERALS = "零〇一二三四五六七八九十百千万两幺"
_PLACES = ("济宁", "济南", "邹城")
_PLACE_ASKED = re.compile(r"^(?:那|那个|我在|俺在|我是|俺是|按)(..)市?(?:[的呢了你吗联]|那边|那边呢)?[。？！?]*$")
"""A sentence that can hardly be about anything but a place may sound less like one ("那遭成的" for 那邹城呢)."""
_PLACE_BUDGET = 0.45
_DIALECT = (
    (
        re.compile(
            r"(?<![一-鿿])[安按暗案](?=(?:在|想|要|家(?!庭)|老(?!办法|规矩|政策|标准|人|年)|妈|爹|娘|爸|儿|闺|媳|们|不(?!同)|没|"
            r"来|也|都|跟|孙|孩|胸|凶|头|肚|心[口里脏]|腿|腰|这边|那边|这个月|去(?!年)|有(?!关|没)|是(?!否|不))|就是|今[天年])"
        ),
        "俺",
    ),
    (re.compile(r"(?<=[能报办行中要对成管算补缴交备带得够会住])[布部](?=$|[，。？！?])"), "不"),
    (re.compile(r"砸(?=办|激|弄|报|交|缴|查|用|算|整|着|样|说|申|领|转|走|回事|备|开|填|选|退|补)"), "咋"),
)
"""What Shandong's 俺, 不 at the end of a question and 咋 before a verb are nearly always written as. Not
where the character makes sense: 按去年的标准, 能报全部, 按零."""
_ASKS_WHETHER = re.compile(r"(?<=[用要得能该再给让])([一-鿿])[不布步部簿](?=$|[，。？?！,.])")
_VERBS_ASKED = {
    "jiao": "交", "bao": "报", "ban": "办", "bu": "补", "tui": "退", "cha": "查", "suan": "算", "dian": "垫",
    "yong": "用", "guan": "管",
}  # fmt: skip
"""Of "退休了还用交不" 脚步 is written, of "医保给垫不" 店部: what can be done, and 不, at the end of a question."""
_WISHES = re.compile(r"^[^，。]{0,4}[要想](?:办|申请|登记|查|转|找|让|给|报销|备案|问|去)")
_ASKS = re.compile(r"[吗么呢啥哪怎咋谁几]|多少|能不能|要不要|用不用|是不是|[不没][。？?！]*$")
_VARIANTS = (
    *(("帐户", "账户"), ("帐号", "账号"), ("到帐", "到账"), ("著急", "着急"), ("跟著", "跟着"), ("住著", "住着")),
    *(("於", "于"), ("後", "后"), ("迴", "回"), ("釐", "厘"), ("夥", "伙"), ("口乾", "口干")),
)


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    term: str
    cost: float

    @property
    def end(self) -> int:
        return self.start + len(self.term)


def simplified(text: str) -> str:
    """Traditional characters and variants folded to what is written on the mainland, but in names: 乾县 and 王乾 stay,
    饼乾 and 综合徵 do not."""
    kept, usual = cleaning.simplified(text), cleaning.folded(text)
    if kept != usual and len(kept) == len(usual):
        kept = _with_words_of(usual, kept)
    for variant, meant in _VARIANTS:
        kept = kept.replace(variant, meant)
    return kept


def _with_words_of(usual: str, text: str) -> str:
    """`text` with the common words of `usual`, but for those that may be somebody's name (李宁)."""
    readings.prepare()
    for word, start, end in jieba.tokenize(usual, HMM=False):
        may_be_name = len(word) == 2 and word[0] in SURNAMES and word[0] == text[start]
        if _is_common(word) and not may_be_name:
            text = text[:start] + word + text[end:]
    return text


def correct(text: str) -> str:
    """Recognised text with domain terms restored. Apart from folding, its length stays the same."""
    text = simplified(text)
    for pattern, meant in _DIALECT:
        text = pattern.sub(meant, text)
    text = _as_wish(_ASKS_WHETHER.sub(_verb_and_not, text))
    for heard, meant in _glossary().misheard.items():
        text = text.replace(heard, meant)
    words = _Words(text)
    changes = [change for start in range(len(text) - 1) for change in _changes(text, start, words)]
    for change in _best(changes):
        text = text[: change.start] + change.term + text[change.end :]
    return _with_place(text)


def _as_wish(text: str) -> str:
    """ "俺要办门诊慢特病" of "还要办门诊慢特病?": no recogniser was taught 俺; a voice that goes up asks nothing."""
    if _ASKS.search(text) or not _WISHES.search(text):
        return text
    text = re.sub("^还(?=[要想])", "俺", text)
    return f"{text[:-1]}。" if text.endswith(("?", "？")) else text


def _verb_and_not(heard: re.Match[str]) -> str:
    verb = _VERBS_ASKED.get(_sound(heard[1])[:-1])
    return f"{verb}不" if verb else heard[0]


def _with_place(text: str) -> str:
    """A very short sentence of the form "那……呢" or "我在……" with the place it sounds like."""
    asked = _PLACE_ASKED.match(text)
    if asked is None or _is_common(asked[1]):
        return text
    costs = {place: _unbounded_cost(asked[1], place) for place in _PLACES}
    nearest = min(costs, key=costs.__getitem__)
    if costs[nearest] > _PLACE_BUDGET:
        return text
    return f"那{nearest}呢" if text.startswith("那") else text[: asked.start(1)] + nearest + text[asked.end(1) :]


def _unbounded_cost(heard: str, term: str) -> float:
    return sum(_character_cost(char, sound) for char, sound in zip(heard, _glossary().terms[term], strict=True))


def _changes(text: str, start: int, words: _Words) -> Iterable[_Change]:
    """The terms that may have been said at `start`; what is written right already is one too, at no cost."""
    for term in _terms_beginning_like(text[start]):
        heard = text[start : start + len(term)]
        if heard == term:
            yield _Change(start, term, 0.0)
        elif len(heard) == len(term):
            cost = _cost(heard, term)
            if cost <= _budget(term) and words.may_be_replaced(start, heard, term):
                yield _Change(start, term, 0.01 + cost)


def _best(changes: Iterable[_Change]) -> list[_Change]:
    """The longest and surest changes that do not overlap."""
    chosen: list[_Change] = []
    for change in sorted(changes, key=lambda change: (3 * change.cost - len(change.term), change.cost)):
        if all(change.end <= other.start or change.start >= other.end for other in chosen):
            chosen.append(change)
    return chosen


def _budget(term: str) -> float:
    """How different in sound a stretch may be: a short word has many neighbours, a long one few."""
    return {2: TONE, 3: 0.56}.get(len(term), 0.24 * len(term))


def _cost(heard: str, term: str) -> float:
    total, budget = 0.0, _budget(term)
    for character, sound in zip(heard, _glossary().terms[term], strict=True):
        total += _character_cost(character, sound)
        if total > budget:
            return math.inf
    if len(term) == 2 and _sound(heard[-1])[-1:] != _glossary().terms[term][-1][-1]:
        return math.inf
    return total


@lru_cache(maxsize=100_000)
def _character_cost(heard: str, sound: str) -> float:
    """0.0 (same sound) to 1.0; infinite for what is no Chinese character."""
    return difference(_sound(heard), sound) if _sound(heard) else math.inf


@lru_cache(maxsize=10_000)
def _sound(character: str) -> str:
    """The usual reading in tone-numbered pinyin; "" for what is not a Chinese character."""
    return readings.syllables(character)[0] if "一" <= character <= "鿿" else ""


@lru_cache(maxsize=10_000)
def _terms_beginning_like(character: str) -> tuple[str, ...]:
    terms = _glossary().terms
    return tuple(term for term, sounds in terms.items() if _character_cost(character, sounds[0]) <= _budget(term))


class _Words:
    """The words a text falls into, to tell a mishearing from something meant."""

    def __init__(self, text: str) -> None:
        readings.prepare()
        words = list(jieba.tokenize(text, HMM=False)) if text else []
        self._common = [(start, end, word) for word, start, end in words if _is_common(word)]

    def may_be_replaced(self, start: int, heard: str, term: str) -> bool:
        """Not if that would cut a common word in two, lose one, or turn a number into something else."""
        end = start + len(heard)
        if all(character in _NUMERALS for character in heard):
            return False
        for word_start, word_end, word in self._common:
            if word_end <= start or word_start >= end:
                continue
            inside = word_start >= start and word_end <= end
            if not inside or word != term[word_start - start : word_end - start]:
                return False
        return True


def _is_common(word: str) -> bool:
    return len(word) > 1 and jieba.dt.FREQ.get(word, 0) >= COMMON_WORD


@dataclass(frozen=True, slots=True)
class _Glossary:
    terms: dict[str, tuple[str, ...]]
    """Each term with the sounds of its characters."""
    misheard: dict[str, str]


@cache
def _glossary() -> _Glossary:
    data = yaml_files.read(TERMS_FILE)
    return _Glossary({term: tuple(readings.syllables(term)) for term in data["terms"]}, data["misheard"])
