"""The phones of the followers: what each one shows, in order, and who waits to see more of it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from demo.wechat.rules import Window

MAX_SHOWN = 500
MAX_PHONES = 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble. `who`: "me", "account", "notice" or "system". `media`: where a picture or recording is found."""

    number: int
    who: str
    kind: str
    text: str
    at: float
    media: str = ""


@dataclass(slots=True)
class Phone:
    """One follower's phone."""

    window: Window = field(default_factory=Window)
    shown: deque[Shown] = field(default_factory=lambda: deque(maxlen=MAX_SHOWN))
    last: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, who: str, kind: str, text: str, at: float, media: str = "") -> None:
        self.last += 1
        self.shown.append(Shown(self.last, who, kind, text, at, media))
        self.changed.set()
        self.changed = asyncio.Event()

    def after(self, number: int) -> list[dict[str, Any]]:
        return [asdict(shown) for shown in self.shown if shown.number > number]


class Phones:
    """By openid; the longest known ones are forgotten."""

    def __init__(self) -> None:
        self._phones: dict[str, Phone] = {}

    def known(self, openid: str) -> Phone | None:
        return self._phones.get(openid)

    def get(self, openid: str) -> Phone:
        phone = self._phones.setdefault(openid, Phone())
        while len(self._phones) > MAX_PHONES:
            del self._phones[next(iter(self._phones))]
        return phone
