"""What was encoded at an earlier start is not encoded again, and is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from knowledge.retrieval.index import Floats, Vectors
from tests.knowledge.conftest import PairEncoder


class Counting(PairEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> Floats:
        self.encoded += texts
        return super().encode(texts)


def test_only_what_is_new_is_encoded_after_a_start(tmp_path: Path) -> None:
    texts = ["住院报销多少", "异地就医怎么备案", "住院报销多少"]
    before = Vectors(PairEncoder(), tmp_path).of(texts)
    encoder = Counting()
    vectors = Vectors(encoder, tmp_path)
    assert np.array_equal(vectors.of(texts), before)
    assert not encoder.encoded
    vectors.of([*texts, "门诊慢病怎么办"])
    assert encoder.encoded == ["门诊慢病怎么办"]
    again = Counting()
    Vectors(again, tmp_path).of([*texts, "门诊慢病怎么办"])
    assert not again.encoded


def test_two_indexes_keep_theirs_apart_and_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    vectors = Vectors(PairEncoder(), tmp_path)
    vectors.of(["一问"])
    vectors.beside.of(["一句"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["passages", "topics"]
    encoder = Counting()
    Vectors(encoder, tmp_path).of(["一问"])
    Vectors(encoder, tmp_path).beside.of(["一句"])
    assert not encoder.encoded
    Vectors(encoder).of(["一问"])
    assert encoder.encoded == ["一问"]
