"""How alike two Chinese syllables sound to a recogniser, or to a listener from Shandong."""

from __future__ import annotations

from functools import lru_cache

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
