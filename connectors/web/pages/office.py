"""Who runs the hotline, and what its page offers first: the bureau's own words, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from base.tenant import TENANT


@dataclass(frozen=True, slots=True)
class Ask:
    """A big button: what stands on it, what it says in small print, and what it asks the assistant."""

    title: str
    about: str
    message: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who runs the hotline, as the page says it."""

    name: str = TENANT.bureau
    hotline: str = TENANT.hotline
    city: str = TENANT.city
    asks: tuple[Ask, ...] = (
        Ask("查进度", "办到哪一步了", "查办理进度"),
        Ask("异地就医备案", "去外地住、去外地看病", "我要办异地备案"),
        Ask("门诊慢特病", "申请认定", "我要办门诊慢特病"),
        Ask("居民参保登记", "给自己或家里人办", "我要办居民参保登记"),
        Ask("投诉建议", "不满意，告诉我们", "我要投诉"),
        Ask("找工作人员", "人工帮您办", "转人工"),
    )
    quick_questions: tuple[str, ...] = (
        "跟孩子住外省，看病要先备案吗？",
        "急诊住院没来得及备案怎么办？",
        "门诊慢特病怎么申请？",
        "老人不会用手机，家里人能代办吗？",
        "孩子刚出生，怎么参保？",
    )
