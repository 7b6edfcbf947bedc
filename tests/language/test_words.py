"""One dictionary, and what is added to a cutter stays its own."""

from __future__ import annotations

import jieba

from language import words


def test_words_of_one_cutter_are_unknown_to_another() -> None:
    one, other = words.cutter(), words.cutter()
    one.add_word("门慢特", freq=100_000)
    assert "门慢特" in one.lcut("办门慢特")
    assert "门慢特" not in other.lcut("办门慢特")


def test_it_cuts_as_jieba_does() -> None:
    text = "住院前没有备案，回来以后还能不能补办异地就医"
    plain = jieba.Tokenizer()
    assert words.cutter().lcut(text) == plain.lcut(text)
