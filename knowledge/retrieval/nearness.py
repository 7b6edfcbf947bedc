"""How near a sentence of a document is to what somebody says in words of their own, as learnt from questions.

The sentence encoder was made for general text and the words of the two sides seldom meet: "厂子黄了，看病的钱谁管" is
answered by a sentence on 失业人员. `bench/fit_nearness.py` learns two things from questions to other documents and
writes them to `data/nearness.npz`; this module only applies them:

- how the encoder's vector of a question is turned before it is compared (`turned`), which costs nothing to an index;
- a short vector for every character and pair of characters of a question, and another for those of a sentence, so
  that the pairs of "黄了" lie near those of "失业".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from knowledge.authoring.seed import DATA
from knowledge.retrieval.index import Floats
from knowledge.retrieval.normalise import pairs

FILE = DATA / "nearness.npz"


def grams(text: str) -> frozenset[str]:
    """The characters and pairs of characters of a normalised text."""
    return frozenset([*text, *pairs(text)])


@dataclass(frozen=True, slots=True)
class Nearness:
    """`away` [d, r] and `back` [d, r]: a question's vector v is turned to v + (v away) backᵀ. `asked` and `written`:
    the row of each gram in `of_asked` and `of_written`, [grams, k]. `scale`: of the cosine beside the product of the
    grams."""

    away: Floats
    back: Floats
    asked: dict[str, int]
    of_asked: Floats
    written: dict[str, int]
    of_written: Floats
    scale: float

    def turned(self, vectors: Floats) -> Floats:
        """Of a question as it was said and in written words, [2, d] → the one vector that sentences are compared with,
        [1, d]."""
        middle = vectors.mean(axis=0, keepdims=True)
        return np.asarray(middle + (middle @ self.away) @ self.back.T, dtype=np.float32)

    def question(self, normal: str, written: str) -> Floats:
        """[k], of a question as it was said and in written words."""
        return _sum(grams(normal) | grams(written), self.asked, self.of_asked)

    def sentences(self, texts: Sequence[str], above: Sequence[str]) -> Floats:
        """[len(texts), k], of sentences and what stands above each."""
        if not texts:
            return np.zeros((0, self.of_written.shape[1]), np.float32)
        return np.stack(
            [
                _sum(grams(text) | grams(its), self.written, self.of_written)
                for text, its in zip(texts, above, strict=True)
            ]
        )


def nothing(size: int = 512) -> Nearness:
    """That of somebody who has learnt nothing: the encoder alone."""
    empty = np.zeros((size, 1), np.float32)
    return Nearness(empty, empty, {}, np.zeros((0, 1), np.float32), {}, np.zeros((0, 1), np.float32), 1.0)


def _sum(found: frozenset[str], rows: dict[str, int], vectors: Floats) -> Floats:
    known = sorted(rows[gram] for gram in found if gram in rows)
    if not known:
        return np.zeros(vectors.shape[1], np.float32)
    return np.asarray(vectors[known].sum(axis=0) / np.sqrt(len(known)), dtype=np.float32)


@lru_cache(maxsize=1)
def load() -> Nearness:
    """What was learnt."""
    with np.load(FILE, allow_pickle=False) as stored:
        return Nearness(
            away=stored["away"].astype(np.float32),
            back=stored["back"].astype(np.float32),
            asked=_rows(str(stored["asked"])),
            of_asked=stored["of_asked"].astype(np.float32),
            written=_rows(str(stored["written"])),
            of_written=stored["of_written"].astype(np.float32),
            scale=float(stored["scale"]),
        )


def _rows(lines: str) -> dict[str, int]:
    return {gram: row for row, gram in enumerate(lines.split("\n"))}
