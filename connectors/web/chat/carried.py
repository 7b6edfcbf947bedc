"""What a page without JavaScript carries of its conversation: the last turns, sealed so that only we can have written
them. Nothing is kept here."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, field
from typing import Any, Protocol

_PURPOSE = b"talk2 "
_KEPT_TURNS = 8
_KEPT_CHARS = 24_000
"""As much as an ordinary form can carry."""


class Seal(Protocol):
    """Encrypts and authenticates: `base.personal_data.Vault`."""

    def encrypt_bytes(self, plain: bytes) -> bytes: ...

    def decrypt_bytes(self, sealed: bytes) -> bytes:
        """Raises ValueError."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked ("" where staff wrote by themselves), and the replies as `chat.as_json`, `news.as_json` show
    them."""

    question: str
    replies: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Carried:
    """`heard`: the number of the last thing that staff wrote and this page shows, 0 for nothing."""

    turns: list[Turn] = field(default_factory=list)
    heard: int = 0


def sealed(carried: Carried, seal: Seal | None) -> str:
    """For a hidden field; "" without a seal."""
    if seal is None:
        return ""
    every = len(carried.turns)
    for first in range(max(0, every - _KEPT_TURNS), every + 1):
        kept = [[turn.question, turn.replies] for turn in carried.turns[first:]]
        plain = zlib.compress(json.dumps([carried.heard, kept], ensure_ascii=False).encode())
        text = base64.urlsafe_b64encode(seal.encrypt_bytes(_PURPOSE + plain)).decode()
        if len(text) <= _KEPT_CHARS:
            return text
    return ""


def opened(text: str, seal: Seal | None) -> Carried:
    """What was sealed; nothing if it was not us who sealed it."""
    if seal is None or not text or len(text) > _KEPT_CHARS:
        return Carried()
    try:
        plain = seal.decrypt_bytes(base64.urlsafe_b64decode(text))
        if not plain.startswith(_PURPOSE):
            return Carried()
        heard, kept = json.loads(zlib.decompress(plain[len(_PURPOSE) :]))
    except (ValueError, zlib.error):
        return Carried()
    return Carried([Turn(question, replies) for question, replies in kept], heard)
