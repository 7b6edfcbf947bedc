"""What a text is folded to, however it is looked at."""

from __future__ import annotations

import pytest

from language import cleaning


def test_every_traditional_word_is_still_found() -> None:
    """Texts without any of certain characters are not looked through; nothing that would change may be among them."""
    converter, changed = cleaning._converter()
    words = [word for chain in converter._dict_chain_data for *_, words in chain for word in words]
    assert len(words) > 4000
    assert [word for word in words if cleaning.folded(f"我{word}的") != converter.convert(f"我{word}的")] == []
    assert cleaning.folded("異地就醫備案，反覆報銷") == "异地就医备案，反复报销"
    assert changed.isdisjoint("俺在北京跟着闺女住，看病用不用先备案")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("孩子好着呢，我给他参保！", "孩子好着呢，我给他参保！"),
        ("孩子好着呢,我给他参保!", "孩子好着呢，我给他参保！"),
        ("是135790,对吧?", "是135790，对吧？"),
        ("花了1,230.50元，12:30交的", "花了1,230.50元，12:30交的"),
    ],
)
def test_marks_beside_chinese_are_chinese_as_in_what_the_learners_were_taught(typed: str, kept: str) -> None:
    assert cleaning.clean(typed) == kept
