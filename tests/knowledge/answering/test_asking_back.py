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


def test_one_likely_sentence_is_quoted_as_what_comes_nearest() -> None:
    unlikely = hit("2", "床位登记表由院方保存三年。", 0.02)
    asked = asking_back.nearest([FEE, unlikely], "床位一天多少钱")
    assert asked is not None
    assert "最接近的是《关于护理床位的通知》里的这一条：\n护理床位费为每日30元。" in asked.text
    assert asked.text.endswith("您问的是这个吗？")
    assert "护理床位费为每日30元。您问的是这个吗？" in asked.spoken
    assert [option.topic for option in asked.options] == ["d.1~0"]
    assert [source.clause_id for source in asked.sources] == ["d.1"]


def test_two_that_are_nearly_as_likely_are_both_quoted() -> None:
    asked = asking_back.nearest([FEE, hit("2", "床位登记表由院方保存三年。", 0.3)], "床位")
    assert asked is not None
    assert [option.title for option in asked.options] == ["护理床位费", "床位登记表"]
    assert "第一条，护理床位费为每日30元。第二条，床位登记表由院方保存三年。" in asked.spoken


def test_what_comes_nearest_is_no_verdict() -> None:
    """That the sentence allows something does not say that what was asked is allowed."""
    asked = asking_back.nearest([hit("1", "护理床位可以预订。", 0.45)], "床位能不能转让")
    assert asked is not None
    assert "能。" not in asked.text


def test_a_decline_names_the_document_that_is_near() -> None:
    said = composing.unknown_part(DOCUMENT)
    assert "《关于护理床位的通知》里写了相近的事" in said.text
    assert "相近的事" in said.spoken
    assert "转人工" in said.text


def test_two_of_one_name_are_no_choice() -> None:
    alike, other = hit("2", "护理床位费为每日50元。", 0.4), hit("3", "床位登记表由院方保存。", 0.3)
    asked = asking_back.nearest([FEE, alike, other], "床位")
    assert asked is not None
    assert [option.title for option in asked.options] == ["护理床位费", "床位登记表"]
    asked = asking_back.nearest([FEE, alike], "床位")
    assert asked is not None
    assert len(asked.options) == 1
