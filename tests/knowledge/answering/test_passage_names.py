"""What a sentence is called when it is offered as a choice."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.answering.passage_names import LONGEST, name_of
from knowledge.retrieval.passages import Passage, cut, own_data
from knowledge.retrieval.snapshot import KnownClause, KnownDocument

DOCUMENT = KnownDocument("d", "关于护理床位的通知", "济医保发〔2026〕3号", "某局", date(2026, 1, 1), "sd-jining")


def passage(text: str, heading: str = "") -> Passage:
    [found] = cut(KnownClause("d.1", "1", heading, text, (text,), DOCUMENT, None, None))
    return found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("3.参保居民个人缴费标准为每人每年150元。", "参保居民个人缴费标准"),
        ("第十三条职工基本医疗保险费应当由用人单位和职工共同缴纳。", "职工基本医疗保险费"),
        ("（八）居民生育费用结算按照有关规定执行。", "居民生育费用结算"),
        ("自2026年1月1日起，护理床位费由每日20元调整为30元。", "护理床位费"),
    ],
)
def test_a_sentence_is_called_by_its_subject(text: str, name: str) -> None:
    assert name_of(passage(text)) == name


def test_a_name_fits_on_a_button_and_is_not_cut_inside_a_word() -> None:
    name = name_of(passage("领取失业保险金人员参加职工基本医疗保险当月起享受相应的待遇。"))
    assert 4 <= len(name) <= LONGEST
    assert not name.endswith(("的", "和", "与"))


def test_what_a_document_says_of_itself_has_a_name() -> None:
    assert [name_of(one) for one in cut(own_data(DOCUMENT))] == ["文件的印发日期", "文件的发文机关", "文件的文号"]
