"""What citizens read when a person comes or goes: `casework/data/live.yaml`, filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from base.messages import Reply

_FILE = Path(__file__).resolve().parents[1] / "data" / "live.yaml"


def say(name: str, **values: object) -> Reply:
    return Reply(_all()[name]["text"].format(**values))


@cache
def _all() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return words
