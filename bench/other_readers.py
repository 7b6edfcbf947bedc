"""Kept libraries beside our own readers, on the inputs that our readers' tests list: `python -m bench.other_readers`.

JioNLP (PyPI, Apache-2.0) is no dependency: it is compared where somebody has installed it (1.5.31: 17 MB, needs jiojio,
requests, zipfile36); cn2an is. The inputs and right values are those of `tests/language`, so this judges nobody's
generality: for that there is `bench.spoken_values` with a list of strangers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import cn2an
from rich.console import Console
from rich.table import Table

from language.calendar.dates import NotADate, parse_day
from language.numbers.amounts import read_amount
from language.unclear import Unclear

TODAY = datetime(2026, 11, 28)
ASK = "ask"
AMOUNTS = {
    "一共三千二": "3200", "住了十天花了三千二百块": "3200", "1万2": "12000", "3千2百块": "3200",
    "3865元2角5分": "3865.25",
    "12块5毛8": "12.58", "三百二十一块六毛八": "321.68", "八百元零五分": "800.05", "三千八百六十五点五块": "3865.5",
    "壹仟贰佰叁拾肆元整": "1234", "五毛": "0.5", "三千二，不对，是三千五": "3500", "三四百块": ASK,
    "千把块": ASK, "三千出头": ASK,
}  # fmt: skip
DAYS = {
    "六月三号三点三刻": "2026-06-03", "零五年六月三号": "2005-06-03", "元月十五号": "2026-01-15", "五一": "2026-05-01",
    "上个月三号": "2026-10-03", "大前天": "2026-11-25", "26-6-3": "2026-06-03", "6月3日不对是6月5日": "2026-06-05",
    "两三天前": ASK, "半个月前": ASK, "两个月前": ASK, "夜来": "2026-11-27",
}  # fmt: skip


def main() -> None:
    """Prints what each makes of each input; a ✓ where it is right."""
    readers = {"ours": _ours, "cn2an": _cn2an} | _jionlp()
    for title, inputs in (("amounts", AMOUNTS), ("days", DAYS)):
        table = Table("said", "right", *readers, title=title)
        right = dict.fromkeys(readers, 0)
        for said, wanted in inputs.items():
            got = {name: _tried(reads, said, title) for name, reads in readers.items()}
            for name, value in got.items():
                right[name] += value == wanted
            table.add_row(said, wanted, *(f"{value} ✓" if value == wanted else value for value in got.values()))
        table.add_row("right", str(len(inputs)), *map(str, right.values()))
        Console(width=120).print(table)


def _tried(reads: Callable[[str, str], str], said: str, kind: str) -> str:
    try:
        return reads(said, kind)
    except Exception as error:  # what a library raises is its answer here
        return type(error).__name__


def _ours(said: str, kind: str) -> str:
    try:
        if kind == "days":
            return parse_day(said, TODAY.date()).isoformat()
        fen = read_amount(said)
        return ASK if fen is None else f"{fen / 100:g}" if fen % 100 else str(fen // 100)
    except (Unclear, NotADate):
        return ASK


def _cn2an(said: str, kind: str) -> str:
    return str(cn2an.transform(said, "cn2an")) if kind == "days" else f"{cn2an.cn2an(said, 'smart'):g}"


def _jionlp() -> dict[str, Callable[[str, str], str]]:
    try:
        import jionlp  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return {}

    def reads(said: str, kind: str) -> str:
        if kind == "days":
            found: Any = jionlp.parse_time(said, time_base=TODAY.timestamp())
            return str(found["time"][0])[:10]
        found = jionlp.parse_money(said)
        return f"{float(found['num']):g}" if not isinstance(found["num"], list) else str(found["num"])

    return {"jionlp": reads}


if __name__ == "__main__":
    main()
