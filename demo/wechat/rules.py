"""The platform's rules, as far as they decide what an account may do: token, quotas, consent, media, faults.

Pure state with time passed in: no clock, no network.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field

TOKEN_SECONDS = 7200
_FORCED_APART_SECONDS = 30
_MEDIA_SECONDS = 3 * 24 * 3600
_MAX_MEDIA = 200
MESSAGES, MESSAGE_SECONDS = 5, 48 * 3600
EVENTS, EVENT_SECONDS = 3, 60


@dataclass(slots=True)
class Token:
    """stable_token: the same for everybody while it is good; by force a new one, which kills the old one."""

    lifetime_seconds: int = TOKEN_SECONDS
    value: str = ""
    expires_at: float = 0.0
    forced_at: float = float("-inf")

    def fetch(self, now: float, *, force: bool) -> tuple[str, int]:
        may_force = force and now - self.forced_at >= _FORCED_APART_SECONDS
        if may_force or now >= self.expires_at:
            self.value, self.expires_at = secrets.token_urlsafe(60), now + self.lifetime_seconds
            self.forced_at = now if may_force else self.forced_at
        return self.value, int(self.expires_at - now)

    def error(self, token: str, now: float) -> int:
        """0, or the platform's number."""
        if token != self.value:
            return 40001
        return 42001 if now >= self.expires_at else 0


@dataclass(slots=True)
class Window:
    """What an account may send to one follower."""

    subscribed: bool = True
    message_left: int = 0
    message_until: float = 0.0
    event_left: int = 0
    event_until: float = 0.0
    consents: int = 0

    def wrote(self, now: float) -> None:
        self.message_left, self.message_until = MESSAGES, now + MESSAGE_SECONDS

    def acted(self, now: float) -> None:
        """A menu click, following, a scanned code."""
        self.event_left, self.event_until = EVENTS, now + EVENT_SECONDS

    def send(self, now: float) -> int:
        """One customer-service message: 0, or the platform's number."""
        if not self.subscribed or max(self.message_until, self.event_until) <= now:
            return 45015
        if self.event_left and self.event_until > now:
            self.event_left -= 1
        elif self.message_left and self.message_until > now:
            self.message_left -= 1
        else:
            return 45047
        return 0

    def notify(self) -> int:
        """One subscription message: 0, or the platform's number."""
        if not self.consents:
            return 43101
        self.consents -= 1
        return 0


@dataclass(frozen=True, slots=True)
class Media:
    content_type: str
    data: bytes
    stored_at: float


@dataclass(slots=True)
class MediaStore:
    """Files for three days, the newest 200."""

    files: dict[str, Media] = field(default_factory=dict)

    def add(self, content_type: str, data: bytes, now: float) -> str:
        media_id = secrets.token_urlsafe(48)
        self.files[media_id] = Media(content_type, data, now)
        while len(self.files) > _MAX_MEDIA:
            del self.files[next(iter(self.files))]
        return media_id

    def get(self, media_id: str, now: float) -> Media | None:
        media = self.files.get(media_id)
        return media if media and now - media.stored_at < _MEDIA_SECONDS else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a test wants to go wrong: a number to answer with, or the connection lost after `seconds`."""

    path: str
    errcode: int = 0
    seconds: float = 0.0
    drop: bool = False


@dataclass(slots=True)
class Faults:
    """Faults by path, each used once."""

    waiting: dict[str, deque[Fault]] = field(default_factory=dict)

    def add(self, fault: Fault, times: int) -> None:
        self.waiting.setdefault(fault.path, deque(maxlen=1000)).extend([fault] * times)

    def next(self, path: str) -> Fault | None:
        queue = self.waiting.get(path)
        return queue.popleft() if queue else None
