"""What a ticket of the kind 查询 is about: the matter that was asked, never whose. Pure.

topic("balance") → "query-balance"      title("query-balance") → "查个人账户余额"
"""

from __future__ import annotations

_PREFIX, _FOR_OTHER = "query", "-for-other"
ANY = _PREFIX
"""They had not said yet what they wanted to know."""
_NAMES = {
    "progress": "办件进度",
    "balance": "个人账户余额",
    "contributions": "缴费记录",
    "status": "参保状态",
    "remote": "异地就医备案",
    "chronic": "门诊慢特病资格",
    "settlements": "结算记录",
    "drugs": "药品目录",
    "family": "授权记录",
}


def topic(what: str, *, for_other: bool = False) -> str:
    """`what`: the query's kind, "" when it is not known."""
    return f"{_PREFIX}-{what}{_FOR_OTHER if for_other else ''}" if what else ANY


def title(topic: str) -> str:
    """As staff read it; "" for what is no topic of a query."""
    if topic == ANY:
        return "查个人信息"
    what = topic.removeprefix(f"{_PREFIX}-").removesuffix(_FOR_OTHER)
    if not topic.startswith(f"{_PREFIX}-") or what not in _NAMES:
        return ""
    return f"{'替家人' if topic.endswith(_FOR_OTHER) else ''}查{_NAMES[what]}"
