"""A word that only names a field ("医保", "报销怎么弄") is no question: two that people ask of it are offered."""

from __future__ import annotations

import re
from functools import lru_cache

from base import yaml_files
from knowledge.authoring.seed import DATA
from knowledge.retrieval.normalise import Vocabulary

_I_ASK = re.compile(r"^(我|俺|您|请)*(想|要)?(问|咨询|打听|了解)(一?下)?")
_NOTHING_MORE = re.compile(r"(的?(事|事情|问题|方面))?(的|呢|吗|呀|啊|嘛)?$")


def offered(vocabulary: Vocabulary, question: str) -> tuple[str, ...]:
    """The topics to offer for a folded question that only names a field; () when it says more."""
    asked = _I_ASK.sub("", vocabulary.normalise(question))
    fields = _fields(vocabulary)
    return fields.get(asked) or fields.get(_NOTHING_MORE.sub("", asked, count=1)) or ()


@lru_cache(maxsize=2)
def _fields(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    rows = yaml_files.read(DATA / "fields.yaml")
    return {vocabulary.normalise(word): tuple(row["topics"]) for row in rows for word in row["words"]}
