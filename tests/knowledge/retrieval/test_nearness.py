"""What was learnt from questions brings the words of callers and of documents together."""

from __future__ import annotations

import numpy as np

from knowledge.retrieval import nearness

SENTENCES = [
    "失业人员在领取失业保险金期间参加职工基本医疗保险",
    "产前检查费用实行定额支付",
    "举报人可以通过电话或者信函举报",
    "参保人员跨省转院的应当办理备案手续",
]


def nearest(question: str) -> str:
    learnt = nearness.load()
    scores = learnt.sentences(SENTENCES, [""] * len(SENTENCES)) @ learnt.question(question, question)
    return SENTENCES[int(np.argmax(scores))]


def test_words_that_no_document_writes_reach_the_words_that_it_writes() -> None:
    assert nearest("厂子黄了没活干了") == SENTENCES[0]
    assert nearest("怀着孩子去做b超花的钱") == SENTENCES[1]
    assert nearest("有人拿着死人的卡刷药我想告他") == SENTENCES[2]


def test_what_nobody_asked_about_is_near_to_nothing() -> None:
    learnt = nearness.load()
    assert not learnt.question("", "").any()
    assert learnt.sentences([], []).shape == (0, learnt.of_written.shape[1])


def test_somebody_who_has_learnt_nothing_leaves_the_encoder_alone() -> None:
    vectors = np.eye(2, 512, dtype=np.float32)
    assert np.allclose(nearness.nothing().turned(vectors), vectors.mean(axis=0))
