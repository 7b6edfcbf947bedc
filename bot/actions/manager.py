"""What the conversation needs of `bot.flows.manager`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from base.messages import Reply
from bot.flows.wished import Wish
from bot.understood import NO_GUESSES, Guesses


class Said(Protocol):
    """`bot.flows.manager.Answer`."""

    @property
    def replies(self) -> Sequence[Reply]: ...
    @property
    def waits(self) -> bool: ...
    @property
    def offer_person(self) -> bool: ...
    @property
    def question(self) -> str: ...


class Errands(Protocol):
    """`bot.flows.manager.Errands`."""

    async def begin(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        before: str = "",
        *,
        guesses: Guesses = NO_GUESSES,
        what: str = "",
    ) -> Said: ...
    async def hear(
        self,
        conversation: str,
        channel: str,
        intent: str,
        text: str,
        transcript: Sequence[tuple[str, str]] = (),
        *,
        typed: str = "",
        is_spoken: bool = False,
        guesses: Guesses = NO_GUESSES,
    ) -> Said | None: ...
    async def asking(self, conversation: str, *, in_between: bool = False) -> list[Reply]: ...
    async def misheard(self, conversation: str) -> list[Reply]: ...
    async def is_open(self, conversation: str) -> bool: ...
    async def dropped(self, conversation: str, channel: str, text: str, *, just_kept: bool = False) -> Said | None: ...
    async def half_done(self, conversation: str, channel: str, text: str) -> Said | None: ...
    async def drug(self, conversation: str, channel: str, text: str) -> Said | None: ...
    async def about(self, conversation: str, text: str) -> Reply | None: ...
    def split(self, text: str) -> tuple[str, str, str] | None: ...
    def materials(self, text: str) -> Reply | None: ...
    def wish(self, text: str, learnt: str = "", guesses: Guesses = NO_GUESSES) -> Wish | None: ...
    async def stop(self, conversation: str, *, later: bool = False) -> Sequence[Reply]: ...
    async def leave(self, conversation: str) -> None: ...
    async def forget(self, conversation: str) -> Reply: ...
