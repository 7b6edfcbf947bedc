"""Words of the street lead to words of documents."""

from __future__ import annotations

import pytest

from knowledge.retrieval.lexicon import Lexicon, lexicon, of_files


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("俺爹瘫炕上好几年", "失能人员"),
        ("一百块报多少", "支付比例"),
        ("头几百不给报吗", "起付标准"),
        ("拉刀的钱", "手术"),
        ("卡里钱咋花", "个人账户支付"),
    ],
)
def test_what_old_people_say_leads_to_what_documents_write(said: str, written: str) -> None:
    assert written in [word for concept in lexicon().concepts(said) for word in concept.written]


def test_rows_of_several_files_with_the_same_words_are_one() -> None:
    assert {"看门诊", "挂吊瓶"} <= {*of_files()["普通门诊 门诊统筹 门诊"], *of_files()["门诊 普通门诊"]}
    assert lexicon().concepts("挂吊瓶")[0].written == ("门诊", "普通门诊")


def test_the_longest_words_count_and_none_twice() -> None:
    rows = Lexicon({"起付标准": ["门槛"], "门槛费用": ["门槛钱"]})
    assert [concept.said for concept in rows.concepts("门槛钱和门槛")] == ["门槛钱", "门槛"]
