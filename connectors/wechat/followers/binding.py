"""Who is behind an openid: bound once they have proved it in the dialogue, unbound with a word; and whom they act for.

Binding spares them the identity check next time. It rests on the check alone, never on what somebody says they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from base.messages import Button, Command, Reply
from base.tenant import TENANT
from connectors.wechat.followers.followers import Followers
from language.id_number import mask_name

_POLITE = r"(?:请|我要|我想|帮我|给我)*"
_BIND = re.compile(rf"^{_POLITE}绑定(?:一下)?(?:我的)?(?:身份|微信|账号|医保)?$")
_UNBIND = re.compile(rf"^{_POLITE}(?:解除绑定|取消绑定|解绑)(?:我的)?(?:身份|微信|账号)?$")
_FAMILY = re.compile(
    r"^(?:看看?|查一?下)?(?:我(?:能|可以|在)?(?:帮|替)谁办(?:事)?|谁(?:授权|托)我办(?:事)?|我的授权|授权记录)$"
)

BIND_FIRST = "绑定以后，在这个微信里查进度、办事，不用每次核对身份。先核对一次您是谁。"
KEEP_SAFE = "手机借给别人用，或者不想绑了，回复“解除绑定”就行。"
UNBOUND = "已经解除绑定。以后查个人业务时，会再核对您的身份。"
NOT_BOUND = "这个微信没有绑定身份，不用解除。"
PROVE_FIRST = "要看您帮谁办、谁帮您办，先核对一次您的身份。"
NO_FAMILY = (
    "现在没有人授权您代办，您也没有授权给别人。\n"
    f"要让家人帮您办，回复“授权家人帮我办”；老人没有微信的，也可以拨打{TENANT.hotline}授权。"
)


class Person(Protocol):
    """As much of `casework.core.contract.Person` as is used here."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


class Identity(Protocol):
    """See `casework.people.identity`."""

    async def proven(self, conversation: str) -> Person | None: ...

    async def bind(self, conversation: str) -> object: ...

    async def unbind(self, conversation: str) -> object: ...


class Errands(Protocol):
    """What is being done in the conversation: see `bot.flows`."""

    async def asking(self, conversation: str) -> list[Reply]:
        """The open question; nothing when nothing is being done."""
        ...

    async def leave(self, conversation: str) -> None: ...

    async def helps(self, conversation: str) -> bool:
        """Whether who is proven there is somebody the follower helps, and not themselves."""
        ...


class Granted(Protocol):
    """One authorisation as it is told."""

    @property
    def agent(self) -> str: ...
    @property
    def principal(self) -> str: ...
    @property
    def items(self) -> Sequence[str]:
        """Their names."""
        ...

    @property
    def until(self) -> date: ...
    @property
    def is_mine(self) -> bool:
        """True: this person acts for the principal; False: the agent acts for this person."""
        ...


class Family(Protocol):
    """Authorisations in both directions: see `casework.people.authorisations`."""

    async def of(self, person_key: str) -> Sequence[Granted]: ...


class Binding:
    """What is answered before the dialogue is asked, and what is done after it has answered."""

    def __init__(self, identity: Identity, family: Family, errands: Errands, followers: Followers) -> None:
        self._identity, self._family, self._errands, self._followers = identity, family, errands, followers

    async def before(self, openid: str, text: str) -> tuple[list[Reply], str]:
        """Replies, and what to ask the dialogue after them: `text` itself when it is none of ours."""
        said = text.strip().rstrip("。.！!？?吧呢啊")
        if _BIND.match(said):
            return await self._bind(openid)
        if _UNBIND.match(said):
            return await self._unbind(openid)
        if _FAMILY.match(said):
            return await self._who(openid)
        return [], text

    async def after(self, openid: str) -> list[Reply]:
        """Bind, if they asked for it and have proved who they are by now."""
        if not await self._followers.wants_binding(openid):
            return []
        person = await self._identity.proven(_conversation(openid))
        if person is None or await self._errands.helps(_conversation(openid)):
            return []
        return [await self._make(openid, person)]

    async def forget(self, openid: str) -> str:
        """They have left: whoever holds this account next proves who they are, and is asked nothing of theirs. Returns
        what to tell the dialogue, so that it waits for no answer either; "" for nothing."""
        is_busy = bool(await self._errands.asking(_conversation(openid)))
        await self._release(openid)
        await self._errands.leave(_conversation(openid))
        return Command.PUT_OFF if is_busy else ""

    async def _release(self, openid: str) -> None:
        await self._followers.ask_binding(openid, wanted=False)
        await self._followers.set_person(openid, None)
        await self._identity.unbind(_conversation(openid))

    async def _bind(self, openid: str) -> tuple[list[Reply], str]:
        helps = await self._errands.helps(_conversation(openid))
        if not helps and (person := await self._identity.proven(_conversation(openid))):
            return [await self._make(openid, person)], ""
        if helps:  # it is their account, and not hers who sits beside them
            await self._errands.leave(_conversation(openid))
        await self._followers.ask_binding(openid)
        return await self._prove(openid, BIND_FIRST)

    async def _make(self, openid: str, person: Person) -> Reply:
        await self._identity.bind(_conversation(openid))
        await self._followers.set_person(openid, person.key)
        await self._followers.ask_binding(openid, wanted=False)
        return Reply(
            f"这个微信已经绑定{mask_name(person.name)}的身份。{KEEP_SAFE}",
            buttons=(Button("查办理进度", "查办理进度"), Button("我帮谁办", "我帮谁办")),
        )

    async def _unbind(self, openid: str) -> tuple[list[Reply], str]:
        """What was being done is put off: its open question may read back what only its owner may know."""
        if await self._identity.proven(_conversation(openid)) is None:
            return [Reply(NOT_BOUND)], ""
        is_busy = bool(await self._errands.asking(_conversation(openid)))
        await self._release(openid)
        return [Reply(UNBOUND)], Command.PUT_OFF if is_busy else ""

    async def _prove(self, openid: str, why: str) -> tuple[list[Reply], str]:
        """By the dialogue; in the middle of something it comes to that by itself, so the open question stands again."""
        asking = await self._errands.asking(_conversation(openid))
        return [Reply(why), *asking], "" if asking else Command.PROVE

    async def _who(self, openid: str) -> tuple[list[Reply], str]:
        person = await self._identity.proven(_conversation(openid))
        if person is None:
            return await self._prove(openid, PROVE_FIRST)
        granted = await self._family.of(person.key)
        return [_family_view(granted)], ""


def _family_view(granted: Sequence[Granted]) -> Reply:
    mine = [f"· {mask_name(one.principal)}：{_what(one)}" for one in granted if one.is_mine]
    others = [f"· {mask_name(one.agent)}：{_what(one)}" for one in granted if not one.is_mine]
    parts = []
    if mine:
        parts.append("您可以帮这些家人办：\n" + "\n".join(mine))
    if others:
        parts.append("这些家人可以帮您办：\n" + "\n".join(others) + "\n要收回授权，回复“收回授权”。")
    return Reply("\n\n".join(parts) or NO_FAMILY)


def _what(one: Granted) -> str:
    until = f"{one.until.year}年{one.until.month}月{one.until.day}日"
    return f"{'、'.join(one.items) or '全部事项'}，到{until}为止"


def _conversation(openid: str) -> str:
    return f"wechat-{openid}"
