"""How alike two Chinese syllables sound to a recogniser, or to a listener from Shandong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from language.aloud import word_readings

_INITIALS = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s",
    "y", "w",
)  # fmt: skip
_CONFUSED_INITIALS = (
    "z zh", "c ch", "s sh", "n l", "f h", "l r", "b p", "d t", "g k", "j q", "j zh", "q ch", "x sh", "x s", "z j",
    "zh ch", "m n", "j x", "q x", "p t", "k t",
)  # fmt: skip
_CONFUSED_FINALS = (
    "an ang", "en eng", "in ing", "ian iang", "uan uang", "i in", "i ing", "ian an", "e uo", "o uo", "ie ian", "u v",
    "ou u", "en in", "eng ong", "ao ou", "ai ei", "a an", "ue ie", "ui ei", "un en", "u ou", "iu u", "ia a", "i ei",
)  # fmt: skip
_NEAR = 0.35
_SAME_HALF = 0.6
TONE = 0.1
"""What another tone costs."""


def _pairs(table: tuple[str, ...]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for pair in table)


_NEAR_INITIALS, _NEAR_FINALS = _pairs(_CONFUSED_INITIALS), _pairs(_CONFUSED_FINALS)


@lru_cache(maxsize=20_000)
def difference(one: str, other: str) -> float:
    """Two syllables in tone-numbered pinyin → 0.0 (the same) to 1.0 (nothing in common); another tone is 0.1."""
    tone = 0.0 if one[-1] == other[-1] else TONE
    (initial, final), (initial2, final2) = _halves(one[:-1]), _halves(other[:-1])
    difference = _half(initial, initial2, _NEAR_INITIALS) + _half(final, final2, _NEAR_FINALS)
    return min(1.0, difference + tone)


def _half(one: str, other: str, near: frozenset[frozenset[str]]) -> float:
    if one == other:
        return 0.0
    return _NEAR if frozenset((one, other)) in near else _SAME_HALF


def _halves(syllable: str) -> tuple[str, str]:
    initial = next((initial for initial in _INITIALS if syllable.startswith(initial)), "")
    return initial, syllable.removeprefix(initial)


def closest(text: str, names: Iterable[str], budget: float, *, whole: bool = False) -> str | None:
    """The name that a stretch of `text`, or the `whole` of it, sounds most like, at most `budget` a syllable away; None
    when none does, or two do equally. For closed lists only: what was meant is read back to whoever said it."""
    heard = _syllables(text)
    found: dict[str, float] = {}
    for name in names:
        wanted = _syllables(name)
        if whole and len(wanted) != len(heard):
            continue
        stretches = (heard[i : i + len(wanted)] for i in range(len(heard) - len(wanted) + 1))
        apart = min(
            (sum(map(difference, stretch, wanted)) / len(wanted) for stretch in stretches if wanted), default=1.0
        )
        if apart <= budget:
            found[name] = apart
    if not found:
        return None
    best = min(found, key=lambda name: (found[name], -len(name)))
    rivals = [name for name in found if name != best and len(name) == len(best) and found[name] == found[best]]
    return None if rivals else best


def toneless(text: str) -> str:
    """The sounds of a text without tones: "提角。" → "ti jiao". Only its Chinese characters count."""
    return " ".join(syllable[:-1] for syllable in _syllables(text))


@lru_cache(maxsize=8_000)
def _syllables(text: str) -> tuple[str, ...]:
    word_readings.load()
    han = re.sub(r"[^\u3400-\u9fff]", "", text)
    return tuple(lazy_pinyin(han, style=Style.TONE3, neutral_tone_with_five=True))
