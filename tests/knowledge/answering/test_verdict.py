"""Yes and no are said only where the sentence says them."""

from __future__ import annotations

import pytest

from knowledge.answering.verdict import verdict


@pytest.mark.parametrize(
    ("question", "sentence", "head", "said"),
    [
        ("低保户还用不用交钱", "低保人员个人不缴费，由财政补助。", "", "不用。"),
        ("吃不完的药能不能卖给别人", "参保人员不得转卖药品。", "", "不能。"),
        ("个人账户能给老伴用吗", "个人账户可以支付配偶的医疗费用。", "", "能。"),
        ("要不要提前备案", "参保人员应当办理备案手续。", "", "要。"),
        ("境外看病的钱给不给报", "（四）在境外就医的。", "下列医疗费用不予支付", "不能。"),
        ("境外看病的钱给不给报", "（四）在境外就医的，应当自付。", "", ""),
        ("没备案能不能报", "未经备案的不予支付，但急诊抢救可以按规定支付。", "", ""),
        ("报多少", "支付比例为70%，可以提高。", "", ""),
        ("能不能报", "门诊可以支付，住院不予支付。", "", ""),
    ],
)
def test_what_is_said_first(question: str, sentence: str, head: str, said: str) -> None:
    assert verdict(question, sentence, head) == said
