"""One short question back, of sentences that are likely and not sure."""

from __future__ import annotations

from datetime import date

from knowledge.answering import asking_back, composing
from knowledge.answering.passage_answers import Hit
from knowledge.retrieval.passages import cut
from knowledge.retrieval.snapshot import KnownClause, KnownDocument

DOCUMENT = KnownDocument("d", "关于护理床位的通知", "济医保发〔2026〕3号", "某局", date(2026, 1, 1), "sd-jining")


def hit(number: str, text: str, confidence: float) -> Hit:
    return Hit(cut(KnownClause(f"d.{number}", number, "", text, (text,), DOCUMENT, None, None))[0], confidence)


FEE = hit("1", "护理床位费为每日30元。", 0.45)


def test_one_likely_sentence_is_asked_for_by_yes_or_no() -> None:
    unlikely = hit("2", "床位登记表由院方保存三年。", 0.02)
    asked = asking_back.unclear(asking_back.of_sentences([FEE, unlikely]), 0.45)
    assert asked.text == "您是想问“护理床位费”吗？"
    assert asked.spoken == "您是想问，护理床位费吗？"
    assert [option.topic for option in asked.options] == ["d.1~0"]


def test_two_that_are_nearly_as_likely_are_both_offered() -> None:
    options = asking_back.of_sentences([FEE, hit("2", "床位登记表由院方保存三年。", 0.3)])
    assert [option.title for option in options] == ["护理床位费", "床位登记表"]


def test_a_decline_names_the_document_that_is_near() -> None:
    said = composing.unknown_part(DOCUMENT)
    assert "《关于护理床位的通知》里写了相近的事" in said.text
    assert "相近的事" in said.spoken
    assert "转人工" in said.text
