"""Words whose usual reading is wrong here."""

from voice.readings import syllables


def test_local_and_medical_words() -> None:
    assert syllables("任城区") == ["ren2", "cheng2", "qu1"]
    assert syllables("大夫说是中风") == ["dai4", "fu5", "shuo1", "shi4", "zhong4", "feng1"]
    assert syllables("重新缴费") == ["chong2", "xin1", "jiao3", "fei4"]


def test_what_is_not_chinese_stays() -> None:
    assert syllables("好, A") == ["hao3", ", ", "A"] or syllables("好, A")[0] == "hao3"
    assert syllables("") == []
