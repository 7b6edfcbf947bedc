"""The answer to a sentence that may have come to its end, made ready while that is waited for.

    pause ──► understood ──► peek (nothing is done) ──► first piece of speech        ... the silence goes on: taken
                                                        caller goes on: thrown away

One place owns what was prepared for which words; one thing at a time in a call, so a pause costs at most one peek.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from base.messages import Reply
from voice.mouth import Voice

if TYPE_CHECKING:
    from voice.ears import Understood

EARLY_SECONDS = 0.3
"""Before the end of the wait: an answer takes 0.1 s on an idle machine. A longer wait is for words that are seldom the
last, and most of what would be prepared at once would be thrown away."""


LATE_SECONDS = 1.0
"""What is not ready so long after it was needed is not waited for: the turn itself is taken, and announced if it, too,
is slow."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be said, and the audio of its first piece, which may still be in the making."""

    replies: list[Reply]
    first: asyncio.Task[bytes]


class Ahead:
    """Of one call. Nothing of it raises: what cannot be prepared is not there."""

    def __init__(
        self, peek: Callable[[str, Sequence[str]], Awaitable[list[Reply]]], voice: Voice, pace: Callable[[], float]
    ) -> None:
        """`peek`: what would be answered, from the words and what may have been said instead; `pace` of our voice."""
        self._peek, self._voice, self._pace = peek, voice, pace
        self._text = ""
        self._replies: asyncio.Task[Prepared | None] | None = None
        self._first: asyncio.Task[bytes] | None = None

    def begin(self, understood: Understood, wait: float) -> None:
        """The caller may have finished with these words; so it is taken if they stay silent for `wait` seconds."""
        self.drop()
        if understood.text:
            self._text = understood.text
            self._replies = asyncio.create_task(self._prepare(understood, max(wait - EARLY_SECONDS, 0.0)))

    def drop(self) -> None:
        """They go on: nothing that was prepared counts."""
        for task in (self._replies, self._first):
            if task is not None:
                task.cancel()
        self._text, self._replies, self._first = "", None, None

    async def take(self, text: str) -> Prepared | None:
        """What was prepared for these very words; None where that is nothing."""
        replies = self._replies
        if replies is not None and text == self._text:
            await asyncio.wait({replies}, timeout=LATE_SECONDS)
            is_ours = replies is self._replies and replies.done()
            if is_ours and not replies.cancelled() and not replies.exception():
                self._first = None  # whoever says it owns it now
                self.drop()
                return replies.result()
        self.drop()
        return None

    async def aclose(self) -> None:
        """Leave no task behind."""
        tasks = [task for task in (self._replies, self._first) if task is not None]
        self.drop()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _prepare(self, understood: Understood, seconds: float) -> Prepared | None:
        await asyncio.sleep(seconds)
        replies = await self._peek(understood.text, understood.others)
        pieces = [piece for reply in replies for piece in self._voice.sentences(reply.to_say)]
        if not pieces or not all(map(_only_says, replies)):
            return None
        self._first = asyncio.create_task(self._voice.audio(pieces[0], self._pace()))
        return Prepared(replies, self._first)


def _only_says(reply: Reply) -> bool:
    """Nothing but words comes with it: the call goes on as it was."""
    return not (reply.end or reply.transfer or reply.takes_time or reply.pace is not None)
