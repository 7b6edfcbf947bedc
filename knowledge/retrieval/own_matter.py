"""What a clause is about by itself, and whether a question that shares words with it is about that.

A notice "on several matters" has a section on artificial reproduction and one on lost cards. Its clauses say 不设起付标准,
诊断证明, 咨询电话 of that matter alone; who asks for the threshold of outpatient care shares those words with it and means
something else. So a clause whose section names a matter answers only who names that matter, or a word of the clause
that is not written by every document of the trade (`data/common_words.txt`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.authoring.seed import DATA
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.normalise import Vocabulary, plain
from knowledge.retrieval.passage_ranking import Question
from knowledge.retrieval.passages import OWN_DATA, Passage

_MISHAP = re.compile("丢失|遗失|丢了|弄丢|找不[到着]|不见了|被盗|被偷|损坏|毁损|破损|挂失|补办|补领|补发|换领|补换")
"""What befalls a thing, whatever the thing is."""
_NUMBERED = re.compile("^[第（(]?[0-9一二三四五六七八九十百]+[）)、.．章节条]+")
_CARRIED = frozenset({"社会保障卡", "社保卡", "医保电子凭证"})


@lru_cache(maxsize=1)
def _common() -> re.Pattern[str]:
    words = (DATA / "common_words.txt").read_text(encoding="utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


@lru_cache(maxsize=50_000)
def is_common(word: str) -> bool:
    """Whether a plain word is made of words that every document of the trade writes, or says what befell something."""
    return word not in _CARRIED and len(_MISHAP.sub("", _common().sub("", word))) < 2


class OwnMatters:
    """The matters of clauses, in the words of a lexicon and a vocabulary. Any number of threads may use it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self._lexicon, self._vocabulary = lexicon, vocabulary
        self._of = lru_cache(maxsize=5_000)(self._found)

    def marks(self, passage: Passage) -> tuple[str, ...]:
        """The words for the matter of a passage's section, or of its clause where that is a known word; () for a clause
        of what every document writes of."""
        clause = passage.clause
        return () if clause.number == OWN_DATA else self._of(clause.path[-1:], clause.heading)

    def _found(self, above: tuple[str, ...], heading: str) -> tuple[str, ...]:
        found = [word for title in above for word in self._vocabulary.words(plain(_NUMBERED.sub("", title)))]
        for title in (*above, heading):
            for concept in self._lexicon.concepts(plain(_NUMBERED.sub("", title))):
                found += [concept.said, *concept.written]
        return tuple(dict.fromkeys(word for word in found if not is_common(word)))

    def is_apart(self, passage: Passage, asked: Question) -> bool:
        """Whether all that a question shares with a clause on a matter of its own is what every document writes."""
        clause = passage.clause
        above = plain("".join([*clause.path, clause.heading]))
        words = [word for unit in asked.units for word in unit if len(word) > 1]
        befell = any(map(_MISHAP.search, (asked.plain, *words)))
        if clause.number != OWN_DATA and _MISHAP.search(above) and not befell:
            return True
        return bool(self.marks(passage)) and not any(word in passage.whole and not is_common(word) for word in words)
