"""What staff write, on its way to the citizen: WeChat has a queue of its own, our page fetches its news."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from base.messages import Reply

Push = Callable[[str, Sequence[Reply]], Awaitable[None]]
"""A conversation's name and what to tell it; durable when it returns."""


class Outward:
    """`wechat` is set once there is an account."""

    def __init__(self, wechat: Push | None = None) -> None:
        self.wechat = wechat

    async def tell(self, name: str, channel: str, replies: Sequence[Reply], *, from_person: bool) -> bool:
        """True when it is on its way; False when the citizen's page must fetch it. Raises what the push raises."""
        if channel != "wechat" or self.wechat is None:
            return False
        marked = [Reply(f"【工作人员】{reply.text}") for reply in replies] if from_person else replies
        await self.wechat(name, marked)
        return True
