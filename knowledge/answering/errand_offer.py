"""Which errand can be done at once for the matter that an answer is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from base import yaml_files
from knowledge.authoring.seed import DATA


@dataclass(frozen=True, slots=True)
class _Errand:
    say: str
    topics: frozenset[str]
    words: re.Pattern[str]


def errand_for(topic: str, text: str) -> str:
    """What to say to begin the errand ("异地就医备案"); "" when there is none. `topic`: the answer's key; `text`: what
    it says, read only where no topic of ours answered."""
    for errand in _errands():
        if topic in errand.topics or "~" in topic and errand.words.search(text):
            return errand.say
    return ""


@lru_cache(maxsize=1)
def _errands() -> tuple[_Errand, ...]:
    rows = yaml_files.read(DATA / "errands.yaml")
    return tuple(_Errand(row["say"], frozenset(row["topics"]), re.compile(row["words"])) for row in rows)
