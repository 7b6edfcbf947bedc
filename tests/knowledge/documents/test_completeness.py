"""Nothing of the original is lost silently, and nothing is added, however the clauses were cut or corrected."""

from __future__ import annotations

import time

from knowledge.documents.completeness import check
from knowledge.documents.document import Run
from tests.guard import GUARD_SECONDS

ORIGINAL = "关于备案的通知\n一、可以线上备案。\n二、急诊视同\n已备案。\n2023年7月27日"


def test_everything_is_somewhere() -> None:
    assert check(ORIGINAL, ["关于备案的通知", "一、可以线上备案。", "二、急诊视同已备案。", "2023年7月27日"]).complete


def test_lost_text_is_shown_where_it_stands() -> None:
    found = check(ORIGINAL, ["关于备案的通知", "一、可以线上备案。", "2023年7月27日"])
    assert found.lost == (Run(18, 29, "二、急诊视同\n已备案。"),)
    assert ORIGINAL[18:29] == found.lost[0].text
    assert found.added == ()


def test_one_lost_character_is_enough() -> None:
    found = check("不超过20个工作日", ["不超过2个工作日"])
    assert [run.text for run in found.lost] == ["0"]


def test_a_correction_shows_both_sides() -> None:
    found = check(ORIGINAL, ["关于备案的通知", "一、可以线下备案。", "二、急诊视同已备案。", "2023年7月27日"])
    assert ([run.text for run in found.lost], found.added) == (["上"], ("下",))


def test_a_sentence_printed_twice_must_be_held_twice() -> None:
    assert [run.text for run in check("即时办理。即时办理。", ["即时办理。"]).lost] == ["即时办理。"]
    assert check("即时办理。即时办理。", ["即时办理。", "即时办理。"]).complete


def test_order_and_cuts_do_not_matter() -> None:
    assert check(ORIGINAL, ["2023年7月27日", "二、急诊视同已备案。", "一、可以线上备案。", "关于备案的通知"]).complete
    assert check("设置老年人—3—窗口。", ["设置老年人窗口。", "—3—"]).complete
    assert check("9—3—大力推广。", ["9大力推广。", "—3—"]).complete


def test_spaces_and_invisible_characters_do_not_count() -> None:
    assert check("电子\u00ad邮\u200b箱 a@b.cn", ["电子邮箱a@b.cn"]).complete


def test_long_texts_take_no_time_even_when_nothing_fits() -> None:
    began = time.monotonic()
    check("备案" * 100_000, ["备案" * 1_000] * 100)
    check("备案材料" * 50_000, [f"第{number}项没有这样的文字" for number in range(500)])
    assert time.monotonic() - began < 2 * GUARD_SECONDS
