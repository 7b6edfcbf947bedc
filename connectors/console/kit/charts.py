"""Plots as SVG, drawn here: bars with their numbers on them, and no script inside.

Each plot stands beside a table of the same numbers, for whoever does not see it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import pygal
from pygal.style import Style

# pygal leaves a finder of the old kind (for map plugins, which we do not use) among Python's import hooks, and every
# later import that fails would warn about it.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

_FONT_PX = 15
_COLOURS = ("#0b4f6c", "#8a5a00", "#ad2118", "#1c6b3c", "#6b4ea0", "#48585f")
_STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#16242c",
    foreground_strong="#16242c",
    foreground_subtle="#48585f",
    colors=_COLOURS,
    font_family='"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif',
    label_font_size=_FONT_PX,
    major_label_font_size=_FONT_PX,
    value_font_size=_FONT_PX,
    value_colors=("#ffffff",) * len(_COLOURS),
    stroke_width="3",
    legend_font_size=16,
    no_data_font_size=20,
    opacity=".95",
    opacity_hover="1",
)
_COMMON = {
    "style": _STYLE,
    "js": [],
    "no_data_text": "还没有数据",
    "pretty_print": False,
    "show_legend": True,
    "legend_at_bottom": True,
    "print_values": True,
    "explicit_size": False,
    "include_x_axis": True,
    "max_scale": 8,
    "formatter": lambda count: str(int(count)) if count else "",
}


def bars(rows: Sequence[tuple[str, int]], name: str) -> bytes:
    """Lying bars, the largest on top, each with its number written on it."""
    chart = pygal.HorizontalBar(**{**_COMMON, "show_legend": False}, height=80 + 38 * max(3, len(rows)), width=900)
    labels = [_short(label) for label, _ in reversed(rows)]
    # pygal reckons with Latin letters, 0.6 of the type's size wide; Chinese ones are square.
    chart.config(margin_left=20 + int(0.4 * _FONT_PX * max(map(len, labels), default=0)))
    chart.x_labels = labels
    chart.add(name, [count for _, count in reversed(rows)])
    return _svg(chart)


def stacked(labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> bytes:
    """Standing bars in parts, one bar a label; parts too thin for a number have theirs in the table only."""
    chart = pygal.StackedBar(**_COMMON, height=420, width=900)
    chart.x_labels = list(labels)
    highest = max((sum(parts) for parts in zip(*series.values(), strict=True)), default=0)
    for name, counts in series.items():
        chart.add(name, [_part(count, is_thin=count < 0.07 * highest) for count in counts])
    return _svg(chart)


def _part(count: int, is_thin: bool) -> dict[str, object]:
    return {"value": count or None, **({"formatter": lambda _: ""} if is_thin else {})}


def _svg(chart: pygal.graph.graph.Graph) -> bytes:
    chart.add_xml_filter(_without_scripts)
    drawn: bytes = chart.render()
    return drawn


def _without_scripts(root: Element) -> Element:
    for parent in list(root.iter()):
        for child in list(parent):
            if str(child.tag).endswith("script"):
                parent.remove(child)
    return root


def _short(label: str, most: int = 26) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
