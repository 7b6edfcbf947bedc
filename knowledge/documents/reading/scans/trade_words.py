"""Words of the trade decide between characters that look alike: 内诊 where 门诊 is printed, ] where 〕 is.

A recogniser is sure of such mistakes, so its own confidence does not find them. Nothing is changed silently: every
change is told with what stood there before, and the editor sees the picture beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jieba

from base import yaml_files
from knowledge.documents.reading.scans.scan import Doubt

_DATA = Path(__file__).resolve().parents[3] / "data"
_LANGUAGE_DATA = _DATA.parents[1] / "language" / "data"
_COMMON = 100
"""Occurrences in jieba's dictionary."""
_ODD_BRACKETS = re.compile(
    r"(?<=[\u4e00-\u9fff])([〔\[［【(（「｛{])\s?((?:19|20)\d{2})\s?([〕\]］】)）」｝}])(?=\s?\d{1,4}号)"
)
_LETTER_IN_NUMBER = re.compile(
    r"(?<=\d)[OoQDIl|](?=\d|年|月|日|号|元|%|％)|(?<![A-Za-z\d])[OoIl|](?=[.,]?\d)|(?<=[年月第])[OoIl|](?=[日月号])"
)
_DIGIT = str.maketrans("OoQDIl|", "0000111")


def settled(text: str) -> tuple[str, list[Doubt]]:
    """The line with its look-alikes decided, as long as before, and every change."""
    changes: dict[int, str] = {}
    for match in _ODD_BRACKETS.finditer(text):
        for group, right in ((1, "〔"), (3, "〕")):
            if match.group(group) != right:
                changes[match.start(group)] = right
    for match in _LETTER_IN_NUMBER.finditer(text):
        changes[match.start()] = match.group().translate(_DIGIT)
    for at, right in _by_words(text):
        changes.setdefault(at, right)
    letters = list(text)
    for at, right in changes.items():
        letters[at] = right
    return "".join(letters), [Doubt(at, at + 1, text[at]) for at in sorted(changes)]


def _by_words(text: str) -> Iterator[tuple[int, str]]:
    """Characters that make no word, of the trade or of the language, where a look-alike makes one of the trade."""
    known, alike, common = _words(), _alike(), _common()
    covered = {
        at for word in known for match in re.finditer(re.escape(word), text) for at in range(match.start(), match.end())
    }
    for at, letter in enumerate(text):
        if at in covered or any(text[start : start + 2] in common for start in (at - 1, at) if start >= 0):
            continue
        for other in alike.get(letter, ""):
            if any(_stands(text, at, other, word) for word in known if other in word):
                yield at, other
                break


def _stands(text: str, at: int, other: str, word: str) -> bool:
    """Whether `word` stands around `at` once the letter there is `other`."""
    for place, letter in enumerate(word):
        start = at - place
        if letter == other and start >= 0 and text[start:at] + other + text[at + 1 : start + len(word)] == word:
            return True
    return False


@cache
def _look_alikes() -> dict[str, list[str]]:
    loaded: dict[str, list[str]] = yaml_files.read(_DATA / "look_alikes.yaml")
    return loaded


@cache
def _words() -> frozenset[str]:
    """Of the trade: two characters and more; what documents write (lexicon), names of diseases, and our list."""
    lexicon = yaml_files.read(_DATA / "lexicon" / "trade.yaml")
    diseases = yaml_files.read(_LANGUAGE_DATA / "diseases.yaml")["names"]
    keys = (word for key in lexicon for word in str(key).split())
    return frozenset(word for word in (*_look_alikes()["words"], *keys, *diseases) if len(word) > 1)


@cache
def _common() -> frozenset[str]:
    """Words of two characters that everybody writes, among those that look-alikes could make: 前往 in 前往院内."""
    alike = _alike()
    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as rows:
        parts = (row.split(" ") for row in rows)
        return frozenset(
            word
            for word, count, *_ in parts
            if len(word) == 2 and int(count) >= _COMMON and (word[0] in alike or word[1] in alike)
        )


@cache
def _alike() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in _look_alikes()["alike"]:
        one, other = pair[0], pair[1]
        pairs[one] = pairs.get(one, "") + other
        pairs[other] = pairs.get(other, "") + one
    return pairs
