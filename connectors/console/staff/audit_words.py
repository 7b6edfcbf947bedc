"""What an entry of the audit log says, in words: its details are kept as codes, and nobody reads those."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from staff.audit import Action, Entry

_REFUSED = {
    "malformed": "提交的内容读不懂",
    "no_token": "页面过期，或者不是从工作台发出的",
    "conflict": "别的同事先保存了，没有覆盖",
    "too_large": "内容太多",
    "invalid": "有的地方没有填对",
    "not_allowed": "岗位没有这项权限",
    "own_work": "自己写的要由别人审核",
    "wrong_stage": "状态已经变了，别人先处理了",
    "cannot_publish": "还不能发布",
    "step_refused": "这一步现在不能做",
    "bad_input": "有的地方没有填对",
}
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"v(\d+)"), lambda found: f"第 {found[1]} 版"),
    (re.compile(r"v(\d+) from a file: (.*)"), lambda found: f"第 {found[1]} 版，从文件来：{found[2]}"),
    (re.compile(r"person ([0-9a-f]+)"), lambda found: f"核实过身份的群众（代号 {found[1][:6]}）"),
    (re.compile(r"conversation ([0-9a-f]+)"), lambda found: f"对话（代号 {found[1][:6]}）"),
    (re.compile(r"authorisation (\d+)"), lambda found: f"按第 {found[1]} 号授权"),
    (re.compile(r"material (\d+)"), lambda found: f"第 {found[1]} 份材料"),
    (re.compile(r"into asked/(\d+)"), lambda found: f"并到第 {found[1]} 类"),
    (re.compile(r"\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]+"), lambda found: f"从 {found[0]}"),
    (re.compile(r"\d+"), lambda found: f"{found[0]} 项"),
)


def detail(entry: Entry, people: Mapping[str, str]) -> str:
    """The details in words; as they are kept where there are no words for them."""
    said = entry.detail
    if entry.what == Action.REFUSED.value:
        method, _, code = said.partition(" ")
        return f"{'打开页面' if method == 'GET' else '提交'}没有成功：{_REFUSED.get(code, code)}"
    if said.startswith("to "):
        return f"交给 {people.get(said[3:], said[3:])}"
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(said):
            return words(found)
    return said


def thing(which: str, titles: Mapping[tuple[str, str], str], people: Mapping[str, str]) -> str:
    """What was done something to, by the name that staff know it by."""
    kind, _, id = which.partition("/")
    if (kind, id) in titles:
        return titles[kind, id]
    if kind == "asked":
        return f"没答上的第 {id} 类"
    if which.startswith("/console"):
        return f"页面 {which}"
    return {"knowledge": "整个知识库", "faq": "全部问答（表格）", "duties": "工作配档表"}.get(which) or people.get(
        which, which
    )
