"""The words that answer, found again in their clause."""

from __future__ import annotations

import pytest

from knowledge.public.marking import CUT_CHARS, runs

TEXT = "8、延长有效期限。备案长期有效。参保人员住院前未办理备案的，可以补办；出院前办好就行。"


@pytest.mark.parametrize(
    ("marks", "marked"),
    [
        ((), []),
        (("",), []),
        (("备案长期有效。",), ["备案长期有效。"]),
        (("备案长期有效。", "出院前办好就行"), ["备案长期有效。", "出院前办好就行"]),
        (("备案长期有效。", "长期有效。参保"), ["备案长期有效。参保"]),
        (("住院前未办备案的，也可以补办（2023年）",), ["参保人员住院前未办理备案的，可以补办；"]),
        (("今天天气很好，适合出门散步",), []),
        (("<b>", "😀", "\x00"), []),
        ((TEXT,), [TEXT]),
    ],
)
def test_marks_are_found_word_for_word_or_in_the_sentence_that_says_it(marks: tuple[str, ...], marked: list[str]):
    found = runs(TEXT, marks)
    assert "".join(text for text, _ in found) == TEXT
    assert [text for text, is_marked in found if is_marked] == marked


def test_a_mark_that_an_address_cut_goes_on_to_the_end_of_its_sentence():
    sentence = "备" * (CUT_CHARS + 40) + "。"
    assert runs(f"前言。{sentence}后话。", [sentence[:CUT_CHARS]])[1] == (sentence, True)


def test_an_empty_clause_has_no_runs():
    assert runs("", ["备案"]) == []
