"""Citizens' words and recognition's errors come down to the words that are indexed."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.retrieval.normalise import asks, asks_without_subject, fold, seed_synonyms, sounds, subject, vocabulary

SEED = vocabulary(seed_synonyms())
normalise = SEED.normalise


def test_traditional_characters_dialect_and_old_names_are_folded() -> None:
    assert normalise("請問，俺在醫院咋備案？") == "我在医院怎么备案"
    assert normalise("新农合") == normalise("合作医疗") == "居民医保"
    assert normalise("门慢") == normalise("慢病本") == normalise("门诊慢特病") == "慢病"


def test_what_is_not_text_is_dropped() -> None:
    assert normalise("😀😀 ‮\x00!!!") == ""
    assert normalise("ＡＰＰ　怎么用") == "app怎么用"


def test_a_very_long_question_is_cut_to_its_end() -> None:
    assert normalise("啰嗦" * 5000 + "备案要带什么").endswith("备案要带什么")
    assert len(normalise("备" * 10_000)) <= 300


def test_homophones_sound_the_same() -> None:
    assert sounds("医地就医") == sounds("异地就医")
    assert sounds("慢病") != sounds("备案")


def test_terms_hold_words_and_pairs() -> None:
    found = SEED.terms("异地就医备案")
    assert "备案" in found
    assert "_地就" in found


def test_sides_of_a_matter() -> None:
    assert "amount" in asks(normalise("住院能报百分之几"))
    assert "which" in asks(normalise("哪家医院能领"))
    assert fold("１２３") == "123"


def test_what_staff_enter_decides_even_over_fillers_and_in_any_spelling() -> None:
    staff = vocabulary((("门诊慢特病资格", ("慢本儿", "ＡＢ证")), ("济宁医保", ("济宁",))))
    assert staff.normalise("慢本儿丢了") == "门诊慢特病资格丢了"
    assert staff.normalise("ab证在哪办") == "门诊慢特病资格在哪办"
    assert staff.normalise("济宁怎么办") == "济宁医保怎么办"
    assert "门诊慢特病资格" in staff.terms("门诊慢特病资格丢了"), "a new word is one index term"


def test_the_same_synonyms_are_prepared_once() -> None:
    assert vocabulary(seed_synonyms()) is vocabulary(seed_synonyms())


def test_the_matter_is_told_from_what_is_asked_about_it() -> None:
    assert subject("医保跨省转移怎么办") == "医保跨省转移"
    assert subject("要几天？") == subject("在哪办") == subject("要带什么材料") == ""


def test_what_only_goes_on_asks_without_naming_a_matter() -> None:
    for text in ("要几天", "在哪办", "那咋弄呢", "要带啥"):
        assert asks_without_subject(text), text
    for text in ("啊啊啊", "嗯哼", "哈哈哈哈", "社保卡丢了", "新生儿参保在哪办", ""):
        assert not asks_without_subject(text), text


def test_what_was_cut_in_an_earlier_run_is_cut_no_differently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    texts = [f"异地就医{place}备案门诊慢性病怎么办理{number}" for number in range(200) for place in "省市县区乡镇"]
    words = vocabulary(seed_synonyms())
    alone = [words.terms(text) for text in texts]
    first, again = words.terms_of_all(texts), words.terms_of_all(texts)
    assert first == again == alone
    kept = tmp_path / "yibao" / "words" / "cut"
    was = kept.read_bytes()
    assert words.terms_of_all([*texts, "医保断缴"])[:-1] == alone, "one more is published"
    assert kept.read_bytes() != was
    other = vocabulary((*seed_synonyms(), ("门诊慢性病", ("慢病",))))
    assert other.terms_of_all(texts) == [other.terms(text) for text in texts] != alone, "a word of staff's is one word"
    kept.write_bytes(b"spoilt")
    assert words.terms_of_all(texts) == alone
