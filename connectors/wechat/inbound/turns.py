"""One turn of a citizen at the account: whatever they sent → what to write to them.

text, click, scanned code ─────────────────► the dialogue ──► one text, choices numbered
voice ──► heard here ──► "您说的是：…" ──┘
picture ──► the person who answers, else material of an open filing        place ──► service points
anything else ──► a sentence
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from base.messages import Reply
from base.staff_texts import STAFF_TEXTS, StaffText
from base.tenant import TENANT
from connectors.wechat.followers.followers import Choices, Followers
from connectors.wechat.outbound.render import asks_for_more, meaning, next_page, render
from connectors.wechat.outbound.sources import PLAIN, Links
from connectors.wechat.platform import menu
from connectors.wechat.platform.wire import Incoming, Place

CHANNEL = "wechat"
GREETING = (
    f"您好，我是{TENANT.bureau}的医保助手。\n参保、异地就医、报销、门诊慢特病这些事，打字问、按住说话问都行。\n"
    "我只按正式文件回答；文件里没有的会直说不知道，再帮您找工作人员。\n下面的菜单可以查业务，也可以帮家里人办事。"
)
PRIVACY = "问政策不用给身份证号；查您个人的事，先核对身份。您的信息怎么用、留多久："
NO_LINKS = "链接里的内容我看不了。请把您想问的医保问题用一句话发给我。"
_STICKER = "【收到不支持的消息类型"
"""How the platform passes a sticker on: as if it had been typed."""
UNKNOWN = "这种消息我还看不懂。请打字、按住说话，或者发图片、位置给我。"
NO_POINTS = "各服务点的位置还没有录进来，我说不准哪个离您最近。"
WHERE = "哪里能办医保业务"
"""The documents answer it."""
OLD_MENU = "这个菜单已经更新了，请退出公众号再进来看看，或者直接打字告诉我。"


Shortcut = Callable[[str, str], Awaitable[list[Reply]]]
"""An openid and what they said → what is answered without the dialogue; nothing for all else."""


class Dialogue(Protocol):
    """The assistant for one turn of text. An empty list means that somebody else answers: the staff's desk."""

    async def reply(
        self, conversation_id: str, text: str, channel: str, metadata: Mapping[str, object] | None = None
    ) -> list[Reply]: ...


class Hearing(Protocol):
    """See `connectors.wechat.inbound.hearing`."""

    async def words(self, recording: bytes) -> str: ...


class Personal(Protocol):
    """Binding and the family view: see `connectors.wechat.followers.binding`."""

    async def before(self, openid: str, text: str) -> tuple[list[Reply], str]:
        """Replies, and what to ask the dialogue after them ("" for nothing)."""

    async def after(self, openid: str) -> list[Reply]: ...

    async def forget(self, openid: str) -> str:
        """They have left. What to tell the dialogue ("" for nothing)."""


class Pictures(Protocol):
    """For the person who answers, or an open filing: see `connectors.wechat.inbound.pictures`."""

    async def take(self, openid: str, picture: bytes) -> list[Reply]: ...


class Places(Protocol):
    """Service points: see `connectors.wechat.followers.service_points`."""

    async def near(self, place: Place) -> list[Reply]:
        """Possibly nothing: then nobody has entered any."""

    async def known(self) -> list[Reply]:
        """For who has not sent a place; possibly nothing, too."""


class Turns:
    """`respond` to one message or event. `media`: a media id → the file; `person_takes`: gives words to a person
    who answers there, if there is one (`casework.livechat.desk`); `shortcuts`: asked before the dialogue; `links`: how
    sources are linked."""

    def __init__(
        self,
        dialogue: Dialogue,
        followers: Followers,
        hearing: Hearing,
        media: Callable[[str], Awaitable[bytes]],
        personal: Personal,
        pictures: Pictures,
        places: Places,
        person_takes: Callable[[str, str, str], Awaitable[bool]],
        shortcuts: Sequence[Shortcut] = (),
        links: Links = PLAIN,
    ) -> None:
        self._dialogue, self._followers = dialogue, followers
        self._hearing, self._media = hearing, media
        self._personal, self._pictures, self._places, self._links = personal, pictures, places, links
        self._person_takes, self._shortcuts = person_takes, shortcuts

    def _greeting(self) -> str:
        told = f"\n{PRIVACY}{self._links.address}/privacy" if self._links.address else ""
        return (STAFF_TEXTS.text(StaffText.WECHAT_GREETING) or GREETING) + told

    async def respond(self, message: Incoming) -> tuple[str, Choices]:
        """What to write, "" for nothing, and what their next digit means. Raises ServiceError with a sentence."""
        if message.kind == "text" and not message.text.startswith(_STICKER):
            return await self._text(message)
        return render(await self._replies(message), self._links)

    async def _text(self, message: Incoming) -> tuple[str, Choices]:
        choices = await self._followers.choices(message.openid)
        if asks_for_more(message.text, choices):
            return next_page(choices)
        return render(await self._said(message.openid, meaning(message.text, choices)), self._links)

    async def _replies(self, message: Incoming) -> list[Reply]:
        if message.kind == "voice":
            return await self._voice(message)
        if message.kind == "image":
            return await self._pictures.take(message.openid, await self._media(message.media_id))
        if message.kind == "location":
            return await self._place(message)
        if message.kind == "event":
            return await self._event(message)
        return [Reply(NO_LINKS if message.kind == "link" else UNKNOWN)]

    async def _voice(self, message: Incoming) -> list[Reply]:
        words = await self._hearing.words(await self._media(message.media_id))
        understood = Reply(f"您说的是：“{words}”\n（我听错了的话，打字再发一遍就行。）")
        return [understood, *await self._said(message.openid, words, {"spoken": True})]

    async def _place(self, message: Incoming) -> list[Reply]:
        if message.place is None:
            return [Reply("这个位置没有收到，请再发一次。")]
        if await self._person_takes(f"{CHANNEL}-{message.openid}", CHANNEL, _about(message.place)):
            return []
        if near := await self._places.near(message.place):
            return near
        return await self._no_points(message.openid)

    async def _nearby(self, openid: str) -> list[Reply]:
        if await self._person_takes(f"{CHANNEL}-{openid}", CHANNEL, menu.NEARBY):
            return []
        return await self._places.known() or await self._no_points(openid)

    async def _no_points(self, openid: str) -> list[Reply]:
        """What the documents say all the same."""
        return [Reply(NO_POINTS), *await self._said(openid, WHERE)]

    async def _event(self, message: Incoming) -> list[Reply]:
        if message.event == "unsubscribe":
            if left_open := await self._personal.forget(message.openid):
                await self._dialogue.reply(f"{CHANNEL}-{message.openid}", left_open, CHANNEL, {})  # read by nobody
            return []
        if message.event not in ("subscribe", "scan", "click"):
            return []  # a page was opened, a place reported, a notice delivered: nobody waits for an answer
        greeting = [Reply(self._greeting())] if message.event == "subscribe" else []
        question = menu.meaning(message.event_key) if message.event_key else ""
        if question:
            return [*greeting, *await self._said(message.openid, question)]
        return greeting or [Reply(OLD_MENU)]

    async def _said(self, openid: str, text: str, metadata: Mapping[str, object] | None = None) -> list[Reply]:
        """`metadata`: how they said it (`bot.engine`)."""
        if text == menu.NEARBY:
            return await self._nearby(openid)
        for answers in self._shortcuts:
            if told := await answers(openid, text):
                return told
        first, question = await self._personal.before(openid, text)
        if question:
            first = [*first, *await self._dialogue.reply(f"{CHANNEL}-{openid}", question, CHANNEL, metadata or {})]
        return [*first, *await self._personal.after(openid)]


def _about(place: Place) -> str:
    """To about a kilometre: enough to say which point is near."""
    return f"〔位置：北纬{place.latitude:.2f}度，东经{place.longitude:.2f}度〕"
