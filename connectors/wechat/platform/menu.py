"""The account's menu, as code: `python -m service wechat-menu` applies it.

A click sends a key; what the key says is what the citizen could as well have typed. Codes at service windows
(带参数二维码) use the same keys, so that scanning one asks its question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MENU_PATH = "/cgi-bin/menu/create"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `name`: at most 60 bytes by the platform's rule; seen are about 8 characters."""

    name: str
    key: str
    says: str


@dataclass(frozen=True, slots=True)
class Column:
    """One of three columns. `name`: at most 16 bytes."""

    name: str
    entries: tuple[Entry, ...]


NEARBY = "附近哪里有医保服务点"
"""Answered from the stations table, not from the documents: see `connectors.wechat.followers.service_points`."""
MENU = (
    Column(
        "问政策",
        (
            Entry("异地就医备案", "ask_remote", "异地就医怎么备案"),
            Entry("门诊慢特病", "ask_chronic", "门诊慢特病怎么申请"),
            Entry("外地看病报销", "ask_reimbursement", "在外地看病自己垫的钱怎么报销"),
            Entry("新生儿参保", "ask_newborn", "孩子刚出生，怎么参保"),
            Entry("附近服务点", "ask_stations", NEARBY),
        ),
    ),
    Column(
        "查业务",
        (
            Entry("查办理进度", "look_progress", "查办理进度"),
            Entry("查缴费记录", "look_payments", "查我的缴费记录"),
            Entry("绑定我的身份", "bind", "绑定身份"),
            Entry("解除绑定", "unbind", "解除绑定"),
            Entry("转人工", "person", "转人工"),
        ),
    ),
    Column(
        "帮家人办",
        (
            Entry("我帮谁办", "family", "我帮谁办"),
            Entry("给家人授权", "authorise", "授权家人帮我办"),
            Entry("替家人办备案", "file_remote", "我要替家人办异地就医备案"),
            Entry("交材料", "materials", "交材料"),
            Entry("投诉建议", "complain", "我要投诉"),
        ),
    ),
)


def meaning(key: str) -> str | None:
    """What a click on `key` says; None for a key of an older menu."""
    bare = key.removeprefix("qrscene_")
    return next((entry.says for column in MENU for entry in column.entries if entry.key == bare), None)


def as_json() -> dict[str, Any]:
    """The menu in the platform's shape."""
    return {
        "button": [
            {
                "name": column.name,
                "sub_button": [{"type": "click", "name": entry.name, "key": entry.key} for entry in column.entries],
            }
            for column in MENU
        ]
    }
