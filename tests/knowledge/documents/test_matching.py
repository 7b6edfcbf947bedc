"""Which clause is which: a person who reads both texts would say the same."""

from __future__ import annotations

from knowledge.documents.matching import Part, match

TARGET = Part("m01", "一、发放对象", "一、发放对象。年满七十周岁的参保人员，可以领取石榴红卡。")
PLACE = Part("m02", "二、领取方式", "二、领取方式。凭身份证到镇街医保服务站领取，5个工作日内办结。")
LOST = Part("m03", "三、补办", "三、补办。石榴红卡丢失的，可以到原领取地点补办，不收费用。")
OLD = [TARGET, PLACE, LOST]
ROWS = [Part(f"t{number:02d}", "", f"{number} 门诊慢特病资格认定 {number * 5}个工作日") for number in range(1, 6)]


def test_the_same_text_is_the_same_clause() -> None:
    assert match(OLD, OLD) == [0, 1, 2]


def test_an_inserted_clause_shifts_no_other() -> None:
    inserted = Part("m02", "二、发放标准", "二、发放标准。每张卡每年存入健康体检补助200元，当年有效。")
    place = Part("m03", "三、领取方式", PLACE.text.replace("二、", "三、"))
    lost = Part("m04", "四、补办", LOST.text.replace("三、", "四、"))
    assert match(OLD, [TARGET, inserted, place, lost]) == [0, None, 1, 2]


def test_a_changed_clause_is_known_again_and_one_that_is_gone_is_nobody() -> None:
    changed = Part("m02", "二、领取方式", PLACE.text.replace("5个工作日内办结", "当日办结，也可以在网上申领"))
    assert match(OLD, [TARGET, changed]) == [0, 1]


def test_a_number_alone_makes_no_clause_the_same() -> None:
    other = Part("m02", "二、施行日期", "二、施行日期。本通知自2026年12月1日起施行，此前规定同时废止。")
    assert match(OLD, [TARGET, other, Part("m03", "三、领取方式", PLACE.text)]) == [0, None, 1]


def test_a_clause_that_moved_is_known_by_its_words() -> None:
    assert match(OLD, [LOST, TARGET, PLACE]) == [2, 0, 1]


def test_the_same_heading_and_little_of_the_text_is_still_that_clause() -> None:
    rewritten = Part("m03", "二、领取方式", "二、领取方式。凭社保卡在网上申领，邮寄到家，5个工作日内办结。")
    assert match(OLD, [TARGET, Part("m02", "二、其他", "二、其他。未尽事宜另行通知。"), rewritten]) == [0, None, 1]


def test_rows_that_differ_by_a_number_go_to_their_own() -> None:
    changed = [Part(row.number, "", row.text.replace("个工作日", "个自然日")) for row in ROWS]
    assert match(ROWS, changed) == [0, 1, 2, 3, 4]


def test_the_most_alike_is_nearer_than_the_next() -> None:
    turned = [Part("", "", row.text.replace("工作日", "自然日")) for row in reversed(ROWS)]
    assert match(ROWS, turned) == [4, 3, 2, 1, 0]


def test_twice_the_same_words_are_two_clauses() -> None:
    twin = Part("m09", "", TARGET.text)
    assert match([TARGET, twin], [twin, TARGET]) == [1, 0]
    assert match([TARGET], [TARGET, twin]) == [0, None]


def test_nothing_was_or_is_there() -> None:
    assert match([], OLD) == [None, None, None]
    assert match(OLD, []) == []


def test_the_printed_number_is_no_part_of_the_words() -> None:
    old = [Part("m01", "", "一、照办。"), Part("m02", "", "二、照办执行。")]
    new = [
        Part("m01", "", "一、新增的一段与此无关。"),
        Part("m02", "", "二、照办。"),
        Part("m03", "", "三、照办执行。"),
    ]
    assert match(old, new) == [None, 0, 1]
