"""A picture in the conversation: for the person who answers there, else material for the open filing; without either,
the citizen is told what to do."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from base.messages import Button, Reply
from connectors.wechat.channel import CONVERSATION_PREFIX

CHANNEL = "wechat"
Accept = Callable[[str, bytes], Awaitable[list[Reply] | None]]
"""Conversation and picture → what to say of it; None when it is not for whoever was asked."""
HandedIn = Callable[[str], Awaitable[str]]
"""Conversation → the name of what its citizen handed in last and is still worked on; "" for nothing."""

NO_FILING = "收到图片了，不过现在没有正在办的事，所以没有保存。\n要办事，先告诉我办什么；轮到交材料时再发图片就行。"
_SENT = "〔发来一张图片〕"
_WISH = re.compile(r"^(?:我要|我想|怎么)?(?:再)?(?:补?交|上传|发)(?:一下)?材料[。吧啊呀]*$")
_BUTTONS = (Button("交材料", "交材料"), Button("查办理进度", "查办理进度"))


class Desk(Protocol):
    """Where staff read along and step in: `casework.livechat.desk.LiveDesk`."""

    async def takes(self, conversation: str, channel: str, text: str) -> bool:
        """A person answers there, and has it now."""

    async def has_person(self, conversation: str) -> bool: ...

    def heard(self, conversation: str, channel: str, text: str) -> None: ...

    def said(self, conversation: str, channel: str, replies: Sequence[Reply]) -> None: ...


class Pictures:
    """`person`: `casework.livechat.pictures`, when a person answers there. `filing`: casework's materials; it checks
    what the file really is. `desk` learns that there was a picture, and what became of it."""

    def __init__(self, person: Accept, filing: Accept, handed_in: HandedIn, desk: Desk) -> None:
        self._person, self._filing, self._handed_in, self._desk = person, filing, handed_in, desk

    async def invite(self, openid: str, text: str) -> list[Reply]:
        """For who wants to hand in more material for something handed in before; nothing for all others."""
        name = await self._handed_in(CONVERSATION_PREFIX + openid) if _WISH.match(text.strip()) else ""
        return [Reply(f"“{name}”的材料，现在就把照片发到这里，一张一张发，我来收。")] if name else []

    async def take(self, openid: str, picture: bytes) -> list[Reply]:
        """What to say; nothing where a person answers. Raises ServiceError with a sentence."""
        conversation = CONVERSATION_PREFIX + openid
        told = await self._person(conversation, picture)
        if told is not None:
            return told
        told = await self._filing(conversation, picture)
        if told is None:
            told = [Reply(NO_FILING, buttons=_BUTTONS)]
        self._desk.heard(conversation, CHANNEL, _SENT)
        self._desk.said(conversation, CHANNEL, told)
        return told
