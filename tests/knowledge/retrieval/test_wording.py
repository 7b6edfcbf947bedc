"""How much of a question's own words stands in a sentence."""

from __future__ import annotations

from datetime import date

from knowledge.retrieval.passages import Passage, cut
from knowledge.retrieval.snapshot import KnownClause, KnownDocument
from knowledge.retrieval.wording import SHARED, shared

DOCUMENT = KnownDocument("d", "关于集中采购的通知", "济医保发〔2026〕3号", "某局", date(2026, 1, 1), "sd-jining")


def passage(text: str) -> Passage:
    return cut(KnownClause("d.1", "1", "执行时间", text, (text,), DOCUMENT, None, None))[0]


def test_a_sentence_about_the_next_one_shares_less_than_that_about_the_one_asked() -> None:
    question = "第八批集采药品什么时候执行"
    right = shared(question, passage("第八批集采药品自2023年7月起执行。"))
    near = shared(question, passage("第七批集采药品自2022年11月起执行。"))
    assert len(right) == len(near) == len(SHARED)
    assert all(more >= less for more, less in zip(right, near, strict=True))
    assert right[SHARED.index("longest")] > near[SHARED.index("longest")]


def test_what_stands_above_a_sentence_counts_where_it_is_asked_to() -> None:
    found = dict(zip(SHARED, shared("集中采购", passage("第七批药品由各家医院配备，不得断供。")), strict=True))
    assert found["longest_near"] > found["longest"]
    assert found["characters"] == 1.0
    assert found["piece_near"] > found["piece"] == 0.0


def test_a_question_without_a_word_shares_nothing() -> None:
    assert shared("？！", passage("第七批药品由各家医院配备。")) == [0.0] * len(SHARED)
