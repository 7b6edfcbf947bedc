"""A list of tickets as a workbook. Seconds for thousands of them: for a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from base.clock import here
from casework.tickets.board import Line
from casework.tickets.counties import CITY
from connectors.console.kit.labels import WAYS_IN
from connectors.console.kit.sheets import Sheet, workbook

_COLUMNS = (
    ("工单号", 18), ("种类", 8), ("内容", 44), ("县区", 12), ("科室", 14), ("状态", 12), ("缓急", 8), ("督办", 8),
    ("负责人", 12), ("来源", 8), ("提出", 17), ("期限", 12), ("办结", 17), ("标签", 20),
)  # fmt: skip


Row = list[str]


def row(line: Line, topics: Mapping[str, str], people: Mapping[str, str]) -> Row:
    """No telephone number, no name: what is exported is carried about."""
    return [
        line.number,
        line.kind.value,
        line.title or topics.get(line.topic, ""),
        line.county or CITY,
        line.department,
        line.state.label,
        line.urgency.value,
        "督办" if line.is_supervised else "",
        people.get(line.owner, line.owner),
        WAYS_IN.get(line.channel, line.channel),
        _moment(line.opened_at),
        line.due_on.isoformat(),
        _moment(line.closed_at),
        "、".join(line.labels),
    ]


def as_workbook(rows: Sequence[Row]) -> bytes:
    """All of them on one sheet."""
    return workbook([Sheet("工单", _COLUMNS, rows)])


def _moment(at: datetime | None) -> str:
    return f"{here(at):%Y-%m-%d %H:%M}" if at else ""
