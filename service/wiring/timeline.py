"""The stages of a caller's turn as staff read them beside what was said: times, and what may have been said instead."""

from __future__ import annotations

from voice.turn_log import Stages

_MOST = 4


def told(stages: Stages) -> str:
    """One line, in Chinese, for the timeline of a call."""
    parts = [f"说完{stages.total:.1f}秒后开口"]
    steps = (("等", stages.wait), ("识别", stages.recognition), ("答", stages.dialogue), ("合成", stages.synthesis))
    parts.append("，".join(f"{name}{seconds:.2f}" for name, seconds in steps))
    if stages.is_joined:
        parts.append("接着上一句说，合起来答")
    if stages.is_foretold:
        parts.append("答复提前备好")
    if stages.others:
        parts.append("也可能说的是：" + "／".join(stages.others[:_MOST]))
    return "；".join(parts)
