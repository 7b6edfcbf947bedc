"""What is said: `bot/flows/wording.yaml`, filled in. One place for every wording that is not an item's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from base import yaml_files
from base.messages import Button, Reply
from base.tenant import fill
from casework.filings.items import load
from language.aloud.spoken import fixed

HAND_IN = "交材料照片"
"""The button of a link by which materials are handed in."""
FILE = Path(__file__).with_name("wording.yaml")


def say(key: str, **values: object) -> Reply:
    """One saying. A value that sounds different from what is read comes twice: `due` and `due_spoken`."""
    saying = sayings()[key]
    text = saying["text"].format_map(values)
    spoken = saying.get("spoken")
    buttons = tuple(Button(title, title) for title in saying.get("buttons", ()))
    said = text if spoken is None else spoken.format_map(values)
    return Reply(
        text,
        said,
        buttons=buttons,
        takes_time=saying.get("takes_time", False),
        not_understood=saying.get("not_understood", False),
    )


@cache
def sayings() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml_files.load(fill(FILE.read_text("utf-8")))
    return loaded


def fixed_spoken() -> list[str]:
    """What is heard word for word, or begins so, so that it can be synthesised ahead."""
    spoken = [saying.get("spoken", saying["text"]) for saying in sayings().values()]
    spoken += [field.spoken for item in load().items.values() for field in item.fields]
    return fixed(spoken)
