"""The official account as the rest of the service sees it: push what somebody is to read, tell of a case's progress.

wechat.push(openid, replies)                 staff wrote from the desk, or an answer came late
wechat.progress(person_key, progress)        to everybody bound to this person
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import here
from base.database import Database
from base.messages import Reply
from base.tenant import TENANT
from connectors.wechat.followers.followers import Followers
from connectors.wechat.outbound.outgoing import OutgoingQueue
from connectors.wechat.outbound.render import render
from connectors.wechat.outbound.sender import Sender
from connectors.wechat.outbound.sources import PLAIN, Links
from connectors.wechat.platform.api import PlatformApi, Tokens
from connectors.wechat.platform.menu import MENU_PATH, as_json

CONVERSATION_PREFIX = "wechat-"


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of a case. `state`: at most 5 characters by the template's rule ("已受理"); `text`: the sentence
    for those who have not agreed to notices."""

    number: str
    item: str
    state: str
    at: datetime
    text: str


class WeChat:
    """The account's outgoing side."""

    def __init__(
        self,
        database: Database,
        queue: OutgoingQueue,
        followers: Followers,
        sender: Sender,
        *,
        notice_template: str,
        links: Links = PLAIN,
    ) -> None:
        self._database, self._queue, self._followers, self._sender = database, queue, followers, sender
        self._notice_template, self._links = notice_template, links

    async def push(self, openid: str, replies: Sequence[Reply]) -> None:
        """Owed from now on: sent as soon as the platform allows, kept over a restart. Also takes "wechat-<openid>"."""
        openid = openid.removeprefix(CONVERSATION_PREFIX)
        text, choices = render(replies, self._links)
        if not text:
            return
        await self._followers.set_choices(openid, choices)
        async with self._database.session() as session:
            await self._queue.add(openid, text, session)
        self._sender.wake()

    async def owe(self, session: AsyncSession, conversation: str, text: str) -> None:
        """Owed with the caller's unit of work. `conversation`: "wechat-<openid>". Wake the sender with `wake`."""
        await self._queue.add(conversation.removeprefix(CONVERSATION_PREFIX), text, session)

    async def conversations_of(self, person_key: str) -> list[str]:
        """Of everybody bound to this person."""
        return [CONVERSATION_PREFIX + openid for openid in await self._followers.openids_of(person_key)]

    async def owe_request(
        self, session: AsyncSession, conversation: str, text: str, *, link: str, until: datetime, matter: str
    ) -> None:
        """Something to be answered behind a link until a time (UTC, naive): a message where one may be written now,
        else a notice that opens the link, for who has agreed to notices. Not sent later than that."""
        openid = conversation.removeprefix(CONVERSATION_PREFIX)
        notice = None
        if not await self._followers.may_be_written_to(openid, session):
            asked = Progress(TENANT.hotline, matter, "待您同意", here(until), text)
            notice = self._notice(asked, link)
        await self._queue.add(openid, text, session, notice=notice, until=until)

    def wake(self) -> None:
        """Look for what is owed now rather than at the next round."""
        self._sender.wake()

    async def progress(self, person_key: str, progress: Progress) -> int:
        """Tell everybody bound to this person; returns how many."""
        openids = await self._followers.openids_of(person_key)
        notice = self._notice(progress)
        async with self._database.session() as session:
            for openid in openids:
                await self._queue.add(openid, progress.text, session, notice=notice)
        self._sender.wake()
        return len(openids)

    def _notice(self, progress: Progress, page: str = "") -> dict[str, Any] | None:
        """The subscription message, which opens `page`; None when the account has no template for it."""
        if not self._notice_template:
            return None
        return {
            "template_id": self._notice_template,
            **({"page": page} if page else {}),
            "data": {
                "character_string1": {"value": progress.number[:32]},
                "thing2": {"value": progress.item[:20]},
                "phrase3": {"value": progress.state[:5]},
                "time4": {"value": f"{progress.at:%Y-%m-%d %H:%M}"},
            },
        }


async def apply_menu(api: PlatformApi, tokens: Tokens) -> None:
    """Make the account's menu what `connectors.wechat.platform.menu` says. Raises PlatformError."""
    await api.post(tokens, MENU_PATH, as_json())
