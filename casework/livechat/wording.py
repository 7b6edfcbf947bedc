"""What citizens read when a person comes or goes: `casework/data/live.yaml`, filled in."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from base import yaml_files
from base.messages import Reply
from language.calendar import service_hours

_FILE = Path(__file__).resolve().parents[1] / "data" / "live.yaml"


def say(name: str, **values: object) -> Reply:
    return Reply(_all()[name]["text"].format(**values))


def nobody_came(now: datetime) -> Reply:
    """With the hours in which somebody would, where staff have published them."""
    told = say("nobody_works" if service_hours.nobody_works(now) else "nobody_came")
    hours = service_hours.shown()
    return Reply(told.text + say("hours", hours=hours).text) if hours else told


_GIVES_UP = re.compile(
    r"(?:那|嗯|唉|哎|好吧|行吧|[，,。.！!\s])*(?:算了|不等了?$|不等了|别等了|不用(?:了|等|转|找|人工)|不找(?:人工|人)?了|不转了|我不要人工|取消)"
)
"""At the beginning of what is said; who says 算了 and then asks something else wants no person either."""


def gives_up(text: str) -> bool:
    """Whether somebody who waits for a person waits no longer."""
    return _GIVES_UP.match(text.strip()) is not None


@cache
def _all() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml_files.read(_FILE)
    return words
