"""What a clause is about by itself, and whether a question that shares words with it is about that.

A notice "on several matters" has a section on artificial reproduction and one on lost cards. Its clauses say
不设起付标准, 诊断证明, 咨询电话 of that matter alone; who asks for the threshold of outpatient care shares those words
with it and means something else. So a clause whose section names a matter that the rest of its document is not about
answers only who names that, or a word of the clause that not every document of the trade writes
(`data/common_words.txt`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.authoring.seed import DATA
from knowledge.retrieval.lexicon import Lexicon
from knowledge.retrieval.normalise import plain
from knowledge.retrieval.passage_ranking import Question
from knowledge.retrieval.passages import OWN_DATA, Passage, Passages

_MISHAP = re.compile("丢失|遗失|丢了|弄丢|找不[到着]|不见了|被盗|被偷|损坏|毁损|破损|挂失|补办|补领|补发|换领|补换")
"""What befalls a thing, whatever the thing is."""
_PART = 0.35
"""Share of a document's clauses that name a matter, up to which it is only one of several."""
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
    """The matters of clauses among `passages`, in the words of a lexicon. Any number of threads may use it."""

    def __init__(self, lexicon: Lexicon, passages: Passages) -> None:
        self._lexicon, self._passages = lexicon, passages
        self._of = lru_cache(maxsize=5_000)(self._found)

    def marks(self, passage: Passage) -> tuple[str, ...]:
        """The words for the matter of a passage's section, or of its clause where that is a known word; () where the
        whole document is about it, every document writes of it, or the document has no sections."""
        clause = passage.clause
        if clause.number == OWN_DATA:
            return ()
        return self._of(clause.document.id, passage.title, clause.path[-1:], clause.heading)

    def _found(self, document: str, title: str, above: tuple[str, ...], heading: str) -> tuple[str, ...]:
        texts = self._passages.wholes(document)
        found: list[str] = []
        for line in (*above, heading) if above else ():
            words = plain(_NUMBERED.sub("", line))
            named = [(concept.said, *concept.written) for concept in self._lexicon.concepts(words)]
            if line is not heading:
                named += [(word,) for word in self._passages.vocabulary.words(words)]
            for one in named:
                own = 0 < sum(any(word in text for word in one) for text in texts) <= _PART * len(texts)
                if own and not any(word in title for word in one):
                    found += one
        return tuple(dict.fromkeys(word for word in found if not is_common(word)))

    def is_named(self, passage: Passage, asked: Question) -> bool:
        """Whether a question names the matter of a passage's section."""
        said = [asked.plain, *(word for unit in asked.units for word in unit)]
        return any(mark in one for mark in self.marks(passage) for one in said)

    def is_apart(self, passage: Passage, asked: Question) -> bool:
        """Whether all that a question shares with a clause on a matter of its own is what every document writes."""
        words = [word for unit in asked.units for word in unit if len(word) > 1]
        if befell(passage) and not any(map(_MISHAP.search, (asked.plain, *words))):
            return True
        return bool(self.marks(passage)) and not any(word in passage.whole and not is_common(word) for word in words)


def befell(passage: Passage) -> bool:
    """Whether a clause is about something that was lost or broken."""
    clause = passage.clause
    return clause.number != OWN_DATA and bool(_MISHAP.search(plain("".join([*clause.path, clause.heading]))))
