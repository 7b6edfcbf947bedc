"""Words and places that pypinyin reads wrong, read right: `data/word_readings.txt`, `data/place_readings.txt`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pypinyin import load_phrases_dict

_DATA = Path(__file__).parents[1] / "data"


@cache
def load() -> Mapping[str, str]:
    """Give the readings to pypinyin (once, milliseconds); "漯河" → "luò hé", a syllable for each character."""
    words = _table("place_readings.txt") | _table("word_readings.txt")
    load_phrases_dict({word: [[syllable] for syllable in reading.split()] for word, reading in words.items()})
    return words


def _table(name: str) -> dict[str, str]:
    lines = (_DATA / name).read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))
