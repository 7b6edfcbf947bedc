"""What changed between two versions, as a reader would mark it."""

from __future__ import annotations

from knowledge.documents.diff import Op, diff

SAME, ADDED, REMOVED = Op.SAME, Op.ADDED, Op.REMOVED


def test_a_changed_number() -> None:
    assert diff("时间压缩为15个工作日。", "时间压缩为10个工作日。") == [
        (SAME, "时间压缩为"),
        (REMOVED, "15"),
        (ADDED, "10"),
        (SAME, "个工作日。"),
    ]


def test_a_sentence_more() -> None:
    before, after = "可以线上备案。长期有效。", "可以线上备案。急诊视同已备案。长期有效。"
    assert diff(before, after) == [(SAME, "可以线上备案。"), (ADDED, "急诊视同已备案。"), (SAME, "长期有效。")]


def test_both_texts_can_be_read_back() -> None:
    before = "一、设置老年人优先窗口\n各级大厅应设置窗口。\n完成时限：2021年1月底前"
    after = "一、设置“老年人优先窗口”\n各级服务大厅要设置窗口，优先办理。\n完成时限：2021年3月底前"
    runs = diff(before, after)
    assert "".join(text for op, text in runs if op is not ADDED) == before
    assert "".join(text for op, text in runs if op is not REMOVED) == after
    assert all(one[0] is not other[0] for one, other in zip(runs, runs[1:], strict=False))


def test_equal_empty_and_very_long_texts() -> None:
    assert diff("相同。", "相同。") == [(SAME, "相同。")]
    assert diff("", "") == []
    assert diff("", "新增。") == [(ADDED, "新增。")]
    long_before, long_after = "参保备案" * 5_000, "备案参保" * 5_000
    assert diff(long_before, long_after) == [(REMOVED, long_before), (ADDED, long_after)]
