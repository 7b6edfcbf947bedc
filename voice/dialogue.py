"""What a call asks of the dialogue, and nothing else; `bot.turn` is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from base.messages import Reply


class Dialogue(Protocol):
    """A text turn. Never raises and never returns nothing (see `bot.turn`)."""

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]: ...

    async def peek(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]:
        """What `reply` would say, with nothing done; nothing where that cannot be told. Never raises."""

    async def is_open(self, conversation_id: str) -> bool:
        """Whether something is under way, so that the next message may do what cannot be taken back."""

    async def take_back(self, conversation_id: str) -> None:
        """The last message was the first half of one that comes now: as if it had not been said."""
